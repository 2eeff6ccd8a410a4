package io.foresell.model.scorer;

import org.jspecify.annotations.Nullable;

/** Floats of a plan that are sums of exact terms, each term belonging to one input. */
interface Additive {
    /**
     * Returns this with the background known; null when the terms cannot be told after all. Called once when a scorer is
     * built, before anything else.
     */
    default @Nullable Additive prepared(BackgroundMeans means) {
        return this;
    }

    /** Returns the value of an ordinary row, to which the terms of a row are added. */
    double base(int target);

    /**
     * Adds {@code slope} times the term of each input, for the row that the memory holds.
     *
     * @param target which of the floats
     * @param perInput length: number of inputs
     */
    void addTerms(float[] memory, int target, double slope, double[] perInput);
}
