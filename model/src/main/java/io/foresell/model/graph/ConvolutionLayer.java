package io.foresell.model.graph;

/** Weights of a 1-D convolution with stride 1; takes ownership of the arrays. */
public final class ConvolutionLayer {
    final int channels;
    final int filters;
    final int kernel;
    final int paddingBefore;
    final int paddingAfter;
    final float[] weights;
    final float[] bias;

    /**
     * Checks shapes and that every weight is finite.
     *
     * @param paddingBefore zeros put before the sequence (DL4J's Same mode: {@code (kernel - 1) / 2})
     * @param paddingAfter zeros put after it (Same: {@code kernel - 1 - paddingBefore})
     * @param weights row-major, shape [filters, channels, kernel]; cross-correlation, not flipped
     * @param bias shape [filters]
     */
    public ConvolutionLayer(
            int channels, int filters, int kernel, int paddingBefore, int paddingAfter, float[] weights, float[] bias) {
        Parameters.requireLength("convolution weights", weights.length, filters * channels * kernel);
        Parameters.requireLength("convolution bias", bias.length, filters);
        Parameters.requireFinite("convolution weights", weights);
        Parameters.requireFinite("convolution bias", bias);
        if (kernel < 1 || paddingBefore < 0 || paddingAfter < 0 || paddingBefore >= kernel || paddingAfter >= kernel) {
            throw new IllegalArgumentException(
                    "convolution kernel %d, padding %d and %d (expected: padding below kernel)"
                            .formatted(kernel, paddingBefore, paddingAfter));
        }
        this.channels = channels;
        this.filters = filters;
        this.kernel = kernel;
        this.paddingBefore = paddingBefore;
        this.paddingAfter = paddingAfter;
        this.weights = weights;
        this.bias = bias;
    }

    int outputLength(int length) {
        return length + paddingBefore + paddingAfter - kernel + 1;
    }
}
