package io.foresell.training.run;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.training.dataset.Fold;
import io.foresell.training.dataset.HeldOutRows;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.evaluate.SingleColumn;
import io.foresell.training.fit.FitParameters;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** Refuses rows that cannot be trained on, before anything is fitted, and names what looks wrong. */
final class TrainingSetChecks {
    /** More different texts than this are an identifier, not a category. */
    static final int MAX_CATEGORIES = 1000;

    private final TrainingSpec spec;
    private final TrainingSet set;

    TrainingSetChecks(TrainingSpec spec, TrainingSet set) {
        this.spec = spec;
        this.set = set;
    }

    void requireUsable() {
        if (set.rowCount() == 0) {
            throw failed(
                    "NO_ROWS",
                    "rows of label view %s with feature set %s: 0 (expected: 1 or more)"
                            .formatted(spec.query().labelView(), spec.query().featureSet()));
        }
        int positives = set.positiveCount();
        if (positives == 0 || positives == set.rowCount()) {
            throw failed(
                    "LABEL_ONE_CLASS",
                    "label view %s: %d positive of %d rows (expected: two classes)"
                            .formatted(spec.query().labelView(), positives, set.rowCount()));
        }
        for (InputField field : set.fields()) {
            int categories = set.categoryCount(field.name());
            if (categories > MAX_CATEGORIES) {
                throw failed(
                        "TOO_MANY_CATEGORIES",
                        "different texts in %s: %d (expected: at most %d; leave an identifier out of the feature set)"
                                .formatted(field.name(), categories, MAX_CATEGORIES));
            }
        }
        for (CandidateSpec candidate : spec.candidates()) {
            if (candidate.parameters() instanceof FitParameters.SequenceNetwork) {
                requireSequences();
            }
        }
    }

    private void requireSequences() {
        List<InputField> sequences = TrainingFold.all(set).fieldsWithValues().stream()
                .filter(field -> field.width() > 1)
                .toList();
        if (sequences.isEmpty()) {
            throw failed(
                    "NO_SEQUENCE_FEATURES",
                    "sequence features in %s: 0 (expected: 1 or more for sequence_network, e.g. an aggregation with"
                                    .formatted(spec.query().featureSet())
                            + " buckets above 1)");
        }
        InputField first = sequences.get(0);
        for (InputField sequence : sequences) {
            if (sequence.width() != first.width()) {
                throw failed(
                        "SEQUENCE_LENGTHS_DIFFER",
                        "length of %s: %d (expected: %d like %s)"
                                .formatted(sequence.name(), sequence.width(), first.width(), first.name()));
            }
        }
    }

    /** Every side of every split must hold both classes; with folds, a judged side may lack one if another does not. */
    void requireBothClasses(List<Fold> folds) {
        int judgeable = 0;
        for (int i = 0; i < folds.size(); i++) {
            double rate = folds.get(i).training().positiveRate();
            if (rate == 0 || rate == 1) {
                throw failed(
                        "LABEL_ONE_CLASS",
                        "share of positive rows to fit on in fold %d of %d: %s (expected: two classes)"
                                .formatted(i + 1, folds.size(), rate));
            }
            judgeable += hasBothClasses(folds.get(i).heldOut().labels()) ? 1 : 0;
        }
        if (judgeable == 0) {
            throw failed(
                    "LABEL_ONE_CLASS",
                    "judged parts with two classes: 0 of %d (expected: 1 or more; more rows, or another split)"
                            .formatted(folds.size()));
        }
    }

    private static boolean hasBothClasses(boolean[] labels) {
        boolean hasPositive = false;
        boolean hasNegative = false;
        for (boolean label : labels) {
            hasPositive |= label;
            hasNegative |= !label;
        }
        return hasPositive && hasNegative;
    }

    /** Returns sentences about columns that are empty or look like the label itself. */
    List<String> warnings() {
        List<String> warnings = new ArrayList<>();
        List<InputField> used = TrainingFold.all(set).fieldsWithValues();
        Set<InputField> withValues = new HashSet<>(used);
        for (InputField field : set.fields()) {
            if (!withValues.contains(field)) {
                warnings.add("Feature %s has no value in any row and was left out.".formatted(field.name()));
            }
        }
        HeldOutRows all = HeldOutRows.all(set);
        boolean[] labels = all.labels();
        for (InputField field : used) {
            double area = rocAuc(field, all, labels);
            if (area >= SingleColumn.SUSPICIOUS_ROC_AUC) {
                warnings.add(("Feature %s alone nearly decides the label (roc_auc %.3f): check that it is known before"
                                + " the label is.")
                        .formatted(field.name(), area));
            }
        }
        return warnings;
    }

    /** Returns the greatest area of a number, of any step of a sequence, or of a text. */
    private static double rocAuc(InputField field, HeldOutRows all, boolean[] labels) {
        Rows rows = all.rows(Signature.of(List.of(field)));
        if (field.kind() == InputKind.TEXT) {
            return SingleColumn.rocAuc(labels, rows.texts());
        }
        double greatest = 0;
        for (int step = 0; step < field.width(); step++) {
            double[] values = new double[labels.length];
            for (int row = 0; row < values.length; row++) {
                values[row] = rows.numbers()[row * field.width() + step];
            }
            greatest = Math.max(greatest, SingleColumn.rocAuc(labels, values));
        }
        return greatest;
    }

    private static ServiceException failed(String reason, String message) {
        return new ServiceException(Failure.precondition(reason, message));
    }
}
