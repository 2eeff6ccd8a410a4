package io.foresell.model.scorer;

import io.foresell.model.Answer;
import io.foresell.model.Rows;
import io.foresell.model.Signature;

/** Answers rows. Immutable, thread-safe, no allocation per row after warm-up. */
public interface Scorer {
    /** Returns the inputs it reads. */
    Signature signature();

    /** Returns what it answers. */
    Answer answer();

    /** Names what runs it: "compiled" or "onnxruntime". */
    String engine();

    /**
     * Scores all rows.
     *
     * @param answers receives the answers, row-major, shape [rowCount, answer().width()]; may be longer
     */
    void score(Rows rows, float[] answers);

    /**
     * Explains one float of the answer to one row, grouped to the inputs of the signature. The explained value is the log-odds
     * (BINARY), the class's score before the softmax or else its log-probability (MULTICLASS), otherwise the answer itself.
     *
     * @param row index in {@code rows}
     * @param target index of the label; 0 when there are none
     * @param perInput receives one contribution per input, above 0 raises the value; length {@code inputs().size()}
     */
    void contributions(Rows rows, int row, int target, double[] perInput);

    /**
     * Returns the explained value to which the contributions of a row add up to its own; NaN when contributions are not
     * additive (each input is then replaced by its background value alone).
     */
    default double base(int target) {
        return Double.NaN;
    }
}
