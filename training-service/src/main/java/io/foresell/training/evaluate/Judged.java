package io.foresell.training.evaluate;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * All that was found out about one candidate on rows it was not fitted on, as {@code source/judgement.json} keeps it; every
 * field is described in docs/judgement.md. Parts that do not apply are null or empty. Immutable.
 */
public record Judged(
        int formatVersion,
        String candidate,
        String task,
        String metric,
        List<String> classes,
        String split,
        long trainingRowCount,
        long judgedRowCount,
        @Nullable Long positiveCount,
        IntervalMethod intervalMethod,
        List<MeasuredMetric> metrics,
        List<Comparison> comparisons,
        @Nullable ChampionComparison champion,
        @Nullable CalibrationCheck calibration,
        List<Evaluation.LiftRow> lift,
        List<ThresholdRow> thresholds,
        @Nullable Decision decision,
        @Nullable Slices slices,
        List<Importance> importance,
        List<PartialDependence> partialDependence,
        @Nullable LearningCurve learningCurve,
        List<Leak> leaks,
        @Nullable Drift drift,
        List<String> warnings,
        List<String> choice,
        @Nullable Rankings rankings) {
    /** Is the newest form. */
    public static final int FORMAT_VERSION = 1;

    public Judged {
        classes = listed(classes);
        metrics = listed(metrics);
        comparisons = listed(comparisons);
        lift = listed(lift);
        thresholds = listed(thresholds);
        importance = listed(importance);
        partialDependence = listed(partialDependence);
        leaks = listed(leaks);
        warnings = listed(warnings);
        choice = listed(choice);
    }

    /** A file leaves empty lists out. */
    private static <T> List<T> listed(@Nullable List<T> values) {
        return values == null ? List.of() : List.copyOf(values);
    }

    /** How intervals were computed. */
    public record IntervalMethod(double level, int resamples, String unit) {}

    /** One metric with its interval; null where there is none. */
    public record MeasuredMetric(
            String metric,
            double value,
            @Nullable Double low,
            @Nullable Double high,
            @Nullable Double baseline,
            @Nullable Double standardDeviation) {}

    /**
     * This candidate against another on the same rows.
     *
     * @param difference value less other value; low and high are its 95 % interval
     * @param test "delong" or "paired_bootstrap"
     */
    public record Comparison(
            String other,
            String metric,
            double value,
            double otherValue,
            double difference,
            double low,
            double high,
            double pValue,
            String test,
            String sentence) {}

    /**
     * This candidate against the champion, the version that it would replace.
     *
     * @param version of the champion
     * @param way how the champion was judged: {@link #REPEATED}, {@link #PACKAGE} or {@link #METRICS}
     * @param reason why in this way
     * @param rowCount rows that both answered; 0 with {@link #METRICS}
     * @param comparison on these rows; null with {@link #METRICS}
     */
    public record ChampionComparison(
            int version, String way, String reason, long rowCount, @Nullable Comparison comparison) {
        /** Its own candidate was fitted and judged in the same folds. */
        public static final String REPEATED = "repeated";
        /** Its package scored the same judged rows. */
        public static final String PACKAGE = "package";
        /** It was not judged: the metrics of its own training are all there is. */
        public static final String METRICS = "metrics";
    }

    /** How far probabilities can be taken at their word. */
    public record CalibrationCheck(
            String method,
            List<Bin> bins,
            double error,
            double errorPerFold,
            double floor,
            double floorHigh,
            double floorPerFold,
            double pValue,
            String sentence) {}

    /** One bin of the calibration curve; low and high are Wilson's 95 % interval of the observed rate. */
    public record Bin(double meanPredicted, double observedRate, double low, double high, long rowCount) {}

    /** What acting from a threshold on would bring; profit only with costs. */
    public record ThresholdRow(
            double threshold,
            double actedShare,
            double precision,
            double recall,
            double f1,
            @Nullable Double profitPerThousand) {}

    /** The threshold chosen by costs or capacity. */
    public record Decision(
            double threshold,
            String rule,
            double actedShare,
            double precision,
            double recall,
            @Nullable Double profitPerThousand,
            @Nullable Double low,
            @Nullable Double high,
            @Nullable Double bestThreshold,
            @Nullable Double bestProfitPerThousand,
            String currency,
            String sentence) {}

    /** The metric by values of columns. */
    public record Slices(String metric, double overall, int testedCount, List<Slice> all, List<Slice> worst) {}

    /** The rows with one value of one column. */
    public record Slice(
            String column,
            String value,
            long rowCount,
            @Nullable Long positiveCount,
            @Nullable Double metricValue,
            @Nullable Double low,
            @Nullable Double high,
            double meanAnswer,
            double meanLabel,
            double pValue,
            double adjustedPValue,
            String sentence) {}

    /** How one input mattered. */
    public record Importance(
            String input,
            double meanAbsoluteContribution,
            @Nullable Double direction,
            @Nullable Double permutationDrop,
            @Nullable Double permutationDeviation,
            List<ValueContribution> values) {}

    /** What one value, or one fifth of the values, contributed on average. */
    public record ValueContribution(String value, double meanContribution, long rowCount) {}

    /** The mean answer when one input is set to a value in all rows. */
    public record PartialDependence(String input, String target, List<DependencePoint> points) {}

    /** One point of a partial dependence. */
    public record DependencePoint(String value, double meanAnswer) {}

    /** The metric by the number of rows fitted on. */
    public record LearningCurve(
            String metric, List<LearningPoint> points, long doubleRowCount, double doubleValue, String sentence) {}

    /** The metric after fitting on so many rows. */
    public record LearningPoint(long rowCount, double value) {}

    /** Something that looks as if the label had been known. */
    public record Leak(String kind, String column, String severity, boolean isAccepted, String sentence) {}

    /** How judged rows differ from those fitted on. */
    public record Drift(
            List<ColumnDrift> columns,
            @Nullable Double fittedBaseRate,
            @Nullable Double judgedBaseRate,
            @Nullable Double pValue,
            List<String> sentences) {}

    /** The population stability index of a column; level is "none", "moderate" or "strong". */
    public record ColumnDrift(String column, double stabilityIndex, String level) {}

    /**
     * What rows were ranked within.
     *
     * @param within name of the column, or "entity", "day", "week", "month"
     * @param groupCount groups among the judged rows
     * @param cutGroupCount of them, how many have rows in several judged parts, where only the rows of one part were ranked
     * @param listCount groups by judged part
     * @param judgedListCount of them, with two rows or more and a relevant one
     * @param rowsWithoutGroupCount judged rows that are in no group
     */
    public record Rankings(
            String within,
            List<Integer> cutOffs,
            double relevantAbove,
            long groupCount,
            long cutGroupCount,
            long listCount,
            long judgedListCount,
            long oneRowListCount,
            long listsWithoutRelevantCount,
            long rowsWithoutGroupCount,
            String sentence) {}
}
