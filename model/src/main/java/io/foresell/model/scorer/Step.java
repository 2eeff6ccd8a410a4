package io.foresell.model.scorer;

/** One computation of a plan on one row; immutable, so that many threads run it on their own memory. */
@FunctionalInterface
interface Step {
    /**
     * Reads and writes places of the memory that were fixed when the plan was built.
     *
     * @param texts texts of all rows
     * @param textBase where the row's texts start
     */
    void run(float[] memory, String[] texts, int textBase);

    /**
     * Returns whether several rows at once cost less than one after the other.
     *
     * @param memorySize floats of a row: a block of large rows leaves the cache
     */
    default boolean gainsInBlocks(int memorySize) {
        return false;
    }

    /**
     * Does the same for several rows, each with a memory of its own.
     *
     * @param textBase where the first row's texts start
     * @param textWidth texts of a row
     */
    default void runBlock(float[][] memories, int rowCount, String[] texts, int textBase, int textWidth) {
        for (int row = 0; row < rowCount; row++) {
            run(memories[row], texts, textBase + row * textWidth);
        }
    }
}
