package io.foresell.model.scorer;

/**
 * A step that ends in {@code max(0, y + bias)} or in {@code y + bias} per channel, and so can do cheap operations that
 * follow it: a scale and shift per channel (a bias, batch normalisation, calibration) goes into its weights.
 */
interface FoldableStep extends Step {
    /** Returns the number of channels. */
    int channels();

    /** Returns how many consecutive floats of the result belong to one channel. */
    int channelRun();

    /** Returns whether it ends in {@code max(0, y)}: then nothing more can be folded. */
    boolean isRectified();

    /** Returns this ending in {@code max(0, y)}. */
    FoldableStep rectified();

    /** Returns this with {@code y * scale + shift} per channel. */
    FoldableStep scaled(float[] scale, float[] shift);
}
