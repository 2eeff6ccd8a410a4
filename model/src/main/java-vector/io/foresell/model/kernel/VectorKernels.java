package io.foresell.model.kernel;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorSpecies;

/** Kernels on {@code jdk.incubator.vector}; loaded by name, so that a JVM without the module never meets this class. */
final class VectorKernels implements Kernels {
    static final VectorSpecies<Float> SPECIES = FloatVector.SPECIES_PREFERRED.length() > UNIT_BLOCK
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
    public void multiply(float[] memory, int a, int rows, int inner, int b, int columns, int to) {
        for (int row = 0; row < rows; row++) {
            int x = a + row * inner;
            int y = to + row * columns;
            int column = 0;
            for (; column + 2 * LANES < columns; column += 4 * LANES) {
                VectorProduct.four(memory, x, inner, b + column, columns, y + column);
            }
            for (; column < columns; column += LANES) {
                VectorProduct.one(memory, x, inner, b + column, columns, y + column);
            }
        }
    }

    @Override
    public float max(float[] x, int from, int count) {
        return count < LANES ? Functions.max(x, from, count) : VectorFunctions.max(x, from, count);
    }

    @Override
    public void exp(float[] x, int from, int count, float[] y, int to) {
        int vectors = count / LANES;
        VectorFunctions.exp(x, from, vectors, y, to, 1);
        for (int i = vectors * LANES; i < count; i++) {
            y[to + i] = (float) Math.exp(x[from + i]);
        }
    }

    @Override
    public void sigmoid(float[] x, int from, int count, float[] y, int to) {
        int vectors = count / LANES;
        VectorFunctions.exp(x, from, vectors, y, to, -1);
        VectorFunctions.inverseOfOneMore(y, to, vectors);
        for (int i = vectors * LANES; i < count; i++) {
            y[to + i] = Functions.sigmoid(x[from + i]);
        }
    }

    @Override
    public void tanh(float[] x, int from, int count, float[] y, int to) {
        int vectors = count / LANES;
        VectorFunctions.tanh(x, from, vectors, y, to);
        for (int i = vectors * LANES; i < count; i++) {
            y[to + i] = Functions.tanh(x[from + i]);
        }
    }

    @Override
    public void erf(float[] x, int from, int count, float[] y, int to) {
        int vectors = count / LANES;
        VectorFunctions.erf(x, from, vectors, y, to);
        for (int i = vectors * LANES; i < count; i++) {
            y[to + i] = Functions.erf(x[from + i]);
        }
    }

    @Override
    public void lstmCell(float[] memory, int gates, int cell, int hidden, int units) {
        VectorFunctions.tanh(memory, gates, 4 * units / LANES, memory, gates);
        VectorFunctions.advance(memory, gates, cell, units);
        VectorFunctions.tanh(memory, cell, units / LANES, memory, hidden);
        VectorFunctions.release(memory, gates + units, hidden, units);
    }
}
