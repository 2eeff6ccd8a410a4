package io.foresell.training.fit.ensemble;

import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/** Minimises a smooth convex function whose first parameters must not be below 0, by Newton steps that keep the bounds. */
final class BoundedNewton {
    private static final int MAX_STEPS = 100;
    private static final int MAX_SWEEPS = 20_000;
    private static final double SMALL_STEP = 1e-8;
    private static final double SMALL_CHANGE = 1e-12;
    private static final double SUFFICIENT = 1e-4; // Armijo

    private BoundedNewton() {}

    /** A function of a few parameters. */
    interface Function {
        double value(double[] at);

        /** Adds the first and second derivatives to arrays of zeros; the second ones are positive definite. */
        void derive(double[] at, double[] slope, double[][] curvature);
    }

    /** Returns where the function is least; {@code start} keeps the bounds. */
    static double[] minimize(Function function, double[] start, int boundedCount, BooleanSupplier isCancelled) {
        double[] at = start.clone();
        double value = function.value(at);
        for (int i = 0; i < MAX_STEPS; i++) {
            if (isCancelled.getAsBoolean()) {
                throw new CancellationException("cancelled while stacking");
            }
            double[] slope = new double[at.length];
            double[][] curvature = new double[at.length][at.length];
            function.derive(at, slope, curvature);
            double[] step = step(at, slope, curvature, boundedCount);
            double promised = 0;
            double greatest = 0;
            for (int k = 0; k < at.length; k++) {
                step[k] -= at[k];
                promised += slope[k] * step[k];
                greatest = Math.max(greatest, Math.abs(step[k]));
            }
            double share = 1;
            double[] next = moved(at, step, share);
            double reached = function.value(next);
            while (reached > value + SUFFICIENT * share * promised && share > SMALL_STEP) {
                share /= 2;
                next = moved(at, step, share);
                reached = function.value(next);
            }
            if (!(reached <= value)) {
                return at;
            }
            at = next;
            value = reached;
            if (greatest * share < SMALL_STEP) {
                return at;
            }
        }
        return at;
    }

    private static double[] moved(double[] at, double[] step, double share) {
        double[] next = new double[at.length];
        for (int i = 0; i < next.length; i++) {
            next[i] = at[i] + share * step[i];
        }
        return next;
    }

    /** Returns where the quadratic with these derivatives at {@code at} is least within the bounds, one parameter after the other. */
    static double[] step(double[] at, double[] slope, double[][] curvature, int boundedCount) {
        double[] next = at.clone();
        double[] slopes = slope.clone();
        for (int sweep = 0; sweep < MAX_SWEEPS; sweep++) {
            double greatest = 0;
            for (int i = 0; i < next.length; i++) {
                double to = next[i] - slopes[i] / curvature[i][i];
                double change = (i < boundedCount ? Math.max(0, to) : to) - next[i];
                next[i] += change;
                greatest = Math.max(greatest, Math.abs(change));
                for (int j = 0; j < next.length; j++) {
                    slopes[j] += change * curvature[i][j];
                }
            }
            if (greatest < SMALL_CHANGE) {
                break;
            }
        }
        return next;
    }
}
