package io.foresell.training.run;

import io.foresell.training.dataset.HeldOutRows;
import io.foresell.training.evaluate.Judgement;
import io.foresell.training.evaluate.Metric;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Judges which rows models refuse to answer, fold by fold. One owner, not thread-safe. */
final class RefusalJudge {
    private final @Nullable HeldOutRows unknown;
    private double belowSum;
    private long knownRows;
    private long refusedRows;
    private long rightRows;
    private long unknownRows;
    private long refusedUnknownRows;
    private int foldCount;

    /** Takes the rows that belong to none of the classes; null for none. */
    RefusalJudge(@Nullable HeldOutRows unknown) {
        this.unknown = unknown;
    }

    /** Adds to the metrics of the fold judged last; nothing for a model that never refuses. */
    void judgeInto(Judgement judgement, CandidateFits.Fitted fitted, HeldOutRows heldOut) {
        if (fitted.refuseBelow().isEmpty()) {
            return;
        }
        double below = fitted.refuseBelow().getAsDouble();
        FittedParts parts = fitted.parts();
        float[] answers = answers(parts, heldOut);
        double[] labels = heldOut.labels();
        int width = parts.answer().width();
        int refused = 0;
        int right = 0;
        for (int row = 0; row < labels.length; row++) {
            if (parts.answer().confidence(answers, row * width) < below) {
                refused++;
            } else {
                int answered = width == 1 ? (answers[row] >= 0.5 ? 1 : 0) : FoldJudge.highest(answers, row, width);
                right += answered == labels[row] ? 1 : 0;
            }
        }
        Map<Metric, Double> measured = new TreeMap<>();
        measured.put(Metric.REFUSED_SHARE, refused / (double) labels.length);
        measured.put(Metric.ANSWERED_ACCURACY, right / (double) (labels.length - refused));
        int refusedUnknown = refusedUnknown(parts, below);
        if (unknown != null) {
            measured.put(Metric.UNKNOWN_REFUSED_SHARE, refusedUnknown / (double) unknown.rowCount());
            unknownRows += unknown.rowCount();
        }
        judgement.addMeasured(measured);
        belowSum += below;
        foldCount++;
        knownRows += labels.length;
        refusedRows += refused;
        rightRows += right;
        refusedUnknownRows += refusedUnknown;
    }

    private int refusedUnknown(FittedParts parts, double below) {
        if (unknown == null) {
            return 0;
        }
        float[] answers = answers(parts, unknown);
        int refused = 0;
        for (int row = 0; row < unknown.rowCount(); row++) {
            refused += parts.answer().confidence(answers, row * parts.answer().width()) < below ? 1 : 0;
        }
        return refused;
    }

    private static float[] answers(FittedParts parts, HeldOutRows rows) {
        float[] answers = new float[rows.rowCount() * parts.answer().width()];
        parts.scorer().score(rows.rows(parts.signature()), answers);
        return answers;
    }

    /** Says for people what all folds together have shown. */
    void finishInto(Judgement judgement) {
        if (foldCount == 0) {
            return;
        }
        String known = String.format(
                Locale.ROOT,
                "Refuses to answer below a probability of %.3f: %d of %d judged rows (%.1f %%); of the others %.1f %% are right",
                belowSum / foldCount,
                refusedRows,
                knownRows,
                100.0 * refusedRows / knownRows,
                100.0 * rightRows / Math.max(1, knownRows - refusedRows));
        String others = unknownRows == 0
                ? "."
                : String.format(
                        Locale.ROOT,
                        "; of %d rows that belong to none of the classes %.1f %% are refused.",
                        unknownRows / foldCount,
                        100.0 * refusedUnknownRows / unknownRows);
        judgement.warn(known + others);
    }
}
