package io.foresell.training.fit.linear;

import io.foresell.model.Task;
import io.foresell.training.fit.Algorithm;
import io.foresell.training.fit.Fitter;
import io.foresell.training.fit.Ranges;
import java.util.Map;
import java.util.Set;

/**
 * Fits a logistic regression by penalised maximum likelihood; of several classes a multinomial one.
 *
 * @param inversePenalty C of the penalty on the standardised coefficients, above 0
 * @param l1Ratio the L1 share of the penalty: 0 is L2 alone, 1 is L1 alone, the elastic net lies between
 */
public record LogisticRegression(double inversePenalty, double l1Ratio) implements Algorithm {
    /** Is what a spec means that says nothing else. */
    public static final LogisticRegression DEFAULT = new LogisticRegression(1);

    public LogisticRegression {
        Ranges.require("inverse_penalty", inversePenalty, 1e-9, 1e9);
        Ranges.require("l1_ratio", l1Ratio, 0, 1);
    }

    /** Has an L2 penalty. */
    public LogisticRegression(double inversePenalty) {
        this(inversePenalty, 0);
    }

    @Override
    public String key() {
        return "logistic_regression";
    }

    @Override
    public Map<String, String> asText() {
        String c = Double.toString(inversePenalty);
        // The L2 penalty is what older packages state; equal fits keep equal packages.
        return l1Ratio == 0
                ? Map.of("inverse_penalty", c)
                : Map.of("inverse_penalty", c, "l1_ratio", Double.toString(l1Ratio));
    }

    String penaltyText() {
        String kind = l1Ratio == 0 ? "L2" : l1Ratio == 1 ? "L1" : "elastic net (L1 share %s)".formatted(l1Ratio);
        return "%s penalty with C = %s".formatted(kind, inversePenalty);
    }

    @Override
    public Set<Task> tasks() {
        return Set.of(Task.BINARY, Task.MULTICLASS);
    }

    @Override
    public Fitter fitter(int threadCount) {
        return new LogisticRegressionFitter(this, threadCount);
    }

    @Override
    public boolean isSimple() {
        return true;
    }

    @Override
    public double work() {
        return 1;
    }
}
