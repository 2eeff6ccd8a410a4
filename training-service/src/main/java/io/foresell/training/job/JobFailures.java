package io.foresell.training.job;

import com.mongodb.MongoException;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.math.BigDecimal;

/** Says for people and programs what a job died of. */
public final class JobFailures {
    private JobFailures() {}

    static JobStore.End of(Throwable error) {
        if (error instanceof MongoException) {
            return failed(
                    Failure.precondition("STORE_UNAVAILABLE", "store: not reached (expected: MongoDB at mongo.uri)"));
        }
        return failed(ofTraining(error));
    }

    static JobStore.End outOfTime(double maxSeconds) {
        return failed(Failure.precondition(
                "TIME_LIMIT_EXCEEDED",
                "training: not done after %s s (expected: done within resources.max_seconds; more of them, fewer candidates, trials or rows)"
                        .formatted(BigDecimal.valueOf(maxSeconds)
                                .stripTrailingZeros()
                                .toPlainString())));
    }

    /** Returns what a training died of. Bugs become INTERNAL with their text hidden. */
    public static Failure ofTraining(Throwable error) {
        if (error instanceof ServiceException known) {
            return known.failure();
        }
        if (error instanceof OutOfMemoryError) {
            return Failure.precondition(
                    "OUT_OF_MEMORY",
                    "memory: exhausted at a heap of %d MiB (expected: fewer rows or candidates, or a larger -Xmx)"
                            .formatted(Runtime.getRuntime().maxMemory() >> 20));
        }
        if (error instanceof LinkageError) {
            return Failure.precondition(
                    "LIBRARY_MISSING",
                    "library: %s cannot be loaded (expected: a complete installation)".formatted(error.getMessage()));
        }
        return Failure.precondition(
                "INTERNAL",
                "internal error %s, see the log of the training service"
                        .formatted(error.getClass().getSimpleName()));
    }

    private static JobStore.End failed(Failure failure) {
        return new JobStore.End(JobState.FAILED, failure.reason(), failure.message());
    }
}
