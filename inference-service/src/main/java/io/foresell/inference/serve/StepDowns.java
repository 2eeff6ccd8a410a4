package io.foresell.inference.serve;

import io.foresell.inference.ladder.Cause;
import io.foresell.inference.ladder.Rung;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.grpc.Status;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What is counted, logged and said of requests that a lower rung of a release's ladder answers, or that none does. Thread-safe. */
public final class StepDowns {
    private static final Logger log = LoggerFactory.getLogger(StepDowns.class);
    private static final long LOG_NANOS = TimeUnit.SECONDS.toNanos(10);

    private final MeterRegistry meters;
    private final AtomicLong loggedNanos = new AtomicLong(System.nanoTime() - LOG_NANOS);

    public StepDowns(MeterRegistry meters) {
        this.meters = meters;
    }

    /** Counts rows. */
    public void count(String model, Rung rung, Cause cause, int rowCount) {
        Counter.builder("inference_degraded_rows")
                .description("Rows that a lower rung of a release's ladder answered, or that no rung did")
                .tag("model", model)
                .tag("rung", rung.tag())
                .tag("cause", cause.tag())
                .register(meters)
                .increment(rowCount);
    }

    /** Nobody else sees this error, as the call is answered; a version that always fails must not fill the disk. */
    public void logSeldom(String model, int version, RuntimeException error) {
        long last = loggedNanos.get();
        long now = System.nanoTime();
        if (now - last >= LOG_NANOS && loggedNanos.compareAndSet(last, now)) {
            log.error("version failed on a sound row model={} version={}", model, version, error);
        }
    }

    /**
     * Returns what a caller hears whose deadline no rung meets.
     *
     * @param chosenNanos what the version chosen takes at least
     */
    public static ServiceException tooShort(long chosenNanos) {
        return new ServiceException(new Failure(
                Status.Code.DEADLINE_EXCEEDED,
                "DEADLINE_TOO_SHORT",
                "deadline: %.1f ms left (expected: %.1f ms at least for the version released; no lower rung answers in time)"
                        .formatted(Calls.leftNanos() / 1e6, chosenNanos / 1e6),
                Map.of(),
                List.of(),
                null));
    }
}
