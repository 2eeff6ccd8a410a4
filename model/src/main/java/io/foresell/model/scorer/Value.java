package io.foresell.model.scorer;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What a name of the graph stands for, for a batch of one row. */
sealed interface Value
        permits Value.Floats, Value.Texts, Value.Tokens, Value.FloatConstant, Value.IntConstant, EncodedColumns {
    /** Returns the dimensions; the batch dimension is 1. */
    int[] shape();

    default int size() {
        return Shapes.size(shape());
    }

    default int rank() {
        return shape().length;
    }

    /**
     * Floats at consecutive places of the memory.
     *
     * @param sources the input of the signature that each float alone depends on, or -1
     * @param additive how each float is a sum of contributions, when it is
     * @param link the scores that these probabilities were made of, when they were
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Floats(int offset, int[] shape, int[] sources, @Nullable Affine additive, @Nullable Link link)
            implements Value {
        Floats withShape(int[] newShape) {
            return new Floats(offset, newShape, sources, additive, link);
        }

        Floats linked(Link newLink) {
            return new Floats(offset, shape, sources, additive, newLink);
        }
    }

    /** Texts at places of the row, with the input each belongs to. */
    @SuppressWarnings("ArrayRecordComponent")
    record Texts(int[] places, int[] shape, int[] sources) implements Value {}

    /**
     * The tokens of a text, as many as it has.
     *
     * @param shape stands for [N, tokens]
     * @param source the input that the text depends on, or -1
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Tokens(TextReader text, Tokenizing tokenizing, int[] shape, int source) implements Value {}

    /** Constant floats. */
    @SuppressWarnings("ArrayRecordComponent")
    record FloatConstant(float[] values, int[] shape) implements Value {}

    /** Constant integers. */
    @SuppressWarnings("ArrayRecordComponent")
    record IntConstant(long[] values, int[] shape) implements Value {
        FloatConstant toFloats() {
            float[] floats = new float[values.length];
            for (int i = 0; i < floats.length; i++) {
                floats[i] = values[i];
                if ((long) floats[i] != values[i]) {
                    throw new UnsupportedOperatorException(
                            "tensor", "integer %d that no float holds".formatted(values[i]));
                }
            }
            return new FloatConstant(floats, shape);
        }

        int[] toInts(String what) {
            return Arrays.stream(values)
                    .mapToInt(value -> {
                        if (value != (int) value) {
                            throw BadGraph.of("%s: %d (expected: a 32-bit integer)", what, value);
                        }
                        return (int) value;
                    })
                    .toArray();
        }
    }
}
