package io.foresell.training.check;

import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.Task;
import io.foresell.training.dataset.Fold;
import io.foresell.training.dataset.HeldOutRows;
import io.foresell.training.dataset.SplitPlan;
import io.foresell.training.dataset.TrainingSet;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * Looks for rows that exist more than once: copies on both sides of a split, copies made to balance classes, entities on both
 * sides. Equal rows also come about honestly where columns are few; what is copied shows in labels that always agree, or in one
 * class that is full of copies while the other has none.
 */
final class RowTwins {
    private static final int LEAST_TWINS = 50;
    private static final double LEAST_TWIN_SHARE = 0.02;
    /** Agreement of labels beyond chance (Cohen's kappa) that honest twins do not reach. */
    private static final double COPIED_AGREEMENT = 0.9;

    private static final int LEAST_REPEATED = 30;
    private static final double SUSPICIOUS_REPEATED_SHARE = 0.3;
    private static final double PROVEN_REPEATED_SHARE = 0.5;
    private static final double LEAST_ENTITY_SHARE = 0.01;
    private static final int LEAST_FRACTIONS = 20;
    private static final double LEAST_FRACTION_SHARE = 0.2;
    private static final int LEAST_WHOLE_ROWS = 200;

    private final TrainingSet set;
    private final Leaks leaks;
    private final double[] labels;
    private final long[] hashes;

    RowTwins(TrainingSet set, Leaks leaks) {
        this.set = set;
        this.leaks = leaks;
        this.labels = HeldOutRows.all(set).labels();
        this.hashes = new long[labels.length];
    }

    void look(List<Fold> folds, SplitPlan plan) {
        hashColumns();
        boolean hasClasses = set.task() == Task.BINARY || set.task() == Task.MULTICLASS;
        boolean isCopied = hasClasses && lookForResampling();
        boolean isMixed = hasClasses && lookForInterpolation();
        if (hasClasses && !isCopied && !isMixed) {
            lookForCopies(folds);
        }
        if (plan.drawsRows()) {
            lookForEntities(folds);
        }
    }

    private void hashColumns() {
        HeldOutRows all = HeldOutRows.all(set);
        for (InputField field : set.fields()) {
            leaks.requireWanted();
            Rows rows = all.rows(Signature.of(List.of(field)));
            for (int row = 0; row < hashes.length; row++) {
                if (field.kind() == InputKind.TEXT) {
                    mix(row, rows.texts()[row].hashCode());
                } else {
                    // Minus zero is zero.
                    for (int step = row * field.width(); step < (row + 1) * field.width(); step++) {
                        mix(row, Float.floatToIntBits(rows.numbers()[step] + 0f));
                    }
                }
            }
        }
    }

    /** The finaliser of splitmix64, so that 64 bits hold any number of columns apart. */
    private void mix(int row, int value) {
        long hash = (hashes[row] ^ value) + 0x9e3779b97f4a7c15L;
        hash = (hash ^ (hash >>> 30)) * 0xbf58476d1ce4e5b9L;
        hash = (hash ^ (hash >>> 27)) * 0x94d049bb133111ebL;
        hashes[row] = hash ^ (hash >>> 31);
    }

    /** Counts different rows of each class, and those among them that come more than once. */
    private boolean lookForResampling() {
        Map<Double, Map<Long, Integer>> countsOfClass = new HashMap<>();
        for (int row = 0; row < hashes.length; row++) {
            countsOfClass.computeIfAbsent(labels[row], label -> new HashMap<>()).merge(hashes[row], 1, Integer::sum);
        }
        double greatest = 0;
        double next = 0;
        double resampled = -1;
        long repeatedRows = 0;
        for (Map.Entry<Double, Map<Long, Integer>> entry : countsOfClass.entrySet()) {
            long repeated = entry.getValue().values().stream()
                    .filter(count -> count > 1)
                    .count();
            double share = repeated / (double) entry.getValue().size();
            if (share > greatest) {
                next = greatest;
                greatest = share;
                resampled = entry.getKey();
                repeatedRows = repeated;
            } else {
                next = Math.max(next, share);
            }
        }
        if (greatest < SUSPICIOUS_REPEATED_SHARE || repeatedRows < LEAST_REPEATED || next > greatest / 4) {
            return false;
        }
        boolean isProven = greatest >= PROVEN_REPEATED_SHARE && next <= greatest / 10;
        leaks.add(
                "resampled_rows",
                "",
                isProven ? Leaks.PROOF : Leaks.SUSPICION,
                ("Rows of class %s were copied before the split: %.0f %% of its different rows come more than once, of the others at most"
                                + " %.1f %%. Copies of a judged row would be fitted on; use class_weights instead.")
                        .formatted(nameOf(resampled), 100 * greatest, 100 * next));
        return true;
    }

