package io.foresell.feature;

import io.foresell.feature.prediction.PredictionLog;
import io.foresell.kit.ServiceException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Deletes predictions and outcomes that are older than the retention, a minute after the start and then every hour. */
final class PredictionRetention implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(PredictionRetention.class);

    private final PredictionLog predictions;
    private final ScheduledExecutorService timer;

    private PredictionRetention(PredictionLog predictions) {
        this.predictions = predictions;
        timer = Executors.newSingleThreadScheduledExecutor(task -> {
            Thread thread = new Thread(task, "prediction-retention");
            thread.setDaemon(true);
            return thread;
        });
    }

    static PredictionRetention start(PredictionLog predictions) {
        PredictionRetention retention = new PredictionRetention(predictions);
        var unused = retention.timer.scheduleWithFixedDelay(retention::prune, 1, 60, TimeUnit.MINUTES);
        return retention;
    }

    private void prune() {
        try {
            long count = predictions.prune();
            if (count > 0) {
                log.info("predictions older than the retention deleted count={}", count);
            }
        } catch (ServiceException e) {
            log.warn(
                    "old predictions not deleted, trying again in an hour cause={}",
                    e.failure().message());
        } catch (RuntimeException e) {
            log.error("old predictions not deleted", e);
        }
    }

    @Override
    public void close() {
        timer.shutdownNow();
    }
}
