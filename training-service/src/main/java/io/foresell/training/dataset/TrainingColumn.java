package io.foresell.training.dataset;

import io.foresell.model.InputField;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One feature of all rows. */
sealed interface TrainingColumn {
    /** Returns the model input that the feature becomes. */
    InputField field();

    /** Returns some of the rows. */
    TrainingColumn rows(int[] rowIndexes);

    /** Returns whether two rows have the same value; missing is one. */
    boolean isSame(int row, int other);

    /** Numbers, row-major, shape [rowCount, width]; NaN is missing. */
    @SuppressWarnings("ArrayRecordComponent")
    record Numbers(InputField field, float[] values) implements TrainingColumn {
        @Override
        public Numbers rows(int[] rowIndexes) {
            int width = field.width();
            float[] chosen = new float[rowIndexes.length * width];
            for (int i = 0; i < rowIndexes.length; i++) {
                System.arraycopy(values, rowIndexes[i] * width, chosen, i * width, width);
            }
            return new Numbers(field, chosen);
        }

        @Override
        public boolean isSame(int row, int other) {
            int width = field.width();
            return Arrays.equals(values, row * width, (row + 1) * width, values, other * width, (other + 1) * width);
        }
    }

    /** Texts: indexes into a dictionary in order of first appearance; -1 is missing. */
    @SuppressWarnings("ArrayRecordComponent")
    record Texts(InputField field, List<String> dictionary, int[] codes) implements TrainingColumn {
        @Override
        public Texts rows(int[] rowIndexes) {
            Map<String, Integer> codeByText = new LinkedHashMap<>();
            int[] chosen = new int[rowIndexes.length];
            for (int i = 0; i < chosen.length; i++) {
                String text = text(rowIndexes[i]);
                chosen[i] = text.isEmpty() ? -1 : codeByText.computeIfAbsent(text, added -> codeByText.size());
            }
            return new Texts(field, List.copyOf(codeByText.keySet()), chosen);
        }

        @Override
        public boolean isSame(int row, int other) {
            return codes[row] == codes[other];
        }

        String text(int row) {
            return codes[row] < 0 ? "" : dictionary.get(codes[row]);
        }
    }
}
