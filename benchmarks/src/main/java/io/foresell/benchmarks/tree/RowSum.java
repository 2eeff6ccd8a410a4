package io.foresell.benchmarks.tree;

import io.foresell.model.tree.Aggregate;
import io.foresell.model.tree.SplitRule;
import io.foresell.model.tree.TreeEnsemble;
import io.foresell.model.tree.TreeSums;
import java.util.List;

/** Trees in some layout. */
interface RowSum {
    /** Returns the sum of the leaves that the row whose columns start at the offset reaches. */
    double sum(float[] columns, int offset);

    /** Returns the layout that {@link TreeSums} chooses. */
    static RowSum production(List<DrawnNode> trees) {
        int count = trees.stream().mapToInt(DrawnNode::nodeCount).sum();
        TreeEnsemble.Builder builder = new TreeEnsemble.Builder(DrawnNode.WIDTH, 1, count);
        for (DrawnNode tree : trees) {
            builder.tree();
            add(tree, builder);
        }
        TreeSums sums = TreeSums.of(builder.build(Aggregate.SUM, new double[1]));
        double[] totals = new double[1];
        return (columns, offset) -> {
            sums.sum(columns, offset, totals);
            return totals[0];
        };
    }

    private static int add(DrawnNode node, TreeEnsemble.Builder builder) {
        if (node.isLeaf()) {
            int leaf = builder.leaf(1);
            builder.weight(0, node.leaf());
            return leaf;
        }
        int split = builder.split(node.column(), SplitRule.BELOW, node.threshold(), node.isMissingYes(), 1);
        int yes = add(node.yesChild(), builder);
        builder.children(split, yes, add(node.noChild(), builder));
        return split;
    }
}
