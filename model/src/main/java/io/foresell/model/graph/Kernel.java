package io.foresell.model.graph;

/**
 * How a support vector machine compares a row x with a support vector s.
 *
 * @param gamma above 0
 * @param offset of a polynomial, 0 or more
 * @param degree of a polynomial, 1 or more
 */
public record Kernel(Kind kind, double gamma, double offset, int degree) {
    /** The formula. */
    public enum Kind {
        /** {@code x . s}. */
        LINEAR,
        /** {@code exp(-gamma * |x - s|^2)}. */
        RBF,
        /** {@code (gamma * x . s + offset)^degree}. */
        POLY
    }

    public Kernel {
        Parameters.requireFinite("kernel gamma", gamma);
        Parameters.requireFinite("kernel offset", offset);
        if (!(gamma > 0) || offset < 0 || degree < 1) {
            throw new IllegalArgumentException(
                    "kernel gamma %s, offset %s, degree %d (expected: above 0, 0 or more, 1 or more)"
                            .formatted(gamma, offset, degree));
        }
    }

    /** Returns the linear kernel. */
    public static Kernel linear() {
        return new Kernel(Kind.LINEAR, 1, 0, 1);
    }

    /** Returns the radial basis function. */
    public static Kernel rbf(double gamma) {
        return new Kernel(Kind.RBF, gamma, 0, 1);
    }

    /** Returns a polynomial. */
    public static Kernel polynomial(double gamma, double offset, int degree) {
        return new Kernel(Kind.POLY, gamma, offset, degree);
    }
}
