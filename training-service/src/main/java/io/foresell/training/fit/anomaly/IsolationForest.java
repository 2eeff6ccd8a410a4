package io.foresell.training.fit.anomaly;

import io.foresell.model.Rows;
import io.foresell.model.graph.Preprocessing;
import io.foresell.training.fit.Encodings;
import io.foresell.training.fit.FitRequest;
import io.foresell.training.fit.Ranges;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;

/**
 * Trees that cut columns at random until rows are alone: rows that are soon alone are unlike the others (Liu, Ting and Zhou 2008).
 * Fitted on training rows only. Immutable, thread-safe.
 */
public final class IsolationForest {
    /** Trees of a forest where nothing else is asked. */
    public static final int USUAL_TREES = 100;

    /** Rows of a tree where nothing else is asked. */
    public static final int USUAL_SAMPLE = 256;

    private static final double EULER = 0.5772156649015329;

    private final Preprocessing preprocessing;
    private final List<IsolationTree> trees;
    private final int sampleSize;

    private IsolationForest(Preprocessing preprocessing, List<IsolationTree> trees, int sampleSize) {
        this.preprocessing = preprocessing;
        this.trees = List.copyOf(trees);
        this.sampleSize = sampleSize;
    }

    /**
     * Fits on the rows of the request's fold, on standardised numbers (missing ones as the mean) and one-hot texts; the same request
     * gives the same forest.
     *
     * @param treeCount 1 to 10,000
     * @param sampleSize rows drawn for each tree, 2 to 100,000; all when there are fewer
     */
    public static IsolationForest fit(FitRequest request, int treeCount, int sampleSize) {
        Ranges.require("tree_count", treeCount, 1, 10_000);
        Ranges.require("sample_size", sampleSize, 2, 100_000);
        Encodings encodings = request.encodings();
        Preprocessing preprocessing = encodings.standardizedFlat();
        float[] values = preprocessing.encode(encodings.rows());
        int width = preprocessing.encodedWidth();
        int rowCount = encodings.rows().rowCount();
        int drawn = Math.min(sampleSize, rowCount);
        SplittableRandom random = new SplittableRandom(request.seed());
        List<IsolationTree> trees = new ArrayList<>();
        for (int i = 1; i <= treeCount; i++) {
            request.requireWanted();
            trees.add(IsolationTree.grow(values, width, sample(rowCount, drawn, random), random));
            request.listener().progressed(i, treeCount, Double.NaN);
        }
        return new IsolationForest(preprocessing, trees, drawn);
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

    /** Returns the columns that the trees cut; their signature is what {@link #scores} reads. */
    public Preprocessing preprocessing() {
        return preprocessing;
    }

    /**
     * Returns 2^(-h / c(n)) for each row: h is its mean depth, c(n) that of a failed search among n rows. Near 1 is an outlier, 0.5 and
     * less is ordinary.
     *
     * @param rows with the signature of {@link #preprocessing}
     */
    public double[] scores(Rows rows) {
        float[] values = preprocessing.encode(rows);
        int width = preprocessing.encodedWidth();
        double ordinary = meanDepth(sampleSize);
        double[] scores = new double[rows.rowCount()];
        for (int row = 0; row < scores.length; row++) {
            double sum = 0;
            for (IsolationTree tree : trees) {
                sum += tree.depth(values, row * width);
            }
            scores[row] = ordinary == 0 ? 0.5 : Math.pow(2, -sum / trees.size() / ordinary);
        }
        return scores;
    }

    /** Returns the mean depth of a row in a random tree over so many rows (equation 1). */
    static double meanDepth(int rowCount) {
        if (rowCount <= 2) {
            return rowCount - 1;
        }
        return 2 * (Math.log(rowCount - 1) + EULER) - 2.0 * (rowCount - 1) / rowCount;
    }
}
