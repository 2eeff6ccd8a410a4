package io.foresell.model.scorer;

import java.util.Arrays;

/**
 * Rows of a constant table by computed numbers. A number that is no index of the table gives NaN, which reaches the
 * answer: there is no row to answer with, and other rows of the batch must not suffer.
 */
@SuppressWarnings("ArrayRecordComponent")
record EmbeddingStep(int from, int count, int to, float[] table, int rowCount, int width) implements Step {
    @Override
    public void run(float[] memory, String[] texts, int textBase) {
        for (int i = 0; i < count; i++) {
            float index = memory[from + i];
            float row = index < 0 ? index + rowCount : index;
            int place = to + i * width;
            if (row >= 0 && row < rowCount) {
                System.arraycopy(table, ((int) row) * width, memory, place, width);
            } else {
                Arrays.fill(memory, place, place + width, Float.NaN);
            }
        }
    }
}
