package io.foresell.training;

import java.time.Duration;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks the store for a sign of life once a second and says when it goes and comes; tidies up while it is there. */
final class StoreMonitor implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(StoreMonitor.class);
    private static final Duration LOOK = Duration.ofSeconds(1);
    private static final Duration TIDY = Duration.ofHours(1);

    /** What the monitor does with a store; everything may throw when it is away. */
    interface Store {
        void ping();

        /** Is called when the store came (back). */
        void prepare();

        /** Is called at every look. */
        void measure();

        /** Is called every hour while the store is there. */
        void tidy();
    }

    private final Store store;
    private final Consumer<Boolean> onChange;
    private final ScheduledExecutorService looker = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "store-monitor");
        thread.setDaemon(true);
        return thread;
    });
    private boolean isThere; // looker only, after the first look
    private boolean isAwayLogged; // looker only, after the first look

    private StoreMonitor(Store store, Consumer<Boolean> onChange) {
        this.store = store;
        this.onChange = onChange;
    }

    /** Looks once on the calling thread, then goes on looking. */
    static StoreMonitor start(Store store, Consumer<Boolean> onChange) {
        StoreMonitor monitor = new StoreMonitor(store, onChange);
        monitor.look();
        var unusedLook = monitor.looker.scheduleWithFixedDelay(
                monitor::look, LOOK.toMillis(), LOOK.toMillis(), TimeUnit.MILLISECONDS);
        var unusedTidy = monitor.looker.scheduleWithFixedDelay(
                monitor::tidy, LOOK.toMillis(), TIDY.toMillis(), TimeUnit.MILLISECONDS);
        return monitor;
    }

    private void look() {
        try {
            store.ping();
            if (!isThere) {
                store.prepare();
                isThere = true;
                isAwayLogged = false;
                onChange.accept(true);
                log.info("store is there");
            }
            store.measure();
        } catch (RuntimeException e) {
            if (!isAwayLogged) {
                isAwayLogged = true;
                log.warn("store is away, not serving until it is back error={}", e.toString());
            }
            isThere = false;
            onChange.accept(false);
        }
    }

    private void tidy() {
        if (!isThere) {
            return;
        }
        try {
            store.tidy();
        } catch (RuntimeException e) {
            log.warn("tidying failed, tried again later", e);
        }
    }

    @Override
    public void close() {
        looker.shutdownNow();
        onChange.accept(false);
    }
}
