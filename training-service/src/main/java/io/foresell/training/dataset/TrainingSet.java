package io.foresell.training.dataset;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.InputField;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.Task;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** All rows of a training set, columnar; rows keep the order of the stream. Immutable. */
public final class TrainingSet {
    private final FeatureSetInfo info;
    private final List<String> entityKeys;
    private final long[] times;
    private final Labels labels;
    private final List<TrainingColumn> columns;
    private final Map<String, TrainingColumn> columnByName = new HashMap<>();
    /** Features that no model is fitted on. */
    private final Set<String> leftOut;
    /** Says which rows judge; no model reads it. */
    private final TrainingColumn.@Nullable Texts setAside;
    /** Within which rows are ranked; null where nobody declared any. */
    private final @Nullable RowGroups groups;

    TrainingSet(
            FeatureSetInfo info, List<String> entityKeys, long[] times, Labels labels, List<TrainingColumn> columns) {
        this(info, entityKeys, times, labels, columns, Set.of(), null, null);
    }

    private TrainingSet(
            FeatureSetInfo info,
            List<String> entityKeys,
            long[] times,
            Labels labels,
            List<TrainingColumn> columns,
            Set<String> leftOut,
            TrainingColumn.@Nullable Texts setAside,
            @Nullable RowGroups groups) {
        this.info = info;
        this.entityKeys = entityKeys;
        this.times = times;
        this.labels = labels;
        this.columns = columns;
        columns.forEach(column -> columnByName.put(column.field().name(), column));
        this.leftOut = leftOut;
        this.setAside = setAside;
        this.groups = groups;
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

    /** Returns the different texts of a text feature over all rows; none of a number. */
    public List<String> categories(String feature) {
        return columnByName.get(feature) instanceof TrainingColumn.Texts texts ? texts.dictionary() : List.of();
    }

    /** Returns the lower-case hex SHA-256 of all rows: equal for equal rows, however they were cut into blocks. */
    public String digest() {
        List<TrainingColumn> all = new ArrayList<>(columns);
        if (setAside != null) {
            all.add(setAside);
        }
        return TrainingSetDigest.of(entityKeys, times, labels, all);
    }

    /**
     * Returns these rows with a text feature that no model can read any more.
     *
     * @throws ServiceException when there is no such feature, or it is a number
     */
    TrainingSet settingAside(String feature) {
        TrainingColumn column = columnByName.get(feature);
        if (!(column instanceof TrainingColumn.Texts texts)) {
            List<String> known = columns.stream()
                    .filter(each -> each instanceof TrainingColumn.Texts)
                    .map(each -> each.field().name())
                    .toList();
            throw new ServiceException(Failure.precondition(
                    "SPLIT_FEATURE_UNKNOWN",
                    "split.by_value.feature: %s, %s (expected: a text feature of %s: %s)"
                            .formatted(
                                    feature,
                                    column == null ? "not in the feature set" : "a number",
                                    info.featureSet(),
                                    known.isEmpty() ? "it has none" : String.join(", ", known))));
        }
        List<TrainingColumn> others = new ArrayList<>(columns);
        others.remove(column);
        return new TrainingSet(info, entityKeys, times, labels, others, leftOut, texts, groups);
    }

    /**
     * Rows by whether they belong to a class.
     *
     * @param unknown rows that belong to none; null for none
     */
    public record Known(TrainingSet rows, @Nullable HeldOutRows unknown) {
        /** Returns the same with rows whose constant features are left out, see {@link TrainingSet#withoutConstants}. */
        public Known withoutConstants() {
            return new Known(rows.withoutConstants(), unknown);
        }
    }

    /**
     * Takes rows of some classes out, and these classes too.
     *
     * @throws ServiceException when the labels are not classes, or there is no such class
     */
    public Known without(Set<String> unknown) {
        for (String name : new TreeSet<>(unknown)) {
            if (!classes().contains(name)) {
                String expected = task() == Task.MULTICLASS
                        ? "one of the %d classes, such as %s"
                                .formatted(classes().size(), classes().get(0))
                        : "none of task " + task().key();
                throw new ServiceException(Failure.precondition(
                        "REFUSAL_CLASS_UNKNOWN", "refuse.unknown: %s (expected: %s)".formatted(name, expected)));
            }
        }
        IntPredicate isUnknown = row -> unknown.contains(classes().get((int) label(row)));
        int[] known = IntStream.range(0, rowCount()).filter(isUnknown.negate()).toArray();
        int[] others = IntStream.range(0, rowCount()).filter(isUnknown).toArray();
        TrainingSet rows = new TrainingSet(
                info,
                Arrays.stream(known).mapToObj(entityKeys::get).toList(),
                Arrays.stream(known).mapToLong(row -> times[row]).toArray(),
                labels.rows(known, unknown),
                columns.stream().map(column -> column.rows(known)).toList(),
                leftOut,
                setAside == null ? null : setAside.rows(known),
                groups == null ? null : groups.of(known));
        return new Known(rows, new HeldOutRows(this, others));
    }

    /** Returns these rows in groups within which they are ranked. */
    public TrainingSet grouped(RowGroups newGroups) {
        return new TrainingSet(info, entityKeys, times, labels, columns, leftOut, setAside, newGroups);
    }

    /** Returns the groups of some rows; null where none were declared. */
    @Nullable
    RowGroups groups(int[] rowIndexes) {
        return groups == null ? null : groups.of(rowIndexes);
    }

    /** Returns what the feature set aside says of a row; empty when missing. */
    String textSetAside(int row) {
        return Objects.requireNonNull(setAside, "no feature was set aside").text(row);
    }

    /** Returns the values of the feature set aside for people, at most ten. */
    String shownTextsSetAside() {
        List<String> texts =
                Objects.requireNonNull(setAside, "no feature was set aside").dictionary();
        String shown = String.join(", ", texts.subList(0, Math.min(10, texts.size())));
        return texts.size() <= 10 ? shown : "%s and %d more".formatted(shown, texts.size() - 10);
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

    /** Returns these rows, of which no model is fitted on features that are the same in all of them: nothing can be learnt from those. */
    public TrainingSet withoutConstants() {
        Set<String> constants = new HashSet<>();
        columns.stream()
                .filter(this::isConstant)
                .forEach(column -> constants.add(column.field().name()));
        return new TrainingSet(info, entityKeys, times, labels, columns, constants, setAside, groups);
    }

    /** Returns these rows, of which no model is fitted on some features besides those that are left out already. */
    public TrainingSet leavingOut(Set<String> features) {
        Set<String> all = new HashSet<>(leftOut);
        all.addAll(features);
        return new TrainingSet(info, entityKeys, times, labels, columns, all, setAside, groups);
    }

    private boolean isConstant(TrainingColumn column) {
        for (int row = 1; row < rowCount(); row++) {
            if (!column.isSame(0, row)) {
                return false;
            }
        }
        return rowCount() > 1;
    }

    /** Returns the features that have a value in at least one of the rows and are not left out of all. */
    List<InputField> fieldsWithValues(int[] rowIndexes) {
        List<InputField> fields = new ArrayList<>();
        for (TrainingColumn column : columns) {
            if (!leftOut.contains(column.field().name()) && hasValue(column, rowIndexes)) {
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
