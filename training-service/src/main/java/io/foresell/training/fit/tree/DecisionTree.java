package io.foresell.training.fit.tree;

import io.foresell.model.Task;
import io.foresell.training.fit.Algorithm;
import io.foresell.training.fit.Fitter;
import io.foresell.training.fit.Ranges;
import java.util.Locale;
import java.util.Map;
import java.util.Set;

/**
 * Fits one tree that people can read. Breiman et al., "Classification and Regression Trees" (1984).
 *
 * @param maxDepth 1 to 30
 * @param maxLeaves 2 to 10000; the split that gains most comes first
 * @param minLeafRows rows on each side of a split, 1 or more
 * @param usesEntropy splits classes by entropy instead of Gini's index; says nothing for values
 * @param pruning what a leaf must save in impurity per row to stay, 0 or more; values count in units of their variance
 */
public record DecisionTree(int maxDepth, int maxLeaves, int minLeafRows, boolean usesEntropy, double pruning)
        implements Algorithm {
    /** Is what a spec means that says nothing else. */
    public static final DecisionTree DEFAULT = new DecisionTree(6, 32, 20, false, 0);

    public DecisionTree {
        Ranges.require("max_depth", maxDepth, 1, 30);
        Ranges.require("max_leaves", maxLeaves, 2, 10_000);
        Ranges.require("min_leaf_rows", minLeafRows, 1, 1_000_000);
        Ranges.require("pruning", pruning, 0, 1);
    }

    @Override
    public String key() {
        return "decision_tree";
    }

    @Override
    public Set<Task> tasks() {
        return Set.of(Task.BINARY, Task.MULTICLASS, Task.REGRESSION);
    }

    @Override
    public Map<String, String> asText() {
        return Map.of(
                "max_depth", Integer.toString(maxDepth),
                "max_leaves", Integer.toString(maxLeaves),
                "min_leaf_rows", Integer.toString(minLeafRows),
                "criterion",
                        (usesEntropy ? Criterion.ENTROPY : Criterion.GINI)
                                .name()
                                .toLowerCase(Locale.ROOT),
                "pruning", Double.toString(pruning));
    }

    @Override
    public Fitter fitter(int threadCount) {
        return new DecisionTreeFitter(this);
    }

    @Override
    public boolean isSimple() {
        return true;
    }

    @Override
    public double work() {
        return 1;
    }
}
