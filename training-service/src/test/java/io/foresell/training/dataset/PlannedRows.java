package io.foresell.training.dataset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Builds training sets of a few columns, row by row or by formulas that other programs can repeat. */
public final class PlannedRows {
    private final List<RowBlock.Column> columns = new ArrayList<>();
    private final List<String> keys;
    private final long[] times;

    private PlannedRows(List<String> keys, long[] times) {
        this.keys = keys;
        this.times = times;
    }

    /** Starts a set of rows of one entity each, all at one instant. */
    public static PlannedRows of(int rowCount) {
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < rowCount; i++) {
            keys.add("c" + i);
        }
        return new PlannedRows(keys, new long[rowCount]);
    }

    /** Starts a set of rows of these entities at these instants. */
    public static PlannedRows of(List<String> keys, long... times) {
        return new PlannedRows(keys, times);
    }

    /** Adds a number, NaN where missing. */
    public PlannedRows number(String name, double... values) {
        columns.add(new RowBlock.Numbers(name, 1, values));
        return this;
    }

    /** Adds a sequence, row by row. */
    public PlannedRows sequence(String name, int width, double... values) {
        columns.add(new RowBlock.Numbers(name, width, values));
        return this;
    }

    /** Adds a text, empty where missing. */
    public PlannedRows text(String name, String... texts) {
        Map<String, Integer> codes = new LinkedHashMap<>();
        int[] coded = Arrays.stream(texts)
                .mapToInt(text -> text.isEmpty() ? -1 : codes.computeIfAbsent(text, added -> codes.size()))
                .toArray();
        columns.add(new RowBlock.Texts(name, List.copyOf(codes.keySet()), coded));
        return this;
    }

    /** Ends with labels: two classes where all are 0 and 1. */
    public TrainingSet labelled(double... labels) {
        return build(new RowBlock.NumberTarget(labels));
    }

    /** Ends with classes. */
    public TrainingSet labelled(String... classes) {
        return build(new RowBlock.TextTarget(List.of(classes)));
    }

    private TrainingSet build(RowBlock.Target labels) {
        FeatureSetInfo info = new FeatureSetInfo("planned", "hash", "outcome", "customer", Map.of());
        return new TrainingSetBuilder(info)
                .add(new RowBlock(keys, times, labels, columns))
                .build();
    }

    /** Returns numbers by row, from 0. */
    public static double[] numbers(int rowCount, java.util.function.IntToDoubleFunction formula) {
        double[] values = new double[rowCount];
        Arrays.setAll(values, formula);
        return values;
    }

    /** Returns texts by row, from 0. */
    public static String[] texts(int rowCount, java.util.function.IntFunction<String> formula) {
        String[] values = new String[rowCount];
        Arrays.setAll(values, formula);
        return values;
    }
}
