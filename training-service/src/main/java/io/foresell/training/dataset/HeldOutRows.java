package io.foresell.training.dataset;

import io.foresell.model.InputField;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** The rows a model is judged on; they can be scored but not fitted. Immutable. */
public final class HeldOutRows {
    private final TrainingSet set;
    private final int[] rowIndexes;

    HeldOutRows(TrainingSet set, int[] rowIndexes) {
        this.set = set;
        this.rowIndexes = rowIndexes;
    }

    /** Returns the places of the rows in the training set; a copy. */
    public int[] rowIndexes() {
        return rowIndexes.clone();
    }

    /** Returns the number of rows. */
    public int rowCount() {
        return rowIndexes.length;
    }

    /** Returns the rows as a model with this signature reads them. */
    public Rows rows(Signature signature) {
        return set.rows(rowIndexes, signature);
    }

    /** Returns per row 1 or 0, the index of its class, or its value; all 0 without labels. */
    public double[] labels() {
        return Arrays.stream(rowIndexes).mapToDouble(set::label).toArray();
    }

    /** Returns the groups within which the rows are ranked; null where none were declared. */
    public @Nullable RowGroups groups() {
        return set.groups(rowIndexes);
    }

    /** Returns whole groups at even distances, one or more and about so many rows; without groups every n-th row. */
    public HeldOutRows sampleOfGroups(int maxRowCount) {
        RowGroups groups = groups();
        List<int[]> all = groups == null ? List.of() : groups.all();
        if (all.isEmpty() || rowCount() <= maxRowCount) {
            return sample(maxRowCount);
        }
        int wanted = (int) Math.max(1, (long) all.size() * maxRowCount / rowCount());
        int[] sampled = IntStream.range(0, wanted)
                .flatMap(i -> Arrays.stream(all.get((int) ((long) i * all.size() / wanted))))
                .map(row -> rowIndexes[row])
                .toArray();
        return new HeldOutRows(set, sampled);
    }

    /** Returns every n-th row so that at most {@code maxRowCount} are left. */
    public HeldOutRows sample(int maxRowCount) {
        if (rowCount() <= maxRowCount) {
            return this;
        }
        int[] sampled = new int[maxRowCount];
        for (int i = 0; i < maxRowCount; i++) {
            sampled[i] = rowIndexes[(int) ((long) i * rowCount() / maxRowCount)];
        }
        return new HeldOutRows(set, sampled);
    }

    /** Returns all rows of a set, to look at its columns one by one. */
    public static HeldOutRows all(TrainingSet set) {
        int[] rows = new int[set.rowCount()];
        Arrays.setAll(rows, i -> i);
        return new HeldOutRows(set, rows);
    }

    /** Returns the features in the feature set's order. */
    public List<InputField> fields() {
        return set.fields();
    }
}
