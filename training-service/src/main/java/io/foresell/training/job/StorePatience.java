package io.foresell.training.job;

import com.mongodb.MongoException;
import java.time.Duration;
import java.util.function.Supplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Waits for the store: hours of training must not be lost to a moment without it. */
final class StorePatience {
    private static final Logger log = LoggerFactory.getLogger(StorePatience.class);
    private static final Duration RETRY = Duration.ofSeconds(1);
    private static final int MAX_TRIES = 120;

    private StorePatience() {}

    /**
     * Returns what a step returns, tried again while the store is away.
     *
     * @param step does no harm when it is done again
     * @throws java.util.concurrent.CancellationException when the job must stop
     */
    static <T> T of(RunningJob running, Supplier<T> step) {
        for (int tries = 1; ; tries++) {
            running.requireNotStopped();
            try {
                return step.get();
            } catch (MongoException e) {
                if (tries == MAX_TRIES) {
                    throw e;
                }
                log.warn("store away, tried again job={}", running.id(), e);
                sleep();
            }
        }
    }

    private static void sleep() {
        try {
            Thread.sleep(RETRY.toMillis());
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
