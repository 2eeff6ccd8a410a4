package io.foresell.model.scorer;

import io.foresell.model.Rows;
import io.foresell.model.Signature;

/** Answers the probability of the positive class. Immutable, thread-safe, no allocation per row after warm-up. */
public interface Scorer {
    /** Returns the inputs it reads. */
    Signature signature();

    /** Names what runs it: "compiled" or "onnxruntime". */
    String engine();

    /**
     * Scores all rows.
     *
     * @param probabilities receives P(positive) of row i at place i; length at least the row count
     */
    void score(Rows rows, float[] probabilities);

    /**
     * Explains one row in log-odds, grouped to the inputs of the signature.
     *
     * @param row index in {@code rows}
     * @param perInput receives one contribution per input, above 0 raises the score; length {@code inputs().size()}
     */
    void contributions(Rows rows, int row, double[] perInput);

    /**
     * Returns the log-odds to which the contributions of a row add up to its own log-odds; NaN when contributions are
     * not additive (networks: each input is replaced by its background value alone).
     */
    default double baseLogOdds() {
        return Double.NaN;
    }
}
