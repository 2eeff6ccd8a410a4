package io.foresell.training.fit.linear;

import io.foresell.training.fit.Vectors;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Iterator;

/**
 * Minimises a smooth convex function plus an L1 penalty: limited-memory BFGS (Nocedal, Wright: Numerical Optimization, algorithm
 * 7.4), with an L1 penalty its orthant-wise form (Andrew, Gao: Scalable Training of L1-Regularized Log-Linear Models, 2007).
 * Deterministic; memory is {@code 2 * pairs + 6} vectors.
 */
final class QuasiNewton {
    /** The smooth part. */
    @FunctionalInterface
    interface Objective {
        /** Returns the value at a point and writes the gradient. */
        double value(double[] point, double[] gradient);
    }

    /** Hears of every iteration. */
    @FunctionalInterface
    interface Listener {
        void improved(int iteration, double value);
    }

    /** Differences of points and of gradients between two iterations, and one over their product. */
    @SuppressWarnings("ArrayRecordComponent")
    private record Pair(double[] points, double[] gradients, double rho) {}

    static final int MAX_ITERATIONS = 1000;
    // The gradient's largest part, relative to that at the start.
    private static final double GRADIENT_TOLERANCE = 1e-6;
    private static final double VALUE_TOLERANCE = 1e-11;
    private static final int IDLE_ITERATIONS = 5;
    private static final int MAX_PAIRS = 12;
    private static final long PAIR_BYTES = 256L << 20;

    private final Objective objective;
    private final double l1;
    private final int penalizedCount;
    private final ArrayDeque<Pair> pairs = new ArrayDeque<>();
    private boolean hasConverged;

    /** Penalises the first coordinates with {@code l1} times their absolute values; 0 for none. */
    QuasiNewton(Objective objective, double l1, int penalizedCount) {
        this.objective = objective;
        this.l1 = l1;
        this.penalizedCount = l1 == 0 ? 0 : penalizedCount;
    }

    /** Returns whether the last run ended at the minimum and not at the greatest number of iterations. */
    boolean hasConverged() {
        return hasConverged;
    }

    /** Returns the minimum. */
    double[] minimize(double[] start, Listener listener) {
        double[] point = start.clone();
        double[] gradient = new double[point.length];
        double value = objective.value(point, gradient) + penalty(point);
        double[] slope = slope(point, gradient);
        double enough = GRADIENT_TOLERANCE * greatest(slope);
        int maxPairs = (int) Math.max(3, Math.min(MAX_PAIRS, PAIR_BYTES / (16L * point.length)));
        int idle = 0;
        hasConverged = greatest(slope) == 0;
        for (int iteration = 1; iteration <= MAX_ITERATIONS && !hasConverged; iteration++) {
            double[] direction = direction(slope);
            double[] nextGradient = new double[point.length];
            double[] next = search(point, slope, direction, value, nextGradient);
            if (next.length == 0) {
                if (pairs.isEmpty()) {
                    hasConverged = true; // Even downhill nothing is lower: rounding.
                }
                pairs.clear();
                continue;
            }
            double nextValue = found;
            remember(point, next, gradient, nextGradient, maxPairs);
            idle = value - nextValue < VALUE_TOLERANCE * Math.abs(nextValue) ? idle + 1 : 0;
            point = next;
            gradient = nextGradient;
            value = nextValue;
            slope = slope(point, gradient);
            listener.improved(iteration, value);
            hasConverged = greatest(slope) <= enough || idle >= IDLE_ITERATIONS;
        }
        return point;
    }

    /** The value at the point that {@link #search} returned. */
    private double found;

    /** Returns a lower point along a direction, within the orthant where the penalty is linear; empty when there is none. */
    private double[] search(double[] point, double[] slope, double[] direction, double value, double[] nextGradient) {
        double step = pairs.isEmpty() ? 1 / Math.max(1, Math.sqrt(Vectors.dot(slope, slope))) : 1;
        double[] next = new double[point.length];
        for (int attempt = 0; attempt < 40; attempt++) {
            double decrease = 0;
            for (int i = 0; i < point.length; i++) {
                next[i] = point[i] + step * direction[i];
                if (i < penalizedCount && next[i] * (point[i] == 0 ? -slope[i] : point[i]) <= 0) {
                    next[i] = 0;
                }
                decrease += slope[i] * (next[i] - point[i]);
            }
            found = objective.value(next, nextGradient) + penalty(next);
            if (found <= value + 1e-4 * decrease && found < value) {
                return next;
            }
            step /= 2;
        }
        return new double[0];
    }

    /** Returns the gradient of value and penalty, of the least length where the penalty has a corner. */
    private double[] slope(double[] point, double[] gradient) {
        double[] slope = gradient.clone();
        for (int i = 0; i < penalizedCount; i++) {
            if (point[i] != 0) {
                slope[i] += Math.copySign(l1, point[i]);
            } else {
                slope[i] = Math.signum(gradient[i]) * Math.max(0, Math.abs(gradient[i]) - l1);
            }
        }
        return slope;
    }

    private double[] direction(double[] slope) {
        double[] direction = new double[slope.length];
        for (int i = 0; i < slope.length; i++) {
            direction[i] = -slope[i];
        }
        if (pairs.isEmpty()) {
            return direction;
        }
        double[] alphas = new double[pairs.size()];
        Iterator<Pair> newestFirst = pairs.descendingIterator();
        for (int i = pairs.size() - 1; i >= 0; i--) {
            Pair pair = newestFirst.next();
            alphas[i] = pair.rho() * Vectors.dot(pair.points(), direction);
            Vectors.add(-alphas[i], pair.gradients(), direction);
        }
        Pair newest = pairs.getLast();
        double scale = 1 / (newest.rho() * Vectors.dot(newest.gradients(), newest.gradients()));
        for (int i = 0; i < direction.length; i++) {
            direction[i] *= scale;
        }
        int i = 0;
        for (Pair pair : pairs) {
            Vectors.add(alphas[i++] - pair.rho() * Vectors.dot(pair.gradients(), direction), pair.points(), direction);
        }
        for (int j = 0; j < penalizedCount; j++) {
            direction[j] = direction[j] * slope[j] >= 0 ? 0 : direction[j];
        }
        return direction;
    }

    private void remember(double[] point, double[] next, double[] gradient, double[] nextGradient, int maxPairs) {
        double[] points = next.clone();
        Vectors.add(-1, point, points);
        double[] gradients = nextGradient.clone();
        Vectors.add(-1, gradient, gradients);
        double product = Vectors.dot(points, gradients);
        if (product > 1e-12 * Vectors.dot(gradients, gradients)) {
            pairs.addLast(new Pair(points, gradients, 1 / product));
            if (pairs.size() > maxPairs) {
                pairs.removeFirst();
            }
        }
    }

    private double penalty(double[] point) {
        double sum = 0;
        for (int i = 0; i < penalizedCount; i++) {
            sum += Math.abs(point[i]);
        }
        return l1 * sum;
    }

    private static double greatest(double[] values) {
        return Arrays.stream(values).map(Math::abs).max().orElse(0);
    }
}
