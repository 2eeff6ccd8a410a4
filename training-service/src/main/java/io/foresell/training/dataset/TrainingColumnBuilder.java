package io.foresell.training.dataset;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.InputField;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** Appends the blocks of one feature. */
sealed interface TrainingColumnBuilder {
    /** Takes the next rows; refuses a column of another name, kind or width than the first. */
    void add(RowBlock.Column column, int rowCount);

    /** Returns all rows. */
    TrainingColumn build();

    /** Starts a column like the first block's. */
    static TrainingColumnBuilder of(RowBlock.Column first) {
        if (first instanceof RowBlock.Numbers numbers) {
            return new NumbersBuilder(
                    new InputField(numbers.name(), io.foresell.model.InputKind.NUMBER, numbers.width()));
        }
        return new TextsBuilder(InputField.text(first.name()));
    }

    private static ServiceException inconsistent(InputField field, String actual) {
        return new ServiceException(Failure.dataLoss(
                "TRAINING_SET_INCONSISTENT",
                "column %s: %s (expected: %s of width %d like the first block)"
                        .formatted(field.name(), actual, field.kind(), field.width())));
    }

    /** Appends numbers. */
    final class NumbersBuilder implements TrainingColumnBuilder {
        private final InputField field;
        private float[] values = new float[1024];
        private int size;

        NumbersBuilder(InputField field) {
            this.field = field;
        }

        @Override
        public void add(RowBlock.Column column, int rowCount) {
            if (!(column instanceof RowBlock.Numbers numbers)
                    || !numbers.name().equals(field.name())
                    || numbers.width() != field.width()
                    || numbers.values().length != rowCount * field.width()) {
                throw inconsistent(field, column.toString());
            }
            int needed = Math.addExact(size, numbers.values().length);
            if (needed > values.length) {
                values = Arrays.copyOf(values, grown(values.length, needed));
            }
            for (double value : numbers.values()) {
                values[size++] = toFloat(value);
            }
        }

        private float toFloat(double value) {
            float narrowed = (float) value;
            if (Float.isInfinite(narrowed)) {
                throw new ServiceException(Failure.precondition(
                        "VALUE_OUT_OF_RANGE",
                        "column %s, row %d: %s (expected: between -3.4e38 and 3.4e38; a value that is not there is left empty)"
                                .formatted(field.name(), (size - 1) / field.width() + 1, value)));
            }
            return narrowed;
        }

        @Override
        public TrainingColumn build() {
            return new TrainingColumn.Numbers(field, Arrays.copyOf(values, size));
        }
    }

    /** Appends texts, coded in order of first appearance whatever the blocks' own dictionaries say. */
    final class TextsBuilder implements TrainingColumnBuilder {
        private final InputField field;
        private final Map<String, Integer> codeByText = new HashMap<>();
        private final List<String> dictionary = new ArrayList<>();
        private int[] codes = new int[1024];
        private int size;

        TextsBuilder(InputField field) {
            this.field = field;
        }

        @Override
        public void add(RowBlock.Column column, int rowCount) {
            if (!(column instanceof RowBlock.Texts texts)
                    || !texts.name().equals(field.name())
                    || texts.codes().length != rowCount) {
                throw inconsistent(field, column.toString());
            }
            int needed = Math.addExact(size, rowCount);
            if (needed > codes.length) {
                codes = Arrays.copyOf(codes, grown(codes.length, needed));
            }
            for (int code : texts.codes()) {
                if (code >= texts.dictionary().size()) {
                    throw inconsistent(field, "code " + code);
                }
                codes[size++] = code < 0 ? -1 : codeOf(texts.dictionary().get(code));
            }
        }

        private int codeOf(String text) {
            if (text.isEmpty()) {
                return -1;
            }
            return codeByText.computeIfAbsent(text, added -> {
                dictionary.add(added);
                return dictionary.size() - 1;
            });
        }

        @Override
        public TrainingColumn build() {
            return new TrainingColumn.Texts(field, List.copyOf(dictionary), Arrays.copyOf(codes, size));
        }
    }

    private static int grown(int length, int needed) {
        return (int) Math.min(Integer.MAX_VALUE - 8, Math.max(needed, length * 2L));
    }
}
