package io.foresell.benchmarks.tree;

import java.util.List;

/**
 * Breadth-first and filled up to full depth: the children of node i are 2 i and 2 i + 1, so no links are stored. Four
 * trees of one depth advance side by side, without branches.
 */
final class PerfectTrees implements RowSum {
    private final RowOrder order = new RowOrder();
    private final long[] nodes;
    private final float[] leaves;
    private final int[] nodeBase;
    private final int[] leafBase;
    private final int[] depths;

    PerfectTrees(List<DrawnNode> trees) {
        this.nodeBase = new int[trees.size()];
        this.leafBase = new int[trees.size()];
        this.depths = trees.stream().mapToInt(DrawnNode::depth).toArray();
        int nodeCount = 0;
        int leafCount = 0;
        for (int tree = 0; tree < depths.length; tree++) {
            nodeBase[tree] = nodeCount - 1;
            leafBase[tree] = leafCount - (1 << depths[tree]);
            nodeCount += (1 << depths[tree]) - 1;
            leafCount += 1 << depths[tree];
        }
        this.nodes = new long[nodeCount];
        this.leaves = new float[leafCount];
        for (int tree = 0; tree < depths.length; tree++) {
            fill(trees.get(tree), tree, 1, depths[tree]);
        }
    }

    private void fill(DrawnNode node, int tree, int at, int below) {
        if (below == 0) {
            leaves[leafBase[tree] + at] = node.leaf();
            return;
        }
        nodes[nodeBase[tree] + at] = node.isLeaf()
                ? RowOrder.lastSlot()
                : ((long) RowOrder.key(node.threshold()) << 32) | RowOrder.slot(node);
        fill(node.isLeaf() ? node : node.noChild(), tree, 2 * at, below - 1);
        fill(node.isLeaf() ? node : node.yesChild(), tree, 2 * at + 1, below - 1);
    }

    private static int step(long[] nodes, int[] keys, int base, int at) {
        long node = nodes[base + at];
        return 2 * at + (int) ((keys[(int) node] - (node >> 32)) >>> 63);
    }

    @Override
    public double sum(float[] columns, int offset) {
        int[] keys = order.of(columns, offset);
        double sum = 0;
        int tree = 0;
        for (; tree + 4 <= depths.length; tree += 4) {
            int depth = depths[tree];
            boolean isEven = depth == depths[tree + 1] && depth == depths[tree + 2] && depth == depths[tree + 3];
            if (isEven) {
                sum += four(keys, tree, depth);
            } else {
                sum += one(keys, tree) + one(keys, tree + 1) + one(keys, tree + 2) + one(keys, tree + 3);
            }
        }
        for (; tree < depths.length; tree++) {
            sum += one(keys, tree);
        }
        return sum;
    }

    private double one(int[] keys, int tree) {
        int at = 1;
        for (int steps = depths[tree]; steps > 0; steps--) {
            at = step(nodes, keys, nodeBase[tree], at);
        }
        return leaves[leafBase[tree] + at];
    }

    private double four(int[] keys, int tree, int depth) {
        long[] words = nodes;
        int baseA = nodeBase[tree];
        int baseB = nodeBase[tree + 1];
        int baseC = nodeBase[tree + 2];
        int baseD = nodeBase[tree + 3];
        int a = 1;
        int b = 1;
        int c = 1;
        int d = 1;
        for (int steps = depth; steps > 0; steps--) {
            a = step(words, keys, baseA, a);
            b = step(words, keys, baseB, b);
            c = step(words, keys, baseC, c);
            d = step(words, keys, baseD, d);
        }
        return (double) leaves[leafBase[tree] + a]
                + leaves[leafBase[tree + 1] + b]
                + leaves[leafBase[tree + 2] + c]
                + leaves[leafBase[tree + 3] + d];
    }
}
