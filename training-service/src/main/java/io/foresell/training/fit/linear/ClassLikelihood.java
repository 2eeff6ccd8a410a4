package io.foresell.training.fit.linear;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * The mean log-loss of a logistic (one score) or multinomial (a score per class) model plus an L2 penalty on all but the
 * intercepts, as a function of the coefficients, shape [columns, scores], intercepts last.
 *
 * <p>Scores are computed row by row and derivatives column by column, both over the values that are not 0, so that each number is summed up by
 * one thread in one order: answers do not depend on the number of threads.
 */
final class ClassLikelihood implements QuasiNewton.Objective, TruncatedNewton.Objective {
    /** Scores of the rows that are worked on at a time: 32 MB. */
    private static final int BLOCK_SCORES = 1 << 22;
    /** Most probabilities kept for second derivatives, 256 MB; more are computed again for each product. */
    private static final long MAX_KEPT = 1L << 26;

    /** Neighbouring rows by columns. */
    private record Block(int from, int until, ColumnMatrix columns) {}

    private final DesignMatrix rows;
    private final float[] labels;
    private final float[] rowWeights;
    private final int scoreCount;
    private final double l2;
    private final ChunkedLoops loops;
    private final List<Block> blocks = new ArrayList<>();
    /** Scores of a block, then what each row adds to a derivative. */
    private final double[] scores;

    private final double[] losses;
    private final float[] kept;
    /** Where {@link #value} was asked for last; not copied. */
    private double[] point = new double[0];

    /**
     * Takes labels that are 1 or 0 for one score, the index of the class for several.
     *
     * @param l2 what half of the squares is multiplied by, on the scale of the mean log-loss
     */
    ClassLikelihood(
            DesignMatrix rows, float[] labels, float[] rowWeights, int scoreCount, double l2, ChunkedLoops loops) {
        this(rows, labels, rowWeights, scoreCount, l2, loops, BLOCK_SCORES, MAX_KEPT);
    }

    ClassLikelihood(
            DesignMatrix rows,
            float[] labels,
            float[] rowWeights,
            int scoreCount,
            double l2,
            ChunkedLoops loops,
            int blockScores,
            long maxKept) {
        this.rows = rows;
        this.labels = labels;
        this.rowWeights = rowWeights;
        this.scoreCount = scoreCount;
        this.l2 = l2;
        this.loops = loops;
        int blockRows = Math.max(1, Math.min(rows.rowCount, blockScores / scoreCount));
        for (int from = 0; from < rows.rowCount; from += blockRows) {
            int until = Math.min(rows.rowCount, from + blockRows);
            blocks.add(new Block(from, until, rows.byColumns(from, until)));
        }
        this.scores = new double[Math.multiplyExact(blockRows, scoreCount)];
        this.losses = new double[rows.rowCount];
        long probabilities = (long) rows.rowCount * scoreCount;
        this.kept = new float[probabilities <= maxKept ? (int) probabilities : 0];
    }

    /** Returns coefficients that answer every row with the (weighted) shares of the classes. */
    double[] start() {
        double[] shares = new double[Math.max(2, scoreCount)];
        // Half a row for each class keeps the logarithm of one without rows finite.
        Arrays.fill(shares, 0.5);
        for (int row = 0; row < labels.length; row++) {
            shares[(int) labels[row]] += rowWeights[row];
        }
        double[] start = new double[rows.width * scoreCount];
        int intercepts = start.length - scoreCount;
        double mean = Arrays.stream(shares).map(Math::log).average().orElse(0);
        for (int k = 0; k < scoreCount; k++) {
            start[intercepts + k] = scoreCount == 1 ? Math.log(shares[1] / shares[0]) : Math.log(shares[k]) - mean;
        }
        return start;
    }

    @Override
    public double value(double[] newPoint, double[] gradient) {
        point = newPoint;
        Arrays.fill(gradient, 0);
        for (Block block : blocks) {
            eachRow(block, this::loss);
            eachColumn(block, gradient);
        }
        double squares = 0;
        for (int i = 0; i < point.length - scoreCount; i++) {
            gradient[i] += l2 * point[i];
            squares += point[i] * point[i];
        }
        return Arrays.stream(losses).sum() + 0.5 * l2 * squares;
    }

