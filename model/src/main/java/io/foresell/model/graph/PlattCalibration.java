package io.foresell.model.graph;

/**
 * The log-odds z become {@code slope * z + intercept}. Platt, "Probabilistic outputs for support vector machines" (1999).
 */
public record PlattCalibration(double slope, double intercept) implements Calibration {
    public PlattCalibration {
        Parameters.requireFinite("calibration slope", slope);
        Parameters.requireFinite("calibration intercept", intercept);
    }
}
