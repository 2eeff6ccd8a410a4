package io.foresell.inference.serve;

import io.foresell.inference.load.LoadDemands;
import io.foresell.inference.route.ParkedRelease;
import io.foresell.inference.route.RouteBoard;
import io.foresell.kit.ServiceException;
import io.grpc.Context;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** Lets work on a model that is parked wait for its load, on no thread. */
public final class ParkedModels {
    static final String PARKED = "MODEL_PARKED";

    private final RouteBoard board;
    private final LoadDemands demands;

    public ParkedModels(RouteBoard board, LoadDemands demands) {
        this.board = board;
        this.demands = demands;
    }

    /**
     * Puts a call off until its model is loaded.
     *
     * @param work is run then, with the call's deadline and trace; it looks for the model anew
     * @return false when the model is not parked, and nothing was done
     * @throws ServiceException when the load would come too late, or too many wait
     */
    public <A> boolean defer(String model, StreamObserver<A> responses, Consumer<StreamObserver<A>> work) {
        if (board.current().parked(model) == null) {
            return false;
        }
        Calls.ignoreCancellation(responses);
        StreamObserver<A> later = new Later<>(responses);
        return defer(model, () -> Calls.guarded(later, () -> work.accept(later)), error -> Calls.fail(later, error));
    }

    /** Returns whether work failed because its model left memory after it was looked for: time to put it off once more. */
    public static boolean hasLeft(ServiceException failure) {
        return failure.failure().reason().equals(PARKED);
    }

    /** Hides that it is a call of gRPC, of which nothing can be set any more when its first callback is over. */
    private record Later<A>(StreamObserver<A> responses) implements StreamObserver<A> {
        @Override
        public void onNext(A answer) {
            responses.onNext(answer);
        }

        @Override
        public void onError(Throwable error) {
            responses.onError(error);
        }

        @Override
        public void onCompleted() {
            responses.onCompleted();
        }
    }

    /**
     * Puts work off until a model is loaded.
     *
     * @param refused is told instead of {@code work} when it cannot be loaded
     * @return false when the model is not parked, and nothing was done
     * @throws ServiceException when the load would come too late, or too many wait
     */
    public boolean defer(String model, Runnable work, Consumer<ServiceException> refused) {
        ParkedRelease parked = board.current().parked(model);
        if (parked == null) {
            return false;
        }
        parked.usage().asked(System.nanoTime());
        CompletableFuture<Void> loaded = demands.load(parked);
        Context context = Context.current();
        var unused = loaded.whenComplete((nothing, error) -> context.run(() -> {
            if (error == null) {
                work.run();
            } else {
                refused.accept(cause(error));
            }
        }));
        return true;
    }

    private static ServiceException cause(Throwable error) {
        @Nullable Throwable cause = error instanceof CompletionException ? error.getCause() : error;
        if (cause instanceof ServiceException known) {
            return known;
        }
        throw new IllegalStateException("a load ended in an unknown way", error);
    }
}