    @Override
    public void curvatures(double[] result) {
        Arrays.fill(result, 0, result.length - scoreCount, l2);
        Arrays.fill(result, result.length - scoreCount, result.length, 0);
        for (Block block : blocks) {
            eachRow(block, (row, at) -> {
                probabilities(row, at);
                for (int k = at; k < at + scoreCount; k++) {
                    scores[k] *= weight(row) * (1 - scores[k]);
                }
            });
            loops.run(rows.width, (from, until) -> {
                for (int column = from; column < until; column++) {
                    block.columns().addSquaredProductsTo(column, scores, scoreCount, result);
                }
            });
        }
    }

    @Override
    public void curvatureTimes(double[] direction, double[] result) {
        Arrays.fill(result, 0);
        for (Block block : blocks) {
            eachRow(block, (row, at) -> change(row, at, direction));
            eachColumn(block, result);
        }
        for (int i = 0; i < direction.length - scoreCount; i++) {
            result[i] += l2 * direction[i];
        }
    }

    /** Does something for a row of a block whose scores begin at a place. */
    @FunctionalInterface
    private interface RowBody {
        void run(int row, int at);
    }

    private void eachRow(Block block, RowBody body) {
        loops.run(block.until() - block.from(), (from, until) -> {
            for (int i = from; i < until; i++) {
                body.run(block.from() + i, i * scoreCount);
            }
        });
    }

    private void eachColumn(Block block, double[] target) {
        loops.run(rows.width, (from, until) -> {
            for (int column = from; column < until; column++) {
                block.columns().addProductsTo(column, scores, scoreCount, target);
            }
        });
    }

    private double weight(int row) {
        return rowWeights[row] / (double) rows.rowCount;
    }

    /** Leaves the derivative of a row's loss by its scores, and its loss in {@link #losses}. */
    private void loss(int row, int at) {
        rows.products(row, point, scoreCount, scores, at);
        double weight = weight(row);
        losses[row] = weight * (scoreCount == 1 ? logistic(at, labels[row]) : multinomial(at, (int) labels[row]));
        if (kept.length > 0) {
            for (int k = 0; k < scoreCount; k++) {
                kept[row * scoreCount + k] = (float) scores[at + k];
            }
        }
        scores[at + (scoreCount == 1 ? 0 : (int) labels[row])] -= scoreCount == 1 ? labels[row] : 1;
        for (int k = at; k < at + scoreCount; k++) {
            scores[k] *= weight;
        }
    }

    private double logistic(int at, float label) {
        double z = scores[at];
        scores[at] = Sigmoid.of(z);
        return Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - label * z;
    }

    private double multinomial(int at, int label) {
        double score = scores[at + label];
        return Softmax.of(scores, at, scoreCount) - score;
    }

    /** Leaves what a row answered at the last point. */
    private void probabilities(int row, int at) {
        if (kept.length > 0) {
            for (int k = 0; k < scoreCount; k++) {
                scores[at + k] = kept[row * scoreCount + k];
            }
            return;
        }
        rows.products(row, point, scoreCount, scores, at);
        if (scoreCount == 1) {
            scores[at] = Sigmoid.of(scores[at]);
        } else {
            Softmax.of(scores, at, scoreCount);
        }
    }

    /** Leaves how the derivative of a row's loss changes along a direction: {@code p (u - mean of u)}, never concave. */
    private void change(int row, int at, double[] direction) {
        double[] changes = new double[scoreCount];
        rows.products(row, direction, scoreCount, changes, 0);
        probabilities(row, at);
        double weight = weight(row);
        if (scoreCount == 1) {
            double p = scores[at];
            scores[at] = weight * p * (1 - p) * changes[0];
            return;
        }
        double mean = 0;
        double sum = 0;
        for (int k = 0; k < scoreCount; k++) {
            mean += scores[at + k] * changes[k];
            sum += scores[at + k];
        }
        mean /= sum;
        for (int k = 0; k < scoreCount; k++) {
            scores[at + k] *= weight * (changes[k] - mean);
        }
    }
}
