package io.foresell.model.tree;

/**
 * Shapley values of the rows that trees score: how much each player adds to a target, beyond its mean. A player is one
 * column, or several that become known together. Immutable, thread-safe, no allocation per row after warm-up.
 */
public sealed interface TreeShap permits PathDependentShap, InterventionalShap {
    /** Returns a target's value when no player is known, to which the values of a row add up to the row's own. */
    double mean(int target);

    /**
     * Adds {@code slope} times each player's value.
     *
     * @param columns the row's columns start at {@code offset}; NaN is missing
     * @param perPlayer length above the largest player
     */
    void add(float[] columns, int offset, int target, double slope, double[] perPlayer);
}
