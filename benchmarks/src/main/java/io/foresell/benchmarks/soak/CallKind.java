package io.foresell.benchmarks.soak;

import io.foresell.benchmarks.load.Reply;
import io.foresell.benchmarks.load.Subject;
import java.util.concurrent.CompletableFuture;
import java.util.function.Supplier;

/**
 * A kind of call in a mix.
 *
 * @param weight calls of it in a turn of the mix
 */
record CallKind(String name, int weight, Supplier<CompletableFuture<Reply>> call) {
    static CallKind of(String name, int weight, Subject subject) {
        return new CallKind(name, weight, subject::call);
    }

    /** A call that is rightly refused: it is answered when what it fails by begins so. */
    static CallKind refused(String name, int weight, Subject subject, String cause) {
        return new CallKind(name, weight, () -> subject.call().thenApply(reply -> {
            if (reply.outcome() == Reply.Outcome.FAILED && reply.detail().startsWith(cause)) {
                return Reply.ANSWERED;
            }
            return reply.outcome() == Reply.Outcome.REFUSED
                    ? reply
                    : Reply.failed("%s: %s (expected: %s)".formatted(reply.outcome(), reply.detail(), cause));
        }));
    }
}
