package io.foresell.gateway.backend;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.MoreExecutors;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Calls that hold no thread, and therefore need a bound of their own. Thread-safe. */
final class CallsUnderWay {
    /** As many as worker threads and their queue took; services refuse long before. */
    static final int MAX_CALLS = 1024;

    private final AtomicInteger count = new AtomicInteger();

    /**
     * Starts a call.
     *
     * @param read makes of the answer what completes the stage
     * @return fails with {@link BackendException}, or with what {@code read} throws
     * @throws RejectedExecutionException when there are too many
     */
    <A, R> CompletionStage<R> take(
            Backend backend, Duration limit, Supplier<ListenableFuture<A>> call, Function<A, R> read) {
        if (count.incrementAndGet() > MAX_CALLS) {
            count.decrementAndGet();
            throw new RejectedExecutionException("calls under way: more than " + MAX_CALLS);
        }
        CompletableFuture<R> answer = new CompletableFuture<>();
        ListenableFuture<A> started;
        try {
            started = call.get();
        } catch (RuntimeException e) {
            count.decrementAndGet();
            throw e;
        }
        Futures.addCallback(
                started,
                new FutureCallback<>() {
                    @Override
                    public void onSuccess(@Nullable A response) {
                        count.decrementAndGet();
                        complete(answer, response, read);
                    }

                    @Override
                    public void onFailure(Throwable failure) {
                        count.decrementAndGet();
                        answer.completeExceptionally(new BackendException(backend, limit, status(failure)));
                    }
                },
                MoreExecutors.directExecutor());
        return answer;
    }

    private static <A, R> void complete(CompletableFuture<R> answer, @Nullable A response, Function<A, R> read) {
        if (response == null) {
            answer.completeExceptionally(new IllegalStateException("an answer without content"));
            return;
        }
        try {
            answer.complete(read.apply(response));
        } catch (RuntimeException e) {
            answer.completeExceptionally(e);
        }
    }

    private static StatusRuntimeException status(Throwable failure) {
        return failure instanceof StatusRuntimeException known
                ? known
                : Status.fromThrowable(failure).asRuntimeException();
    }
}
