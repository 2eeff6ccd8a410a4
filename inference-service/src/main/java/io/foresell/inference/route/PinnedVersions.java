package io.foresell.inference.route;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Versions that bulk streams hold in memory whatever is released, at most {@value #MAX_VERSIONS}. A version whose last stream
 * broke is held a while longer so that it can resume; one whose streams ended well, or whose time is over, is let go, and its
 * memory with it when no release routes to it. Thread-safe; asked when streams open and end, never for a row.
 */
public final class PinnedVersions implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PinnedVersions.class);
    private static final int MAX_VERSIONS = 64;

    private record Key(String model, String digest) {}

    private final Duration hold;

    @GuardedBy("this")
    private final Map<Key, Pin> pins = new LinkedHashMap<>();

    private final ScheduledExecutorService sweeper = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "pinned-versions");
        thread.setDaemon(true);
        return thread;
    });

    /** Starts without pins; {@code hold} is how long a version outlasts a stream that broke. */
    public PinnedVersions(Duration hold, MeterRegistry meters) {
        this.hold = hold;
        Gauge.builder("inference_pinned_versions", this, PinnedVersions::count)
                .description("Versions that bulk streams hold in memory")
                .register(meters);
        var unused = sweeper.scheduleWithFixedDelay(this::sweep, 1, 1, TimeUnit.SECONDS);
    }

    /** A version held by streams. */
    public record Pinned(String model, ServedVersion served) {}

    private static final class Pin {
        private final String model;
        private final ServedVersion served;
        private int streamCount;
        private long heldUntilNanos = System.nanoTime();
        private boolean isForgotten; // no release routes to it, and its meters wait for the last stream

        Pin(String model, ServedVersion served) {
            this.model = model;
            this.served = served;
        }

        boolean isOver() {
            return streamCount == 0 && System.nanoTime() - heldUntilNanos >= 0;
        }
    }

    /**
     * Holds a version for one more stream.
     *
     * @throws ServiceException RESOURCE_EXHAUSTED when too many versions are held
     */
    public synchronized void pin(String model, ServedVersion served) {
        Key key = new Key(model, served.digest());
        Pin pin = pins.get(key);
        if (pin == null) {
            if (pins.size() >= MAX_VERSIONS) {
                throw new ServiceException(Failure.exhausted(
                        "TOO_MANY_PINNED_VERSIONS",
                        "versions held by bulk streams: %d (expected: below %d)".formatted(MAX_VERSIONS, MAX_VERSIONS),
                        Duration.ofSeconds(30)));
            }
            pin = new Pin(model, served);
            pins.put(key, pin);
        }
        pin.streamCount++;
    }

    /** Lets a version go for one stream: at once when it ended well, else after the time in which it may resume. */
    public synchronized void unpin(String model, ServedVersion served, boolean isBroken) {
        Pin pin = pins.get(new Key(model, served.digest()));
        if (pin == null || pin.streamCount == 0) {
            throw new IllegalStateException("not pinned: %s %d".formatted(model, served.version()));
        }
        pin.streamCount--;
        if (isBroken) {
            pin.heldUntilNanos = System.nanoTime() + hold.toNanos();
        }
        sweep();
    }

    /** Returns a version that is held, or null. */
    public synchronized @Nullable ServedVersion find(String model, int version, String digest) {
        Pin pin = pins.get(new Key(model, digest));
        return pin != null && pin.served.version() == version ? pin.served : null;
    }

    /** Learns that a release routes to a version again. */
    public synchronized void remembered(String model, ServedVersion served) {
        Pin pin = pins.get(new Key(model, served.digest()));
        if (pin != null) {
            pin.isForgotten = false;
        }
    }

    /** Learns that no release routes to a version any more: its meters end when no stream holds it. */
    public synchronized void forgotten(String model, ServedVersion served) {
        Pin pin = pins.get(new Key(model, served.digest()));
        if (pin == null) {
            served.meters().close();
        } else {
            pin.isForgotten = true;
        }
    }

    /** Returns what is held. */
    public synchronized List<Pinned> all() {
        List<Pinned> all = new ArrayList<>();
        pins.values().forEach(pin -> all.add(new Pinned(pin.model, pin.served)));
        return all;
    }

    private synchronized int count() {
        return pins.size();
    }

    private synchronized void sweep() {
        pins.values().removeIf(pin -> {
            if (pin.isOver()) {
                log.info("version no longer pinned model={} version={}", pin.model, pin.served.version());
                if (pin.isForgotten) {
                    pin.served.meters().close();
                }
                return true;
            }
            return false;
        });
    }

    @Override
    public void close() {
        sweeper.shutdownNow();
    }
}
