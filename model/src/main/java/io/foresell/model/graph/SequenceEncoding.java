package io.foresell.model.graph;

import io.foresell.model.InputField;

/**
 * Each step of a sequence becomes {@code (x - offset) * scale}: one channel of a network.
 *
 * @param length number of steps, the same for all sequences of a model
 * @param fill what replaces a missing step, before offset and scale; finite
 */
public record SequenceEncoding(String input, int length, float fill, float offset, float scale)
        implements InputEncoding {
    public SequenceEncoding {
        Parameters.requireFinite("fill of " + input, fill);
        Parameters.requireFinite("offset of " + input, offset);
        Parameters.requireFinite("scale of " + input, scale);
        if (length < 2) {
            throw new IllegalArgumentException("length of %s: %d (expected: 2 or more)".formatted(input, length));
        }
    }

    @Override
    public InputField field() {
        return InputField.sequence(input, length);
    }
}
