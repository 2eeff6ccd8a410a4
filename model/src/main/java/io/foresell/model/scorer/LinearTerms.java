package io.foresell.model.scorer;

import org.jspecify.annotations.Nullable;

/** {@code bias + sum of weight * column} per target; the term of an input is {@code weight * (column - mean)} over its columns. */
final class LinearTerms implements Additive {
    private final int offset;
    private final int[] sources;
    private final float[] weights; // [columns, targets]
    private final float[] bias;
    private final double[] means;

    private LinearTerms(int offset, int[] sources, float[] weights, float[] bias, double[] means) {
        this.offset = offset;
        this.sources = sources;
        this.weights = weights;
        this.bias = bias;
        this.means = means;
    }

    /**
     * Returns null when a column depends on several inputs.
     *
     * @param weights row-major, shape [columns, targets]
     * @param bias shape [targets]
     */
    static @Nullable LinearTerms of(Value.Floats columns, float[] weights, float[] bias) {
        for (int source : columns.sources()) {
            if (source < 0) {
                return null;
            }
        }
        return new LinearTerms(columns.offset(), columns.sources(), weights, bias, new double[columns.size()]);
    }

    @Override
    public Additive prepared(BackgroundMeans background) {
        return new LinearTerms(offset, sources, weights, bias, background.of(offset, sources));
    }

    @Override
    public double base(int target) {
        double base = bias[target];
        for (int i = 0; i < means.length; i++) {
            base += weights[i * bias.length + target] * means[i];
        }
        return base;
    }

    @Override
    public void addTerms(float[] memory, int target, double slope, double[] perInput) {
        for (int i = 0; i < means.length; i++) {
            perInput[sources[i]] += slope * weights[i * bias.length + target] * (memory[offset + i] - means[i]);
        }
    }
}
