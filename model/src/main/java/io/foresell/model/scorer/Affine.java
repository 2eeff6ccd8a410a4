package io.foresell.model.scorer;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** {@code slope * sum + shift} for each of several sums: what a calibration makes of additive terms. */
final class Affine {
    private final Additive sums;
    private final double[] slopes;
    private final double[] shifts;

    private Affine(Additive sums, double[] slopes, double[] shifts) {
        this.sums = sums;
        this.slopes = slopes;
        this.shifts = shifts;
    }

    /** Returns the sums as they are. */
    static @Nullable Affine of(@Nullable Additive sums, int targetCount) {
        if (sums == null) {
            return null;
        }
        double[] ones = new double[targetCount];
        Arrays.fill(ones, 1);
        return new Affine(sums, ones, new double[targetCount]);
    }

    int targetCount() {
        return slopes.length;
    }

    /** Returns this after an operation with a constant per target; null when the result is not affine. */
    @Nullable
    Affine then(String operator, float[] constants, boolean isReversed) {
        if (constants.length != slopes.length) {
            return null;
        }
        double[] newSlopes = new double[slopes.length];
        double[] newShifts = new double[slopes.length];
        for (int i = 0; i < slopes.length; i++) {
            double constant = constants[i];
            switch (operator) {
                case "Add" -> set(newSlopes, newShifts, i, slopes[i], shifts[i] + constant);
                case "Sub" -> set(
                        newSlopes,
                        newShifts,
                        i,
                        isReversed ? -slopes[i] : slopes[i],
                        isReversed ? constant - shifts[i] : shifts[i] - constant);
                case "Mul" -> set(newSlopes, newShifts, i, slopes[i] * constant, shifts[i] * constant);
                case "Div" -> {
                    if (isReversed) {
                        return null;
                    }
                    set(newSlopes, newShifts, i, slopes[i] / constant, shifts[i] / constant);
                }
                default -> {
                    return null;
                }
            }
        }
        return new Affine(sums, newSlopes, newShifts);
    }

    private static void set(double[] slopes, double[] shifts, int target, double slope, double shift) {
        slopes[target] = slope;
        shifts[target] = shift;
    }

    /** Returns this with the background known; null when the terms cannot be told after all. */
    @Nullable
    Affine prepared(BackgroundMeans means) {
        Additive prepared = sums.prepared(means);
        return prepared == null ? null : new Affine(prepared, slopes, shifts);
    }

    double base(int target) {
        return slopes[target] * sums.base(target) + shifts[target];
    }

    /** Adds {@code factor} times the terms of a target. */
    void addTerms(float[] memory, int target, double factor, double[] perInput) {
        sums.addTerms(memory, target, factor * slopes[target], perInput);
    }
}
