package io.foresell.kit.rotate;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Polls what one server or client reads from files, on a thread of its own that begins with the first. Closing it ends the polling; values
 * stay as they are. Thread-safe.
 */
public final class Rotation implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Rotation.class);

    private final Duration interval;
    private final List<Entry> entries = new CopyOnWriteArrayList<>();
    private @Nullable ScheduledExecutorService thread; // guarded by this
    private volatile boolean isClosed;

    private record Entry(Polled polled, Runnable whenChanged) {}

    private Rotation(Duration interval) {
        this.interval = interval;
    }

    /** Makes one that looks at an interval. */
    public static Rotation every(Duration interval) {
        return new Rotation(interval);
    }

    /** Polls one more; {@code whenChanged} runs on the polling thread after each change. */
    public <P extends Polled> P add(P polled, Runnable whenChanged) {
        entries.add(new Entry(polled, whenChanged));
        var unused = thread();
        return polled;
    }

    private synchronized @Nullable ScheduledExecutorService thread() {
        if (thread == null && !isClosed) {
            thread = Executors.newSingleThreadScheduledExecutor(task -> {
                Thread made = new Thread(task, "rotation");
                made.setDaemon(true);
                return made;
            });
            var unused = thread.scheduleWithFixedDelay(
                    this::pollAll, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
        }
        return thread;
    }

    /** Polls everything once now, on the polling thread. */
    public void pollSoon() {
        ScheduledExecutorService polling = thread();
        try {
            if (polling != null) {
                polling.execute(this::pollAll);
            }
        } catch (RejectedExecutionException e) {
            log.debug("closed meanwhile, nothing to poll", e);
        }
    }

    /** Returns why something newest is not in use, one sentence each. */
    public List<String> problems() {
        return entries.stream()
                .map(entry -> entry.polled().problem())
                .filter(problem -> !problem.isEmpty())
                .toList();
    }

    public boolean isClosed() {
        return isClosed;
    }

    private void pollAll() {
        for (Entry entry : entries) {
            try {
                if (entry.polled().poll()) {
                    entry.whenChanged().run();
                }
            } catch (RuntimeException e) {
                log.error("polling failed name={}", entry.polled().name(), e); // an exception would end the schedule
            }
        }
    }

    @Override
    public synchronized void close() {
        isClosed = true;
        if (thread != null) {
            thread.shutdown(); // not interrupted: it may be reading
        }
    }
}
