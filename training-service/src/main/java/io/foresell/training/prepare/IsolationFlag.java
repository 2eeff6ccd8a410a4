package io.foresell.training.prepare;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.Rows;
import io.foresell.model.graph.ColumnIsolation;
import io.foresell.model.graph.Preprocessing;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/** Fits an isolation forest over encoded columns, which says how unlike the others a row is. */
final class IsolationFlag {
    /** Values that trees draw their rows from: 16 MB. */
    private static final int MOST_CELLS = 1 << 22;

    private final Preprocessing encoded;
    private final Rows rows;
    private final BooleanSupplier isCancelled;

    IsolationFlag(Preprocessing encoded, Rows rows, BooleanSupplier isCancelled) {
        this.encoded = encoded;
        this.rows = rows;
        this.isCancelled = isCancelled;
    }

    /**
     * Returns the step that adds the columns.
     *
     * @param share of the rows to flag; fewer when rows at the limit are equal
     */
    ColumnIsolation fit(double share, long seed, List<Touched> touched) {
        int width = encoded.encodedWidth();
        if (width == 0) {
            throw new ServiceException(Failure.precondition(
                    "ISOLATION_NEEDS_COLUMNS",
                    "columns for prepare.rows.isolated: 0 (expected: 1 or more; a network reads sequences only)"));
        }
        float[] drawn = encoded.encode(drawn(width, seed));
        float[] fills = fill(drawn, width);
        EncodedRows.requireWanted(isCancelled);
        IsolationForest forest =
                IsolationForest.fit(drawn, width, IsolationForest.USUAL_TREES, IsolationForest.USUAL_SAMPLE, seed);
        ColumnIsolation step = new ColumnIsolation(width, forest.trees(fills), Math.max(1, forest.ordinaryDepth()), 1);
        double[] scores = scores(step, width);
        double limit = limit(scores, share);
        touched.add(new Touched(
                "flagged rows that an isolation forest separates soonest",
                Arrays.stream(scores)
                        .filter(score -> (float) score > (float) limit)
                        .count(),
                scores.length,
                "training rows"));
        return step.flaggedAbove(limit);
    }

    /** Draws as many rows as fit, without putting back. */
    private Rows drawn(int width, long seed) {
        int count = Math.min(rows.rowCount(), Math.max(IsolationForest.USUAL_SAMPLE, MOST_CELLS / width));
        int[] order = new int[rows.rowCount()];
        Arrays.setAll(order, i -> i);
        SplittableRandom random = new SplittableRandom(seed);
        for (int i = 0; i < count && count < order.length; i++) {
            int at = i + random.nextInt(order.length - i);
            int row = order[at];
            order[at] = order[i];
            order[i] = row;
        }
        int numbers = rows.numbers().length / Math.max(1, rows.rowCount());
        int texts = rows.texts().length / Math.max(1, rows.rowCount());
        float[] drawnNumbers = new float[count * numbers];
        String[] drawnTexts = new String[count * texts];
        for (int i = 0; i < count; i++) {
            System.arraycopy(rows.numbers(), order[i] * numbers, drawnNumbers, i * numbers, numbers);
            System.arraycopy(rows.texts(), order[i] * texts, drawnTexts, i * texts, texts);
        }
        return new Rows(count, drawnNumbers, drawnTexts);
    }

    /** Puts the mean of a column where its value is missing, and returns the means. */
    private static float[] fill(float[] values, int width) {
        float[] means = new float[width];
        for (int column = 0; column < width; column++) {
            double sum = 0;
            int count = 0;
            for (int i = column; i < values.length; i += width) {
                sum += Float.isNaN(values[i]) ? 0 : values[i];
                count += Float.isNaN(values[i]) ? 0 : 1;
            }
            means[column] = (float) (sum / Math.max(1, count));
            for (int i = column; i < values.length; i += width) {
                values[i] = Float.isNaN(values[i]) ? means[column] : values[i];
            }
        }
        return means;
    }

    private double[] scores(ColumnIsolation step, int width) {
        double[] scores = new double[rows.rowCount()];
        int chunk = Math.max(1, Math.min(4096, MOST_CELLS / width));
        for (int from = 0; from < scores.length; from += chunk) {
            EncodedRows.requireWanted(isCancelled);
            int until = Math.min(scores.length, from + chunk);
            float[] values = encoded.encode(EncodedRows.slice(rows, from, until));
            for (int row = from; row < until; row++) {
                scores[row] = step.score(values, (row - from) * width);
            }
        }
        return scores;
    }

    /** Returns a limit between two scores, so that no training row lies on it. */
    private static double limit(double[] scores, double share) {
        double[] sorted = scores.clone();
        Arrays.sort(sorted);
        int kept = sorted.length - (int) Math.round(share * sorted.length);
        return kept == 0 ? 0 : kept == sorted.length ? 1 : (sorted[kept - 1] + sorted[kept]) / 2;
    }
}
