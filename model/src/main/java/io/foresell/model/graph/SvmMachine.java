package io.foresell.model.graph;

/** One decision function of a support vector machine: {@code sum of coefficient * kernel(x, support vector) + bias}. */
public final class SvmMachine {
    final int inputs;
    final float[] supportVectors;
    final float[] coefficients;
    final float bias;

    /**
     * Checks shapes and that every number is finite as a float.
     *
     * @param supportVectors shape [vectors][inputs], on the encoded scale
     * @param coefficients shape [vectors]: label times multiplier
     * @param bias added to the sum; libsvm's is {@code -rho}
     */
    public SvmMachine(double[][] supportVectors, double[] coefficients, double bias) {
        Parameters.requireLength("coefficients of support vectors", coefficients.length, supportVectors.length);
        if (supportVectors.length == 0 || supportVectors[0].length == 0) {
            throw new IllegalArgumentException("support vectors: none (expected: 1 of 1 column or more)");
        }
        Parameters.requireFinite("bias of the machine", bias);
        this.inputs = supportVectors[0].length;
        this.supportVectors = Parameters.matrix("support vectors", supportVectors, inputs);
        this.coefficients = Parameters.floats("coefficients of support vectors", coefficients);
        this.bias = (float) bias;
    }
}
