package io.foresell.model.graph;

/**
 * The probability p becomes {@code sigmoid(a * ln(p) - b * ln(1 - p) + c)}. Kull, Silva
 * Filho and Flach, "Beta calibration" (2017), equation 4.
 *
 * @param a 0 or more
 * @param b 0 or more
 */
public record BetaCalibration(double a, double b, double c) implements Calibration {
    public BetaCalibration {
        Parameters.requireFinite("beta calibration a", a);
        Parameters.requireFinite("beta calibration b", b);
        Parameters.requireFinite("beta calibration c", c);
        if (a < 0 || b < 0) {
            throw new IllegalArgumentException(
                    "beta calibration a and b: %s and %s (expected: 0 or more)".formatted(a, b));
        }
    }
}
