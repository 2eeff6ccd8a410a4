package io.foresell.model.graph;

import java.util.List;
import java.util.stream.IntStream;

/** Columns x become {@code (x - mean) . components}: principal components and other linear maps. Immutable. */
public final class ColumnProjection implements ColumnStep {
    private final float[] mean;
    private final float[] components;

    /**
     * Checks shapes and that every number is finite.
     *
     * @param mean shape [inputs]
     * @param components shape [outputs][inputs], one direction a row
     */
    public ColumnProjection(double[] mean, double[][] components) {
        if (mean.length == 0 || components.length == 0) {
            throw new IllegalArgumentException("projection: %d columns onto %d (expected: 1 or more of both)"
                    .formatted(mean.length, components.length));
        }
        this.mean = Parameters.floats("mean of the projection", mean);
        this.components = Parameters.matrix("components of the projection", components, mean.length);
    }

    @Override
    public int inputs() {
        return mean.length;
    }

    @Override
    public int outputs() {
        return components.length / mean.length;
    }

    @Override
    public List<String> names(List<String> names) {
        return IntStream.range(0, outputs()).mapToObj(i -> "component " + i).toList();
    }

    @Override
    public void apply(float[] from, int fromAt, float[] to, int toAt) {
        int width = mean.length;
        for (int i = 0; i < outputs(); i++) {
            double sum = 0;
            for (int j = 0; j < width; j++) {
                sum += (double) (from[fromAt + j] - mean[j]) * components[i * width + j];
            }
            to[toAt + i] = (float) sum;
        }
    }

    @Override
    public String write(GraphBuilder graph, String columns) {
        String centred = graph.node("Sub", List.of(columns, graph.constant("mean", mean, mean.length)));
        return graph.dense(centred, components, new float[outputs()]);
    }
}
