package io.foresell.benchmarks.wire;

import com.google.protobuf.MessageLite;
import io.foresell.benchmarks.load.Reply;
import io.foresell.benchmarks.load.Subject;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Calls a unary method with the given requests, over connections in turn that are opened when they are needed. RESOURCE_EXHAUSTED is a refusal, any
 * other status but OK a failure; a connection that ends fails the calls under way. What an answer holds is not looked at. For one sending thread.
 */
public final class WireSubject implements Subject {
    private static final int CALLS_BETWEEN_READS = 16;
    private static final long SWEEP_NANOS = TimeUnit.MILLISECONDS.toNanos(500);

    private final String name;
    private final int requestBytes;
    private final List<Line> lines;
    private int nextLine;
    private int callsSinceRead;
    private long nextSweepNanos = System.nanoTime();

    /**
     * Makes a subject.
     *
     * @param target {@code host:port}
     * @param method full name, such as {@code foresell.inference.v1.InferenceService/Score}
     * @param requests 1 or more; each connection sends them in turn
     * @param connectionCount 1 or more
     */
    public WireSubject(
            String name, String target, String method, List<? extends MessageLite> requests, int connectionCount) {
        int colon = target.lastIndexOf(':');
        this.name = name;
        InetSocketAddress server = new InetSocketAddress(
                target.substring(0, Math.max(0, colon)), Integer.parseInt(target.substring(colon + 1)));
        RequestFrames frames = new RequestFrames(
                target,
                "/" + method,
                requests.stream().map(MessageLite::toByteArray).toList());
        this.lines = Stream.generate(() -> new Line(server, frames))
                .limit(connectionCount)
                .toList();
        this.requestBytes = requests.get(0).getSerializedSize();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int requestBytes() {
        return requestBytes;
    }

    @Override
    public CompletableFuture<Reply> call() {
        CompletableFuture<Reply> reply = lines.get(nextLine).call();
        nextLine = (nextLine + 1) % lines.size();
        if (++callsSinceRead >= CALLS_BETWEEN_READS) {
            exchange();
        }
        return reply;
    }

    /** Reads answers meanwhile. It never sleeps, but lets others have the processor. */
    @Override
    @SuppressWarnings("ThreadPriorityCheck") // A hint, no more: where the servers need this processor they come first.
    public void pass(long nanos) {
        long end = System.nanoTime() + nanos;
        do {
            if (!exchange()) {
                Thread.yield();
            }
        } while (System.nanoTime() - end < 0);
    }

    @Override
    public boolean acquire(Semaphore places, int count, long patienceNanos) {
        long end = System.nanoTime() + patienceNanos;
        while (!places.tryAcquire(count)) {
            if (System.nanoTime() - end > 0) {
                return false;
            }
            pass(0);
        }
        return true;
    }

    private boolean exchange() {
        callsSinceRead = 0;
        long now = System.nanoTime();
        boolean isSweepDue = now - nextSweepNanos > 0;
        if (isSweepDue) {
            nextSweepNanos = now + SWEEP_NANOS;
        }
        boolean isProgress = false;
        for (Line line : lines) {
            isProgress |= line.exchange(isSweepDue);
        }
        return isProgress;
    }

    /** A connection, opened again after it ended. */
    private static final class Line {
        private final InetSocketAddress server;
        private final RequestFrames frames;
        private @Nullable WireConnection connection;

        Line(InetSocketAddress server, RequestFrames frames) {
            this.server = server;
            this.frames = frames;
        }

        CompletableFuture<Reply> call() {
            try {
                if (connection == null) {
                    connection = new WireConnection(server, frames);
                }
                return connection.call();
            } catch (IOException e) {
                lose(e);
                return CompletableFuture.completedFuture(Reply.failed(String.valueOf(e)));
            }
        }

        /** Returns whether anything was sent or came. */
        boolean exchange(boolean isSweepDue) {
            if (connection == null) {
                return false;
            }
            try {
                boolean isProgress = connection.exchange();
                if (isSweepDue) {
                    connection.sweep();
                }
                return isProgress;
            } catch (IOException e) {
                lose(e);
                return false;
            }
        }

        private void lose(IOException cause) {
            WireConnection lost = connection;
            connection = null;
            if (lost != null) {
                lost.fail(String.valueOf(cause));
            }
        }
    }
}
