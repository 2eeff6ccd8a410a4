package io.foresell.training.dataset;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Small training sets written down in tests. */
public final class Tables {
    private Tables() {}

    /** Returns a column of numbers. */
    public static RowBlock.Column numbers(String name, double... values) {
        return new RowBlock.Numbers(name, 1, values);
    }

    /** Returns a column of texts; an empty one is missing. */
    public static RowBlock.Column texts(String name, String... values) {
        Map<String, Integer> codes = new LinkedHashMap<>();
        int[] coded = Arrays.stream(values)
                .mapToInt(text -> text.isEmpty() ? -1 : codes.computeIfAbsent(text, key -> codes.size()))
                .toArray();
        return new RowBlock.Texts(name, List.copyOf(codes.keySet()), coded);
    }

    /** Returns rows labelled with numbers. */
    public static TrainingSet of(double[] labels, RowBlock.Column... columns) {
        return of(new RowBlock.NumberTarget(labels), columns);
    }

    /** Returns rows labelled with classes. */
    public static TrainingSet of(List<String> labels, RowBlock.Column... columns) {
        return of(new RowBlock.TextTarget(labels), columns);
    }

    private static TrainingSet of(RowBlock.Target labels, RowBlock.Column... columns) {
        List<String> keys = new ArrayList<>();
        for (int row = 0; row < labels.count(); row++) {
            keys.add("k" + row);
        }
        FeatureSetInfo info = new FeatureSetInfo("shop", "hash", "label", "customer", Map.of());
        return new TrainingSetBuilder(info)
                .add(new RowBlock(keys, new long[labels.count()], labels, List.of(columns)))
                .build();
    }
}
