package io.foresell.benchmarks.training;

import io.foresell.model.graph.Preprocessing;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.fit.Encodings;
import io.foresell.training.fit.FitRequest;
import io.foresell.training.fit.FittedModel;
import io.foresell.training.fit.tree.BoostedTrees;
import java.util.Map;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;

/** The same parameters on the same encoded rows, trained by the library alone. */
final class LibraryTraining implements AutoCloseable {
    private final BoostedTrees trees;
    private final int threadCount;
    private final float[] cells;
    private final float[] labels;
    private final int width;
    private final DMatrix prepared;

    private LibraryTraining(BoostedTrees trees, int threadCount, float[] cells, float[] labels, int width)
            throws XGBoostError {
        this.trees = trees;
        this.threadCount = threadCount;
        this.cells = cells;
        this.labels = labels;
        this.width = width;
        this.prepared = matrix();
    }

    static LibraryTraining of(TrainingFold fold, BoostedTrees trees, int threadCount) throws XGBoostError {
        Encodings encodings = FitRequest.of(fold, 1).encodings();
        Preprocessing columns = encodings.rawFlat();
        return new LibraryTraining(
                trees, threadCount, columns.encode(encodings.rows()), encodings.labels(), columns.encodedWidth());
    }

    /** Fits as the training service does: encodings, matrix and trees. */
    void whole(TrainingFold fold) {
        try (FittedModel model = trees.fitter(threadCount).fit(FitRequest.of(fold, 1))) {
            model.signature();
        }
    }

    /** Trains on the matrix as it lies in memory. */
    void trainPrepared() throws XGBoostError {
        train(prepared);
    }

    /** Makes the matrix first. */
    void trainWithMatrix() throws XGBoostError {
        DMatrix matrix = matrix();
        train(matrix);
        matrix.dispose();
    }

    private DMatrix matrix() throws XGBoostError {
        DMatrix matrix = new DMatrix(cells, labels.length, width, Float.NaN);
        matrix.setLabel(labels);
        return matrix;
    }

    private void train(DMatrix matrix) throws XGBoostError {
        Map<String, Object> settings = Map.of(
                "objective",
                "binary:logistic",
                "tree_method",
                "hist",
                "eta",
                trees.learningRate(),
                "max_depth",
                trees.maxDepth(),
                "max_leaves",
                trees.maxLeaves(),
                "grow_policy",
                trees.maxLeaves() > 0 ? "lossguide" : "depthwise",
                "nthread",
                threadCount,
                "verbosity",
                0);
        Booster booster = XGBoost.train(matrix, settings, trees.treeCount(), Map.of(), null, null);
        booster.dispose();
    }

    @Override
    public void close() {
        prepared.dispose();
    }
}
