package io.foresell.model.graph;

/** Platt calibration at the end of a graph: the log-odds z become {@code slope * z + intercept}. */
public record Calibration(double slope, double intercept) {
    /** Leaves the log-odds as they are. */
    public static final Calibration NONE = new Calibration(1, 0);

    public Calibration {
        Parameters.requireFinite("calibration slope", slope);
        Parameters.requireFinite("calibration intercept", intercept);
    }

    boolean isNone() {
        return slope == 1 && intercept == 0;
    }
}
