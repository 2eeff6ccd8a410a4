package io.foresell.training.fit.linear;

/** The logistic function. */
final class Sigmoid {
    private Sigmoid() {}

    /** Returns 1 / (1 + e^-z), without overflow. */
    static double of(double z) {
        return z >= 0 ? 1 / (1 + Math.exp(-z)) : Math.exp(z) / (1 + Math.exp(z));
    }
}
