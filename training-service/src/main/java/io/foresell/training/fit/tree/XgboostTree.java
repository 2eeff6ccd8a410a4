package io.foresell.training.fit.tree;

import com.google.gson.JsonArray;
import com.google.gson.JsonObject;
import io.foresell.model.graph.Tree;
import java.util.ArrayList;
import java.util.List;

/** One tree in XGBoost's own numbering of nodes. Immutable. */
final class XgboostTree {
    // Hessian sums of leaves may be 0 when min_child_weight is; covers must not.
    private static final float LEAST_COVER = 1e-6f;

    private final int[] left;
    private final int[] right;
    private final int[] columns;
    /** Thresholds, and the values of leaves. */
    private final float[] conditions;

    private final boolean[] isDefaultLeft;
    private final float[] hessians;

    private XgboostTree(JsonObject json) {
        left = ints(json, "left_children");
        right = ints(json, "right_children");
        columns = ints(json, "split_indices");
        conditions = floats(json, "split_conditions");
        isDefaultLeft = booleans(json, "default_left");
        hessians = floats(json, "sum_hessian");
    }

    static XgboostTree parse(JsonObject json) {
        return new XgboostTree(json);
    }

    float leaf(int node) {
        return conditions[node];
    }

    /**
     * Copies the nodes that can be reached, parents before children.
     *
     * @param isSparse columns of 0 and 1 whose zeros XGBoost took for missing
     */
    Tree toTree(boolean[] isSparse) {
        List<Integer> order = reachable();
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
                continue;
            }
            boolean isIndicator = isSparse[columns[node]];
            boolean isYesLeft = !isIndicator || isDefaultLeft[node];
            feature[i] = columns[node];
            threshold[i] = isIndicator ? threshold(node) : conditions[node];
            yes[i] = newIndexes[isYesLeft ? left[node] : right[node]];
            no[i] = newIndexes[isYesLeft ? right[node] : left[node]];
            missing[i] = newIndexes[isDefaultLeft[node] ? left[node] : right[node]];
        }
        return new Tree(feature, threshold, yes, no, missing, leaf, cover);
    }

    /** Returns the threshold that sends 0 where missing went, and 1 where it went itself. */
    private float threshold(int node) {
        boolean isOneLeft = 1 < conditions[node];
        return isOneLeft == isDefaultLeft[node] ? 2 : 0.5f;
    }

    private List<Integer> reachable() {
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
