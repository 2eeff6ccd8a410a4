package io.foresell.training.evaluate;

import io.foresell.model.Task;
import io.foresell.training.evaluate.Judged.Comparison;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** Tests whether one candidate is better than another, or whether the difference could be luck. */
public final class Comparisons {
    private static final double Z = 1.959964;
    private static final double SIGNIFICANT = 0.05;
    private static final double LEAST_SHOWN_P = 0.0005; // below, three digits would say that it is 0

    private Comparisons() {}

    /** Returns the metrics by which models of a task can be compared; none of clusters, whose rows have no labels. */
    public static List<Metric> metrics(Task task) {
        return switch (task) {
            case BINARY -> BinaryResampling.METRICS;
            case MULTICLASS -> ClassResampling.METRICS;
            case REGRESSION -> ValueResampling.METRICS;
            case CLUSTERS, RANKING -> List.of();
        };
    }

    /**
     * Compares two candidates that were judged on the same rows: areas under the ROC curve by DeLong where rows are independent, any
     * other metric by the paired bootstrap.
     *
     * @throws IllegalArgumentException when the rows differ
     */
    public static Comparison of(Metric metric, String name, Judgement own, String otherName, Judgement other) {
        double value = own.value(metric);
        double otherValue = other.value(metric);
        Test test = metric.equals(Metric.ROC_AUC) && own.task() == Task.BINARY && own.hasIndependentRows()
                ? deLong(own.folds(), other.folds())
                : bootstrap(metric, own, other);
        return new Comparison(
                otherName,
                metric.key(),
                value,
                otherValue,
                value - otherValue,
                test.low(),
                test.high(),
                test.pValue(),
                test.name(),
                sentence(metric, name, otherName, value, otherValue, test));
    }

    private static String sentence(
            Metric metric, String name, String other, double value, double otherValue, Test test) {
        double difference = value - otherValue;
        String figures = String.format(
                Locale.ROOT, "%s %.4f against %.4f, difference %.4f", metric.key(), value, otherValue, difference);
        if (Double.isNaN(test.low())) {
            return "%s and %s: %s (no paired test)".formatted(name, other, figures);
        }
        String p = test.pValue() < LEAST_SHOWN_P ? "p < 0.001" : String.format(Locale.ROOT, "p = %.3f", test.pValue());
        return String.format(
                Locale.ROOT,
                "%s: %s (95 %%: %.4f to %.4f, %s).",
                verdict(metric, name, other, difference, test),
                figures,
                test.low(),
                test.high(),
                p);
    }

    private record Test(String name, double low, double high, double pValue) {}

    private static String verdict(Metric metric, String name, String other, double difference, Test test) {
        if (!(test.pValue() < SIGNIFICANT)) {
            return "%s and %s cannot be told apart".formatted(name, other);
        }
        boolean isBetter = metric.isHigherBetter() == difference > 0;
        return "%s is %s than %s".formatted(name, isBetter ? "better" : "worse", other);
    }

    /** The mean of independent folds: variances add up. Folds with one class have no area. */
    private static Test deLong(List<FoldAnswers> own, List<FoldAnswers> other) {
        double difference = 0;
        double variance = 0;
        int count = 0;
        for (int i = 0; i < own.size(); i++) {
            requireSameRows(own.get(i), other.get(i));
            DeLong first = DeLong.of(own.get(i).labels(), own.get(i).answers());
            DeLong second = DeLong.of(other.get(i).labels(), other.get(i).answers());
            double foldVariance = first.varianceOfDifference(second);
            if (!Double.isNaN(foldVariance)) {
                difference += first.area() - second.area();
                variance += foldVariance;
                count++;
            }
        }
        difference /= count;
        double error = Math.sqrt(variance) / count;
        double pValue = error == 0 ? (difference == 0 ? 1 : 0) : DeLong.pValue(difference / error);
        return new Test("delong", difference - Z * error, difference + Z * error, count == 0 ? 1 : pValue);
    }

    private static void requireSameRows(FoldAnswers own, FoldAnswers other) {
        if (!Arrays.equals(own.rows(), other.rows())) {
            throw new IllegalArgumentException("candidates judged on different rows (expected: the same)");
        }
    }

    private static Test bootstrap(Metric metric, Judgement own, Judgement other) {
        double[] differences = own.bootstrap().differences(other.bootstrap(), metric);
        Interval interval = Bootstrap.interval(differences);
        return new Test(
                "paired_bootstrap",
                interval.low(),
                interval.high(),
                differences.length == 0 ? 1 : Bootstrap.pValue(differences));
    }
}
