package io.foresell.training.dataset;

import io.foresell.model.InputField;
import java.util.List;

/** One feature of all rows. */
sealed interface TrainingColumn {
    /** Returns the model input that the feature becomes. */
    InputField field();

    /** Numbers, row-major, shape [rowCount, width]; NaN is missing. */
    @SuppressWarnings("ArrayRecordComponent")
    record Numbers(InputField field, float[] values) implements TrainingColumn {}

    /** Texts: indexes into a dictionary in order of first appearance; -1 is missing. */
    @SuppressWarnings("ArrayRecordComponent")
    record Texts(InputField field, List<String> dictionary, int[] codes) implements TrainingColumn {
        String text(int row) {
            return codes[row] < 0 ? "" : dictionary.get(codes[row]);
        }
    }
}
