package io.foresell.training.prepare;

/** A number becomes {@code (x - offset) * scale}. */
record Scaling(double offset, double scale) {
    private static final double LEAST_RANGE = 1e-30;

    /** Returns the scaling by values of the fold; a range of 0 becomes 1. */
    static Scaling of(Scale rule, Values known) {
        return switch (rule) {
            case NONE, FAMILY -> new Scaling(0, 1);
            case STANDARD -> of(known.mean(), known.deviation());
            case MIN_MAX -> of(known.least(), known.greatest() - known.least());
            case ROBUST -> of(known.quantile(0.5), known.quantile(0.75) - known.quantile(0.25));
        };
    }

    private static Scaling of(double offset, double range) {
        return new Scaling(offset, range > LEAST_RANGE ? 1 / range : 1);
    }
}
