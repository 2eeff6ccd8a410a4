package io.foresell.training.fit.bayes;

import io.foresell.model.Task;
import io.foresell.training.fit.Algorithm;
import io.foresell.training.fit.Fitter;
import io.foresell.training.fit.Ranges;
import java.util.Map;
import java.util.Set;

/**
 * Fits naive Bayes: numbers as independent normal distributions per class, categories and terms of texts by their smoothed
 * frequencies per class. A missing or unknown text says nothing; a missing number counts as the mean.
 *
 * @param smoothing what is added to each count of a category or term, above 0; 1 is Laplace's
 * @param varianceSmoothing the share of the largest variance that is added to every variance
 */
public record NaiveBayes(double smoothing, double varianceSmoothing) implements Algorithm {
    /** Is what a spec means that says nothing else. */
    public static final NaiveBayes DEFAULT = new NaiveBayes(1, 1e-9);

    public NaiveBayes {
        Ranges.require("smoothing", smoothing, 1e-9, 1e6);
        Ranges.require("variance_smoothing", varianceSmoothing, 0, 1);
    }

    @Override
    public String key() {
        return "naive_bayes";
    }

    @Override
    public Map<String, String> asText() {
        return Map.of(
                "smoothing", Double.toString(smoothing), "variance_smoothing", Double.toString(varianceSmoothing));
    }

    @Override
    public Set<Task> tasks() {
        return Set.of(Task.BINARY, Task.MULTICLASS);
    }

    @Override
    public Fitter fitter(int threadCount) {
        return new NaiveBayesFitter(this);
    }

    @Override
    public boolean isSimple() {
        return true;
    }

    @Override
    public double work() {
        return 0.3;
    }
}
