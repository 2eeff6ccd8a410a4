package io.foresell.benchmarks.tree;

import java.util.List;

/** Depth-first, four ints a node, a branch at every split: half of them are mispredicted. */
final class BranchingTrees implements RowSum {
    private final int[] words;
    private final int[] roots;
    private int size;

    BranchingTrees(List<DrawnNode> trees) {
        this.words = new int[4 * trees.stream().mapToInt(DrawnNode::nodeCount).sum()];
        this.roots = new int[trees.size()];
        for (int tree = 0; tree < roots.length; tree++) {
            roots[tree] = size;
            pack(trees.get(tree));
        }
    }

    private void pack(DrawnNode node) {
        int at = size;
        size += 4;
        if (node.isLeaf()) {
            words[at] = -1;
            words[at + 1] = Float.floatToRawIntBits(node.leaf());
            return;
        }
        words[at] = node.column() << 1 | (node.isMissingYes() ? 1 : 0);
        words[at + 1] = Float.floatToRawIntBits(node.threshold());
        pack(node.yesChild());
        words[at + 2] = size;
        pack(node.noChild());
    }

    @Override
    public double sum(float[] columns, int offset) {
        double sum = 0;
        for (int root : roots) {
            int node = root;
            int word = words[node];
            while (word >= 0) {
                float value = columns[offset + (word >>> 1)];
                boolean isYes =
                        value < Float.intBitsToFloat(words[node + 1]) || ((word & 1) != 0 && Float.isNaN(value));
                node = isYes ? node + 4 : words[node + 2];
                word = words[node];
            }
            sum += Float.intBitsToFloat(words[node + 1]);
        }
        return sum;
    }
}
