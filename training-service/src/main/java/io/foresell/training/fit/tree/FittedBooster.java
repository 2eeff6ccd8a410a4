package io.foresell.training.fit.tree;

import io.foresell.model.Answer;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.graph.Preprocessing;
import io.foresell.training.fit.FittedModel;
import io.foresell.training.fit.LibraryVersions;
import java.util.List;
import java.util.Map;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.XGBoostError;

/** A booster and the encoding before it. */
final class FittedBooster implements FittedModel {
    private final Preprocessing preprocessing;
    private final Objective objective;
    private final List<String> classes;
    private final Booster booster;

    /** Owns the booster. */
    FittedBooster(Preprocessing preprocessing, Objective objective, List<String> classes, Booster booster) {
        this.preprocessing = preprocessing;
        this.objective = objective;
        this.classes = classes;
        this.booster = booster;
    }

    @Override
    public Signature signature() {
        return preprocessing.signature();
    }

    @Override
    public Answer answer() {
        return switch (objective) {
            case BINARY -> Answer.binary();
            case MULTICLASS -> Answer.multiclass(classes);
            case REGRESSION -> Answer.regression();
        };
    }

    private XgboostTrees trees() throws XGBoostError {
        return XgboostTrees.parse(booster.toByteArray("json"));
    }

    @Override
    public byte[] onnx() {
        try {
            return trees().write(preprocessing, objective, Math.max(1, classes.size()));
        } catch (XGBoostError e) {
            throw new IllegalStateException("xgboost could not write its trees", e);
        }
    }

    @Override
    public double[] predict(Rows rows) {
        try (XgboostRows encoded = XgboostRows.of(preprocessing, rows)) {
            if (objective == Objective.REGRESSION) {
                return values(encoded);
            }
            float[][] predictions = booster.predict(encoded.matrix);
            int width = Math.max(1, classes.size());
            double[] probabilities = new double[rows.rowCount() * width];
            for (int i = 0; i < probabilities.length; i++) {
                probabilities[i] = predictions[i / width][i % width];
            }
            return probabilities;
        } catch (XGBoostError e) {
            throw new IllegalStateException("xgboost could not predict", e);
        }
    }

    /** Returns the sums of the leaves that XGBoost finds, as doubles: its own floats lose what is small beside the mean. */
    private double[] values(XgboostRows encoded) throws XGBoostError {
        XgboostTrees trees = trees();
        float[][] leaves = booster.predictLeaf(encoded.matrix, 0);
        double[] values = new double[leaves.length];
        for (int row = 0; row < values.length; row++) {
            values[row] = trees.value(leaves[row]);
        }
        return values;
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
