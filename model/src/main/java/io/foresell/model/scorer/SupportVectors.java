package io.foresell.model.scorer;

import io.foresell.model.kernel.Functions;
import java.util.Arrays;

/** The support vectors of one model and their kernel: how near a row is to each of them. Immutable. */
final class SupportVectors {
    /** The kernels of LIBSVM. */
    enum Kernel {
        LINEAR,
        POLY,
        RBF,
        SIGMOID
    }

    private final float[][] columns; // [column][vector], so that a loop over vectors runs over consecutive floats
    private final int count;
    private final Kernel kernel;
    private final float gamma;
    private final float shift;
    private final float degree;

    private SupportVectors(float[][] columns, int count, Kernel kernel, float gamma, float shift, float degree) {
        this.columns = columns;
        this.count = count;
        this.kernel = kernel;
        this.gamma = gamma;
        this.shift = shift;
        this.degree = degree;
    }

    /** Reads the vectors of a node over so many columns. */
    static SupportVectors of(GraphNode node, int count, int columnCount) {
        float[] vectors = node.finiteNumbers("support_vectors");
        if (vectors.length != (long) count * columnCount) {
            throw BadGraph.of(
                    "support_vectors of %s: %d values (expected: %d vectors x %d columns)",
                    node, vectors.length, count, columnCount);
        }
        float[] parameters = node.finiteNumbers("kernel_params");
        if (parameters.length != 0 && parameters.length != 3) {
            throw BadGraph.of("kernel_params of %s: %d values (expected: 0 or 3)", node, parameters.length);
        }
        float[] known = parameters.length == 0 ? new float[3] : parameters;
        float[][] columns = new float[columnCount][count];
        for (int i = 0; i < vectors.length; i++) {
            columns[i % columnCount][i / columnCount] = vectors[i];
        }
        return new SupportVectors(columns, count, kernel(node), known[0], known[1], known[2]);
    }

    private static Kernel kernel(GraphNode node) {
        String name = node.text("kernel_type", "LINEAR");
        for (Kernel kernel : Kernel.values()) {
            if (kernel.name().equals(name)) {
                return kernel;
            }
        }
        throw BadGraph.of("kernel_type of %s: %s (expected: one of %s)", node, name, Arrays.toString(Kernel.values()));
    }

    boolean isLinear() {
        return kernel == Kernel.LINEAR;
    }

    int count() {
        return count;
    }

    /** Returns the weight of each column in {@code sum of coefficient * (row . vector)}, for a linear kernel. */
    double[] weights(double[] coefficients) {
        double[] weights = new double[columns.length];
        for (int column = 0; column < weights.length; column++) {
            for (int vector = 0; vector < count; vector++) {
                weights[column] += coefficients[vector] * columns[column][vector];
            }
        }
        return weights;
    }

    /** Writes the kernel of the row at {@code in} and each vector. */
    void kernels(float[] memory, int in, float[] kernels) {
        Arrays.fill(kernels, 0, count, 0);
        if (kernel == Kernel.RBF) {
            addSquares(memory, in, kernels);
            for (int i = 0; i < count; i++) {
                kernels[i] = (float) Math.exp(-gamma * kernels[i]);
            }
            return;
        }
        addProducts(memory, in, kernels);
        if (kernel == Kernel.POLY) {
            for (int i = 0; i < count; i++) {
                kernels[i] = power(gamma * kernels[i] + shift);
            }
        } else if (kernel == Kernel.SIGMOID) {
            for (int i = 0; i < count; i++) {
                kernels[i] = Functions.tanh(gamma * kernels[i] + shift);
            }
        }
    }

    private void addSquares(float[] memory, int in, float[] sums) {
        for (int column = 0; column < columns.length; column++) {
            float x = memory[in + column];
            float[] values = columns[column];
            for (int i = 0; i < values.length; i++) {
                float distance = x - values[i];
                sums[i] += distance * distance;
            }
        }
    }

    private void addProducts(float[] memory, int in, float[] sums) {
        for (int column = 0; column < columns.length; column++) {
            float x = memory[in + column];
            float[] values = columns[column];
            for (int i = 0; i < values.length; i++) {
                sums[i] += x * values[i];
            }
        }
    }

    private float power(float x) {
        if (degree == 2) {
            return x * x;
        }
        return degree == 3 ? x * x * x : (float) Math.pow(x, degree);
    }
}
