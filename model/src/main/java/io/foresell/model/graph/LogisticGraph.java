package io.foresell.model.graph;

/** Writes a logistic regression as ONNX: encoding, one Gemm, sigmoid. */
public final class LogisticGraph {
    private LogisticGraph() {}

    /**
     * Returns the file of {@code sigmoid(slope * (coefficients . encoded + intercept) + calibration intercept)}.
     *
     * @param coefficients one per encoded column, on the encoded scale; no encoding may keep NaN
     */
    public static byte[] write(
            Preprocessing preprocessing, double[] coefficients, double intercept, Calibration calibration) {
        int width = preprocessing.encodedWidth();
        Parameters.requireLength("coefficients", coefficients.length, width);
        Parameters.requireNoSequences(preprocessing);
        Parameters.requireFilled(preprocessing);
        // Calibration is folded in, so that the graph stays one linear step.
        float[] weights = new float[width];
        for (int i = 0; i < width; i++) {
            Parameters.requireFinite("coefficient " + i, coefficients[i]);
            weights[i] = (float) (calibration.slope() * coefficients[i]);
        }
        double bias = calibration.slope() * intercept + calibration.intercept();
        Parameters.requireFinite("intercept", bias);
        GraphBuilder graph = new GraphBuilder(preprocessing.signature());
        String encoded = new EncodingNodes(preprocessing, graph).encoded();
        String logOdds = graph.dense(encoded, weights, new float[] {(float) bias});
        return graph.finish(logOdds, Calibration.NONE);
    }
}
