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
}
