package io.foresell.kit.rotate;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The thread that polls what one server or client reads from files. Closing it ends the polling; values stay as they are. */
public final class Rotation implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Rotation.class);

    private final ScheduledExecutorService thread;
    private final List<Entry> entries = new CopyOnWriteArrayList<>();

    private record Entry(Polled polled, Runnable whenChanged) {}

    private Rotation(ScheduledExecutorService thread) {
        this.thread = thread;
    }

    /** Starts polling at an interval. */
    public static Rotation every(Duration interval) {
        ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread made = new Thread(task, "rotation");
            made.setDaemon(true);
            return made;
        });
        Rotation rotation = new Rotation(thread);
        var unused = thread.scheduleWithFixedDelay(
                rotation::pollAll, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
        return rotation;
    }

    /** Polls one more; {@code whenChanged} runs on the polling thread after each change. */
    public <P extends Polled> P add(P polled, Runnable whenChanged) {
        entries.add(new Entry(polled, whenChanged));
        return polled;
    }

    /** Polls everything once now, on the polling thread. */
    public void pollSoon() {
        thread.execute(this::pollAll);
    }

    /** Returns why something newest is not in use, one sentence each. */
    public List<String> problems() {
        return entries.stream()
                .map(entry -> entry.polled().problem())
                .filter(problem -> !problem.isEmpty())
                .toList();
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
    public void close() {
        thread.shutdownNow();
    }
}
