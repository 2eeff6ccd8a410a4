package io.foresell.training.job;

import com.mongodb.MongoException;
import io.foresell.kit.ServiceException;

/** Says for people and programs what a job died of. */
final class JobFailures {
    private JobFailures() {}

    static JobStore.End of(Throwable error) {
        if (error instanceof ServiceException known) {
            return failed(known.failure().reason(), known.failure().message());
        }
        if (error instanceof MongoException) {
            return failed("STORE_UNAVAILABLE", "store: not reached (expected: MongoDB at mongo.uri)");
        }
        if (error instanceof OutOfMemoryError) {
            return failed(
                    "OUT_OF_MEMORY",
                    "memory: exhausted at a heap of %d MiB (expected: fewer rows or candidates, or a larger -Xmx)"
                            .formatted(Runtime.getRuntime().maxMemory() >> 20));
        }
        if (error instanceof LinkageError) {
            return failed(
                    "LIBRARY_MISSING",
                    "library: %s cannot be loaded (expected: a complete installation)".formatted(error.getMessage()));
        }
        return failed(
                "INTERNAL",
                "internal error %s, see the log of the training service"
                        .formatted(error.getClass().getSimpleName()));
    }

    private static JobStore.End failed(String reason, String failure) {
        return new JobStore.End(JobState.FAILED, reason, failure);
    }
}
