package io.foresell.model.graph;

import java.util.ArrayList;
import java.util.List;

/**
 * A rising, piecewise linear curve from probability to probability: straight between knots, flat outside of them.
 *
 * <p>No piece is steeper than {@link #MAX_SLOPE}: across a step, two engines whose probabilities differ by one rounding
 * would give answers a whole block apart.
 *
 * @param from probabilities before calibration, in [0, 1], rising
 * @param to probabilities after it, in [0, 1], never falling; as many as {@code from}
 */
public record IsotonicCalibration(List<Double> from, List<Double> to) implements Calibration {
    /** Greatest slope of a piece; single precision then answers to about 1e-5. */
    public static final double MAX_SLOPE = 100;

    private static final double SLACK = 1e-6;

    public IsotonicCalibration {
        from = List.copyOf(from);
        to = List.copyOf(to);
        Parameters.requireLength("calibrated probabilities", to.size(), from.size());
        if (from.isEmpty()) {
            throw new IllegalArgumentException("calibration knots: 0 (expected: 1 or more)");
        }
        for (int i = 0; i < from.size(); i++) {
            requireProbability("knot " + i, from.get(i));
            requireProbability("calibrated probability of knot " + i, to.get(i));
            if (i > 0) {
                requireRising(i, from.get(i) - from.get(i - 1), to.get(i) - to.get(i - 1));
            }
        }
    }

    private static void requireProbability(String what, double value) {
        if (!(value >= 0 && value <= 1)) {
            throw new IllegalArgumentException("%s: %s (expected: 0..1)".formatted(what, value));
        }
    }

    private static void requireRising(int knot, double run, double rise) {
        if (!(run > 0) || rise < 0 || rise > MAX_SLOPE * run + SLACK) {
            throw new IllegalArgumentException(
                    "knot %d: %s right of and %s above the last (expected: right, a slope of 0..%s)"
                            .formatted(knot, run, rise, MAX_SLOPE));
        }
    }

    /**
     * Returns the curve through the knots of an isotonic regression, where a jump becomes a ramp of {@link #MAX_SLOPE}
     * that starts at its foot (a jump of 0.1 is 0.001 wide), and knots that a ramp runs over are dropped.
     *
     * @param from probabilities before calibration, in [0, 1], never falling
     * @param to probabilities after it, in [0, 1], never falling
     */
    public static IsotonicCalibration ofSteps(double[] from, double[] to) {
        Parameters.requireLength("calibrated probabilities", to.length, from.length);
        List<Double> xs = new ArrayList<>();
        List<Double> ys = new ArrayList<>();
        for (int i = 0; i < from.length; i++) {
            double x = from[i];
            if (!xs.isEmpty()) {
                double lastX = xs.get(xs.size() - 1);
                double lastY = ys.get(ys.size() - 1);
                double least = lastX + (to[i] - lastY) / MAX_SLOPE;
                if (x <= lastX && to[i] == lastY) {
                    continue;
                }
                x = Math.max(x, least);
                if (!(x > lastX)) {
                    continue; // A step so small that its ramp has no width.
                }
            }
            if (x > 1) {
                break;
            }
            xs.add(x);
            ys.add(to[i]);
        }
        return new IsotonicCalibration(xs, ys);
    }
}
