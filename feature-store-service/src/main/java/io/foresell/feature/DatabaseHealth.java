package io.foresell.feature;

import io.foresell.feature.database.FeatureDatabase;
import io.foresell.kit.GrpcServer;
import io.foresell.kit.ServiceException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Asks MongoDB for a sign of life every second and says so in the server's health. */
final class DatabaseHealth implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(DatabaseHealth.class);
    private static final int PERIOD_SECONDS = 1;

    private final FeatureDatabase database;
    private final Runnable prepare; // makes indexes, once
    private final GrpcServer server;
    private final ScheduledExecutorService timer;
    private boolean isPrepared; // used only by the timer's thread

    private DatabaseHealth(FeatureDatabase database, Runnable prepare, GrpcServer server) {
        this.database = database;
        this.prepare = prepare;
        this.server = server;
        timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "database-health");
            thread.setDaemon(true);
            return thread;
        });
    }

    static DatabaseHealth start(FeatureDatabase database, Runnable prepare, GrpcServer server) {
        DatabaseHealth health = new DatabaseHealth(database, prepare, server);
        ScheduledFuture<?> unused =
                health.timer.scheduleWithFixedDelay(health::check, 0, PERIOD_SECONDS, TimeUnit.SECONDS);
        return health;
    }

    private void check() {
        try {
            database.ping();
            if (!isPrepared) {
                prepare.run();
                isPrepared = true;
            }
            say(true, "");
        } catch (ServiceException e) {
            say(false, e.failure().message());
        } catch (RuntimeException e) {
            log.error("database check failed", e);
            say(false, "unforeseen");
        }
    }

    private void say(boolean isAlive, String cause) {
        if (isAlive == server.isServing()) {
            return;
        }
        if (isAlive) {
            log.info("database reachable, serving");
        } else {
            log.warn("database away, not serving cause={}", cause);
        }
        server.setServing(isAlive);
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
