package io.foresell.training.fit.svm;

import io.foresell.model.graph.Kernel;
import io.foresell.model.graph.SvmMachine;
import java.util.ArrayList;
import java.util.List;

/** The rows that decide, and by how much. A linear machine has one: its weights. Immutable. */
final class Machine {
    private final Kernel kernel;
    private final double[][] vectors;
    private final double[] coefficients;
    private final double bias;

    private Machine(Kernel kernel, double[][] vectors, double[] coefficients, double bias) {
        this.kernel = kernel;
        this.vectors = vectors;
        this.coefficients = coefficients;
        this.bias = bias;
    }

    static Machine of(SvmRows rows, Kernel kernel, Solution solution) {
        if (kernel.kind() == Kernel.Kind.LINEAR) {
            return new Machine(kernel, new double[][] {solution.coefficients()}, new double[] {1}, solution.bias());
        }
        List<double[]> vectors = new ArrayList<>();
        List<Double> coefficients = new ArrayList<>();
        for (int row = 0; row < rows.rowCount; row++) {
            if (solution.coefficients()[row] != 0) {
                vectors.add(rows.row(row));
                coefficients.add(solution.coefficients()[row]);
            }
        }
        if (vectors.isEmpty()) {
            // A machine that answers its bias to everything still needs a vector to be written down.
            vectors.add(new double[rows.width]);
            coefficients.add(0.0);
        }
        return new Machine(
                kernel,
                vectors.toArray(double[][]::new),
                coefficients.stream().mapToDouble(Double::doubleValue).toArray(),
                solution.bias());
    }

    int vectorCount() {
        return vectors.length;
    }

    /** Returns the machine in another unit, as packages hold it: its answer times {@code scale} plus {@code offset}. */
    SvmMachine written(double scale, double offset) {
        double[] scaled = coefficients.clone();
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] *= scale;
        }
        return new SvmMachine(vectors, scaled, bias * scale + offset);
    }

    /** Returns the decision value of an encoded row that starts at an index. */
    double decision(float[] encoded, int at) {
        double sum = bias;
        for (int i = 0; i < vectors.length; i++) {
            sum += coefficients[i] * kernel(vectors[i], encoded, at);
        }
        return sum;
    }

    private double kernel(double[] vector, float[] encoded, int at) {
        if (kernel.kind() == Kernel.Kind.RBF) {
            double squares = 0;
            for (int i = 0; i < vector.length; i++) {
                double difference = vector[i] - encoded[at + i];
                squares += difference * difference;
            }
            return Math.exp(-kernel.gamma() * squares);
        }
        double product = 0;
        for (int i = 0; i < vector.length; i++) {
            product += vector[i] * encoded[at + i];
        }
        return kernel.kind() == Kernel.Kind.LINEAR
                ? product
                : Math.pow(kernel.gamma() * product + kernel.offset(), kernel.degree());
    }
}
