package io.foresell.training.fit.tree;

import io.foresell.model.Task;
import io.foresell.training.fit.Algorithm;
import io.foresell.training.fit.Fitter;
import io.foresell.training.fit.Ranges;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * Fits gradient-boosted trees.
 *
 * @param treeCount 1 to 5000
 * @param learningRate in (0, 1]
 * @param maxDepth 1 to 16
 * @param maxLeaves 0 means no bound beside the depth; otherwise the best leaf is grown first
 * @param minChildWeight least sum of hessians in a leaf, 0 or more
 * @param rowSample share of rows drawn for each tree, in (0, 1]
 * @param columnSample share of columns drawn for each tree, in (0, 1]
 * @param l2Penalty on leaf weights, 0 or more
 * @param heldBackShare share of the rows on which the number of trees is found, at most {@code treeCount}, before all rows are
 *     fitted with it; in (0, 0.5], or 0 for exactly {@code treeCount} trees
 * @param patience trees in a row without a lower loss on the rows held back after which no more are tried
 */
public record BoostedTrees(
        int treeCount,
        double learningRate,
        int maxDepth,
        int maxLeaves,
        double minChildWeight,
        double rowSample,
        double columnSample,
        double l2Penalty,
        double heldBackShare,
        int patience)
        implements Algorithm {
    /** Is what a spec means that says nothing else. */
    public static final BoostedTrees DEFAULT = new BoostedTrees(150, 0.05, 4, 0, 1, 1, 1, 1);

    private static final int USUAL_PATIENCE = 20;

    public BoostedTrees {
        Ranges.require("tree_count", treeCount, 1, 5000);
        Ranges.require("learning_rate", learningRate, 1e-6, 1);
        Ranges.require("max_depth", maxDepth, 1, 16);
        Ranges.require("max_leaves", maxLeaves, 0, 65_536);
        Ranges.require("min_child_weight", minChildWeight, 0, 1e9);
        Ranges.require("row_sample", rowSample, 1e-6, 1);
        Ranges.require("column_sample", columnSample, 1e-6, 1);
        Ranges.require("l2_penalty", l2Penalty, 0, 1e9);
        Ranges.require("held_back_share", heldBackShare, 0, 0.5);
        Ranges.require("patience", patience, 1, 1000);
    }

    /** Fits exactly so many trees. */
    public BoostedTrees(
            int treeCount,
            double learningRate,
            int maxDepth,
            int maxLeaves,
            double minChildWeight,
            double rowSample,
            double columnSample,
            double l2Penalty) {
        this(
                treeCount,
                learningRate,
                maxDepth,
                maxLeaves,
                minChildWeight,
                rowSample,
                columnSample,
                l2Penalty,
                0,
                USUAL_PATIENCE);
    }

    @Override
    public String key() {
        return "boosted_trees";
    }

    @Override
    public Map<String, String> asText() {
        Map<String, String> text = new HashMap<>(Map.of(
                "tree_count", Integer.toString(treeCount),
                "learning_rate", Double.toString(learningRate),
                "max_depth", Integer.toString(maxDepth),
                "max_leaves", Integer.toString(maxLeaves),
                "min_child_weight", Double.toString(minChildWeight),
                "row_sample", Double.toString(rowSample),
                "column_sample", Double.toString(columnSample),
                "l2_penalty", Double.toString(l2Penalty)));
        if (heldBackShare > 0) {
            text.put("held_back_share", Double.toString(heldBackShare));
            text.put("patience", Integer.toString(patience));
        }
        return text;
    }

    @Override
    public Set<Task> tasks() {
        return Set.of(Task.BINARY, Task.MULTICLASS, Task.REGRESSION);
    }

    @Override
    public Fitter fitter(int threadCount) {
        return new BoostedTreesFitter(this, threadCount);
    }

    @Override
    public double work() {
        return 1 + treeCount * maxDepth / 100.0;
    }
}
