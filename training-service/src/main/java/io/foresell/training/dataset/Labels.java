package io.foresell.training.dataset;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * What is to be answered, one value per row. Immutable.
 *
 * <p>BINARY: 1 for the positive class, else 0. MULTICLASS: the index of the class in {@link #classes}. REGRESSION: the value.
 * CLUSTERS: nothing, every value is 0.
 */
@SuppressWarnings("ArrayRecordComponent")
record Labels(Task task, double[] values, List<String> classes) {
    /** Most classes: beyond, a label is an identifier. */
    static final int MAX_CLASSES = 1000;

    /** Returns the labels of rows that have none. */
    static Labels none(int rowCount) {
        return new Labels(Task.CLUSTERS, new double[rowCount], List.of());
    }

    /**
     * Returns numbers as labels.
     *
     * @param wanted the task the spec asks for; null for BINARY when all are 0 or 1, else REGRESSION
     */
    static Labels ofNumbers(double[] values, @Nullable Task wanted, TrainingSetBuilder.Place place) {
        int other = firstOther(values);
        Task task = wanted != null ? wanted : other < 0 ? Task.BINARY : Task.REGRESSION;
        if (task == Task.MULTICLASS) {
            String[] texts = new String[values.length];
            Arrays.setAll(texts, row -> shown(values[row]));
            return ofTexts(texts, wanted, place);
        }
        if (task == Task.BINARY && other >= 0) {
            throw place.refused("LABEL_NOT_BINARY", other, shown(values[other]), "0 or 1");
        }
        for (int row = 0; row < values.length; row++) {
            if (Double.isNaN(values[row]) || Double.isInfinite((float) values[row])) {
                throw place.refused(
                        "LABEL_NOT_A_NUMBER", row, Double.toString(values[row]), "a number between -3.4e38 and 3.4e38");
            }
        }
        return new Labels(task, values, List.of());
    }

    private static int firstOther(double[] values) {
        for (int row = 0; row < values.length; row++) {
            if (values[row] != 0 && values[row] != 1) {
                return row;
            }
        }
        return -1;
    }

    private static String shown(double value) {
        return value == Math.rint(value) && Math.abs(value) < 1e15
                ? Long.toString((long) value)
                : Double.toString(value);
    }

    /**
     * Returns the labels of some rows, whose classes are those that are left.
     *
     * @param removed classes that none of the rows has
     */
    Labels rows(int[] rowIndexes, Set<String> removed) {
        List<String> left =
                classes.stream().filter(name -> !removed.contains(name)).toList();
        double[] chosen = new double[rowIndexes.length];
        for (int i = 0; i < chosen.length; i++) {
            chosen[i] = left.indexOf(classes.get((int) values[rowIndexes[i]]));
        }
        return new Labels(task, chosen, left);
    }

    /** Returns texts as labels: classes in the order of their texts. */
    static Labels ofTexts(String[] texts, @Nullable Task wanted, TrainingSetBuilder.Place place) {
        if (wanted != null && wanted != Task.MULTICLASS) {
            String expected = wanted == Task.BINARY
                    ? "a boolean, 0 or 1, or positive_text set in the label view"
                    : "a number for task " + wanted.key();
            throw place.refused(
                    wanted == Task.BINARY ? "LABEL_NOT_BINARY" : "LABEL_NOT_A_NUMBER",
                    0,
                    "text '%s'".formatted(texts.length == 0 ? "" : texts[0]),
                    expected);
        }
        int blank = Arrays.asList(texts).indexOf("");
        if (blank >= 0) {
            throw place.refused("LABEL_MISSING", blank, "nothing", "the text of a class");
        }
        List<String> classes = new ArrayList<>(new TreeSet<>(Arrays.asList(texts)));
        if (classes.size() > MAX_CLASSES) {
            throw new ServiceException(Failure.precondition(
                    "TOO_MANY_CLASSES",
                    "different texts in the label: %d (expected: at most %d classes)"
                            .formatted(classes.size(), MAX_CLASSES)));
        }
        double[] values = new double[texts.length];
        for (int row = 0; row < values.length; row++) {
            values[row] = java.util.Collections.binarySearch(classes, texts[row]);
        }
        return new Labels(Task.MULTICLASS, values, List.copyOf(classes));
    }
}
