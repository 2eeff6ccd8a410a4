package io.foresell.benchmarks.load;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.StandardSocketOptions;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Plain HTTP/1.1 over connections that are kept, read by one thread: what a call costs here is little beside what it costs the
 * server, so that the generator does not hide the difference between servers. Calls beyond the connections wait for one. Thread-safe.
 */
final class HttpConnections {
    private static final int MAX_CONNECTIONS = 256;
    private static final long MAX_CALL_NANOS = TimeUnit.SECONDS.toNanos(Subject.MAX_CALL_SECONDS);
    private static final long SWEEP_MILLIS = 500;
    private static final int REFUSED = 429;

    private final InetSocketAddress server;
    private final Selector selector;
    private final Object lock = new Object();
    private final Deque<Connection> idle = new ArrayDeque<>(); // guarded by lock; the one used last first
    private final Queue<Exchange> waiting = new ArrayDeque<>(); // guarded by lock
    private final Queue<Runnable> tasks = new ConcurrentLinkedQueue<>(); // for the reading thread
    private int connectionCount; // guarded by lock

    /** One call. */
    @SuppressWarnings("ArrayRecordComponent") // Made once and sent, never compared.
    private record Exchange(byte[] request, CompletableFuture<Reply> reply, long startNanos, boolean isRepeated) {
        void end(Reply outcome) {
            reply.complete(outcome);
        }
    }

    /** One socket; at most one exchange at a time. */
    private static final class Connection {
        private final SocketChannel channel;
        private final HttpAnswer answer = new HttpAnswer(); // the reading thread's
        private volatile @Nullable Exchange current;
        private volatile ByteBuffer rest = ByteBuffer.allocate(0); // of the request
        private boolean isUsed; // written by who holds the connection

        Connection(SocketChannel channel) {
            this.channel = channel;
        }
    }

