package io.foresell.model.graph.network;

/**
 * One fitted step of a network, from one value to one value. Immutable; its arrays are its own once it is made. A layer
 * checks its weights when it is made, and the shape it reads when it is put into a network.
 */
public abstract sealed class Layer
        permits Activation,
                BatchNormalization,
                Bidirectional,
                Columns,
                Convolution,
                Dense,
                Embedding,
                Flatten,
                GlobalPooling,
                LastStep,
                Pooling,
                Recurrent,
                SelfAttention,
                ToImage {
    Layer() {}

    /**
     * Returns what it makes of a value of this shape.
     *
     * @throws IllegalArgumentException when it cannot read the shape
     */
    public abstract Shape outputShape(Shape input);

    /** Writes its nodes; the output wire is empty and has the output shape. */
    abstract void write(Wire input, Wire output);

    final Shape.Sequence requireSequence(Shape shape, int channels) {
        if (shape instanceof Shape.Sequence sequence && sequence.channels() == channels) {
            return sequence;
        }
        throw unexpected(shape, "a sequence of %d channels".formatted(channels));
    }

    final IllegalArgumentException unexpected(Shape shape, String expected) {
        return new IllegalArgumentException(
                "input of %s: %s (expected: %s)".formatted(getClass().getSimpleName(), shape, expected));
    }
}
