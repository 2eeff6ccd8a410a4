package io.foresell.training.dataset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The groups within which rows are ranked, and from when on a row is relevant. Immutable. */
public final class RowGroups {
    /** Is the number of a row in no group. */
    public static final int NONE = -1;

    private final int[] numbers;
    private final double relevantAbove;

    /**
     * Groups rows.
     *
     * @param numbers identifies the group of each row, 0 and up; {@link #NONE} for none
     * @param relevantAbove rows with a greater label are relevant, 0 or more
     */
    public RowGroups(int[] numbers, double relevantAbove) {
        this.numbers = numbers.clone();
        this.relevantAbove = relevantAbove;
    }

    /** Returns the number of rows. */
    public int rowCount() {
        return numbers.length;
    }

    /** Returns what identifies the group of a row; {@link #NONE} for none. */
    public int number(int row) {
        return numbers[row];
    }

    /** Returns what a row with this label is worth; 0 when it is not relevant. */
    public double gain(double label) {
        return label > relevantAbove ? label : 0;
    }

    /** Returns the groups of some rows. */
    RowGroups of(int[] rowIndexes) {
        return new RowGroups(Arrays.stream(rowIndexes).map(row -> numbers[row]).toArray(), relevantAbove);
    }

    /** Returns the rows of each group, in the order of their first rows. */
    public List<int[]> all() {
        Map<Integer, List<Integer>> rowsOf = new LinkedHashMap<>();
        for (int row = 0; row < numbers.length; row++) {
            if (numbers[row] != NONE) {
                rowsOf.computeIfAbsent(numbers[row], absent -> new ArrayList<>())
                        .add(row);
            }
        }
        return rowsOf.values().stream()
                .map(rows -> rows.stream().mapToInt(Integer::intValue).toArray())
                .toList();
    }

    /** Returns the rows of each group whose order can be judged: two or more, one of them relevant. */
    public List<int[]> lists(double[] labels) {
        return all().stream()
                .filter(rows -> rows.length > 1 && hasRelevant(rows, labels))
                .toList();
    }

    /** Returns whether one of the rows is relevant. */
    public boolean hasRelevant(int[] rows, double[] labels) {
        return Arrays.stream(rows).anyMatch(row -> gain(labels[row]) > 0);
    }
}
