package io.foresell.training.registry;

import com.mongodb.MongoException;
import com.mongodb.MongoGridFSException;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The one place that says what a caller should do about an error of MongoDB. */
public final class StoreFailures {
    private static final Logger log = LoggerFactory.getLogger(StoreFailures.class);
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private StoreFailures() {}

    /** Returns a failure to send for an error of the driver; any other error is returned as it is. */
    public static Throwable translated(Throwable error) {
        if (error instanceof MongoGridFSException) {
            log.error("a stored package is incomplete", error);
            return new ServiceException(
                    Failure.dataLoss("PACKAGE_DAMAGED", "package: incomplete in the store (expected: all its chunks)"),
                    error);
        }
        if (error instanceof MongoException) {
            log.warn("store failed error={}", error.toString()); // one line: it comes with every call
            return new ServiceException(
                    Failure.unavailable(
                            "STORE_UNAVAILABLE", "store: no answer (expected: MongoDB at mongo.uri)", RETRY_AFTER),
                    error);
        }
        return error;
    }
}
