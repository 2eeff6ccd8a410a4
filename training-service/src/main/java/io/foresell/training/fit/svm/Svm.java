package io.foresell.training.fit.svm;

import io.foresell.model.Task;
import io.foresell.training.fit.Algorithm;
import io.foresell.training.fit.Fitter;
import io.foresell.training.fit.Ranges;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Fits a support vector machine on standardised numbers and one-hot texts; of several classes, one for each against the
 * rest. Kernels minimise the hinge loss or the epsilon-insensitive loss (Cortes and Vapnik 1995; Drucker et al. 1997), the
 * linear one their squares.
 *
 * @param cost C, what a row on the wrong side costs, above 0
 * @param gamma of RBF and polynomial; 0 means 1 / (columns * variance of all encoded values)
 * @param degree of a polynomial, 1 to 10
 * @param offset of a polynomial, 0 or more
 * @param epsilon error of a value that costs nothing, in standard deviations of the label, 0 or more
 */
public record Svm(KernelKind kernel, double cost, double gamma, int degree, double offset, double epsilon)
        implements Algorithm {
    /** Is what a spec means that says nothing else. */
    public static final Svm DEFAULT = new Svm(KernelKind.RBF, 1, 0, 3, 1, 0.1);

    public Svm {
        Ranges.require("cost", cost, 1e-6, 1e6);
        Ranges.require("gamma", gamma, 0, 1e6);
        Ranges.require("degree", degree, 1, 10);
        Ranges.require("offset", offset, 0, 1e6);
        Ranges.require("epsilon", epsilon, 0, 1e3);
    }

    @Override
    public String key() {
        return "svm";
    }

    @Override
    public Set<Task> tasks() {
        return Set.of(Task.BINARY, Task.MULTICLASS, Task.REGRESSION);
    }

    @Override
    public Map<String, String> asText() {
        return Map.of(
                "kernel", kernel.name().toLowerCase(Locale.ROOT),
                "cost", Double.toString(cost),
                "gamma", gamma == 0 ? "scale" : Double.toString(gamma),
                "degree", Integer.toString(degree),
                "offset", Double.toString(offset),
                "epsilon", Double.toString(epsilon));
    }

    @Override
    public Fitter fitter(int threadCount) {
        return new SvmFitter(this, threadCount);
    }

    @Override
    public double work() {
        return kernel == KernelKind.LINEAR ? 5 : 50;
    }
}
