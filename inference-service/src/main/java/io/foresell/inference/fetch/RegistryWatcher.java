package io.foresell.inference.fetch;

import io.foresell.kit.GrpcClient;
import io.foresell.proto.registry.v1.ModelRegistryServiceGrpc;
import io.foresell.proto.registry.v1.WatchReleasesRequest;
import io.foresell.proto.registry.v1.WatchReleasesResponse;
import io.grpc.ManagedChannel;
import io.grpc.stub.ClientCallStreamObserver;
import io.grpc.stub.ClientResponseObserver;
import java.time.Duration;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Follows the releases of all models for as long as the process lives, on a thread of its own: when the stream ends, or is
 * silent for longer than two heartbeats, it opens a new one after a capped, jittered wait and hears everything again.
 */
public final class RegistryWatcher implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(RegistryWatcher.class);
    // The registry promises a message every 10 s.
    private static final Duration MAX_SILENCE = Duration.ofSeconds(25);
    // Even a healthy stream is renewed once a day: every call has a deadline.
    private static final long STREAM_HOURS = 24;
    private static final long TOLD_AGAIN_NANOS = TimeUnit.SECONDS.toNanos(30);

    private final GrpcClient registry;
    private final ReleaseListener listener;
    private final RegistryConnection connection;
    private final Duration maxSilence;
    private final Backoff backoff = backoff();
    private final Thread thread;
    private volatile boolean isClosed;
    private String toldEnd = ""; // by the thread
    private long toldNanos;

    private RegistryWatcher(
            GrpcClient registry, ReleaseListener listener, RegistryConnection connection, Duration maxSilence) {
        this.registry = registry;
        this.listener = listener;
        this.connection = connection;
        this.maxSilence = maxSilence;
        this.thread = new Thread(this::run, "registry-watcher");
        thread.setDaemon(true);
    }

    /** Starts watching; {@code listener} hears everything on the watcher's thread. */
    public static RegistryWatcher start(GrpcClient registry, ReleaseListener listener, RegistryConnection connection) {
        return start(registry, listener, connection, MAX_SILENCE);
    }

    static RegistryWatcher start(
            GrpcClient registry, ReleaseListener listener, RegistryConnection connection, Duration maxSilence) {
        RegistryWatcher watcher = new RegistryWatcher(registry, listener, connection, maxSilence);
        watcher.thread.start();
        return watcher;
    }

    /**
     * The waits between attempts. After the registry is back one attempt still fails, while it makes the channel connect, and the next one gets
     * through: two waits, hence two seconds at most. An attempt on a registry that is away costs a connection refused.
     */
    static Backoff backoff() {
        return new Backoff(Duration.ofMillis(200), Duration.ofSeconds(1));
    }

    private void run() {
        while (!isClosed) {
            String end;
            try {
                end = watchOnce();
            } catch (InterruptedException e) {
                return; // only close() interrupts
            } catch (RuntimeException e) {
                log.error("watch failed", e);
                end = e.toString();
            }
            connection.lost();
            Duration pause = backoff.next();
            tell(end, pause);
            try {
                Thread.sleep(pause.toMillis());
            } catch (InterruptedException e) {
                return;
            }
        }
    }

    /** Logs why the watch ended; the same cause once in half a minute, however often it is tried. */
    private void tell(String end, Duration pause) {
        long now = System.nanoTime();
        if (!end.equals(toldEnd) || now - toldNanos > TOLD_AGAIN_NANOS) {
            log.warn("registry watch ended, keep serving cause=\"{}\" retry_millis={}", end, pause.toMillis());
            toldEnd = end;
            toldNanos = now;
        }
    }

    /** Reads one stream to its end and says why it ended. */
    private String watchOnce() throws InterruptedException {
        if (registry.channel() instanceof ManagedChannel channel) {
            channel.resetConnectBackoff(); // the channel's own wait grows to two minutes; ours is the one that counts
        }
        Stream stream = new Stream();
        ModelRegistryServiceGrpc.newStub(registry.channel())
                .withDeadlineAfter(STREAM_HOURS, TimeUnit.HOURS)
                .watchReleases(WatchReleasesRequest.getDefaultInstance(), stream);
        try {
            while (true) {
                Event event = stream.next(maxSilence);
                if (event == null) {
                    return "no message for " + maxSilence;
                }
                if (event.message() == null) {
                    return event.end();
                }
                take(event.message());
            }
        } finally {
            stream.cancel();
        }
    }

    private void take(WatchReleasesResponse message) {
        if (!connection.isConnected()) {
            log.info("registry watch connected");
        }
        connection.received();
        backoff.reset();
        toldEnd = "";
        if (message.getReleasesCount() > 0) {
            listener.changed(RegistryProtos.releases(message));
        }
        if (message.getIsComplete()) {
            listener.completed();
        }
    }

    @Override
    public void close() {
        isClosed = true;
        thread.interrupt();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(2));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    /** A message, or the end of the stream with its cause. */
    private record Event(@Nullable WatchReleasesResponse message, String end) {}

    /** Hands messages from gRPC's thread to the watcher's, one at a time: the next is asked for when one is taken. */
    private static final class Stream implements ClientResponseObserver<WatchReleasesRequest, WatchReleasesResponse> {
        private final BlockingQueue<Event> events = new ArrayBlockingQueue<>(2); // one message and the end
        private volatile @Nullable ClientCallStreamObserver<WatchReleasesRequest> call;

        @Override
        public void beforeStart(ClientCallStreamObserver<WatchReleasesRequest> requests) {
            call = requests;
            requests.disableAutoRequestWithInitial(1);
        }

        @Override
        public void onNext(WatchReleasesResponse message) {
            offer(new Event(message, ""));
        }

        @Override
        public void onError(Throwable error) {
            Throwable cause = error.getCause();
            offer(new Event(null, error.getMessage() + (cause == null ? "" : ": " + cause.getMessage())));
        }

        @Override
        public void onCompleted() {
            offer(new Event(null, "ended by the registry"));
        }

        private void offer(Event event) {
            if (!events.offer(event)) {
                throw new IllegalStateException("more messages than were asked for");
            }
        }

        @Nullable
        Event next(Duration timeout) throws InterruptedException {
            Event event = events.poll(timeout.toMillis(), TimeUnit.MILLISECONDS);
            ClientCallStreamObserver<WatchReleasesRequest> requests = call;
            if (event != null && event.message() != null && requests != null) {
                requests.request(1);
            }
            return event;
        }

        void cancel() {
            ClientCallStreamObserver<WatchReleasesRequest> requests = call;
            if (requests != null) {
                requests.cancel("watch closed", null);
            }
        }
    }
}
