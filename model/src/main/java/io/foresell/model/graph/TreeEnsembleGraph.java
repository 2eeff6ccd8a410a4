package io.foresell.model.graph;

import java.util.List;

/** Writes boosted trees for a binary answer. */
public final class TreeEnsembleGraph {
    private TreeEnsembleGraph() {}

    /**
     * Returns the file of {@code sigmoid(calibration(baseLogOdds + sum of leaves))}.
     *
     * @param trees at least one, over the encoded columns; encode numbers raw so that NaN reaches the missing child
     */
    public static byte[] write(
            Preprocessing preprocessing, List<Tree> trees, double baseLogOdds, Calibration calibration) {
        TreeEnsembleModel model = TreeEnsembleModel.boosted(preprocessing.encodedWidth(), trees, baseLogOdds);
        return ModelGraph.write(preprocessing, model, Head.binary(calibration));
    }
}
