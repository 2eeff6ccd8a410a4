package io.foresell.benchmarks.serving;

import io.foresell.benchmarks.own.OwnRegistry;
import io.foresell.benchmarks.release.AskedRows;
import io.foresell.benchmarks.release.PreparedVersion;
import io.foresell.benchmarks.release.ReleaseHistory;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/** Releases one version after the other on a thread of its own. */
final class Releaser {
    private final OwnRegistry registry;
    private final ReleaseHistory history;
    private final AskedRows rows;
    private final Queue<PreparedVersion> prepared = new ArrayDeque<>(); // used by one thread at a time, as the next
    private int lastVersion = 1;
    private Duration every = Duration.ofSeconds(1);
    private final AtomicInteger releasedCount = new AtomicInteger();
    private @Nullable Thread thread;

    Releaser(OwnRegistry registry, ReleaseHistory history, AskedRows rows) {
        this.registry = registry;
        this.history = history;
        this.rows = rows;
    }

    /** Sets the time between two versions; not while it releases. */
    void every(Duration between) {
        every = between;
    }

    /**
     * Makes the next versions ahead: making one takes as long as loading it, on the same machine. Without, each is made when it is
     * due; not while it releases.
     */
    void prepare(int count) {
        for (int i = 0; i < count; i++) {
            prepared.add(made());
        }
    }

    private PreparedVersion made() {
        return PreparedVersion.of(OwnServers.MODEL, ++lastVersion, rows);
    }

    int releasedCount() {
        return releasedCount.get();
    }

    void start() {
        Thread started = new Thread(this::run, "releases");
        started.setDaemon(true);
        thread = started;
        started.start();
    }

    void stop() throws InterruptedException {
        Thread started = thread;
        if (started != null) {
            started.interrupt();
            started.join();
        }
    }

    private void run() {
        long due = System.nanoTime();
        try {
            while (!Thread.interrupted()) {
                due += every.toNanos();
                Thread.sleep(Math.max(0, (due - System.nanoTime()) / 1_000_000));
                PreparedVersion version = prepared.isEmpty() ? made() : prepared.remove();
                history.ordering(version.version(), List.of(version));
                registry.release(version.version(), version.packageBytes());
                releasedCount.incrementAndGet();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
