package io.foresell.feature.measure;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The figures of some predictions of one version; null where they cannot be told or are of another task. */
public record Figures(
        long predictionCount,
        long subjectCount,
        long labelledCount,
        long unusableOutcomeCount,
        long refusedCount,
        NumberSummary scores,
        NumberSummary outcomes,
        @Nullable Double labelledMeanScore,
        @Nullable Double rocAuc,
        @Nullable Double rocAucLow,
        @Nullable Double rocAucHigh,
        @Nullable Double logLoss,
        @Nullable Double brier,
        @Nullable Double calibrationError,
        List<Bin> calibration,
        @Nullable Double meanAbsoluteError,
        @Nullable Double rootMeanSquaredError,
        @Nullable Double meanError,
        @Nullable Double accuracy,
        @Nullable Double hitRate) {
    /** One bin of a calibration curve. */
    public record Bin(double meanScore, double observedRate, long rowCount) {}

    public Figures {
        calibration = List.copyOf(calibration);
    }

    /**
     * Measures the rows that {@code isIn} takes.
     *
     * @param holdsOutcome whether scores predict this outcome; else only its mean is told
     */
    static Figures of(MeasuredRows rows, IntPredicate isIn, String task, boolean holdsOutcome) {
        int[] all = IntStream.range(0, rows.count()).filter(isIn).toArray();
        int[] labelled = IntStream.of(all)
                .filter(row -> isUsable(rows, row, task, holdsOutcome))
                .toArray();
        long withOutcome = IntStream.of(all)
                .filter(row -> rows.hasText(row) || !Double.isNaN(rows.number(row)))
                .count();
        FigureDraft draft = new FigureDraft(rows, labelled);
        if (holdsOutcome && labelled.length > 0) {
            switch (task) {
                case "binary" -> draft.measureTwoClasses();
                case "regression" -> draft.measureValues();
                default -> draft.measureLabels(task.equals("multiclass"));
            }
        }
        return draft.finish(
                all.length,
                subjectCount(rows, all),
                withOutcome - labelled.length,
                IntStream.of(all).filter(rows::isRefused).count(),
                NumberSummary.of(IntStream.of(all)
                        .mapToDouble(rows::score)
                        .filter(score -> !Double.isNaN(score))
                        .toArray()));
    }

    private static boolean isUsable(MeasuredRows rows, int row, String task, boolean holdsOutcome) {
        double number = rows.number(row);
        if (!holdsOutcome) {
            return !Double.isNaN(number);
        }
        if (Double.isNaN(rows.score(row))) {
            return false;
        }
        return switch (task) {
            case "binary" -> number == 0 || number == 1;
            case "regression" -> !Double.isNaN(number);
            default -> rows.hasText(row);
        };
    }

    private static long subjectCount(MeasuredRows rows, int[] all) {
        Set<Long> subjects = new HashSet<>();
        long without = 0;
        for (int row : all) {
            long subject = rows.subject(row);
            if (subject == 0) {
                without++;
            } else {
                subjects.add(subject);
            }
        }
        return subjects.size() + without;
    }
}
