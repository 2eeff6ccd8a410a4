package io.foresell.training.fit.tree;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.foresell.model.graph.Calibration;
import io.foresell.model.graph.Head;
import io.foresell.model.graph.ModelGraph;
import io.foresell.model.graph.Preprocessing;
import io.foresell.model.graph.TreeEnsembleModel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The trees of a booster, read from XGBoost's JSON model (its schema: "Introduction to Model IO"), where thresholds and
 * leaves are exactly the floats it predicts with. Round after round, one tree per output.
 */
final class XgboostTrees {
    private final List<XgboostTree> trees;
    private final float baseScore;

    private XgboostTrees(List<XgboostTree> trees, float baseScore) {
        this.trees = trees;
        this.baseScore = baseScore;
    }

    static XgboostTrees parse(byte[] json) {
        JsonObject learner = JsonParser.parseString(new String(json, StandardCharsets.UTF_8))
                .getAsJsonObject()
                .getAsJsonObject("learner");
        String baseScore = learner.getAsJsonObject("learner_model_param")
                .get("base_score")
                .getAsString()
                .replace("[", "")
                .replace("]", "");
        JsonArray trees = learner.getAsJsonObject("gradient_booster")
                .getAsJsonObject("model")
                .getAsJsonArray("trees");
        List<XgboostTree> read = new ArrayList<>();
        for (JsonElement tree : trees) {
            read.add(XgboostTree.parse(tree.getAsJsonObject()));
        }
        return new XgboostTrees(read, Float.parseFloat(baseScore));
    }

    /** Returns the graph of a model with so many outputs. */
    byte[] write(Preprocessing preprocessing, Objective objective, int outputs) {
        int width = preprocessing.encodedWidth();
        boolean[] isSparse = XgboostRows.sparseColumns(preprocessing);
        double[] base = new double[outputs];
        base[0] = switch (objective) {
            case BINARY -> -Math.log(1f / baseScore - 1f);
            case REGRESSION -> baseScore;
            case MULTICLASS -> 0;
        };
        Head head =
                switch (objective) {
                    case BINARY -> Head.binary(Calibration.NONE);
                    case REGRESSION -> Head.regression();
                    case MULTICLASS -> Head.multiclass(List.of());
                };
        TreeEnsembleModel model = TreeEnsembleModel.boosted(
                width, trees.stream().map(tree -> tree.toTree(isSparse)).toList(), base);
        return ModelGraph.write(preprocessing, model, head);
    }

    /** Returns the value of a row that reaches these nodes, one per tree. */
    double value(float[] nodes) {
        double sum = baseScore;
        for (int tree = 0; tree < nodes.length; tree++) {
            sum += trees.get(tree).leaf((int) nodes[tree]);
        }
        return sum;
    }
}
