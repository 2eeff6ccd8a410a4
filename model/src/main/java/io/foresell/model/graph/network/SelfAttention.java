package io.foresell.model.graph.network;

import io.foresell.model.graph.GraphBuilder;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Scaled dot-product attention over the steps of a sequence (Vaswani et al. 2017, equation 1 and section 3.2.2): every step,
 * or every learned query, gets the mean of all steps weighted by {@code softmax(query . key / sqrt(width))}.
 */
public final class SelfAttention extends Layer {
    private final int channels;
    private final @Nullable Projection projection;
    private final @Nullable Queries queries;

    private SelfAttention(int channels, @Nullable Projection projection, @Nullable Queries queries) {
        this.channels = channels;
        this.projection = projection;
        this.queries = queries;
    }

    /** Returns attention of the steps to each other as they are. */
    public static SelfAttention plain(int channels) {
        return new SelfAttention(channels, null, null);
    }

    /**
     * Returns attention of one or more heads over projected steps.
     *
     * @param query row-major, shape [heads * headWidth, channels]
     * @param key row-major, shape [heads * headWidth, channels]
     * @param value row-major, shape [heads * headWidth, channels]
     * @param output from the heads' values to the result; row-major, shape [outputs, heads * headWidth]
     */
    public static SelfAttention projected(
            int channels, int heads, int outputs, float[] query, float[] key, float[] value, float[] output) {
        int width = channels == 0 ? 0 : query.length / channels;
        Weights.require("query weights", query, width, channels);
        Weights.require("key weights", key, width, channels);
        Weights.require("value weights", value, width, channels);
        Weights.require("output weights", output, outputs, width);
        if (heads < 1 || width % heads != 0) {
            throw new IllegalArgumentException(
                    "heads: %d (expected: a divisor of the width %d)".formatted(heads, width));
        }
        return new SelfAttention(
                channels, new Projection(heads, width / heads, outputs, query, key, value, output), null);
    }

    /**
     * Returns the attention of learned queries in place of the steps: the result has one step per query.
     *
     * @param vectors before projection; row-major, shape [count, channels]
     */
    public SelfAttention asking(int count, float[] vectors) {
        Weights.require("queries", vectors, count, channels);
        return new SelfAttention(channels, projection, new Queries(count, vectors));
    }

    @Override
    public Shape outputShape(Shape input) {
        Shape.Sequence sequence = requireSequence(input, channels);
        return new Shape.Sequence(
                projection == null ? channels : projection.outputs,
                queries == null ? sequence.length() : queries.count);
    }

    @Override
    void write(Wire input, Wire output) {
        String result = projection == null ? writePlain(input) : writeProjected(input, projection);
        output.set(Wire.Order.CHANNELS_LAST, result);
    }

    private String writePlain(Wire input) {
        GraphBuilder graph = input.graph();
        float scale = (float) (1 / Math.sqrt(channels));
        String steps = input.name(Wire.Order.CHANNELS_LAST);
        String asked = queries == null
                ? graph.node("Mul", List.of(steps, graph.constant("scale", new float[] {scale}, 1)))
                : graph.constant("queries", scaled(queries.vectors, scale), queries.count, channels);
        return attend(graph, asked, input.name(Wire.Order.CHANNELS_FIRST), steps);
    }

    private static String attend(GraphBuilder graph, String queries, String keys, String values) {
        String scores = graph.node("MatMul", List.of(queries, keys));
        String shares = graph.node("Softmax", List.of(scores), GraphBuilder.integer("axis", -1));
        return graph.node("MatMul", List.of(shares, values));
    }

    private String writeProjected(Wire input, Projection weights) {
        GraphBuilder graph = input.graph();
        boolean isSplit = weights.heads > 1;
        // The scale of the scores is in the weights of the queries already.
        String asked = queries == null
                ? perHead(input, weights, weights.scaledQuery(), 0, 2, 1, 3)
                : weights.constantQueries(graph, queries, channels);
        String keys = isSplit
                ? perHead(input, weights, weights.key, 0, 2, 3, 1)
                : graph.node(
                        "Transpose",
                        List.of(perHead(input, weights, weights.key)),
                        GraphBuilder.integers("perm", 0, 2, 1));
        String values = perHead(input, weights, weights.value, 0, 2, 1, 3);
        String result = attend(graph, asked, keys, values);
        if (isSplit) {
            String perStep = graph.node("Transpose", List.of(result), GraphBuilder.integers("perm", 0, 2, 1, 3));
            result = graph.node("Reshape", List.of(perStep, graph.constant("joined_shape", 0, 0, weights.width())));
        }
        float[] output = Weights.transposed(weights.output, weights.outputs, weights.width());
        return graph.node(
                "MatMul", List.of(result, graph.constant("output_weights", output, weights.width(), weights.outputs)));
    }

    /** Returns the projected steps: [N, length, width] for one head, else [N, length, heads, headWidth] permuted. */
    private String perHead(Wire input, Projection weights, float[] matrix, long... permutation) {
        GraphBuilder graph = input.graph();
        int width = weights.width();
        String constant = graph.constant("head_weights", Weights.transposed(matrix, width, channels), channels, width);
        String projected = graph.node("MatMul", List.of(input.name(Wire.Order.CHANNELS_LAST), constant));
        if (weights.heads == 1) {
            return projected;
        }
        String shape = graph.constant("split_shape", 0, 0, weights.heads, weights.headWidth);
        String split = graph.node("Reshape", List.of(projected, shape));
        return graph.node("Transpose", List.of(split), GraphBuilder.integers("perm", permutation));
    }

    private static float[] scaled(float[] values, float scale) {
        float[] scaled = values.clone();
        for (int i = 0; i < scaled.length; i++) {
            scaled[i] *= scale;
        }
        return scaled;
    }

    @SuppressWarnings("ArrayRecordComponent")
    private record Queries(int count, float[] vectors) {}

    @SuppressWarnings("ArrayRecordComponent")
    private record Projection(
            int heads, int headWidth, int outputs, float[] query, float[] key, float[] value, float[] output) {
        int width() {
            return heads * headWidth;
        }

        float[] scaledQuery() {
            return scaled(query, (float) (1 / Math.sqrt(headWidth)));
        }

        /** Learned queries are projected once and for all: [heads, count, headWidth], or [count, headWidth]. */
        String constantQueries(GraphBuilder graph, Queries queries, int channels) {
            float[] weights = scaledQuery();
            float[] projected = new float[queries.count * width()];
            for (int row = 0; row < width(); row++) {
                for (int query = 0; query < queries.count; query++) {
                    double sum = 0;
                    for (int channel = 0; channel < channels; channel++) {
                        sum += (double) weights[row * channels + channel] * queries.vectors[query * channels + channel];
                    }
                    int head = row / headWidth;
                    projected[(head * queries.count + query) * headWidth + row % headWidth] = (float) sum;
                }
            }
            return heads == 1
                    ? graph.constant("queries", projected, queries.count, headWidth)
                    : graph.constant("queries", projected, heads, queries.count, headWidth);
        }
    }
}