    private String nameOf(double label) {
        return set.task() == Task.BINARY
                ? (label == 1 ? "positive" : "negative")
                : set.classes().get((int) label);
    }

    /** Rows mixed of two others have fractions where real rows have whole numbers. */
    private boolean lookForInterpolation() {
        if (set.task() != Task.BINARY) {
            return false;
        }
        HeldOutRows all = HeldOutRows.all(set);
        for (InputField field : set.fields()) {
            leaks.requireWanted();
            if (field.kind() != InputKind.NUMBER || field.width() != 1) {
                continue;
            }
            float[] values = all.rows(Signature.of(List.of(field))).numbers();
            for (int label = 0; label < 2; label++) {
                if (isMixed(values, label)) {
                    leaks.add(
                            "interpolated_rows",
                            field.name(),
                            Leaks.PROOF,
                            ("Rows of class %s look mixed from others before the split: %s has whole numbers in all other rows and many"
                                            + " fractions in these. Mixtures of a judged row would be fitted on; use class_weights instead.")
                                    .formatted(nameOf(label), field.name()));
                    return true;
                }
            }
        }
        return false;
    }

    private boolean isMixed(float[] values, int label) {
        Set<Float> fractions = new HashSet<>();
        int own = 0;
        int ownFractions = 0;
        int others = 0;
        for (int row = 0; row < values.length; row++) {
            boolean isWhole = values[row] == Math.rint(values[row]);
            if (Float.isNaN(values[row])) {
                continue;
            }
            if (labels[row] == label) {
                own++;
                ownFractions += isWhole ? 0 : 1;
                if (!isWhole && fractions.size() < LEAST_FRACTIONS) {
                    fractions.add(values[row]);
                }
            } else if (!isWhole) {
                return false;
            } else {
                others++;
            }
        }
        return others >= LEAST_WHOLE_ROWS
                && fractions.size() >= LEAST_FRACTIONS
                && ownFractions >= LEAST_FRACTION_SHARE * own;
    }

    private void lookForCopies(List<Fold> folds) {
        int judged = 0;
        int twins = 0;
        int agreeing = 0;
        Map<Double, Integer> twinLabels = new HashMap<>();
        for (Fold fold : folds) {
            leaks.requireWanted();
            Map<Long, Double> fitted = new HashMap<>();
            for (int row : fold.training().rowIndexes()) {
                fitted.putIfAbsent(hashes[row], labels[row]);
            }
            for (int row : fold.heldOut().rowIndexes()) {
                judged++;
                Double twin = fitted.get(hashes[row]);
                if (twin != null) {
                    twins++;
                    agreeing += twin == labels[row] ? 1 : 0;
                    twinLabels.merge(labels[row], 1, Integer::sum);
                }
            }
        }
        if (twins < LEAST_TWINS || twins < LEAST_TWIN_SHARE * judged) {
            return;
        }
        double byChance = 0;
        for (int count : twinLabels.values()) {
            byChance += (double) count / twins * count / twins;
        }
        double agreement = agreeing / (double) twins;
        if (byChance < 1 && (agreement - byChance) / (1 - byChance) >= COPIED_AGREEMENT) {
            leaks.add(
                    "duplicated_rows",
                    "",
                    Leaks.SUSPICION,
                    ("%d of %d judged rows have an equal row among those fitted on, and %.1f %% of these pairs have the same label"
                                    + " (%.1f %% by chance): rows seem to exist more than once.")
                            .formatted(twins, judged, 100 * agreement, 100 * byChance));
        }
    }

    private void lookForEntities(List<Fold> folds) {
        int judged = 0;
        int known = 0;
        for (Fold fold : folds) {
            leaks.requireWanted();
            Set<String> fitted = new HashSet<>();
            for (int row : fold.training().rowIndexes()) {
                fitted.add(set.entityKey(row));
            }
            for (int row : fold.heldOut().rowIndexes()) {
                judged++;
                known += fitted.contains(set.entityKey(row)) ? 1 : 0;
            }
        }
        if (known >= LEAST_ENTITY_SHARE * judged && known > 0) {
            leaks.add(
                    "entity_on_both_sides",
                    "",
                    Leaks.SUSPICION,
                    ("%d of %d judged rows are of an entity that was also fitted on: the figures hold for known entities only;"
                                    + " split by entity or by time to judge new ones.")
                            .formatted(known, judged));
        }
    }
}
