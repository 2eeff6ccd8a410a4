package io.foresell.training.serve;

import io.foresell.proto.training.v1.BoostedTrees;
import io.foresell.training.fit.Algorithm;
import org.jspecify.annotations.Nullable;

/** Algorithms whose models are trees. */
final class TreeProtos {
    private TreeProtos() {}

    static @Nullable Algorithm boosted(String field, BoostedTrees message, SpecCheck check) {
        var by = io.foresell.training.fit.tree.BoostedTrees.DEFAULT;
        int treeCount = check.count(field + ".tree_count", message.getTreeCount(), by.treeCount(), 1, 5_000);
        double learningRate = check.number(
                field + ".learning_rate",
                message.hasLearningRate(),
                message.getLearningRate(),
                by.learningRate(),
                1e-6,
                1);
        int maxDepth = check.count(field + ".max_depth", message.getMaxDepth(), by.maxDepth(), 1, 16);
        int maxLeaves = check.count(field + ".max_leaves", message.getMaxLeaves(), by.maxLeaves(), 2, 65_536);
        double minChildWeight = check.number(
                field + ".min_child_weight",
                message.hasMinChildWeight(),
                message.getMinChildWeight(),
                by.minChildWeight(),
                0,
                1e9);
        double rowSample = check.number(
                field + ".row_sample", message.hasRowSample(), message.getRowSample(), by.rowSample(), 1e-6, 1);
        double columnSample = check.number(
                field + ".column_sample",
                message.hasColumnSample(),
                message.getColumnSample(),
                by.columnSample(),
                1e-6,
                1);
        double l2Penalty = check.number(
                field + ".l2_penalty", message.hasL2Penalty(), message.getL2Penalty(), by.l2Penalty(), 0, 1e9);
        return check.checked(
                field,
                () -> new io.foresell.training.fit.tree.BoostedTrees(
                        treeCount,
                        learningRate,
                        maxDepth,
                        maxLeaves,
                        minChildWeight,
                        rowSample,
                        columnSample,
                        l2Penalty));
    }
}
