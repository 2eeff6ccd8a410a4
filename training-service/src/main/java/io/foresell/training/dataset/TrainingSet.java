package io.foresell.training.dataset;

/** All rows of a training set, columnar; rows keep the order of the stream. Immutable. */
public final class TrainingSet {
    private final FeatureSetInfo info;

    TrainingSet(FeatureSetInfo info) {
        this.info = info;
    }

    /** Returns what the rows were made of. */
    public FeatureSetInfo info() {
        return info;
    }
}
