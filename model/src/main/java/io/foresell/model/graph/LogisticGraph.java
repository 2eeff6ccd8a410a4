package io.foresell.model.graph;

/** Writes a logistic regression for a binary answer. */
public final class LogisticGraph {
    private LogisticGraph() {}

    /**
     * Returns the file of {@code sigmoid(calibration(coefficients . encoded + intercept))}.
     *
     * @param coefficients one per encoded column, on the encoded scale; no encoding may keep NaN
     */
    public static byte[] write(
            Preprocessing preprocessing, double[] coefficients, double intercept, Calibration calibration) {
        return ModelGraph.write(preprocessing, LinearModel.of(coefficients, intercept), Head.binary(calibration));
    }
}
