package io.foresell.model.scorer;

import org.jspecify.annotations.Nullable;

/** {@code slope * sum + shift}: what a calibration makes of additive terms. */
record Affine(Additive sum, double slope, double shift) {
    static @Nullable Affine of(@Nullable Additive sum) {
        return sum == null ? null : new Affine(sum, 1, 0);
    }

    /** Returns this after an operation with a constant; null when the result is not affine. */
    @Nullable
    Affine then(String operator, double constant, boolean isReversed) {
        return switch (operator) {
            case "Add" -> new Affine(sum, slope, shift + constant);
            case "Sub" -> isReversed
                    ? new Affine(sum, -slope, constant - shift)
                    : new Affine(sum, slope, shift - constant);
            case "Mul" -> new Affine(sum, slope * constant, shift * constant);
            case "Div" -> isReversed ? null : new Affine(sum, slope / constant, shift / constant);
            default -> null;
        };
    }

    Affine prepared(BackgroundMeans means) {
        return new Affine(sum.prepared(means), slope, shift);
    }

    double base() {
        return slope * sum.base() + shift;
    }

    void addTerms(float[] memory, double[] perInput) {
        sum.addTerms(memory, slope, perInput);
    }
}
