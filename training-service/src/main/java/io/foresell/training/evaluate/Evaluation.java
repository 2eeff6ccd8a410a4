package io.foresell.training.evaluate;

import io.foresell.training.evaluate.Judged.ChampionComparison;
import io.foresell.training.evaluate.Judged.Decision;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The judgement on rows a model was not fitted on. Immutable.
 *
 * @param metrics by {@link Metric#key()}, each the mean over folds
 * @param baselineMetrics the same for the training fold's base rate on the same rows
 * @param metricStandardDeviations over folds (divided by k - 1); empty with a single split
 * @param split how the rows were split, e.g. {@code k_fold(k=5, by=ROW_INDEX)}
 * @param trainingRowCount rows used for fitting; with folds, all rows
 * @param evaluationRowCount rows judged
 * @param baseRate share of positives among the judged rows
 * @param lift from the smallest share to all rows, over all judged rows together
 * @param calibration ten bins of equal count, over all judged rows together
 * @param importance from most to least important
 * @param warnings sentences that a reader must know
 * @param metricIntervals 95 % intervals by metric, where they were computed
 * @param comparisons with the other candidates on the same rows
 * @param decision the threshold by costs or capacity; null when none were declared
 * @param champion with the version that it would replace; null unless a gate asks for it and there is one
 */
public record Evaluation(
        Map<String, Double> metrics,
        Map<String, Double> baselineMetrics,
        Map<String, Double> metricStandardDeviations,
        String split,
        long trainingRowCount,
        long evaluationRowCount,
        double baseRate,
        List<LiftRow> lift,
        List<CalibrationBin> calibration,
        List<InputImportance> importance,
        List<String> warnings,
        Map<String, Interval> metricIntervals,
        List<Judged.Comparison> comparisons,
        @Nullable Decision decision,
        @Nullable ChampionComparison champion) {
    /** Goes before the key of a metric: its value in the slice where it is worst. */
    public static final String WORST_SLICE = "worst_slice_";

    public Evaluation {
        metrics = copy(metrics);
        baselineMetrics = copy(baselineMetrics);
        metricStandardDeviations = copy(metricStandardDeviations);
        lift = List.copyOf(lift);
        calibration = List.copyOf(calibration);
        importance = List.copyOf(importance);
        warnings = List.copyOf(warnings);
        metricIntervals = Collections.unmodifiableMap(new LinkedHashMap<>(metricIntervals));
        comparisons = List.copyOf(comparisons);
    }

    /** Makes a judgement without intervals, comparisons and decision. */
    public Evaluation(
            Map<String, Double> metrics,
            Map<String, Double> baselineMetrics,
            Map<String, Double> metricStandardDeviations,
            String split,
            long trainingRowCount,
            long evaluationRowCount,
            double baseRate,
            List<LiftRow> lift,
            List<CalibrationBin> calibration,
            List<InputImportance> importance,
            List<String> warnings) {
        this(
                metrics,
                baselineMetrics,
                metricStandardDeviations,
                split,
                trainingRowCount,
                evaluationRowCount,
                baseRate,
                lift,
                calibration,
                importance,
                warnings,
                Map.of(),
                List.of(),
                null,
                null);
    }

    /** Returns this with a decision. */
    public Evaluation decided(@Nullable Decision newDecision) {
        return with(metrics, warnings, comparisons, newDecision, champion);
    }

    /** Returns this with one metric more. */
    public Evaluation measured(String key, double value) {
        Map<String, Double> more = new LinkedHashMap<>(metrics);
        more.put(key, value);
        return with(more, warnings, comparisons, decision, champion);
    }

    /** Returns this with more sentences that a reader must know; those it has already stay as they are. */
    public Evaluation warned(List<String> sentences) {
        Set<String> more = new LinkedHashSet<>(warnings);
        more.addAll(sentences);
        return with(metrics, List.copyOf(more), comparisons, decision, champion);
    }

    /** Returns this with comparisons. */
    public Evaluation compared(List<Judged.Comparison> newComparisons) {
        return with(metrics, warnings, newComparisons, decision, champion);
    }

    /** Returns this compared with the champion. */
    public Evaluation against(ChampionComparison newChampion) {
        return with(metrics, warnings, comparisons, decision, newChampion);
    }

    private Evaluation with(
            Map<String, Double> newMetrics,
            List<String> newWarnings,
            List<Judged.Comparison> newComparisons,
            @Nullable Decision newDecision,
            @Nullable ChampionComparison newChampion) {
        return new Evaluation(
                newMetrics,
                baselineMetrics,
                metricStandardDeviations,
                split,
                trainingRowCount,
                evaluationRowCount,
                baseRate,
                lift,
                calibration,
                importance,
                newWarnings,
                metricIntervals,
                newComparisons,
                newDecision,
                newChampion);
    }

    /** Returns a metric; NaN when it was not measured. */
    public double metric(Metric metric) {
        return metrics.getOrDefault(metric.key(), Double.NaN);
    }

    private static Map<String, Double> copy(Map<String, Double> values) {
        return Collections.unmodifiableMap(new LinkedHashMap<>(values));
    }

    /**
     * One bar of a lift table.
     *
     * @param topFraction share of rows taken from the top of the scores, in (0, 1]
     * @param lift positive rate in that share over the base rate
     * @param recall share of all positives found in it
     */
    public record LiftRow(double topFraction, double lift, double recall) {}

    /** One bin of the calibration curve. */
    public record CalibrationBin(double meanPredicted, double observedRate, long rowCount) {}

    /**
     * How one input mattered on held-out rows.
     *
     * @param meanAbsoluteContribution to the log-odds
     */
    public record InputImportance(String input, double meanAbsoluteContribution) {}
}
