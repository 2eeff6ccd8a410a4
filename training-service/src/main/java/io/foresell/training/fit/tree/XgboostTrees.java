package io.foresell.training.fit.tree;

import com.google.gson.JsonArray;
import com.google.gson.JsonElement;
import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.foresell.model.graph.Calibration;
import io.foresell.model.graph.Head;
import io.foresell.model.graph.ModelGraph;
import io.foresell.model.graph.Preprocessing;
import io.foresell.model.graph.Tree;
import io.foresell.model.graph.TreeEnsembleModel;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/**
 * The trees of a booster, read from XGBoost's JSON model (its schema: "Introduction to Model IO"), where thresholds and
 * leaves are exactly the floats it predicts with.
 */
final class XgboostTrees {
    // Hessian sums of leaves may be 0 when min_child_weight is; covers must not.
    private static final float LEAST_COVER = 1e-6f;

    private final List<Tree> trees;
    private final double baseLogOdds;

    private XgboostTrees(List<Tree> trees, double baseLogOdds) {
        this.trees = trees;
        this.baseLogOdds = baseLogOdds;
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
        float base = Float.parseFloat(baseScore);
        List<Tree> trees = new ArrayList<>();
        for (JsonElement tree : learner.getAsJsonObject("gradient_booster")
                .getAsJsonObject("model")
                .getAsJsonArray("trees")) {
            trees.add(tree(tree.getAsJsonObject()));
        }
        return new XgboostTrees(trees, -Math.log(1f / base - 1f));
    }

    byte[] write(Preprocessing preprocessing) {
        TreeEnsembleModel model = TreeEnsembleModel.boosted(preprocessing.encodedWidth(), trees, baseLogOdds);
        return ModelGraph.write(preprocessing, model, Head.binary(Calibration.NONE));
    }

    /** Copies the nodes that can be reached, parents before children. */
    private static Tree tree(JsonObject json) {
        int[] left = ints(json, "left_children");
        int[] right = ints(json, "right_children");
        int[] splitIndexes = ints(json, "split_indices");
        float[] conditions = floats(json, "split_conditions");
        boolean[] isDefaultLeft = booleans(json, "default_left");
        float[] hessians = floats(json, "sum_hessian");
        List<Integer> order = reachable(left, right);
        int count = order.size();
        int[] newIndexes = new int[left.length];
        for (int i = 0; i < count; i++) {
            newIndexes[order.get(i)] = i;
        }
        int[] feature = new int[count];
        float[] threshold = new float[count];
        int[] yes = new int[count];
        int[] no = new int[count];
        int[] missing = new int[count];
        float[] leaf = new float[count];
        float[] cover = new float[count];
        for (int i = 0; i < count; i++) {
            int node = order.get(i);
            cover[i] = Math.max(LEAST_COVER, hessians[node]);
            if (left[node] < 0) {
                feature[i] = -1;
                leaf[i] = conditions[node];
            } else {
                feature[i] = splitIndexes[node];
                threshold[i] = conditions[node];
                yes[i] = newIndexes[left[node]];
                no[i] = newIndexes[right[node]];
                missing[i] = isDefaultLeft[node] ? yes[i] : no[i];
            }
        }
        return new Tree(feature, threshold, yes, no, missing, leaf, cover);
    }

    private static List<Integer> reachable(int[] left, int[] right) {
        List<Integer> order = new ArrayList<>(List.of(0));
        for (int i = 0; i < order.size(); i++) {
            int node = order.get(i);
            if (left[node] >= 0) {
                order.add(left[node]);
                order.add(right[node]);
            }
        }
        return order;
    }

    private static int[] ints(JsonObject json, String name) {
        JsonArray array = json.getAsJsonArray(name);
        int[] values = new int[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = array.get(i).getAsInt();
        }
        return values;
    }

    private static float[] floats(JsonObject json, String name) {
        JsonArray array = json.getAsJsonArray(name);
        float[] values = new float[array.size()];
        for (int i = 0; i < values.length; i++) {
            values[i] = Float.parseFloat(array.get(i).getAsString());
        }
        return values;
    }

    /** XGBoost writes booleans as 0 and 1. */
    private static boolean[] booleans(JsonObject json, String name) {
        JsonArray array = json.getAsJsonArray(name);
        boolean[] values = new boolean[array.size()];
        for (int i = 0; i < values.length; i++) {
            String text = array.get(i).getAsString();
            values[i] = text.equals("1") || text.equals("true");
        }
        return values;
    }
}
