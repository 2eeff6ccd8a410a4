package io.foresell.training.dataset;

import io.foresell.model.InputField;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.Task;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** All rows of a training set, columnar; rows keep the order of the stream. Immutable. */
public final class TrainingSet {
    private final FeatureSetInfo info;
    private final List<String> entityKeys;
    private final long[] times;
    private final Labels labels;
    private final List<TrainingColumn> columns;
    private final Map<String, TrainingColumn> columnByName = new HashMap<>();

    TrainingSet(
            FeatureSetInfo info, List<String> entityKeys, long[] times, Labels labels, List<TrainingColumn> columns) {
        this.info = info;
        this.entityKeys = entityKeys;
        this.times = times;
        this.labels = labels;
        this.columns = columns;
        columns.forEach(column -> columnByName.put(column.field().name(), column));
    }

    /** Returns what the rows were made of. */
    public FeatureSetInfo info() {
        return info;
    }

    /** Returns the number of rows. */
    public int rowCount() {
        return times.length;
    }

    /** Returns the features in the feature set's order. */
    public List<InputField> fields() {
        return columns.stream().map(TrainingColumn::field).toList();
    }

    /** Returns what kind of question the labels answer. */
    public Task task() {
        return labels.task();
    }

    /** Returns the classes in the order of their texts; empty unless MULTICLASS. */
    public List<String> classes() {
        return labels.classes();
    }

    /** Returns the label of a row: 1 or 0, the index of its class, or its value. */
    public double label(int row) {
        return labels.values()[row];
    }

    /** Returns the instant a row is seen from, milliseconds since the epoch. */
    public long timeMillis(int row) {
        return times[row];
    }

    /** Returns the entity of a row. */
    public String entityKey(int row) {
        return entityKeys.get(row);
    }

    /** Returns how many different texts a text feature has over all rows; 0 for numbers. */
    public int categoryCount(String feature) {
        return columnByName.get(feature) instanceof TrainingColumn.Texts texts
                ? texts.dictionary().size()
                : 0;
    }

    /** Returns the lower-case hex SHA-256 of all rows: equal for equal rows, however they were cut into blocks. */
    public String digest() {
        return TrainingSetDigest.of(entityKeys, times, labels, columns);
    }

    /** Returns some rows as a model reads them. */
    Rows rows(int[] rowIndexes, Signature signature) {
        return rows(rowIndexes, signature, Map.of());
    }

    /**
     * Returns some rows as a model reads them.
     *
     * @param replaced columns of all rows in place of the stored ones, by feature
     */
    Rows rows(int[] rowIndexes, Signature signature, Map<String, TrainingColumn> replaced) {
        int numberWidth = signature.numberWidth();
        int textWidth = signature.textWidth();
        float[] numbers = new float[Math.multiplyExact(rowIndexes.length, numberWidth)];
        String[] texts = new String[Math.multiplyExact(rowIndexes.length, textWidth)];
        for (InputField field : signature.inputs()) {
            int offset = signature.offset(field.name());
            TrainingColumn stored = columnByName.get(field.name());
            TrainingColumn column = replaced.isEmpty() ? stored : replaced.getOrDefault(field.name(), stored);
            if (column instanceof TrainingColumn.Numbers from) {
                int width = field.width();
                for (int i = 0; i < rowIndexes.length; i++) {
                    System.arraycopy(from.values(), rowIndexes[i] * width, numbers, i * numberWidth + offset, width);
                }
            } else if (column instanceof TrainingColumn.Texts from) {
                for (int i = 0; i < rowIndexes.length; i++) {
                    texts[i * textWidth + offset] = from.text(rowIndexes[i]);
                }
            } else {
                throw new IllegalStateException("no column " + field);
            }
        }
        return new Rows(rowIndexes.length, numbers, texts);
    }

    /** Returns the features that have a value in at least one of the rows. */
    List<InputField> fieldsWithValues(int[] rowIndexes) {
        List<InputField> fields = new ArrayList<>();
        for (TrainingColumn column : columns) {
            if (hasValue(column, rowIndexes)) {
                fields.add(column.field());
            }
        }
        return fields;
    }

    private static boolean hasValue(TrainingColumn column, int[] rowIndexes) {
        for (int row : rowIndexes) {
            if (column instanceof TrainingColumn.Texts texts && texts.codes()[row] >= 0) {
                return true;
            }
            if (column instanceof TrainingColumn.Numbers numbers) {
                int width = numbers.field().width();
                for (int i = row * width; i < (row + 1) * width; i++) {
                    if (!Float.isNaN(numbers.values()[i])) {
                        return true;
                    }
                }
            }
        }
        return false;
    }
}
