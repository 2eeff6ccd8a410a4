package io.foresell.training.evaluate;

import io.foresell.model.Task;
import io.foresell.training.dataset.RowGroups;
import io.foresell.training.evaluate.Evaluation.InputImportance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Collects what one candidate answered on held-out rows, fold by fold. Metrics are computed per fold and averaged; lift
 * and calibration are computed on all judged rows together. One owner, not thread-safe.
 */
public final class Judgement {
    /** With fewer rows of a class than this, metrics are little more than noise. */
    static final int FEW_ROWS = 50;

    private final Task task;
    private final long seed;
    private final BooleanSupplier isCancelled;
    /** What is measured of the order within groups. */
    private final List<Metric> ofLists;

    private final List<FoldAnswers> answered = new ArrayList<>();
    private final List<FoldAnswers> baselineAnswered = new ArrayList<>();
    private final List<Map<Metric, Double>> folds = new ArrayList<>();
    private final List<Map<Metric, Double>> baselines = new ArrayList<>();
    private final Map<String, Double> contributionSums = new HashMap<>();
    private final Set<String> warnings = new LinkedHashSet<>();
    private double[] labels = {};
    private double[] answers = {};
    private long explainedRowCount;
    private @Nullable Bootstrap bootstrap;

    /** Judges answers of this task. */
    public Judgement(Task task) {
        this(task, List.of(), 0, () -> false);
    }

    /**
     * Judges answers of this task.
     *
     * @param ofLists what is measured of the order within groups; none where no groups are declared
     * @param seed draws the resamples of intervals; the same for candidates that are to be compared
     * @param isCancelled asked between resamples
     */
    public Judgement(Task task, List<Metric> ofLists, long seed, BooleanSupplier isCancelled) {
        this.task = task;
        this.ofLists = List.copyOf(ofLists);
        this.seed = seed;
        this.isCancelled = isCancelled;
    }

    /**
     * Adds the answers to the held-out rows of one fold.
     *
     * @param foldLabels 1 or 0, the index of the class, or the value
     * @param foldAnswers row-major, shape [rowCount, width]
     * @param baseline what the plain baseline answers to every row, length width; empty for none
     */
    public void addFold(double[] foldLabels, float[] foldAnswers, double[] baseline) {
        int[] numbers = FoldAnswers.consecutive(labels.length, foldLabels.length);
        addFold(foldLabels, foldAnswers, baseline, numbers, numbers, null);
    }

    /**
     * Adds the answers to the held-out rows of one fold.
     *
     * @param rows identifies each row, the same number in every repeat of the folds
     * @param entities identifies what each row is about, 0 and up; rows of one entity are not independent
     * @param groups within which rows are ranked; null for none
     */
    public void addFold(
            double[] foldLabels,
            float[] foldAnswers,
            double[] baseline,
            int[] rows,
            int[] entities,
            @Nullable RowGroups groups) {
        double[] scores = new double[foldAnswers.length];
        Arrays.setAll(scores, i -> foldAnswers[i]);
        FoldAnswers fold = new FoldAnswers(foldLabels, scores, rows, entities, lists(groups, foldLabels, scores));
        answered.add(fold);
        folds.add(measured(fold));
        if (baseline.length > 0) {
            double[] plain = new double[foldAnswers.length];
            Arrays.setAll(plain, i -> baseline[i % baseline.length]);
            // The same answer to every row is any order of them: the baseline of a list is that of a random order.
            FoldAnswers same = new FoldAnswers(foldLabels, plain, rows, entities, lists(groups, foldLabels, plain));
            baselineAnswered.add(same);
            baselines.add(measured(same));
        }
        labels = joined(labels, foldLabels);
        answers = joined(answers, scores);
    }

    private @Nullable ListMetrics lists(@Nullable RowGroups groups, double[] foldLabels, double[] scores) {
        return groups == null ? null : ListMetrics.of(ofLists, groups, foldLabels, scores);
    }

    private Map<Metric, Double> measured(FoldAnswers fold) {
        Map<Metric, Double> measured =
                TaskMetrics.of(task, fold.labels(), fold.answers()).all();
        ListMetrics lists = fold.lists();
        if (lists != null) {
            measured.putAll(lists.all());
        }
        return measured;
    }

    /** Adds to the metrics of the last fold, or replaces some: those that answers alone do not tell. */
    public void addMeasured(Map<Metric, Double> measured) {
        folds.get(folds.size() - 1).putAll(measured);
    }

    private static double[] joined(double[] first, double[] second) {
        double[] joined = Arrays.copyOf(first, first.length + second.length);
        System.arraycopy(second, 0, joined, first.length, second.length);
        return joined;
    }

    /**
     * Measures answers to rows of one part; NaN where the metric does not exist.
     *
     * @param groups within which rows are ranked; null for none
     */
    public static double measure(
            Task task, Metric metric, double[] labels, float[] answers, @Nullable RowGroups groups) {
        double[] scores = new double[answers.length];
        Arrays.setAll(scores, i -> answers[i]);
        return measure(task, metric, labels, scores, groups);
    }

