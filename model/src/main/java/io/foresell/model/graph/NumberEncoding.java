package io.foresell.model.graph;

import io.foresell.model.InputField;

/**
 * A number is filled when missing, kept within bounds, perhaps compressed, and becomes {@code (x - offset) * scale}, in
 * this order and in floats. Standard, min-max and robust scaling are offsets (mean, least, median) and scales (1 / deviation,
 * 1 / range, 1 / range of the quartiles); imputation by a constant, mean, median or mode is a fill.
 *
 * @param input the name of the input, or of one step of a sequence
 * @param fill what replaces a missing value; NaN keeps it missing (trees)
 * @param low what a smaller value becomes; minus infinity for none
 * @param high what a greater value becomes; infinity for none
 * @param isLogarithmic whether x becomes {@code sign(x) * ln(1 + |x|)}
 */
public record NumberEncoding(
        String input, float fill, float low, float high, boolean isLogarithmic, float offset, float scale)
        implements InputEncoding {
    public NumberEncoding {
        Parameters.requireFiniteOrNaN("fill of " + input, fill);
        Parameters.requireFinite("offset of " + input, offset);
        Parameters.requireFinite("scale of " + input, scale);
        if (!(low <= high)) {
            throw new IllegalArgumentException(
                    "bounds of %s: %s and %s (expected: ascending numbers)".formatted(input, low, high));
        }
    }

    /** Returns a number without bounds or compression. */
    public NumberEncoding(String input, float fill, float offset, float scale) {
        this(input, fill, Float.NEGATIVE_INFINITY, Float.POSITIVE_INFINITY, false, offset, scale);
    }

    /** Returns the number as it is, missing stays NaN: the encoding for trees. */
    public static NumberEncoding raw(String input) {
        return new NumberEncoding(input, Float.NaN, 0, 1);
    }

    /** Returns the standardised number, missing becomes the mean; a deviation of 0 becomes 1. */
    public static NumberEncoding standardized(String input, double mean, double standardDeviation) {
        double scale = standardDeviation > 0 ? 1 / standardDeviation : 1;
        return new NumberEncoding(input, (float) mean, (float) mean, (float) scale);
    }

    /** Returns this with values kept in [low, high]. */
    public NumberEncoding within(float newLow, float newHigh) {
        return new NumberEncoding(input, fill, newLow, newHigh, isLogarithmic, offset, scale);
    }

    /** Returns this with {@code sign(x) * ln(1 + |x|)} in place of x, before offset and scale. */
    public NumberEncoding logarithmic() {
        return new NumberEncoding(input, fill, low, high, true, offset, scale);
    }

    boolean isBounded() {
        return low != Float.NEGATIVE_INFINITY || high != Float.POSITIVE_INFINITY;
    }

    float encode(float number) {
        float x = Float.isNaN(number) ? fill : number;
        if (isBounded()) {
            x = Math.min(Math.max(x, low), high);
        }
        if (isLogarithmic) {
            x = Math.signum(x) * (float) Math.log(1 + Math.abs(x));
        }
        return (x - offset) * scale;
    }

    @Override
    public InputField field() {
        return InputField.number(input);
    }
}
