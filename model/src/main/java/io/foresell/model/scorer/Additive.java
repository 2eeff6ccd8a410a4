package io.foresell.model.scorer;

/** A single float of a plan that is a sum of exact terms, each belonging to one input. */
interface Additive {
    /** Returns this with the means of its columns known; called once when a scorer is built. */
    default Additive prepared(BackgroundMeans means) {
        return this;
    }

    /** Returns the value of an ordinary row, to which the terms of a row are added. */
    double base();

    /**
     * Adds {@code slope} times the term of each input, for the row that the memory holds.
     *
     * @param perInput length: number of inputs
     */
    void addTerms(float[] memory, double slope, double[] perInput);
}
