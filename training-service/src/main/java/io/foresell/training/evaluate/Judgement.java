package io.foresell.training.evaluate;

import io.foresell.model.Task;
import io.foresell.training.evaluate.Evaluation.InputImportance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Collects what one candidate answered on held-out rows, fold by fold. Metrics are computed per fold and averaged; lift
 * and calibration are computed on all judged rows together. One owner, not thread-safe.
 */
public final class Judgement {
    /** With fewer rows of a class than this, metrics are little more than noise. */
    static final int FEW_ROWS = 50;

    private final Task task;
    private final List<Map<Metric, Double>> folds = new ArrayList<>();
    private final List<Map<Metric, Double>> baselines = new ArrayList<>();
    private final Map<String, Double> contributionSums = new HashMap<>();
    private final Set<String> warnings = new LinkedHashSet<>();
    private double[] labels = {};
    private double[] answers = {};
    private long explainedRowCount;

    /** Judges answers of this task. */
    public Judgement(Task task) {
        this.task = task;
    }

    /**
     * Adds the answers to the held-out rows of one fold.
     *
     * @param foldLabels 1 or 0, the index of the class, or the value
     * @param foldAnswers row-major, shape [rowCount, width]
     * @param baseline what the plain baseline answers to every row, length width; empty for none
     */
    public void addFold(double[] foldLabels, float[] foldAnswers, double[] baseline) {
        double[] scores = new double[foldAnswers.length];
        Arrays.setAll(scores, i -> foldAnswers[i]);
        folds.add(TaskMetrics.of(task, foldLabels, scores).all());
        if (baseline.length > 0) {
            double[] plain = new double[foldAnswers.length];
            Arrays.setAll(plain, i -> baseline[i % baseline.length]);
            baselines.add(TaskMetrics.of(task, foldLabels, plain).all());
        }
        labels = joined(labels, foldLabels);
        answers = joined(answers, scores);
    }

    private static double[] joined(double[] first, double[] second) {
        double[] joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }

    /** Adds the contributions of one held-out row by input. */
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

    /** Returns the score that the given share of all judged rows reaches or exceeds, of two classes. */
    public double scoreOfTop(double fraction) {
        return Metrics.of(labels, answers).scoreOfTop(fraction);
    }

    /** Returns what the answers to all judged rows look like beside the truth; empty for a task without labels. */
    public Optional<AnswerShape> shape(List<String> classes) {
        return AnswerShape.of(task, classes, labels, answers);
    }

    /**
     * Returns the judgement.
     *
     * @param split how the rows were split
     * @param trainingRowCount rows used for fitting; with folds, all rows
     */
    public Evaluation evaluation(String split, long trainingRowCount) {
        Map<String, Double> metrics = means(folds);
        Map<String, Double> baseline = means(baselines);
        warnAboutBaseline(metrics, baseline);
        boolean isBinary = task == Task.BINARY;
        if (isBinary) {
            warnAboutCounts();
        }
        @Nullable Metrics pooled = isBinary ? Metrics.of(labels, answers) : null;
        return new Evaluation(
                metrics,
                baseline,
                folds.size() < 2 ? Map.of() : standardDeviations(folds, metrics),
                split,
                trainingRowCount,
                labels.length,
                pooled == null ? 0 : pooled.baseRate(),
                pooled == null ? List.of() : pooled.liftTable(),
                pooled == null ? List.of() : pooled.calibration(),
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
        List<Metric> telling =
                switch (task) {
                    case BINARY -> List.of(Metric.LOG_LOSS, Metric.ROC_AUC);
                    case MULTICLASS -> List.of(Metric.LOG_LOSS, Metric.ACCURACY);
                    case REGRESSION -> List.of(Metric.RMSE);
                    case CLUSTERS, RANKING -> List.of();
                };
        for (Metric metric : telling) {
            double own = metrics.getOrDefault(metric.key(), Double.NaN);
            double plain = baseline.getOrDefault(metric.key(), Double.NaN);
            if (!metric.isBetter(own, plain)) {
                warn("The plain baseline (%s) is not beaten: %s %.4f against %.4f."
                        .formatted(baselineText(), metric.key(), own, plain));
            }
        }
    }

    private String baselineText() {
        return switch (task) {
            case BINARY -> "the base rate for everyone";
            case MULTICLASS -> "the shares of the classes for everyone";
            case REGRESSION -> "the mean for everyone";
            case CLUSTERS, RANKING -> "none";
        };
    }

    private void warnAboutCounts() {
        long positives = 0;
        for (double label : labels) {
            positives += label == 1 ? 1 : 0;
        }
        long rarer = Math.min(positives, labels.length - positives);
        if (rarer < FEW_ROWS) {
            warn("Only %d of the %d judged rows are %s: the metrics are uncertain (expected: at least %d)."
                    .formatted(rarer, labels.length, rarer == positives ? "positive" : "negative", FEW_ROWS));
        }
    }

    /** Folds where a metric does not exist (one class only) are left out of its mean; one that never does is left out. */
    private Map<String, Double> means(List<Map<Metric, Double>> measured) {
        Map<String, Double> means = new LinkedHashMap<>();
        for (Metric metric : Metric.of(task)) {
            double[] values = values(measured, metric);
            if (values.length > 0 || (task == Task.BINARY && !measured.isEmpty())) {
                means.put(metric.key(), Arrays.stream(values).average().orElse(Double.NaN));
            }
        }
        return means;
    }

    private static Map<String, Double> standardDeviations(
            List<Map<Metric, Double>> measured, Map<String, Double> means) {
        Map<String, Double> deviations = new LinkedHashMap<>();
        means.forEach((key, mean) -> {
            double[] values = values(measured, Metric.valueOf(key.toUpperCase(Locale.ROOT)));
            double squares = Arrays.stream(values)
                    .map(value -> (value - mean) * (value - mean))
                    .sum();
            deviations.put(key, Math.sqrt(squares / Math.max(1, values.length - 1)));
        });
        return deviations;
    }

    private static double[] values(List<Map<Metric, Double>> measured, Metric metric) {
        return measured.stream()
                .mapToDouble(fold -> fold.getOrDefault(metric, Double.NaN))
                .filter(value -> !Double.isNaN(value))
                .toArray();
    }
}
