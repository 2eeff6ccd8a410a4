package io.foresell.model.graph;

/**
 * How a family's own probability becomes a calibrated one; fitted on held-out rows, always rising.
 *
 * <p>Platt and beta calibration need log-odds. Families that have them are calibrated from them directly; from a
 * probability they are exact only where it is not close to 1, so it is kept in [{@link #LEAST_PROBABILITY}, 1 - {@link
 * #LEAST_PROBABILITY}] first.
 */
public sealed interface Calibration permits PlattCalibration, IsotonicCalibration, BetaCalibration {
    /** A probability closer to 0 or 1 counts as this close. */
    double LEAST_PROBABILITY = 1e-4;

    /** Log-odds beyond count as these, for beta calibration. */
    double MOST_LOG_ODDS = 30;

    /** Leaves the probability as it is. */
    // No deadlock: an interface without default methods is not initialised by its records.
    @SuppressWarnings("ClassInitializationDeadlock")
    Calibration NONE = new PlattCalibration(1, 0);
}
