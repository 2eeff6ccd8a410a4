package io.foresell.model.graph;

import io.foresell.model.InputField;

/**
 * Each step of a sequence becomes {@code (x - offset) * scale}: one channel of a network.
 *
 * @param length number of steps, the same for all sequences of a model
 * @param fill what replaces a missing step, before offset and scale; finite
 * @param gaps what missing steps become before that
 * @param isLogarithmic whether x becomes {@code sign(x) * ln(1 + |x|)} once filled
 */
public record SequenceEncoding(
        String input, int length, float fill, float offset, float scale, SequenceGaps gaps, boolean isLogarithmic)
        implements InputEncoding {
    public SequenceEncoding {
        Parameters.requireFinite("fill of " + input, fill);
        Parameters.requireFinite("offset of " + input, offset);
        Parameters.requireFinite("scale of " + input, scale);
        if (length < 2) {
            throw new IllegalArgumentException("length of %s: %d (expected: 2 or more)".formatted(input, length));
        }
    }

    /** Returns the sequence with missing steps left to the fill. */
    public SequenceEncoding(String input, int length, float fill, float offset, float scale) {
        this(input, length, fill, offset, scale, SequenceGaps.KEPT, false);
    }

    /** Encodes the steps at {@code numbers[from ..]} into {@code target[to ..]}, as the graph does. */
    public void encode(float[] numbers, int from, float[] target, int to) {
        float[] filled = gaps.filled(numbers, from, length);
        for (int step = 0; step < length; step++) {
            target[to + step] = encode(filled[step]);
        }
    }

    private float encode(float number) {
        float x = Float.isNaN(number) ? fill : number;
        if (isLogarithmic) {
            x = Math.signum(x) * (float) Math.log(1 + Math.abs(x));
        }
        return (x - offset) * scale;
    }

    @Override
    public InputField field() {
        return InputField.sequence(input, length);
    }
}
