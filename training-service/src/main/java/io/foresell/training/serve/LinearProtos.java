package io.foresell.training.serve;

import io.foresell.proto.training.v1.LinearRegression;
import io.foresell.proto.training.v1.LogisticRegression;
import io.foresell.proto.training.v1.NaiveBayes;
import io.foresell.proto.training.v1.NearestNeighbors;
import io.foresell.training.fit.Algorithm;
import org.jspecify.annotations.Nullable;

/** Algorithms whose models are weighted sums, and their plain relatives. */
final class LinearProtos {
    private static final double TINY = 1e-9; // stands for "above 0"

    private LinearProtos() {}

    static @Nullable Algorithm logistic(String field, LogisticRegression message, SpecCheck check) {
        var by = io.foresell.training.fit.linear.LogisticRegression.DEFAULT;
        double inversePenalty = check.number(
                field + ".inverse_penalty",
                message.hasInversePenalty(),
                message.getInversePenalty(),
                by.inversePenalty(),
                TINY,
                1e9);
        double l1Ratio =
                check.number(field + ".l1_ratio", message.hasL1Ratio(), message.getL1Ratio(), by.l1Ratio(), 0, 1);
        return check.checked(
                field, () -> new io.foresell.training.fit.linear.LogisticRegression(inversePenalty, l1Ratio));
    }

    static @Nullable Algorithm linear(String field, LinearRegression message, SpecCheck check) {
        var by = io.foresell.training.fit.linear.LinearRegression.DEFAULT;
        double penalty =
                check.number(field + ".penalty", message.hasPenalty(), message.getPenalty(), by.penalty(), 0, 1e6);
        double l1Ratio =
                check.number(field + ".l1_ratio", message.hasL1Ratio(), message.getL1Ratio(), by.l1Ratio(), 0, 1);
        if (penalty == 0 && message.getL1Ratio() > 0) {
            check.refuse(field + ".l1_ratio", message.getL1Ratio(), "0, or a penalty above 0");
        }
        return check.checked(field, () -> new io.foresell.training.fit.linear.LinearRegression(penalty, l1Ratio));
    }

    static @Nullable Algorithm bayes(String field, NaiveBayes message, SpecCheck check) {
        var by = io.foresell.training.fit.bayes.NaiveBayes.DEFAULT;
        double smoothing = check.number(
                field + ".smoothing", message.hasSmoothing(), message.getSmoothing(), by.smoothing(), TINY, 1e6);
        double varianceSmoothing = check.number(
                field + ".variance_smoothing",
                message.hasVarianceSmoothing(),
                message.getVarianceSmoothing(),
                by.varianceSmoothing(),
                0,
                1);
        return check.checked(field, () -> new io.foresell.training.fit.bayes.NaiveBayes(smoothing, varianceSmoothing));
    }

    static @Nullable Algorithm neighbors(String field, NearestNeighbors message, SpecCheck check) {
        var by = io.foresell.training.fit.neighbor.NearestNeighbors.DEFAULT;
        int k = check.count(field + ".k", message.getK(), by.k(), 1, 1_000);
        int maxRows = check.count(
                field + ".max_rows",
                message.getMaxRows(),
                by.maxRows(),
                1,
                io.foresell.training.fit.neighbor.NearestNeighbors.MAX_ROWS);
        boolean isByDistance =
                switch (message.getWeights()) {
                    case NEIGHBOR_WEIGHTS_UNSPECIFIED, NEIGHBOR_WEIGHTS_UNIFORM -> false;
                    case NEIGHBOR_WEIGHTS_DISTANCE -> true;
                    case UNRECOGNIZED -> {
                        check.refuse(field + ".weights", message.getWeightsValue(), "UNIFORM or DISTANCE");
                        yield false;
                    }
                };
        return check.checked(
                field, () -> new io.foresell.training.fit.neighbor.NearestNeighbors(k, isByDistance, maxRows));
    }
}
