package io.foresell.training.evaluate;

import io.foresell.training.evaluate.Evaluation.InputImportance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Collects what one candidate answered on held-out rows, fold by fold. Metrics are computed per fold and averaged; lift
 * and calibration are computed on all judged rows together. One owner, not thread-safe.
 */
public final class Judgement {
    /** With fewer rows of a class than this, metrics are little more than noise. */
    static final int FEW_ROWS = 50;

    private final List<Metrics> folds = new ArrayList<>();
    private final List<Metrics> baselines = new ArrayList<>();
    private final Map<String, Double> contributionSums = new HashMap<>();
    private final Set<String> warnings = new LinkedHashSet<>();
    private boolean[] labels = {};
    private double[] probabilities = {};
    private long explainedRowCount;

    /**
     * Adds the answers to the held-out rows of one fold.
     *
     * @param trainingRate the baseline: share of positives among the rows fitted on
     */
    public void addFold(boolean[] foldLabels, float[] foldProbabilities, double trainingRate) {
        double[] scores = new double[foldProbabilities.length];
        Arrays.setAll(scores, i -> foldProbabilities[i]);
        double[] baseline = new double[foldLabels.length];
        Arrays.fill(baseline, trainingRate);
        folds.add(new Metrics(foldLabels, scores));
        baselines.add(new Metrics(foldLabels, baseline));
        int before = labels.length;
        labels = Arrays.copyOf(labels, before + foldLabels.length);
        probabilities = Arrays.copyOf(probabilities, labels.length);
        System.arraycopy(foldLabels, 0, labels, before, foldLabels.length);
        System.arraycopy(scores, 0, probabilities, before, scores.length);
    }

    /** Adds the contributions of one held-out row, in log-odds, by input. */
    public void addContributions(List<String> inputs, double[] contributions) {
        for (int i = 0; i < inputs.size(); i++) {
            contributionSums.merge(inputs.get(i), Math.abs(contributions[i]), Double::sum);
        }
        explainedRowCount++;
    }

    /** Adds a sentence that a reader must know; the same sentence counts once. */
    public void warn(String sentence) {
        warnings.add(sentence);
    }

    /** Returns the score that the given share of all judged rows reaches or exceeds. */
    public double scoreOfTop(double fraction) {
        return new Metrics(labels, probabilities).scoreOfTop(fraction);
    }

    /**
     * Returns the judgement.
     *
     * @param split how the rows were split
     * @param trainingRowCount rows used for fitting; with folds, all rows
     */
    public Evaluation evaluation(String split, long trainingRowCount) {
        Metrics pooled = new Metrics(labels, probabilities);
        Map<String, Double> metrics = means(folds);
        Map<String, Double> baseline = means(baselines);
        warnAboutBaseline(metrics, baseline);
        warnAboutCounts();
        return new Evaluation(
                metrics,
                baseline,
                folds.size() < 2 ? Map.of() : standardDeviations(folds, metrics),
                split,
                trainingRowCount,
                labels.length,
                pooled.baseRate(),
                pooled.liftTable(),
                pooled.calibration(),
                importance(),
                List.copyOf(warnings));
    }

    private List<InputImportance> importance() {
        return contributionSums.entrySet().stream()
                .map(entry -> new InputImportance(entry.getKey(), entry.getValue() / explainedRowCount))
                .sorted(Comparator.comparingDouble(InputImportance::meanAbsoluteContribution)
                        .reversed()
                        .thenComparing(InputImportance::input))
                .toList();
    }

    private void warnAboutBaseline(Map<String, Double> metrics, Map<String, Double> baseline) {
        for (Metric metric : List.of(Metric.LOG_LOSS, Metric.ROC_AUC)) {
            double own = metrics.getOrDefault(metric.key(), Double.NaN);
            double plain = baseline.getOrDefault(metric.key(), Double.NaN);
            if (!metric.isBetter(own, plain)) {
                warn("The plain baseline (the base rate for everyone) is not beaten: %s %.4f against %.4f."
                        .formatted(metric.key(), own, plain));
            }
        }
    }

    private void warnAboutCounts() {
        long positives = 0;
        for (boolean label : labels) {
            positives += label ? 1 : 0;
        }
        long rarer = Math.min(positives, labels.length - positives);
        if (rarer < FEW_ROWS) {
            warn("Only %d of the %d judged rows are %s: the metrics are uncertain (expected: at least %d)."
                    .formatted(rarer, labels.length, rarer == positives ? "positive" : "negative", FEW_ROWS));
        }
    }

    /** Folds where a metric does not exist (one class only) are left out of its mean. */
    private static Map<String, Double> means(List<Metrics> folds) {
        Map<String, Double> means = new LinkedHashMap<>();
        for (Metric metric : Metric.values()) {
            means.put(
                    metric.key(), Arrays.stream(values(folds, metric)).average().orElse(Double.NaN));
        }
        return means;
    }

    private static Map<String, Double> standardDeviations(List<Metrics> folds, Map<String, Double> means) {
        Map<String, Double> deviations = new LinkedHashMap<>();
        for (Metric metric : Metric.values()) {
            double mean = means.getOrDefault(metric.key(), Double.NaN);
            double[] values = values(folds, metric);
            double squares = Arrays.stream(values)
                    .map(value -> (value - mean) * (value - mean))
                    .sum();
            deviations.put(metric.key(), Math.sqrt(squares / Math.max(1, values.length - 1)));
        }
        return deviations;
    }

    private static double[] values(List<Metrics> folds, Metric metric) {
        return folds.stream()
                .mapToDouble(fold -> fold.all().getOrDefault(metric, Double.NaN))
                .filter(value -> !Double.isNaN(value))
                .toArray();
    }
}
