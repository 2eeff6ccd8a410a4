package io.foresell.model.graph.network;

import io.foresell.model.graph.GraphBuilder;
import java.util.List;

/** One value per channel of a sequence or an image: a vector is left. */
public final class GlobalPooling extends Layer {
    /** What is left of a channel. */
    public enum Kind {
        /** The greatest value. */
        MAX,
        /** The mean. */
        AVERAGE,
        /** The sum. */
        SUM,
        /** The p-norm: {@code (sum |x|^p)^(1/p)}. */
        NORM
    }

    private final Kind kind;
    private final int power;

    private GlobalPooling(Kind kind, int power) {
        this.kind = kind;
        this.power = power;
    }

    /** Returns a pooling of a kind that needs no more; the norm is the Euclidean one. */
    public static GlobalPooling of(Kind kind) {
        return new GlobalPooling(kind, 2);
    }

    /** Returns pooling by the p-norm, p from 1 to 64. */
    public static GlobalPooling norm(int power) {
        if (power < 1 || power > 64) {
            throw new IllegalArgumentException("power of a norm: %d (expected: 1..64)".formatted(power));
        }
        return new GlobalPooling(Kind.NORM, power);
    }

    @Override
    public Shape outputShape(Shape input) {
        if (input instanceof Shape.Vector) {
            throw unexpected(input, "a sequence or an image");
        }
        return new Shape.Vector(input.channels());
    }

    @Override
    void write(Wire input, Wire output) {
        GraphBuilder graph = output.graph();
        List<String> inputs = List.of(input.name());
        if (kind == Kind.SUM) {
            String axes = input.shape() instanceof Shape.Image
                    ? graph.constant("pooled_axes", 2, 3)
                    : graph.constant("pooled_axes", 2);
            output.set(graph.node("ReduceSum", List.of(input.name(), axes), GraphBuilder.integer("keepdims", 0)));
            return;
        }
        String pooled =
                switch (kind) {
                    case MAX -> graph.node("GlobalMaxPool", inputs);
                    case AVERAGE -> graph.node("GlobalAveragePool", inputs);
                    default -> graph.node("GlobalLpPool", inputs, GraphBuilder.integer("p", power));
                };
        output.set(graph.node("Flatten", List.of(pooled), GraphBuilder.integer("axis", 1)));
    }
}
