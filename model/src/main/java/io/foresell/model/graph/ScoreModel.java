package io.foresell.model.graph;

/**
 * Fitted parameters of one family: encoded columns [N, inputs] become scores [N, outputs]. What the scores mean (log-odds,
 * probabilities, values, ...) is the family's; a {@link Head} makes the answer of them. Immutable.
 */
public abstract sealed class ScoreModel
        permits LinearModel,
                TreeEnsembleModel,
                SvmModel,
                KMeansModel,
                GaussianMixtureModel,
                NaiveBayesModel,
                NeighborsModel,
                ExampleModel,
                RecommenderModel,
                EnsembleModel {
    /** Returns how many encoded columns it reads. */
    public abstract int inputs();

    /** Returns how many scores a row has. */
    public abstract int outputs();

    /** Returns whether a missing column, NaN, means something to it. */
    boolean readsMissing() {
        return false;
    }

    /** Writes the nodes from the encoded columns to the scores and returns the name of the scores. */
    abstract String write(String encoded, GraphBuilder graph);
}
