package io.foresell.gateway.backend;

import com.google.common.util.concurrent.FutureCallback;
import com.google.common.util.concurrent.ListenableFuture;
import com.google.common.util.concurrent.MoreExecutors;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Turns what gRPC's future stubs return into the JDK's future. */
final class Futures {
    private Futures() {}

    static <A> CompletableFuture<A> of(ListenableFuture<A> call) {
        CompletableFuture<A> answer = new CompletableFuture<>();
        com.google.common.util.concurrent.Futures.addCallback(
                call,
                new FutureCallback<>() {
                    @Override
                    public void onSuccess(@Nullable A result) {
                        answer.complete(result);
                    }

                    @Override
                    public void onFailure(Throwable failure) {
                        answer.completeExceptionally(failure);
                    }
                },
                MoreExecutors.directExecutor());
        return answer;
    }
}
