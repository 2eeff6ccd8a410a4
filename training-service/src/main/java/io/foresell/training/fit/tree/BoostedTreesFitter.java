package io.foresell.training.fit.tree;

import io.foresell.model.Answer;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.graph.Preprocessing;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.fit.Encodings;
import io.foresell.training.fit.FitListener;
import io.foresell.training.fit.FitRequest;
import io.foresell.training.fit.FittedModel;
import io.foresell.training.fit.Fitter;
import io.foresell.training.fit.LibraryVersions;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;

/** Fits boosted trees with XGBoost on raw numbers, NaN as missing, and one-hot texts. */
final class BoostedTreesFitter implements Fitter {
    // Below, one thread is fastest: threads wait for each other after every level of every tree.
    private static final long CELLS_PER_THREAD = 1_000_000;

    private final BoostedTrees parameters;
    private final int threadCount;

    BoostedTreesFitter(BoostedTrees parameters, int threadCount) {
        this.parameters = parameters;
        this.threadCount = threadCount;
    }

    @Override
    public FittedModel fit(FitRequest request) {
        TrainingFold fold = request.fold();
        Encodings encodings = request.encodings();
        Preprocessing preprocessing = encodings.rawFlat();
        try {
            DMatrix matrix = matrix(preprocessing, encodings.rows());
            try {
                matrix.setLabel(encodings.labels());
                long cells = (long) fold.rowCount() * preprocessing.encodedWidth();
                Map<String, Object> settings = settings(fold.meanLabel(), request.seed(), cells);
                Booster booster = boost(matrix, settings, request.listener(), request.isCancelled());
                return new FittedTrees(preprocessing, booster);
            } finally {
                matrix.dispose();
            }
        } catch (XGBoostError e) {
            throw new IllegalStateException("xgboost failed on %d rows".formatted(fold.rowCount()), e);
        }
    }

    private Booster boost(
            DMatrix matrix, Map<String, Object> settings, FitListener listener, BooleanSupplier isCancelled)
            throws XGBoostError {
        Booster booster = XGBoost.train(matrix, settings, 0, Map.of(), null, null);
        boolean isComplete = false;
        try {
            for (int tree = 0; tree < parameters.treeCount(); tree++) {
                if (isCancelled.getAsBoolean()) {
                    throw new CancellationException("cancelled while fitting");
                }
                booster.update(matrix, tree);
                listener.progressed(tree + 1, parameters.treeCount(), loss(booster, matrix, tree));
            }
            isComplete = true;
            return booster;
        } finally {
            if (!isComplete) {
                booster.dispose();
            }
        }
    }

    private Map<String, Object> settings(double positiveRate, long seed, long cells) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("objective", "binary:logistic");
        settings.put("eval_metric", "logloss");
        settings.put("tree_method", "hist");
        settings.put("base_score", (float) positiveRate);
        settings.put("eta", parameters.learningRate());
        settings.put("max_depth", parameters.maxDepth());
        settings.put("max_leaves", parameters.maxLeaves());
        settings.put("grow_policy", parameters.maxLeaves() > 0 ? "lossguide" : "depthwise");
        settings.put("min_child_weight", parameters.minChildWeight());
        settings.put("subsample", parameters.rowSample());
        settings.put("colsample_bytree", parameters.columnSample());
        settings.put("lambda", parameters.l2Penalty());
        settings.put("seed", (int) (seed ^ (seed >>> 32)) & Integer.MAX_VALUE);
        settings.put("nthread", (int) Math.min(threadCount, 1 + cells / CELLS_PER_THREAD));
        settings.put("verbosity", 0);
        return settings;
    }

    /** Returns the log-loss on the training rows, read from XGBoost's "[0]\ttrain-logloss:0.5". */
    private static double loss(Booster booster, DMatrix matrix, int tree) throws XGBoostError {
        String line = booster.evalSet(new DMatrix[] {matrix}, new String[] {"train"}, tree);
        return Double.parseDouble(line.substring(line.lastIndexOf(':') + 1).trim());
    }

    /** Returns encoded rows outside of the heap; the caller disposes of it. */
    static DMatrix matrix(Preprocessing preprocessing, Rows rows) throws XGBoostError {
        return new DMatrix(preprocessing.encode(rows), rows.rowCount(), preprocessing.encodedWidth(), Float.NaN);
    }

    /** A booster and the encoding before it. */
    private static final class FittedTrees implements FittedModel {
        private final Preprocessing preprocessing;
        private final Booster booster;

        FittedTrees(Preprocessing preprocessing, Booster booster) {
            this.preprocessing = preprocessing;
            this.booster = booster;
        }

        @Override
        public Signature signature() {
            return preprocessing.signature();
        }

        @Override
        public Answer answer() {
            return Answer.binary();
        }

        @Override
        public byte[] onnx() {
            try {
                return XgboostTrees.parse(booster.toByteArray("json")).write(preprocessing);
            } catch (XGBoostError e) {
                throw new IllegalStateException("xgboost could not write its trees", e);
            }
        }

        @Override
        public double[] predict(Rows rows) {
            try {
                DMatrix matrix = matrix(preprocessing, rows);
                try {
                    float[][] predictions = booster.predict(matrix);
                    double[] probabilities = new double[rows.rowCount()];
                    for (int row = 0; row < probabilities.length; row++) {
                        probabilities[row] = predictions[row][0];
                    }
                    return probabilities;
                } finally {
                    matrix.dispose();
                }
            } catch (XGBoostError e) {
                throw new IllegalStateException("xgboost could not predict", e);
            }
        }

        @Override
        public double parityTolerance() {
            return 1e-5;
        }

        @Override
        public Map<String, byte[]> source() {
            try {
                return Map.of("model.ubj", booster.toByteArray("ubj"));
            } catch (XGBoostError e) {
                throw new IllegalStateException("xgboost could not write its model", e);
            }
        }

        @Override
        public Map<String, String> libraryVersions() {
            return LibraryVersions.of("ml.dmlc", "xgboost4j_2.12", Booster.class);
        }

        @Override
        public void close() {
            booster.dispose();
        }
    }
}
