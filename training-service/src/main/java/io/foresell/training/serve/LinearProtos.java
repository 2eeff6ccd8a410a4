package io.foresell.training.serve;

import io.foresell.proto.training.v1.LogisticRegression;
import io.foresell.training.fit.Algorithm;
import org.jspecify.annotations.Nullable;

/** Algorithms whose models are weighted sums. */
final class LinearProtos {
    private static final double TINY = 1e-9; // stands for "above 0"

    private LinearProtos() {}

    static @Nullable Algorithm logistic(String field, LogisticRegression message, SpecCheck check) {
        double inversePenalty = check.number(
                field + ".inverse_penalty",
                message.hasInversePenalty(),
                message.getInversePenalty(),
                io.foresell.training.fit.linear.LogisticRegression.DEFAULT.inversePenalty(),
                TINY,
                1 / TINY);
        return check.checked(field, () -> new io.foresell.training.fit.linear.LogisticRegression(inversePenalty));
    }
}
