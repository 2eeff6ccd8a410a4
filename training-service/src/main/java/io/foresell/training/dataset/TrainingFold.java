package io.foresell.training.dataset;

import io.foresell.model.InputField;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import java.util.Arrays;
import java.util.List;
import java.util.Random;

/** The rows a model may be fitted on, and nothing else. Immutable. */
public final class TrainingFold {
    private final TrainingSet set;
    private final int[] rowIndexes;

    TrainingFold(TrainingSet set, int[] rowIndexes) {
        this.set = set;
        this.rowIndexes = rowIndexes;
    }

    /** Returns all rows of the set. */
    public static TrainingFold all(TrainingSet set) {
        int[] rows = new int[set.rowCount()];
        Arrays.setAll(rows, i -> i);
        return new TrainingFold(set, rows);
    }

    /** Returns the number of rows. */
    public int rowCount() {
        return rowIndexes.length;
    }

    /** Returns the features that have a value in at least one row, in the feature set's order. */
    public List<InputField> fieldsWithValues() {
        return set.fieldsWithValues(rowIndexes);
    }

    /** Returns the rows as a model with this signature reads them. */
    public Rows rows(Signature signature) {
        return set.rows(rowIndexes, signature);
    }

    /** Returns 1 for a positive row and 0 for a negative one. */
    public float[] labels() {
        float[] labels = new float[rowIndexes.length];
        for (int i = 0; i < labels.length; i++) {
            labels[i] = set.isPositive(rowIndexes[i]) ? 1 : 0;
        }
        return labels;
    }

    /** Returns the share of positive rows. */
    public double positiveRate() {
        double positives = 0;
        for (float label : labels()) {
            positives += label;
        }
        return positives / rowCount();
    }

    /** Returns the earliest instant of a row; 0 without rows. */
    public long earliestMillis() {
        return Arrays.stream(rowIndexes).mapToLong(set::timeMillis).min().orElse(0);
    }

    /** Returns the latest instant of a row; 0 without rows. */
    public long latestMillis() {
        return Arrays.stream(rowIndexes).mapToLong(set::timeMillis).max().orElse(0);
    }

    /** Two disjoint parts of a training fold. */
    public record Parts(TrainingFold fitted, TrainingFold heldBack) {}

    /**
     * Holds back a random share of the rows, the same for the same seed, both classes in proportion.
     *
     * @param share in (0, 1)
     */
    public Parts holdBack(double share, long seed) {
        boolean[] isHeldBack = new boolean[rowCount()];
        Random random = new Random(seed);
        for (boolean positive : new boolean[] {true, false}) {
            int[] places = java.util.stream.IntStream.range(0, rowCount())
                    .filter(i -> set.isPositive(rowIndexes[i]) == positive)
                    .toArray();
            int count = (int) Math.round(share * places.length);
            for (int i = 0; i < count; i++) {
                int chosen = i + random.nextInt(places.length - i);
                int place = places[chosen];
                places[chosen] = places[i];
                isHeldBack[place] = true;
            }
        }
        return new Parts(part(isHeldBack, false), part(isHeldBack, true));
    }

    private TrainingFold part(boolean[] isHeldBack, boolean wanted) {
        return new TrainingFold(
                set,
                java.util.stream.IntStream.range(0, rowCount())
                        .filter(i -> isHeldBack[i] == wanted)
                        .map(i -> rowIndexes[i])
                        .toArray());
    }
}
