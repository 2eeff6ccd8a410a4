package io.foresell.model.scorer;

import org.jspecify.annotations.Nullable;

/** {@code bias + sum of weight * column}; the term of an input is {@code weight * (column - mean)} over its columns. */
final class LinearTerms implements Additive {
    private final int offset;
    private final int[] sources;
    private final float[] weights;
    private final double bias;
    private final double[] means;

    private LinearTerms(int offset, int[] sources, float[] weights, double bias, double[] means) {
        this.offset = offset;
        this.sources = sources;
        this.weights = weights;
        this.bias = bias;
        this.means = means;
    }

    /** Returns null when a column depends on several inputs. */
    static @Nullable LinearTerms of(Value.Floats columns, float[] weights, double bias) {
        for (int source : columns.sources()) {
            if (source < 0) {
                return null;
            }
        }
        return new LinearTerms(columns.offset(), columns.sources(), weights, bias, new double[weights.length]);
    }

    @Override
    public Additive prepared(BackgroundMeans background) {
        return new LinearTerms(offset, sources, weights, bias, background.of(offset, sources));
    }

    @Override
    public double base() {
        double base = bias;
        for (int i = 0; i < weights.length; i++) {
            base += weights[i] * means[i];
        }
        return base;
    }

    @Override
    public void addTerms(float[] memory, double slope, double[] perInput) {
        for (int i = 0; i < weights.length; i++) {
            perInput[sources[i]] += slope * weights[i] * (memory[offset + i] - means[i]);
        }
    }
}
