package io.foresell.model.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Kernels on {@code jdk.incubator.vector}; loaded by name, so that a JVM without the module never meets this class. */
final class VectorKernels implements Kernels {
    static final VectorSpecies<Float> SPECIES =
            FloatVector.SPECIES_PREFERRED.length() > UNIT_BLOCK
                    ? FloatVector.SPECIES_512
                    : FloatVector.SPECIES_PREFERRED;
    static final int LANES = SPECIES.length();

    VectorKernels() {}

    @Override
    public String name() {
        return "vector " + SPECIES.vectorBitSize();
    }

    @Override
    public Dense dense(float[] weights, float[] bias, boolean isRectified) {
        return new VectorDense(weights, bias, isRectified);
    }

    @Override
    public Convolution convolution(ConvolutionShape shape, float[] weights, float[] bias, boolean isRectified) {
        return new VectorConvolution(shape, weights, bias, isRectified);
    }

    @Override
    public void exp(float[] x, int from, int count, float[] y, int to) {
        int i = 0;
        for (; i + LANES <= count; i += LANES) {
            VectorFunctions.exp(FloatVector.fromArray(SPECIES, x, from + i)).intoArray(y, to + i);
        }
        for (; i < count; i++) {
            y[to + i] = (float) Math.exp(x[from + i]);
        }
    }

    @Override
    public void sigmoid(float[] x, int from, int count, float[] y, int to) {
        int i = 0;
        for (; i + LANES <= count; i += LANES) {
            VectorFunctions.sigmoid(FloatVector.fromArray(SPECIES, x, from + i)).intoArray(y, to + i);
        }
        for (; i < count; i++) {
            y[to + i] = Functions.sigmoid(x[from + i]);
        }
    }

    @Override
    public void tanh(float[] x, int from, int count, float[] y, int to) {
        int i = 0;
        for (; i + LANES <= count; i += LANES) {
            VectorFunctions.tanh(FloatVector.fromArray(SPECIES, x, from + i)).intoArray(y, to + i);
        }
        for (; i < count; i++) {
            y[to + i] = Functions.tanh(x[from + i]);
        }
    }

    @Override
    public void erf(float[] x, int from, int count, float[] y, int to) {
        int i = 0;
        for (; i + LANES <= count; i += LANES) {
            VectorFunctions.erf(FloatVector.fromArray(SPECIES, x, from + i)).intoArray(y, to + i);
        }
        for (; i < count; i++) {
            y[to + i] = Functions.erf(x[from + i]);
        }
    }

    @Override
    public void lstmCell(float[] memory, int gates, int cell, int hidden, int units) {
        for (int u = 0; u < units; u += LANES) {
            int at = gates + u;
            FloatVector input = VectorFunctions.gate(FloatVector.fromArray(SPECIES, memory, at));
            FloatVector output = VectorFunctions.gate(FloatVector.fromArray(SPECIES, memory, at + units));
            FloatVector forget = VectorFunctions.gate(FloatVector.fromArray(SPECIES, memory, at + 2 * units));
            FloatVector candidate = VectorFunctions.tanh(FloatVector.fromArray(SPECIES, memory, at + 3 * units));
            FloatVector next = forget.mul(FloatVector.fromArray(SPECIES, memory, cell + u))
                    .add(input.mul(candidate));
            next.intoArray(memory, cell + u);
            output.mul(VectorFunctions.tanh(next)).intoArray(memory, hidden + u);
        }
    }
}
