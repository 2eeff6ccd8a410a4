package io.foresell.training.calibrate;

import io.foresell.model.graph.Calibration;

/** Between probabilities and log-odds, as the nodes of a calibration compute them. */
final class LogOdds {
    // Of a probability in double precision nothing more is known beyond.
    private static final double LEAST = 1e-15;

    private LogOdds() {}

    /** Returns ln(p / (1 - p)), clipped as the graph clips it. */
    static double of(double probability, boolean readsLogOdds) {
        double least = readsLogOdds ? LEAST : Calibration.LEAST_PROBABILITY;
        double inside = Math.max(least, Math.min(1 - least, probability));
        return Math.log(inside) - Math.log1p(-inside);
    }

    /** Returns 1 / (1 + e^-z), without overflow. */
    static double sigmoid(double z) {
        return z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z));
    }

    /** Returns ln(1 / (1 + e^-z)), without overflow. */
    static double logSigmoid(double z) {
        return Math.min(z, 0) - Math.log1p(Math.exp(-Math.abs(z)));
    }
}