    /**
     * Measures answers to rows of one part; NaN where the metric does not exist.
     *
     * @param groups within which rows are ranked; null for none
     */
    public static double measure(
            Task task, Metric metric, double[] labels, double[] answers, @Nullable RowGroups groups) {
        if (metric.ofLists() == null) {
            return metric.of(task, labels, answers);
        }
        return groups == null
                ? Double.NaN
                : ListMetrics.of(List.of(metric), groups, labels, answers).all().getOrDefault(metric, Double.NaN);
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
        Map<String, Double> metrics = measured(folds, answered);
        Map<String, Double> baseline = measured(baselines, baselineAnswered);
        warnAboutBaseline(metrics, baseline);
        boolean isBinary = task == Task.BINARY;
        if (isBinary) {
            warnAboutCounts();
        }
        @Nullable Metrics pooled = isBinary ? Metrics.of(labels, answers) : null;
        return new Evaluation(
                metrics,
                baseline,
                folds.size() < 2 ? Map.of() : standardDeviations(folds, means(folds)),
                split,
                trainingRowCount,
                labels.length,
                pooled == null ? 0 : pooled.baseRate(),
                pooled == null ? List.of() : pooled.liftTable(),
                pooled == null ? List.of() : pooled.calibration(),
                importance(),
                List.copyOf(warnings),
                intervals(),
                List.of(),
                null,
                null);
    }

    /** The mean over folds; the calibration error is that of all judged rows together, which chance blurs least. */
    private Map<String, Double> measured(List<Map<Metric, Double>> byFold, List<FoldAnswers> rows) {
        Map<String, Double> measured = means(byFold);
        if (!rows.isEmpty() && (task == Task.BINARY || task == Task.MULTICLASS)) {
            measured.put(
                    Metric.EXPECTED_CALIBRATION_ERROR.key(),
                    calibrationJudge(rows).error());
        }
        return measured;
    }

    private CalibrationJudge calibrationJudge(List<FoldAnswers> rows) {
        List<double[]> probabilities = new ArrayList<>();
        List<boolean[]> outcomes = new ArrayList<>();
        for (FoldAnswers fold : rows) {
            double[] surest = new double[fold.rowCount()];
            boolean[] isTrue = new boolean[fold.rowCount()];
            for (int row = 0; row < surest.length; row++) {
                int label = fold.width() == 1 ? 1 : fold.likeliest(row);
                surest[row] = fold.answers()[row * fold.width() + (fold.width() == 1 ? 0 : label)];
                isTrue[row] = fold.labels()[row] == label;
            }
            probabilities.add(surest);
            outcomes.add(isTrue);
        }
        return new CalibrationJudge(
                probabilities, outcomes, rows.stream().map(FoldAnswers::rows).toList());
    }

    /** Returns how far probabilities can be taken at their word; null where there are none. */
    public Judged.@Nullable CalibrationCheck calibrationCheck(String method) {
        return task == Task.BINARY || task == Task.MULTICLASS
                ? calibrationJudge(answered).check(method, seed)
                : null;
    }

    private Map<String, Interval> intervals() {
        Map<String, Interval> intervals = new LinkedHashMap<>();
        for (Metric metric : bootstrap().metrics()) {
            Interval interval = bootstrap().interval(metric);
            if (!Double.isNaN(interval.low())) {
                intervals.put(metric.key(), interval);
            }
        }
        return intervals;
    }

    /** Returns the task. */
    public Task task() {
        return task;
    }

    /** Returns the number of resamples behind the intervals. */
    public int resampleCount() {
        return bootstrap().count();
    }

    Bootstrap bootstrap() {
        if (bootstrap == null) {
            bootstrap = Bootstrap.of(task, answered, seed, isCancelled);
        }
        return bootstrap;
    }

    List<FoldAnswers> folds() {
        return answered;
    }

    double value(Metric metric) {
        return metric.equals(Metric.EXPECTED_CALIBRATION_ERROR)
                ? calibrationJudge(answered).error()
                : means(folds).getOrDefault(metric.key(), Double.NaN);
    }

    /** Returns whether each judged row is another entity, judged once. */
    public boolean hasIndependentRows() {
        long entities = answered.stream()
                .flatMapToInt(fold -> Arrays.stream(fold.entities()))
                .distinct()
                .count();
        return entities == labels.length;
    }

    /** Returns every judged row once, as it was answered first. */
    public JudgedRows rows() {
        return JudgedRows.of(task, answered);
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
        List<Metric> all = new ArrayList<>(Metric.of(task));
        all.addAll(ofLists);
        for (Metric metric : all) {
            double[] values = values(measured, metric);
            boolean isAlwaysSaid =
                    task == Task.BINARY && !measured.isEmpty() && !metric.isOfRefusing() && metric.ofLists() == null;
            if (values.length > 0 || isAlwaysSaid) {
                means.put(metric.key(), Arrays.stream(values).average().orElse(Double.NaN));
            }
        }
        return means;
    }

    private static Map<String, Double> standardDeviations(
            List<Map<Metric, Double>> measured, Map<String, Double> means) {
        Map<String, Double> deviations = new LinkedHashMap<>();
        means.forEach((key, mean) -> {
            double[] values = values(measured, Metric.find(key).orElseThrow());
            if (values.length == 1 && measured.size() > 1) {
                return; // measured once for all folds
            }
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
