package io.foresell.training.fit.linear;

import io.foresell.model.Task;
import io.foresell.training.fit.Algorithm;
import io.foresell.training.fit.Fitter;
import io.foresell.training.fit.Ranges;
import java.util.Map;
import java.util.Set;

/**
 * Fits a logistic regression by penalised maximum likelihood.
 *
 * @param inversePenalty C of the L2 penalty on the standardised coefficients, above 0
 */
public record LogisticRegression(double inversePenalty) implements Algorithm {
    /** Is what a spec means that says nothing else. */
    public static final LogisticRegression DEFAULT = new LogisticRegression(1);

    public LogisticRegression {
        Ranges.require("inverse_penalty", inversePenalty, 1e-9, 1e9);
    }

    @Override
    public String key() {
        return "logistic_regression";
    }

    @Override
    public Map<String, String> asText() {
        return Map.of("inverse_penalty", Double.toString(inversePenalty));
    }

    @Override
    public Set<Task> tasks() {
        return Set.of(Task.BINARY);
    }

    @Override
    public Fitter fitter(int threadCount) {
        return new LogisticRegressionFitter(this);
    }

    @Override
    public double work() {
        return 1;
    }
}
