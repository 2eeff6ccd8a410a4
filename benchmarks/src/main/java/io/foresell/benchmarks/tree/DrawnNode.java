package io.foresell.benchmarks.tree;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;

/** A node of a random tree; a leaf has no children. */
record DrawnNode(
        int column,
        float threshold,
        boolean isMissingYes,
        float leaf,
        @Nullable DrawnNode yes,
        @Nullable DrawnNode no) {
    static final int WIDTH = 40;

    static List<DrawnNode> trees(TreeShape shape, Random random) {
        List<DrawnNode> trees = new ArrayList<>();
        for (int i = 0; i < shape.treeCount(); i++) {
            trees.add(draw(shape, shape.depth(), random));
        }
        return trees;
    }

    private static DrawnNode draw(TreeShape shape, int depth, Random random) {
        boolean isEarly = shape.depth() - depth > 2 && random.nextDouble() < shape.earlyLeafShare();
        if (depth == 0 || isEarly) {
            return new DrawnNode(-1, 0, false, (float) random.nextGaussian() * 0.1f, null, null);
        }
        return new DrawnNode(
                random.nextInt(WIDTH),
                (float) random.nextGaussian() * 0.7f,
                random.nextBoolean(),
                0,
                draw(shape, depth - 1, random),
                draw(shape, depth - 1, random));
    }

    boolean isLeaf() {
        return yes == null;
    }

    DrawnNode yesChild() {
        return child(yes);
    }

    DrawnNode noChild() {
        return child(no);
    }

    private static DrawnNode child(@Nullable DrawnNode node) {
        if (node == null) {
            throw new IllegalStateException("child of a leaf (expected: a split)");
        }
        return node;
    }

    int depth() {
        return isLeaf() ? 0 : 1 + Math.max(yesChild().depth(), noChild().depth());
    }

    int nodeCount() {
        return isLeaf() ? 1 : 1 + yesChild().nodeCount() + noChild().nodeCount();
    }
}
