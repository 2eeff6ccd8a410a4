package io.foresell.training.fit.svm;

import io.foresell.training.fit.Vectors;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * Minimises {@code 0.5 |w|^2 + sum(cost * error^2)} over weights and a free bias, where the error is what of a hinge or of a
 * distance from a value is above epsilon: Newton's method with conjugate gradients. Keerthi and DeCoste, "A modified finite
 * Newton method for fast solution of large scale linear SVMs" (2005).
 */
final class LinearSolver {
    private static final int MAX_ITERATIONS = 100;
    private static final double TOLERANCE = 1e-6;
    private static final double BIAS_PENALTY = 1e-8;

    private final SvmRows rows;
    private final Problem problem;
    private final BooleanSupplier isStopped;
    private final double[] factors;

    LinearSolver(SvmRows rows, Problem problem, BooleanSupplier isStopped) {
        this.rows = rows;
        this.problem = problem;
        this.isStopped = isStopped;
        this.factors = new double[rows.rowCount];
    }

    Solution solve() {
        double[] weights = new double[rows.width + 1];
        double[] decisions = new double[rows.rowCount];
        double[] start = gradient(weights, decisions);
        double enough = TOLERANCE * Math.sqrt(Vectors.dot(start, start));
        for (int i = 0; i < MAX_ITERATIONS; i++) {
            double[] gradient = gradient(weights, decisions);
            if (Math.sqrt(Vectors.dot(gradient, gradient)) <= enough) {
                break;
            }
            if (!step(weights, decisions, gradient)) {
                break;
            }
        }
        double[] coefficients = java.util.Arrays.copyOf(weights, rows.width);
        return new Solution(coefficients, weights[rows.width], decisions);
    }

    /** Returns how far a row is wrong, towards its target; 0 when within bounds. */
    private double error(int row, double decision) {
        double missing = problem.targets()[row] - decision;
        if (problem.isRegression()) {
            double beyond = Math.abs(missing) - problem.epsilon();
            return beyond > 0 ? Math.copySign(beyond, missing) : 0;
        }
        // Targets are 1 and -1: wrong when the decision has not come as far as its target.
        return missing * problem.targets()[row] > 0 ? missing : 0;
    }

    private double objective(double[] weights, double[] decisions) {
        double sum = 0;
        for (int row = 0; row < decisions.length; row++) {
            double error = error(row, decisions[row]);
            sum += problem.costs()[row] * error * error;
        }
        return sum + 0.5 * penalty(weights, weights);
    }

    private double penalty(double[] a, double[] b) {
        double sum = 0;
        for (int i = 0; i < rows.width; i++) {
            sum += a[i] * b[i];
        }
        return sum + BIAS_PENALTY * a[rows.width] * b[rows.width];
    }

    private double[] gradient(double[] weights, double[] decisions) {
        requireWanted();
        double[] pulls = new double[decisions.length];
        for (int row = 0; row < pulls.length; row++) {
            double error = error(row, decisions[row]);
            pulls[row] = -2 * problem.costs()[row] * error;
            factors[row] = error != 0 ? 2 * problem.costs()[row] : 0;
        }
        double[] gradient = rows.weighted(pulls);
        for (int i = 0; i < rows.width; i++) {
            gradient[i] += weights[i];
        }
        gradient[rows.width] += BIAS_PENALTY * weights[rows.width];
        return gradient;
    }

    /** Moves weights and decisions along Newton's direction; false when nothing gets better. */
    private boolean step(double[] weights, double[] decisions, double[] gradient) {
        double[] direction = newton(gradient);
        double[] change = new double[decisions.length];
        rows.times(direction, change);
        double before = objective(weights, decisions);
        double slope = Vectors.dot(gradient, direction);
        for (double length = 1; length > 1e-10; length /= 2) {
            double[] nextWeights = moved(weights, length, direction);
            double[] nextDecisions = moved(decisions, length, change);
            if (objective(nextWeights, nextDecisions) <= before - 1e-4 * length * slope) {
                System.arraycopy(nextWeights, 0, weights, 0, weights.length);
                System.arraycopy(nextDecisions, 0, decisions, 0, decisions.length);
                return true;
            }
        }
        return false;
    }

    /** Solves Hessian * x = gradient by conjugate gradients with a diagonal preconditioner. */
    private double[] newton(double[] gradient) {
        double[] diagonal = rows.weightedSquares(factors);
        for (int i = 0; i < diagonal.length; i++) {
            diagonal[i] += i < rows.width ? 1 : BIAS_PENALTY;
        }
        double[] solution = new double[gradient.length];
        double[] residual = gradient.clone();
        double[] direction = Vectors.divided(residual, diagonal);
        double rho = Vectors.dot(residual, direction);
        double enough = 1e-6 * Vectors.dot(gradient, gradient);
        for (int i = 0; i < 2 * gradient.length && Vectors.dot(residual, residual) > enough; i++) {
            double[] product = hessianTimes(direction);
            double alpha = rho / Vectors.dot(direction, product);
            Vectors.add(alpha, direction, solution);
            Vectors.add(-alpha, product, residual);
            double[] preconditioned = Vectors.divided(residual, diagonal);
            double nextRho = Vectors.dot(residual, preconditioned);
            Vectors.add(nextRho / rho, direction, preconditioned);
            direction = preconditioned;
            rho = nextRho;
        }
        return solution;
    }

    private double[] hessianTimes(double[] vector) {
        requireWanted();
        double[] products = new double[rows.rowCount];
        rows.times(vector, products);
        for (int row = 0; row < products.length; row++) {
            products[row] *= factors[row];
        }
        double[] result = rows.weighted(products);
        for (int i = 0; i < rows.width; i++) {
            result[i] += vector[i];
        }
        result[rows.width] += BIAS_PENALTY * vector[rows.width];
        return result;
    }

    private void requireWanted() {
        if (isStopped.getAsBoolean()) {
            throw new CancellationException("cancelled while fitting a support vector machine");
        }
    }

    private static double[] moved(double[] from, double length, double[] direction) {
        double[] moved = from.clone();
        Vectors.add(-length, direction, moved);
        return moved;
    }
}
