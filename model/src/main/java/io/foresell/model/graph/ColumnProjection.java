package io.foresell.model.graph;

/** Columns x become {@code (x - mean) . components}: principal components and other linear maps. Immutable. */
public final class ColumnProjection implements ColumnStep {
    final float[] mean;
    final float[] components;

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
}
