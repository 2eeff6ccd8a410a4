package io.foresell.model.tree;

/** Trees arranged in memory for descending. All layouts find the same leaves. Immutable. */
interface TreeLayout {
    /**
     * Finds the leaf of each tree that a row reaches.
     *
     * @param payloads receives what the leaf of tree i carries at place i
     */
    void descend(float[] columns, int offset, TreeScratch scratch, int[] payloads);

    /** What each leaf carries, by node. */
    @FunctionalInterface
    interface Payload {
        int of(int leaf);
    }
}
