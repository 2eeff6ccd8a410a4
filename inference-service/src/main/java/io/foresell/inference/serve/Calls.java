package io.foresell.inference.serve;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;

/** What every handler on the network thread heeds when it hands work on or answers later. */
public final class Calls {
    private Calls() {}

    /**
     * Ends a call whose caller no longer waits.
     *
     * @throws ServiceException DEADLINE_EXCEEDED when the call's deadline has passed
     */
    public static void requireTimeLeft() {
        Deadline deadline = Context.current().getDeadline();
        if (deadline != null && deadline.isExpired()) {
            throw new ServiceException(new Failure(
                    Status.Code.DEADLINE_EXCEEDED,
                    "DEADLINE_PASSED",
                    "deadline: passed before scoring began (expected: time left)",
                    Map.of(),
                    List.of(),
                    null));
        }
    }

    /** Returns what the call's deadline leaves, 0 or more; {@link Long#MAX_VALUE} without one. */
    public static long leftNanos() {
        Deadline deadline = Context.current().getDeadline();
        return deadline == null ? Long.MAX_VALUE : Math.max(0, deadline.timeRemaining(TimeUnit.NANOSECONDS));
    }

    /** Runs work away from the network thread, where nobody else turns an exception into a status. */
    public static void guarded(StreamObserver<?> responses, Runnable work) {
        try {
            work.run();
        } catch (RuntimeException | Error e) {
            fail(responses, e);
        }
    }

    /**
     * Ends a call with our own failure. gRPC takes the status from the first cause that carries one, which would be that of
     * the feature store, so the causes stay here.
     */
    public static void fail(StreamObserver<?> responses, Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        responses.onError(cause instanceof ServiceException known ? new ServiceException(known.failure()) : cause);
    }

    /**
     * Without a handler, answering a call that was cancelled meanwhile would throw. gRPC takes one only during the first
     * callback of a call, so this comes before any work is handed on.
     */
    public static void ignoreCancellation(StreamObserver<?> responses) {
        if (responses instanceof ServerCallStreamObserver<?> call) {
            call.setOnCancelHandler(() -> {});
        }
    }
}
