package io.foresell.inference.lookup;

import io.foresell.model.Signature;
import java.util.List;

/** The features of one entity as the feature store gave them, in the store's column order. Immutable by agreement: arrays are not copied, nobody writes them after construction. */
final class FeatureRow {
    private final Signature columns;
    private final float[] numbers;
    private final String[] texts;
    private final long oldestValueMillis;
    private final List<String> staleFeatures;

    /**
     * Makes a row.
     *
     * @param columns one instance shared by all rows of a block
     * @param oldestValueMillis instant of the oldest value, milliseconds since the epoch; 0 without any value
     */
    FeatureRow(Signature columns, float[] numbers, String[] texts, long oldestValueMillis, List<String> staleFeatures) {
        this.columns = columns;
        this.numbers = numbers;
        this.texts = texts;
        this.oldestValueMillis = oldestValueMillis;
        this.staleFeatures = List.copyOf(staleFeatures);
    }

    Signature columns() {
        return columns;
    }

    float[] numbers() {
        return numbers;
    }

    String[] texts() {
        return texts;
    }

    long oldestValueMillis() {
        return oldestValueMillis;
    }

    List<String> staleFeatures() {
        return staleFeatures;
    }
}
