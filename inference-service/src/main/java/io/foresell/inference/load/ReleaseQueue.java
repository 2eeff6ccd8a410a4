package io.foresell.inference.load;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.foresell.inference.fetch.Release;
import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The releases that wait for the load lane: at most one a model, the newest, and those to be tried again later. A release above
 * {@value #MAX_MODELS} models is dropped with an error and heard again at the next reconnect. Thread-safe.
 */
final class ReleaseQueue {
    private static final Logger log = LoggerFactory.getLogger(ReleaseQueue.class);
    static final int MAX_MODELS = 50_000; // as many as a message of the registry holds, and more than fit on a server

    private record Retry(Release release, long dueNanos) {}

    @GuardedBy("this")
    private final Map<String, Release> waiting = new LinkedHashMap<>(); // by model, oldest first

    @GuardedBy("this")
    private final Map<String, Retry> retries = new HashMap<>(); // by model

    @GuardedBy("this")
    private boolean isWoken;

    /** Adds releases, each in place of an older one of its model. */
    synchronized void offer(List<Release> releases) {
        for (Release release : releases) {
            if (waiting.size() >= MAX_MODELS && !waiting.containsKey(release.model())) {
                log.error("release dropped, too many models wait model={} limit={}", release.model(), MAX_MODELS);
                continue;
            }
            retries.remove(release.model());
            waiting.put(release.model(), release);
        }
        notifyAll();
    }

    /** Adds a release again after a pause, unless a newer one of its model waits already. */
    synchronized void offerLater(Release release, Duration pause) {
        if (!waiting.containsKey(release.model())) {
            retries.put(release.model(), new Retry(release, System.nanoTime() + pause.toNanos()));
        }
    }

    /** Takes the release that waits longest; null when none does. */
    synchronized @Nullable Release poll() {
        moveDueRetries();
        var entries = waiting.values().iterator();
        if (!entries.hasNext()) {
            return null;
        }
        Release next = entries.next();
        entries.remove();
        return next;
    }

    /**
     * Waits until a release may be taken, {@link #wake} was called or the time is over.
     *
     * @return whether there may be something to do
     */
    synchronized boolean awaitWork(Duration atMost) throws InterruptedException {
        long endNanos = System.nanoTime() + atMost.toNanos();
        // Asked once a round: a retry that falls due in between would make it 0, and a wait of 0 never ends.
        long millis = millisToNextRetry();
        while (!isWoken && waiting.isEmpty() && millis > 0) {
            long left = endNanos - System.nanoTime();
            if (left <= 0) {
                return false;
            }
            wait(Math.min(millis, 1 + TimeUnit.NANOSECONDS.toMillis(left)));
            millis = millisToNextRetry();
        }
        isWoken = false;
        return true;
    }

    /** Ends the current or the next wait. */
    synchronized void wake() {
        isWoken = true;
        notifyAll();
    }

    synchronized int length() {
        return waiting.size();
    }

    @GuardedBy("this")
    private void moveDueRetries() {
        long now = System.nanoTime();
        for (var due = retries.values().iterator(); due.hasNext(); ) {
            Retry retry = due.next();
            if (retry.dueNanos() - now <= 0) {
                waiting.put(retry.release().model(), retry.release());
                due.remove();
            }
        }
    }

    @GuardedBy("this")
    private long millisToNextRetry() {
        long now = System.nanoTime();
        long nanos = retries.values().stream()
                .mapToLong(retry -> retry.dueNanos() - now)
                .min()
                .orElse(TimeUnit.HOURS.toNanos(1));
        return nanos <= 0 ? 0 : 1 + TimeUnit.NANOSECONDS.toMillis(nanos);
    }
}
