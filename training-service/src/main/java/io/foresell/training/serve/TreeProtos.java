package io.foresell.training.serve;

import io.foresell.proto.training.v1.BoostedTrees;
import io.foresell.proto.training.v1.DecisionTree;
import io.foresell.proto.training.v1.RandomForest;
import io.foresell.training.fit.Algorithm;
import org.jspecify.annotations.Nullable;

/** Algorithms whose models are trees. */
final class TreeProtos {
    private static final double TINY = 1e-9; // stands for "above 0"

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
        double heldBackShare = check.number(
                field + ".held_back_share",
                message.hasHeldBackShare(),
                message.getHeldBackShare(),
                by.heldBackShare(),
                TINY,
                0.5);
        int patience = check.count(field + ".patience", message.getPatience(), by.patience(), 1, 1_000);
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
                        l2Penalty,
                        heldBackShare,
                        patience));
    }

    static @Nullable Algorithm decisionTree(String field, DecisionTree message, SpecCheck check) {
        var by = io.foresell.training.fit.tree.DecisionTree.DEFAULT;
        int maxDepth = check.count(field + ".max_depth", message.getMaxDepth(), by.maxDepth(), 1, 30);
        int maxLeaves = check.count(field + ".max_leaves", message.getMaxLeaves(), by.maxLeaves(), 2, 10_000);
        int minLeafRows =
                check.count(field + ".min_leaf_rows", message.getMinLeafRows(), by.minLeafRows(), 1, 1_000_000);
        double pruning = check.number(field + ".pruning", true, message.getPruning(), 0, 0, 1);
        boolean usesEntropy =
                switch (message.getCriterion()) {
                    case SPLIT_CRITERION_UNSPECIFIED, SPLIT_CRITERION_GINI -> false;
                    case SPLIT_CRITERION_ENTROPY -> true;
                    case UNRECOGNIZED -> {
                        check.refuse(field + ".criterion", message.getCriterionValue(), "GINI or ENTROPY");
                        yield false;
                    }
                };
        return check.checked(
                field,
                () -> new io.foresell.training.fit.tree.DecisionTree(
                        maxDepth, maxLeaves, minLeafRows, usesEntropy, pruning));
    }

    static @Nullable Algorithm forest(String field, RandomForest message, SpecCheck check) {
        var by = io.foresell.training.fit.tree.RandomForest.DEFAULT;
        int treeCount = check.count(field + ".tree_count", message.getTreeCount(), by.treeCount(), 1, 2_000);
        int maxDepth = check.count(field + ".max_depth", message.getMaxDepth(), by.maxDepth(), 1, 64);
        int minLeafRows =
                check.count(field + ".min_leaf_rows", message.getMinLeafRows(), by.minLeafRows(), 1, 1_000_000);
        double columnShare =
                check.number(field + ".column_share", message.hasColumnShare(), message.getColumnShare(), 0, TINY, 1);
        return check.checked(
                field,
                () -> new io.foresell.training.fit.tree.RandomForest(treeCount, maxDepth, minLeafRows, columnShare));
    }
}
