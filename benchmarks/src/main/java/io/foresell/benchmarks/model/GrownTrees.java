package io.foresell.benchmarks.model;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.foresell.model.Rows;
import io.foresell.model.graph.Calibration;
import io.foresell.model.graph.Head;
import io.foresell.model.graph.ModelGraph;
import io.foresell.model.graph.Tree;
import io.foresell.model.graph.TreeEnsembleModel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import ml.dmlc.xgboost4j.java.Booster;
import ml.dmlc.xgboost4j.java.DMatrix;
import ml.dmlc.xgboost4j.java.XGBoost;
import ml.dmlc.xgboost4j.java.XGBoostError;

/** Trees that XGBoost grows on noisy data until they are as deep as they may be. */
final class GrownTrees {
    private GrownTrees() {}

    /** Every tree on its own sample of the rows and columns, all weighing the same. */
    static TestedModel forest(int treeCount, int depth) {
        Map<String, Object> settings = settings(depth);
        settings.put("num_parallel_tree", Scale.treeCount(treeCount));
        settings.put("subsample", 0.63);
        settings.put("colsample_bynode", 0.3);
        settings.put("eta", 1.0);
        return grow(ModelFamily.FOREST, settings, 1);
    }

    static TestedModel boosted(int treeCount, int depth) {
        Map<String, Object> settings = settings(depth);
        settings.put("eta", 0.1);
        return grow(ModelFamily.BOOSTED, settings, Scale.treeCount(treeCount));
    }

    private static Map<String, Object> settings(int depth) {
        Map<String, Object> settings = new HashMap<>();
        settings.put("objective", "binary:logistic");
        settings.put("tree_method", "hist");
        settings.put("base_score", 0.5f);
        settings.put("max_depth", depth);
        settings.put("min_child_weight", 0.5);
        settings.put("seed", 3);
        settings.put("nthread", 1);
        settings.put("verbosity", 0);
        return settings;
    }

    private static TestedModel grow(ModelFamily family, Map<String, Object> settings, int rounds) {
        Rows rows = family.rows(Scale.trainingRows(), 7);
        try {
            DMatrix matrix = new DMatrix(
                    rows.numbers(), rows.rowCount(), family.signature().numberWidth(), Float.NaN);
            try {
                matrix.setLabel(labels(rows, family.signature().numberWidth()));
                Booster booster = XGBoost.train(matrix, settings, rounds, Map.of(), null, null);
                byte[] json = booster.toByteArray("json");
                booster.dispose();
                byte[] onnx = ModelGraph.write(
                        family.preprocessing(),
                        TreeEnsembleModel.boosted(family.preprocessing().encodedWidth(), parse(json), 0),
                        Head.binary(Calibration.NONE));
                return TestedModel.ofNumbers(
                        family, onnx, new byte[0], "Concat", family.signature().numberWidth());
            } finally {
                matrix.dispose();
            }
        } catch (XGBoostError e) {
            throw new IllegalStateException("xgboost failed on %d rows".formatted(rows.rowCount()), e);
        }
    }

    /** Returns labels that depend on ten columns, some of them together, and on chance. */
    private static float[] labels(Rows rows, int width) {
        Random random = new Random(8);
        float[] labels = new float[rows.rowCount()];
        for (int row = 0; row < labels.length; row++) {
            double logOdds = random.nextGaussian();
            for (int column = 0; column < 10; column++) {
                float x = rows.numbers()[row * width + column];
                float y = rows.numbers()[row * width + (column + 1) % 10];
                logOdds += Float.isNaN(x) || Float.isNaN(y) ? 0.3 : 0.5 * x * y + 0.4 * Math.abs(x) - 0.3;
            }
            labels[row] = logOdds > 0 ? 1 : 0;
        }
        return labels;
    }

    /** Reads the trees of XGBoost's JSON model (its schema: "Introduction to Model IO"). */
    private static List<Tree> parse(byte[] json) {
        JsonArray trees = JsonParser.parseString(new String(json, StandardCharsets.UTF_8))
                .getAsJsonObject()
                .getAsJsonObject("learner")
                .getAsJsonObject("gradient_booster")
                .getAsJsonObject("model")
                .getAsJsonArray("trees");
        List<Tree> parsed = new ArrayList<>();
        for (JsonElement tree : trees) {
            parsed.add(tree(tree.getAsJsonObject()));
        }
        return parsed;
    }

    /** Takes nodes over in XGBoost's order, where children follow their parent; nothing was pruned away. */
    private static Tree tree(JsonObject json) {
        float[] left = floats(json, "left_children");
        float[] right = floats(json, "right_children");
        float[] splits = floats(json, "split_indices");
        float[] conditions = floats(json, "split_conditions");
        float[] defaultLeft = floats(json, "default_left");
        float[] cover = floats(json, "sum_hessian");
        int count = left.length;
        int[] feature = new int[count];
        float[] threshold = new float[count];
        int[] yes = new int[count];
        int[] no = new int[count];
        int[] missing = new int[count];
        float[] leaf = new float[count];
        for (int i = 0; i < count; i++) {
            boolean isLeaf = left[i] < 0;
            feature[i] = isLeaf ? -1 : (int) splits[i];
            threshold[i] = isLeaf ? 0 : conditions[i];
            leaf[i] = isLeaf ? conditions[i] : 0;
            yes[i] = isLeaf ? 0 : (int) left[i];
            no[i] = isLeaf ? 0 : (int) right[i];
            missing[i] = defaultLeft[i] != 0 ? yes[i] : no[i];
        }
        return new Tree(feature, threshold, yes, no, missing, leaf, cover);
    }

    /** Returns numbers of any sort; node indexes are small enough to be exact. */
    private static float[] floats(JsonObject json, String name) {
        JsonArray array = json.getAsJsonArray(name);
        float[] values = new float[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).getAsFloat();
        }
        return values;
    }
}
