package io.foresell.model.kernel;

/** A convolution with constant weights, laid out for the machine. */
public interface Convolution {
    /** Returns the floats of working memory that a run needs, beside the overrun. */
    int scratchSize();

    /**
     * Convolves one image.
     *
     * @param from where the image [channels, height, width] starts
     * @param to where the result [filters, output height, output width] goes
     * @param scratch where the working memory starts
     */
    void run(float[] memory, int from, int to, int scratch);

    /** Returns whether several images at once cost less than one after the other. */
    default boolean gainsInBlocks() {
        return false;
    }

    /** Convolves one image in each of the first arrays, at the same places. */
    default void runBlock(float[][] memories, int rowCount, int from, int to, int scratch) {
        for (int row = 0; row < rowCount; row++) {
            run(memories[row], from, to, scratch);
        }
    }
}