    HttpConnections(String host, int port) {
        server = new InetSocketAddress(host, port);
        try {
            selector = Selector.open();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
        Thread reader = new Thread(this::read, "http-" + port);
        reader.setDaemon(true);
        reader.start();
    }

    /** Sends a whole request. */
    CompletableFuture<Reply> call(byte[] request) {
        Exchange exchange = new Exchange(request, new CompletableFuture<>(), System.nanoTime(), false);
        begin(exchange);
        return exchange.reply();
    }

    private void begin(Exchange exchange) {
        Connection connection;
        synchronized (lock) {
            // Where one idle connection was closed, so may be the others.
            connection = exchange.isRepeated() ? null : idle.poll();
            if (connection == null) {
                if (connectionCount >= MAX_CONNECTIONS) {
                    waiting.add(exchange);
                    return;
                }
                connectionCount++;
            }
        }
        try {
            send(connection == null ? connect() : connection, exchange);
        } catch (IOException e) {
            synchronized (lock) {
                connectionCount -= connection == null ? 1 : 0;
            }
            exchange.end(Reply.failed(String.valueOf(e)));
        }
    }

    private Connection connect() throws IOException {
        SocketChannel channel = SocketChannel.open();
        try {
            channel.setOption(StandardSocketOptions.TCP_NODELAY, true);
            channel.socket().connect(server, (int) TimeUnit.SECONDS.toMillis(Subject.MAX_CALL_SECONDS));
            channel.configureBlocking(false);
        } catch (IOException e) {
            channel.close();
            throw e;
        }
        Connection connection = new Connection(channel);
        inReader(() -> register(connection));
        return connection;
    }

    private void register(Connection connection) {
        try {
            connection.channel.register(selector, SelectionKey.OP_READ, connection);
        } catch (IOException e) {
            drop(connection, String.valueOf(e));
        }
    }

    private void inReader(Runnable task) {
        tasks.add(task);
        selector.wakeup();
    }

    private void send(Connection connection, Exchange exchange) throws IOException {
        ByteBuffer request = ByteBuffer.wrap(exchange.request());
        connection.rest = request;
        connection.current = exchange;
        connection.channel.write(request);
        if (request.hasRemaining()) {
            inReader(() -> {
                SelectionKey key = connection.channel.keyFor(selector);
                if (key != null && key.isValid()) {
                    key.interestOps(SelectionKey.OP_READ | SelectionKey.OP_WRITE);
                }
            });
        }
    }

    private void read() {
        ByteBuffer buffer = ByteBuffer.allocateDirect(64 << 10);
        long nextSweep = System.nanoTime();
        try {
            while (selector.isOpen()) {
                selector.select(SWEEP_MILLIS);
                for (Runnable task = tasks.poll(); task != null; task = tasks.poll()) {
                    task.run();
                }
                for (SelectionKey key : selector.selectedKeys()) {
                    serve(key, buffer);
                }
                selector.selectedKeys().clear();
                if (System.nanoTime() - nextSweep > 0) {
                    nextSweep += TimeUnit.MILLISECONDS.toNanos(SWEEP_MILLIS);
                    selector.keys().forEach(HttpConnections.this::sweep);
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private void serve(SelectionKey key, ByteBuffer buffer) {
        Connection connection = (Connection) key.attachment();
        try {
            if (key.isValid() && key.isWritable()) {
                connection.channel.write(connection.rest);
                if (!connection.rest.hasRemaining()) {
                    key.interestOps(SelectionKey.OP_READ);
                }
            }
            if (key.isValid() && key.isReadable()) {
                buffer.clear();
                if (connection.channel.read(buffer) < 0) {
                    drop(connection, "connection closed");
                    return;
                }
                connection.answer.take(buffer.flip());
                if (connection.answer.isWhole()) {
                    end(connection);
                }
            }
        } catch (IOException | RuntimeException e) {
            drop(connection, String.valueOf(e));
        }
    }

    private void end(Connection connection) throws IOException {
        Exchange ended = connection.current;
        Reply reply = reply(connection.answer);
        boolean isLast = connection.answer.isLast();
        connection.answer.clear();
        connection.current = null;
        connection.isUsed = true;
        if (isLast) {
            drop(connection, "");
        } else {
            free(connection);
        }
        if (ended != null) {
            ended.end(reply);
        }
    }

    /** Gives a connection to who waits longest, or keeps it. */
    private void free(Connection connection) throws IOException {
        Exchange next;
        synchronized (lock) {
            next = waiting.poll();
            if (next == null) {
                idle.push(connection);
            }
        }
        if (next != null) {
            send(connection, next);
        }
    }

    private static Reply reply(HttpAnswer answer) {
        if (answer.status() == 200) {
            return Reply.ANSWERED;
        }
        String cause = "status %d: %s".formatted(answer.status(), answer.shown());
        return answer.status() == REFUSED ? Reply.refused(cause) : Reply.failed(cause);
    }

    private void sweep(SelectionKey key) {
        Connection connection = (Connection) key.attachment();
        Exchange current = connection.current;
        if (current != null && System.nanoTime() - current.startNanos() > MAX_CALL_NANOS) {
            drop(connection, "no answer within %d s".formatted(Subject.MAX_CALL_SECONDS));
        }
    }

    /** Gives a connection up. One that the server closed while nothing was under way costs nothing: the call goes out once more. */
    private void drop(Connection connection, String cause) {
        Exchange current = connection.current;
        boolean isStale = connection.isUsed && connection.answer.isEmpty() && current != null && !current.isRepeated();
        connection.current = null;
        Exchange next;
        synchronized (lock) {
            idle.remove(connection);
            connectionCount--;
            next = waiting.poll();
        }
        try {
            connection.channel.close();
        } catch (IOException e) {
            // It is given up in any case.
        }
        if (current != null && isStale && cause.equals("connection closed")) {
            begin(new Exchange(current.request(), current.reply(), current.startNanos(), true));
        } else if (current != null) {
            current.end(Reply.failed(cause));
        }
        if (next != null) {
            begin(next);
        }
    }
}
