package io.foresell.training.prepare;

import io.foresell.model.graph.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Trees that cut columns at random until rows are alone: rows that are soon alone are unlike the others (Liu, Ting and Zhou 2008).
 * Fitted on training rows only. Immutable, thread-safe.
 */
final class IsolationForest {
    /** Trees of a forest where nothing else is asked. */
    static final int USUAL_TREES = 100;

    /** Rows of a tree where nothing else is asked. */
    static final int USUAL_SAMPLE = 256;

    private static final double EULER = 0.5772156649015329;

    private final int width;
    private final List<IsolationTree> trees;
    private final int sampleSize;

    private IsolationForest(int width, List<IsolationTree> trees, int sampleSize) {
        this.width = width;
        this.trees = List.copyOf(trees);
        this.sampleSize = sampleSize;
    }

    /**
     * Fits on rows; the same rows and seed give the same forest.
     *
     * @param values row-major, shape [rows, width]; no NaN
     * @param treeCount 1 to 10,000
     * @param sampleSize rows drawn for each tree, 2 to 100,000; all when there are fewer
     */
    static IsolationForest fit(float[] values, int width, int treeCount, int sampleSize, long seed) {
        Plans.require("tree_count", treeCount, 1, 10_000);
        Plans.require("sample_size", sampleSize, 2, 100_000);
        int rowCount = values.length / width;
        int drawn = Math.min(sampleSize, rowCount);
        SplittableRandom random = new SplittableRandom(seed);
        List<IsolationTree> trees = new ArrayList<>();
        for (int i = 0; i < treeCount; i++) {
            trees.add(IsolationTree.grow(values, width, sample(rowCount, drawn, random), random));
        }
        return new IsolationForest(width, trees, drawn);
    }

    /** Draws without putting back. */
    private static int[] sample(int rowCount, int count, SplittableRandom random) {
        int[] rows = new int[rowCount];
        for (int i = 0; i < rowCount; i++) {
            rows[i] = i;
        }
        int[] drawn = new int[count];
        for (int i = 0; i < count; i++) {
            int at = i + random.nextInt(rowCount - i);
            drawn[i] = rows[at];
            rows[at] = rows[i];
        }
        return drawn;
    }

    /**
     * Returns 2^(-h / c(n)) for each row: h is its mean depth, c(n) that of a failed search among n rows. Near 1 is an outlier, 0.5 and
     * less is ordinary.
     *
     * @param values row-major, shape [rows, width]
     */
    double[] scores(float[] values) {
        double ordinary = meanDepth(sampleSize);
        double[] scores = new double[values.length / width];
        for (int row = 0; row < scores.length; row++) {
            double sum = 0;
            for (IsolationTree tree : trees) {
                sum += tree.depth(values, row * width);
            }
            scores[row] = ordinary == 0 ? 0.5 : Math.pow(2, -sum / trees.size() / ordinary);
        }
        return scores;
    }

    /** Returns the mean depth of an ordinary row. */
    double ordinaryDepth() {
        return meanDepth(sampleSize);
    }

    /**
     * Returns the trees with depths as leaves.
     *
     * @param fills what a missing value of each column counts as
     */
    List<Tree> trees(float[] fills) {
        return trees.stream().map(tree -> tree.tree(fills)).toList();
    }

    /** Returns the mean depth of a row in a random tree over so many rows (equation 1). */
    static double meanDepth(int rowCount) {
        if (rowCount <= 2) {
            return rowCount - 1;
        }
        return 2 * (Math.log(rowCount - 1) + EULER) - 2.0 * (rowCount - 1) / rowCount;
    }
}
