package io.foresell.training.fit.linear;

import io.foresell.training.fit.Vectors;

/**
 * Minimises a smooth convex function by Newton's method: directions by conjugate gradients with a diagonal preconditioner, ended as
 * early as the distance from the minimum allows, then a line search (Nocedal, Wright: Numerical Optimization, algorithm 7.1). Needs
 * few passes over the rows and no history: memory is eight vectors. Deterministic.
 */
final class TruncatedNewton {
    /** The function. */
    interface Objective {
        /** Returns the value at a point and writes the gradient. */
        double value(double[] point, double[] gradient);

        /** Writes the second derivatives along each coordinate, where {@link #value} was asked for last. */
        void curvatures(double[] result);

        /** Writes the product of the matrix of second derivatives, where {@link #value} was asked for last, with a direction. */
        void curvatureTimes(double[] direction, double[] result);
    }

    /** Hears of every iteration. */
    @FunctionalInterface
    interface Listener {
        void improved(int iteration, double value);
    }

    static final int MAX_ITERATIONS = 100;
    private static final int MAX_PRODUCTS = 500;
    // What a Newton step would still take off, relative to the value.
    private static final double DECREMENT_TOLERANCE = 1e-8;
    private static final double COARSEST_RESIDUAL = 0.25;
    private static final double LEAST_CURVATURE = 1e-12;

    private final Objective objective;
    private boolean hasConverged;

    TruncatedNewton(Objective objective) {
        this.objective = objective;
    }

    /** Returns whether the last run ended at the minimum and not at the greatest number of iterations. */
    boolean hasConverged() {
        return hasConverged;
    }

    /** Returns the minimum. */
    double[] minimize(double[] start, Listener listener) {
        double[] point = start.clone();
        double[] gradient = new double[point.length];
        double value = objective.value(point, gradient);
        double firstNorm = Math.sqrt(Vectors.dot(gradient, gradient));
        hasConverged = firstNorm == 0;
        double[] next = new double[point.length];
        for (int iteration = 1; iteration <= MAX_ITERATIONS && !hasConverged; iteration++) {
            double residual =
                    Math.min(COARSEST_RESIDUAL, Math.sqrt(Math.sqrt(Vectors.dot(gradient, gradient)) / firstNorm));
            double[] direction = direction(gradient, residual);
            double slope = Vectors.dot(gradient, direction);
            double nextValue = search(point, direction, value, slope, next, gradient);
            // Even a step along it takes nothing off: rounding.
            hasConverged = -slope <= DECREMENT_TOLERANCE * Math.abs(nextValue) || nextValue >= value;
            if (nextValue <= value) {
                double[] old = point;
                point = next;
                next = old;
                value = nextValue;
            }
            listener.improved(iteration, value);
        }
        return point;
    }

    /** Writes a lower point along a direction and its gradient, and returns its value; {@code value} when there is none. */
    private double search(
            double[] point, double[] direction, double value, double slope, double[] next, double[] gradient) {
        for (double step = 1; step > 1e-10; step /= 2) {
            for (int i = 0; i < point.length; i++) {
                next[i] = point[i] + step * direction[i];
            }
            double found = objective.value(next, gradient);
            if (found <= value + 1e-4 * step * slope) {
                return found;
            }
        }
        System.arraycopy(point, 0, next, 0, point.length);
        return value;
    }

    /** Solves {@code H d = -gradient} until the residual has a share of its first length. */
    private double[] direction(double[] gradient, double share) {
        double[] scales = new double[gradient.length];
        objective.curvatures(scales);
        double[] solution = new double[gradient.length];
        double[] residual = new double[gradient.length];
        double[] direction = new double[gradient.length];
        double rho = 0;
        for (int i = 0; i < gradient.length; i++) {
            scales[i] = 1 / Math.max(scales[i], LEAST_CURVATURE);
            residual[i] = -gradient[i];
            direction[i] = scales[i] * residual[i];
            rho += residual[i] * direction[i];
        }
        double enough = share * share * rho;
        double[] product = new double[gradient.length];
        for (int i = 0; i < MAX_PRODUCTS && rho > enough; i++) {
            objective.curvatureTimes(direction, product);
            double curvature = Vectors.dot(direction, product);
            if (curvature <= 0) {
                break; // Flat but for rounding.
            }
            double length = rho / curvature;
            double nextRho = 0;
            for (int j = 0; j < residual.length; j++) {
                solution[j] += length * direction[j];
                residual[j] -= length * product[j];
                nextRho += residual[j] * residual[j] * scales[j];
            }
            double factor = nextRho / rho;
            for (int j = 0; j < residual.length; j++) {
                direction[j] = scales[j] * residual[j] + factor * direction[j];
            }
            rho = nextRho;
        }
        return solution;
    }
}
