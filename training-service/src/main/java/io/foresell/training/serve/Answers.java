package io.foresell.training.serve;

import io.foresell.training.registry.StoreFailures;
import io.grpc.stub.StreamObserver;
import java.util.function.Supplier;

/** Sends one answer, or the failure to find one. */
final class Answers {
    private Answers() {}

    static <A> void unary(StreamObserver<A> caller, Supplier<A> answer) {
        A message;
        try {
            message = answer.get();
        } catch (RuntimeException | Error e) {
            caller.onError(StoreFailures.translated(e));
            return;
        }
        caller.onNext(message);
        caller.onCompleted();
    }
}
