package io.foresell.model.graph;

import io.foresell.model.InputField;

/**
 * A number becomes {@code (x - offset) * scale}, computed in floats.
 *
 * @param fill what replaces a missing value, before offset and scale; NaN keeps it missing (trees)
 */
public record NumberEncoding(String input, float fill, float offset, float scale) implements InputEncoding {
    public NumberEncoding {
        Parameters.requireFiniteOrNaN("fill of " + input, fill);
        Parameters.requireFinite("offset of " + input, offset);
        Parameters.requireFinite("scale of " + input, scale);
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

    @Override
    public InputField field() {
        return InputField.number(input);
    }
}
