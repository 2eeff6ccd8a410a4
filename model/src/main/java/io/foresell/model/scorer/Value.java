package io.foresell.model.scorer;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** What a name of the graph stands for, for a batch of one row. */
sealed interface Value
        permits Value.Floats,
                Value.Texts,
                Value.Tokens,
                Value.TokenNumbers,
                Value.FloatConstant,
                Value.IntConstant,
                EncodedColumns {
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
     * @param filler what stands behind them, up to the number of tokens of the batch's longest text
     * @param shape stands for [N, tokens]; more ones may be in between
     * @param source the input that the text depends on, or -1
     */
    @SuppressWarnings("ArrayRecordComponent")
    record Tokens(TextReader text, Tokenizing tokenizing, String filler, int[] shape, int source) implements Value {
        Tokens withShape(int[] newShape) {
            return new Tokens(text, tokenizing, filler, newShape, source);
        }
    }

    /**
     * A number for each token of a text, and zeros behind them.
     *
     * @param labels by the id that the table has for a token
     * @param unknown the number of tokens that are not in the table
     * @param filler the number of what fills up the tokens
     * @param zeros how many zeros follow the tokens and what fills them up
     */
    @SuppressWarnings("ArrayRecordComponent")
    record TokenNumbers(
            Tokens tokens, TokenTable table, float[] labels, float unknown, float filler, boolean isInteger, int zeros)
            implements Value {
        @Override
        public int[] shape() {
            return tokens.shape();
        }

        TokenNumbers withZeros(int count) {
            return new TokenNumbers(tokens, table, labels, unknown, filler, isInteger, count);
        }
    }

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
