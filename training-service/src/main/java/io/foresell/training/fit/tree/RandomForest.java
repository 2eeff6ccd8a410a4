package io.foresell.training.fit.tree;

import io.foresell.model.Task;
import io.foresell.training.fit.Algorithm;
import io.foresell.training.fit.Fitter;
import io.foresell.training.fit.Ranges;
import java.util.Map;
import java.util.Set;

/**
 * Fits a random forest: trees on rows drawn with replacement, each split among a few columns drawn anew; the answer is the mean
 * of the leaves. Breiman, "Random Forests" (2001).
 *
 * @param treeCount 1 to 2000
 * @param maxDepth 1 to 64
 * @param minLeafRows different rows on each side of a split, 1 or more
 * @param columnShare share of the encoded columns drawn for each split, in (0, 1]; 0 means their square root, or a third for
 *     values
 */
public record RandomForest(int treeCount, int maxDepth, int minLeafRows, double columnShare) implements Algorithm {
    /** Is what a spec means that says nothing else. */
    public static final RandomForest DEFAULT = new RandomForest(300, 32, 5, 0);

    public RandomForest {
        Ranges.require("tree_count", treeCount, 1, 2000);
        Ranges.require("max_depth", maxDepth, 1, 64);
        Ranges.require("min_leaf_rows", minLeafRows, 1, 1_000_000);
        Ranges.require("column_share", columnShare, 0, 1);
    }

    @Override
    public String key() {
        return "random_forest";
    }

    @Override
    public Set<Task> tasks() {
        return Set.of(Task.BINARY, Task.MULTICLASS, Task.REGRESSION);
    }

    @Override
    public Map<String, String> asText() {
        return Map.of(
                "tree_count", Integer.toString(treeCount),
                "max_depth", Integer.toString(maxDepth),
                "min_leaf_rows", Integer.toString(minLeafRows),
                "column_share", Double.toString(columnShare));
    }

    @Override
    public Fitter fitter(int threadCount) {
        return new RandomForestFitter(this, threadCount);
    }

    @Override
    public double work() {
        return 1 + treeCount / 10.0;
    }

    /** Returns how many columns are drawn for each split. */
    int columnsPerSplit(int width, Task task) {
        double share = columnShare > 0 ? columnShare : task == Task.REGRESSION ? 1.0 / 3 : 1 / Math.sqrt(width);
        return Math.max(1, Math.min(width, (int) (share * width + 1e-9)));
    }
}
