package io.foresell.training.calibrate;

import java.util.Arrays;
import java.util.function.IntToDoubleFunction;

/**
 * Fits the few coefficients of a logistic regression without penalty by Newton's method; an intercept is a column of ones. One
 * use.
 */
final class LogisticFit {
    private static final int MAX_STEPS = 100;
    private static final double SMALL_GAIN = 1e-12;
    // Keeps the Hessian invertible where classes are separable.
    private static final double RIDGE = 1e-9;

    private final IntToDoubleFunction[] columns;
    private final double[] targets;

    /** Takes columns by row, and targets in [0, 1]. */
    LogisticFit(double[] targets, IntToDoubleFunction... columns) {
        this.targets = targets;
        this.columns = columns.clone();
    }

    /** Returns one coefficient per column. */
    double[] coefficients(double... start) {
        double[] beta = start.clone();
        double loss = loss(beta);
        for (int step = 0; step < MAX_STEPS; step++) {
            double[] direction = direction(beta);
            double scale = 1;
            double[] next = moved(beta, direction, scale);
            double nextLoss = loss(next);
            while (!(nextLoss <= loss) && scale > 1e-6) {
                scale /= 2;
                next = moved(beta, direction, scale);
                nextLoss = loss(next);
            }
            if (!(nextLoss < loss)) {
                return beta;
            }
            double gain = loss - nextLoss;
            beta = next;
            loss = nextLoss;
            if (gain < SMALL_GAIN * targets.length) {
                return beta;
            }
        }
        return beta;
    }

    private static double[] moved(double[] from, double[] direction, double scale) {
        double[] moved = from.clone();
        for (int i = 0; i < moved.length; i++) {
            moved[i] += scale * direction[i];
        }
        return moved;
    }

    private double dot(double[] beta, int row) {
        double sum = 0;
        for (int i = 0; i < beta.length; i++) {
            sum += beta[i] * columns[i].applyAsDouble(row);
        }
        return sum;
    }

    private double loss(double[] beta) {
        double sum = 0;
        for (int row = 0; row < targets.length; row++) {
            double z = dot(beta, row);
            sum -= targets[row] * LogOdds.logSigmoid(z) + (1 - targets[row]) * LogOdds.logSigmoid(-z);
        }
        return sum;
    }

    /** Solves Hessian * direction = - gradient. */
    private double[] direction(double[] beta) {
        int width = beta.length;
        double[][] system = new double[width][width + 1];
        for (int row = 0; row < targets.length; row++) {
            double p = LogOdds.sigmoid(dot(beta, row));
            double weight = p * (1 - p);
            for (int i = 0; i < width; i++) {
                double x = columns[i].applyAsDouble(row);
                system[i][width] += (targets[row] - p) * x;
                for (int j = 0; j < width; j++) {
                    system[i][j] += weight * x * columns[j].applyAsDouble(row);
                }
            }
        }
        for (int i = 0; i < width; i++) {
            system[i][i] += RIDGE;
        }
        return solved(system);
    }

    /** Gauss-Jordan with pivoting; the last column is the right-hand side. */
    private static double[] solved(double[][] system) {
        int width = system.length;
        for (int column = 0; column < width; column++) {
            int pivot = column;
            for (int row = column + 1; row < width; row++) {
                pivot = Math.abs(system[row][column]) > Math.abs(system[pivot][column]) ? row : pivot;
            }
            double[] swapped = system[column];
            system[column] = system[pivot];
            system[pivot] = swapped;
            for (int row = 0; row < width; row++) {
                if (row != column) {
                    double factor = system[row][column] / system[column][column];
                    for (int i = column; i <= width; i++) {
                        system[row][i] -= factor * system[column][i];
                    }
                }
            }
        }
        double[] solution = new double[width];
        Arrays.setAll(solution, i -> system[i][width] / system[i][i]);
        return solution;
    }
}
