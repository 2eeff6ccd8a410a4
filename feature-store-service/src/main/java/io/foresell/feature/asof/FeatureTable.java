package io.foresell.feature.asof;

import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Feature values of some rows, column by column, filled row by row in any order. Not thread-safe. */
public final class FeatureTable {
    private static final double[] NO_NUMBERS = {};
    private static final @Nullable String[] NO_TEXTS = {};

    private final String[] entityKeys;
    private final long[] asOfMillis;
    private final long[] oldestValueMillis;
    private final double[][] numbers; // by feature, row-major; empty for texts
    private final @Nullable String[][] texts; // by feature; empty for numbers

    public FeatureTable(List<Feature> features, int rowCount) {
        entityKeys = new String[rowCount];
        Arrays.fill(entityKeys, "");
        asOfMillis = new long[rowCount];
        oldestValueMillis = new long[rowCount];
        numbers = new double[features.size()][];
        texts = new String[features.size()][];
        for (int i = 0; i < features.size(); i++) {
            Feature feature = features.get(i);
            numbers[i] = feature.isText() ? NO_NUMBERS : new double[rowCount * feature.width()];
            texts[i] = feature.isText() ? new String[rowCount] : NO_TEXTS;
        }
    }

    void describe(int row, String entityKey, long asOf, long oldestValue) {
        entityKeys[row] = entityKey;
        asOfMillis[row] = asOf;
        oldestValueMillis[row] = oldestValue;
    }

    void set(int feature, int row, @Nullable String text) {
        texts[feature][row] = text;
    }

    /** Returns the first rows. */
    public FeatureTable head(int rowCount) {
        return rowCount == rowCount() ? this : new FeatureTable(this, rowCount);
    }

    private FeatureTable(FeatureTable from, int rowCount) {
        entityKeys = Arrays.copyOf(from.entityKeys, rowCount);
        asOfMillis = Arrays.copyOf(from.asOfMillis, rowCount);
        oldestValueMillis = Arrays.copyOf(from.oldestValueMillis, rowCount);
        numbers = new double[from.numbers.length][];
        texts = new String[from.texts.length][];
        for (int i = 0; i < numbers.length; i++) {
            int width = from.numbers[i].length / Math.max(1, from.rowCount());
            numbers[i] = Arrays.copyOf(from.numbers[i], rowCount * width);
            texts[i] = Arrays.copyOf(from.texts[i], from.texts[i].length == 0 ? 0 : rowCount);
        }
    }

    public int rowCount() {
        return entityKeys.length;
    }

    public String entityKey(int row) {
        return entityKeys[row];
    }

    public long asOfMillis(int row) {
        return asOfMillis[row];
    }

    /** Returns the event time of the oldest snapshot row or the newest event used, whichever is older; 0 without any. */
    public long oldestValueMillis(int row) {
        return oldestValueMillis[row];
    }

    /** Returns the numbers of a feature, shape [rowCount, width], missing as NaN. Shared, not copied: the table is large. */
    public double[] numbers(int feature) {
        return numbers[feature];
    }

    /** Returns a text, null when missing. */
    public @Nullable String text(int feature, int row) {
        return texts[feature][row];
    }
}
