package io.foresell.feature.database;

import com.mongodb.ErrorCategory;
import com.mongodb.MongoException;
import com.mongodb.MongoExecutionTimeoutException;
import com.mongodb.MongoInterruptedException;
import com.mongodb.MongoNodeIsRecoveringException;
import com.mongodb.MongoNotPrimaryException;
import com.mongodb.MongoOperationTimeoutException;
import com.mongodb.MongoSecurityException;
import com.mongodb.MongoServerUnavailableException;
import com.mongodb.MongoSocketException;
import com.mongodb.MongoTimeoutException;
import com.mongodb.MongoWriteConcernException;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.time.Duration;

/** The one place that says what an error of the driver means to a caller. */
final class MongoFailures {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private MongoFailures() {}

    /** Returns a failure for a database that is away, and the error itself when it is ours: a bug. */
    static RuntimeException translated(MongoException error) {
        if (isAway(error)) {
            return new ServiceException(
                    Failure.unavailable(
                            "DATABASE_AWAY", "MongoDB: no answer (expected: a reachable primary)", RETRY_AFTER),
                    error);
        }
        if (error instanceof MongoSecurityException) {
            return new ServiceException(
                    Failure.unavailable(
                            "DATABASE_REFUSES",
                            "MongoDB: credentials refused (expected: a valid mongo.uri)",
                            RETRY_AFTER),
                    error);
        }
        return error;
    }

    private static boolean isAway(MongoException error) {
        return error instanceof MongoTimeoutException
                || error instanceof MongoSocketException
                || error instanceof MongoNotPrimaryException
                || error instanceof MongoNodeIsRecoveringException
                || error instanceof MongoServerUnavailableException
                || error instanceof MongoOperationTimeoutException
                || error instanceof MongoExecutionTimeoutException
                || error instanceof MongoInterruptedException
                || error instanceof MongoWriteConcernException;
    }

    static boolean isDuplicateKey(int code) {
        return ErrorCategory.fromErrorCode(code) == ErrorCategory.DUPLICATE_KEY;
    }
}
