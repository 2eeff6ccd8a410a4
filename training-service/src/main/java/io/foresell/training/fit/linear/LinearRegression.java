package io.foresell.training.fit.linear;

import io.foresell.model.Task;
import io.foresell.training.fit.Algorithm;
import io.foresell.training.fit.Fitter;
import io.foresell.training.fit.Ranges;
import java.util.Map;
import java.util.Set;

/**
 * Fits a linear regression: ordinary least squares, ridge, lasso or elastic net. Minimises, over the coefficients b of encoded
 * columns and a free intercept, with labels y divided by their standard deviation,
 * {@code |y - Xb|^2 / (2 n) + penalty * (l1_ratio * |b|_1 + (1 - l1_ratio) / 2 * |b|_2^2)}.
 *
 * @param penalty 0 for ordinary least squares
 * @param l1Ratio the L1 share of the penalty: 0 is ridge, 1 is the lasso
 */
public record LinearRegression(double penalty, double l1Ratio) implements Algorithm {
    /** Is what a spec means that says nothing else: ordinary least squares. */
    public static final LinearRegression DEFAULT = new LinearRegression(0, 0);

    public LinearRegression {
        Ranges.require("penalty", penalty, 0, 1e6);
        Ranges.require("l1_ratio", l1Ratio, 0, 1);
    }

    @Override
    public String key() {
        return "linear_regression";
    }

    @Override
    public Map<String, String> asText() {
        return Map.of("penalty", Double.toString(penalty), "l1_ratio", Double.toString(l1Ratio));
    }

    /** Returns what it is called, e.g. "lasso with penalty 0.1". */
    String describe() {
        if (penalty == 0) {
            return "ordinary least squares";
        }
        String kind = l1Ratio == 0 ? "ridge" : l1Ratio == 1 ? "lasso" : "elastic net (L1 share %s)".formatted(l1Ratio);
        return "%s with penalty %s".formatted(kind, penalty);
    }

    @Override
    public Set<Task> tasks() {
        return Set.of(Task.REGRESSION);
    }

    @Override
    public Fitter fitter(int threadCount) {
        return new LinearRegressionFitter(this);
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
