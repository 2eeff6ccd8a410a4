package io.foresell.training.fit.bayes;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.Answer;
import io.foresell.model.Task;
import io.foresell.model.graph.Preprocessing;
import io.foresell.training.fit.Encodings;
import io.foresell.training.fit.FitRequest;
import io.foresell.training.fit.FittedModel;
import io.foresell.training.fit.Fitter;
import java.util.Arrays;
import java.util.List;

/** Fits naive Bayes from weighted sums per class. */
final class NaiveBayesFitter implements Fitter {
    private static final int MAX_WEIGHTS = 8_000_000;
    // The prior of a class without rows, and the least variance of columns that are all constant.
    private static final double TINY = 1e-9;

    private final NaiveBayes parameters;

    NaiveBayesFitter(NaiveBayes parameters) {
        this.parameters = parameters;
    }

    @Override
    public FittedModel fit(FitRequest request) {
        Encodings encodings = request.encodings();
        Preprocessing preprocessing = encodings.standardizedFlat();
        boolean isBinary = request.fold().task() == Task.BINARY;
        int classCount = isBinary ? 2 : request.fold().classes().size();
        if ((long) preprocessing.encodedWidth() * classCount > MAX_WEIGHTS) {
            throw new ServiceException(Failure.precondition(
                    "TOO_MANY_COEFFICIENTS",
                    "weights of naive_bayes: %d columns times %d classes (expected: at most %d together)"
                            .formatted(preprocessing.encodedWidth(), classCount, MAX_WEIGHTS)));
        }
        ClassSums sums = new ClassSums(request, preprocessing, encodings.rows(), classCount);
        ColumnKinds kinds = ColumnKinds.of(preprocessing);
        double[] priors = priors(sums.weights);
        double[][] weights = new double[classCount][preprocessing.encodedWidth()];
        double[] bias = new double[classCount];
        for (int label = 0; label < classCount; label++) {
            for (List<Integer> group : kinds.groups()) {
                addGroup(sums.sums[label], group, weights[label]);
            }
            for (int column : kinds.indicators()) {
                double share = (sums.sums[label][column] + parameters.smoothing())
                        / (sums.weights[label] + 2 * parameters.smoothing());
                weights[label][column] = Math.log(share / (1 - share));
                bias[label] += Math.log(1 - share);
            }
        }
        Answer answer =
                isBinary ? Answer.binary() : Answer.multiclass(request.fold().classes());
        FittedBayes fitted = new FittedBayes(
                preprocessing,
                answer,
                kinds.numbers(),
                priors,
                means(sums, kinds),
                variances(sums, kinds),
                weights,
                bias);
        return fitted.judgedOn(encodings.rows());
    }

    private static double[] priors(double[] weights) {
        double sum = Arrays.stream(weights).sum();
        return Arrays.stream(weights)
                .map(weight -> Math.max(weight / sum, TINY))
                .toArray();
    }

    /** The logarithm of each column's smoothed share of its group. */
    private void addGroup(double[] sums, List<Integer> group, double[] weights) {
        double total = parameters.smoothing() * group.size();
        for (int column : group) {
            total += Math.max(0, sums[column]);
        }
        for (int column : group) {
            weights[column] = Math.log((Math.max(0, sums[column]) + parameters.smoothing()) / total);
        }
    }

    private static double[][] means(ClassSums sums, ColumnKinds kinds) {
        double[][] means = new double[sums.weights.length][];
        Arrays.setAll(means, label -> kinds.numbers().stream()
                .mapToDouble(column -> sums.mean(label, column))
                .toArray());
        return means;
    }

    private double[][] variances(ClassSums sums, ColumnKinds kinds) {
        double largest =
                kinds.numbers().stream().mapToDouble(sums::variance).max().orElse(0);
        double least = Math.max(parameters.varianceSmoothing() * largest, TINY * TINY + (largest > 0 ? 0 : 1));
        double[][] variances = new double[sums.weights.length][];
        Arrays.setAll(variances, label -> kinds.numbers().stream()
                .mapToDouble(column -> sums.variance(label, column) + least)
                .toArray());
        return variances;
    }
}
