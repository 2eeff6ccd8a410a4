package io.foresell.inference.lookup;

/** The features of those entities that are known. Owned by the one request. */
public final class KnownFeatures {
    private final FoundFeatures features;
    private final int[] places;

    KnownFeatures(FoundFeatures features, int[] places) {
        this.features = features;
        this.places = places;
    }

    /** Returns the features of the known entities, in the order of the keys. */
    public FoundFeatures features() {
        return features;
    }

    /** Returns the places of the known entities among the keys, ascending. Not copied. */
    public int[] places() {
        return places;
    }
}
