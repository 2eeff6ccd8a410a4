package io.foresell.training.serve;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Tags;
import java.time.Duration;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** The open watches of one kind: a bounded number, all ended when the service drains. Thread-safe. */
final class Watchers {
    /** An open stream. */
    interface Watch {
        /** Ends the stream with this failure unless it has ended. */
        void end(ServiceException reason);
    }

    private final int maxWatchers;
    private final Set<Watch> open = new HashSet<>(); // guarded by this
    private boolean isDraining; // guarded by this

    Watchers(String kind, int maxWatchers, MeterRegistry meters) {
        this.maxWatchers = maxWatchers;
        meters.gauge("training_watchers", Tags.of("kind", kind), this, Watchers::count);
    }

    private synchronized int count() {
        return open.size();
    }

    /**
     * Admits a watch.
     *
     * @throws ServiceException RESOURCE_EXHAUSTED when too many are open, UNAVAILABLE when draining
     */
    synchronized void add(Watch watch) {
        if (isDraining) {
            throw draining();
        }
        if (open.size() >= maxWatchers) {
            throw new ServiceException(Failure.exhausted(
                    "TOO_MANY_WATCHERS",
                    "watchers: %d (expected: at most %d)".formatted(open.size() + 1, maxWatchers),
                    Duration.ofSeconds(5)));
        }
        open.add(watch);
    }

    synchronized void remove(Watch watch) {
        open.remove(watch);
    }

    /** Ends all watches and admits no more. */
    void drain() {
        List<Watch> ending;
        synchronized (this) {
            isDraining = true;
            ending = List.copyOf(open);
        }
        ending.forEach(watch -> watch.end(draining()));
    }

    private static ServiceException draining() {
        return new ServiceException(
                Failure.unavailable("DRAINING", "service: shutting down (expected: serving)", Duration.ofSeconds(1)));
    }
}
