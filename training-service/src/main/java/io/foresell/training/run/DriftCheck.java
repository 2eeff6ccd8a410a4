package io.foresell.training.run;

import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.Task;
import io.foresell.training.dataset.HeldOutRows;
import io.foresell.training.dataset.TrainingSet;
import java.util.List;
import java.util.Locale;

/** Compares the rows that came since a model was trained with those it was trained on. */
final class DriftCheck {
    /** Fewer rows say more about chance than about drift. */
    static final int MIN_NEW_ROWS = 50;

    private final TrainingSet set;
    private final DriftLimit limit;
    private final boolean[] isNew;
    private final int newCount;

    DriftCheck(TrainingSet set, DriftLimit limit) {
        this.set = set;
        this.limit = limit;
        this.isNew = new boolean[set.rowCount()];
        int count = 0;
        for (int row = 0; row < isNew.length; row++) {
            isNew[row] = set.timeMillis(row) >= limit.referenceUntilMillis();
            count += isNew[row] ? 1 : 0;
        }
        this.newCount = count;
    }

    /**
     * What the check found.
     *
     * @param hasDrifted says whether to train
     * @param sentence says why, with value and limit
     */
    record Finding(boolean hasDrifted, String sentence) {}

    /** Looks at every input and at the label; the input that moved most is named. */
    Finding find() {
        if (newCount < MIN_NEW_ROWS) {
            return new Finding(
                    false,
                    "No training: %d new rows (expected: at least %d to tell drift from chance)."
                            .formatted(newCount, MIN_NEW_ROWS));
        }
        if (newCount == set.rowCount()) {
            return new Finding(true, "All %d rows are new: the model's own are no longer there.".formatted(newCount));
        }
        String moved = "none";
        double greatest = 0;
        for (InputField field : set.fields()) {
            double psi = psi(field);
            if (psi > greatest) {
                greatest = psi;
                moved = field.name();
            }
        }
        double change = baseRateChange();
        boolean hasDrifted = greatest > limit.maxPsi() || change > limit.maxBaseRateChange();
        return new Finding(
                hasDrifted,
                "%s in %d new rows: greatest PSI %s of %s (limit %s), change of the mean label %s (limit %s)."
                        .formatted(
                                hasDrifted ? "Drift" : "No training: no drift",
                                newCount,
                                shown(greatest),
                                moved,
                                shown(limit.maxPsi()),
                                shown(change),
                                shown(limit.maxBaseRateChange())));
    }

    private static String shown(double value) {
        return String.format(Locale.ROOT, "%.4g", value);
    }

    /** Returns the index of an input; of a sequence the greatest of its steps. */
    private double psi(InputField field) {
        Rows rows = HeldOutRows.all(set).rows(Signature.of(List.of(field)));
        if (field.kind() == InputKind.TEXT) {
            return StabilityIndex.ofTexts(rows.texts(), isNew);
        }
        double greatest = 0;
        float[] step = new float[isNew.length];
        for (int i = 0; i < field.width(); i++) {
            for (int row = 0; row < step.length; row++) {
                step[row] = rows.numbers()[row * field.width() + i];
            }
            greatest = Math.max(greatest, StabilityIndex.ofNumbers(step, isNew));
        }
        return greatest;
    }

    /** Returns how far the mean label moved: a difference of rates, or of values in standard deviations; 0 for classes and clusters. */
    private double baseRateChange() {
        if (set.task() != Task.BINARY && set.task() != Task.REGRESSION) {
            return 0;
        }
        double[] sums = new double[2];
        double squares = 0;
        for (int row = 0; row < isNew.length; row++) {
            sums[isNew[row] ? 1 : 0] += set.label(row);
            squares += isNew[row] ? 0 : set.label(row) * set.label(row);
        }
        int oldCount = isNew.length - newCount;
        double before = sums[0] / oldCount;
        double change = Math.abs(sums[1] / newCount - before);
        double deviation = Math.sqrt(Math.max(0, squares / oldCount - before * before));
        return set.task() == Task.BINARY || deviation == 0 ? change : change / deviation;
    }
}
