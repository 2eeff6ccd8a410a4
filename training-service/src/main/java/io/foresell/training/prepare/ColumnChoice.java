package io.foresell.training.prepare;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.Task;
import io.foresell.model.graph.ColumnProjection;
import io.foresell.model.graph.ColumnSelection;
import io.foresell.model.graph.ColumnStep;
import io.foresell.training.dataset.TrainingFold;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Random;
import java.util.function.BooleanSupplier;
import java.util.function.DoublePredicate;
import java.util.stream.IntStream;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.EigenDecompositionSymmetric;

/** Fits one selection on encoded training rows. */
final class ColumnChoice {
    private static final int ROUNDS = 50;
    private static final double STABILITY_PENALTY = 0.1;
    /** Products of two values that all rounds of a stability selection may take: some ten seconds. */
    private static final double MAX_ROUND_WORK = 8e9;

    private static final double DROPPED_SHARE = 0.1;
    private static final double PENALTY_STEP = 0.85;

    private final Selection selection;
    private final EncodedRows rows;
    private final TrainingFold fold;
    private final long seed;
    private final BooleanSupplier isCancelled;
    private final ColumnScores scores;

    ColumnChoice(Selection selection, EncodedRows rows, TrainingFold fold, long seed, BooleanSupplier isCancelled) {
        this.selection = selection;
        this.rows = rows;
        this.fold = fold;
        this.seed = seed;
        this.isCancelled = isCancelled;
        this.scores = new ColumnScores(rows, fold, isCancelled);
    }

    ColumnStep step() {
        double limit = selection.limit();
        return switch (selection.rule()) {
            case VARIANCE -> best(scores.variances(), score -> score > limit);
            case F_TEST -> best(scores.fTest(), score -> !(score < limit));
            case CHI_SQUARE -> best(scores.chiSquare(), score -> !(score < limit));
            case MUTUAL_INFORMATION -> best(scores.mutualInformation(), score -> !(score < limit));
            case CORRELATION -> uncorrelated(limit);
            case L1 -> weighted(limit);
            case RECURSIVE -> recursive();
            case STABILITY -> stable(limit);
            case COMPONENTS -> components(limit);
        };
    }

    /** Keeps the columns that pass, of these the highest ones where a number is wanted; they stay in their order. */
    private ColumnSelection best(double[] ofColumns, DoublePredicate passes) {
        List<Integer> kept = IntStream.range(0, ofColumns.length)
                .filter(column -> passes.test(ofColumns[column]))
                .boxed()
                .sorted(Comparator.comparingDouble((Integer column) -> -ofColumns[column])
                        .thenComparing(Comparator.naturalOrder()))
                .limit(selection.top() > 0 ? selection.top() : Long.MAX_VALUE)
                .sorted()
                .toList();
        return kept(kept);
    }

    private ColumnSelection kept(List<Integer> columns) {
        if (columns.isEmpty()) {
            throw new ServiceException(Failure.precondition(
                    "SELECTION_EMPTY",
                    "columns kept by %s: 0 of %d (expected: 1 or more; another threshold than %s)"
                            .formatted(selection.rule().words(), rows.width, selection.limit())));
        }
        return new ColumnSelection(rows.width, columns);
    }

    private Correlations correlations(double[][] labels, int[] wanted) {
        return new Correlations(rows, wanted, labels, isCancelled);
    }

    private Correlations correlations() {
        return correlations(labels(), Correlations.all(rows.rowCount));
    }

    private double[][] labels() {
        if (fold.task() == Task.CLUSTERS) {
            throw new ServiceException(Failure.precondition(
                    "SELECTION_NEEDS_LABELS",
                    "selection by %s for task clusters (expected: variance, correlation or components)"
                            .formatted(selection.rule().words())));
        }
        return Labels.indicators(fold);
    }

    private ColumnSelection uncorrelated(double limit) {
        Correlations correlations = correlations(new double[0][], Correlations.all(rows.rowCount));
        List<Integer> kept = new ArrayList<>();
        for (int column = 0; column < rows.width; column++) {
            double[] with = correlations.between[column];
            if (kept.stream().noneMatch(earlier -> Math.abs(with[earlier]) > limit)) {
                kept.add(column);
            }
        }
        return kept(selection.top() > 0 ? kept.subList(0, Math.min(selection.top(), kept.size())) : kept);
    }

    private ColumnSelection weighted(double limit) {
        Lasso lasso = new Lasso(correlations());
        double penalty = lasso.greatestPenalty();
        if (selection.top() == 0) {
            return best(lasso.weights(limit * penalty), weight -> weight > 0);
        }
        double[] weights = new double[rows.width];
        for (double share = PENALTY_STEP; share > 1e-4; share *= PENALTY_STEP) {
            EncodedRows.requireWanted(isCancelled);
            weights = lasso.weights(share * penalty);
            if (Arrays.stream(weights).filter(weight -> weight > 0).count() >= selection.top()) {
                break;
            }
        }
        return best(weights, weight -> weight > 0);
    }

    private ColumnSelection recursive() {
        Correlations correlations = correlations();
        List<Integer> left = IntStream.range(0, rows.width)
                .filter(column -> correlations.deviations[column] > 0)
                .boxed()
                .toList();
        while (left.size() > selection.top()) {
            EncodedRows.requireWanted(isCancelled);
            double[] weights = new double[left.size()];
            for (double[] label : correlations.withLabels) {
                double[] one = Ridge.solve(correlations, left, label, 1.0 / rows.rowCount);
                Arrays.setAll(weights, i -> Math.max(weights[i], Math.abs(one[i])));
            }
            int dropped = Math.max(1, (int) (DROPPED_SHARE * left.size()));
            List<Integer> before = left;
            left = IntStream.range(0, left.size())
                    .boxed()
                    .sorted(Comparator.comparingDouble((Integer i) -> -weights[i])
                            .thenComparing(Comparator.naturalOrder()))
                    .limit(Math.max(selection.top(), left.size() - dropped))
                    .map(before::get)
                    .sorted()
                    .toList();
        }
        return kept(left);
    }

    private ColumnSelection stable(double limit) {
        double[][] labels = labels();
        Random random = new Random(seed);
        double width = Math.max(1, rows.starts[rows.rowCount] / (double) rows.rowCount);
        int half = (int) Math.max(2, Math.min(rows.rowCount / 2.0, MAX_ROUND_WORK / (ROUNDS * width * width)));
        int[] order = Correlations.all(rows.rowCount);
        double[] shares = new double[rows.width];
        for (int round = 0; round < ROUNDS; round++) {
            int[] drawn = drawn(order, Math.min(half, order.length), random);
            Lasso lasso = new Lasso(correlations(labels, drawn));
            double[] weights = lasso.weights(STABILITY_PENALTY * lasso.greatestPenalty());
            Arrays.setAll(shares, i -> shares[i] + (weights[i] > 0 ? 1.0 / ROUNDS : 0));
        }
        return best(shares, share -> share >= limit - 1e-9);
    }

    private static int[] drawn(int[] order, int count, Random random) {
        for (int i = 0; i < count; i++) {
            int place = i + random.nextInt(order.length - i);
            int chosen = order[place];
            order[place] = order[i];
            order[i] = chosen;
        }
        return Arrays.copyOf(order, count);
    }

    /** Returns the directions of most variance; each points to where its greatest weight is positive. */
    private ColumnProjection components(double limit) {
        Correlations correlations = correlations(new double[0][], Correlations.all(rows.rowCount));
        int width = rows.width;
        double[][] covariance = new double[width][width];
        for (int i = 0; i < width; i++) {
            for (int j = 0; j < width; j++) {
                covariance[i][j] = correlations.between[i][j] * correlations.deviations[i] * correlations.deviations[j];
            }
        }
        EigenDecompositionSymmetric eigen =
                new EigenDecompositionSymmetric(new Array2DRowRealMatrix(covariance, false), 1e-12, true);
        double[] variances = eigen.getEigenvalues();
        double whole = Arrays.stream(variances).filter(value -> value > 0).sum();
        List<double[]> directions = new ArrayList<>();
        double explained = 0;
        for (int i = 0; i < width && variances[i] > 1e-12 * variances[0]; i++) {
            boolean isEnough = selection.top() > 0 ? i >= selection.top() : explained >= limit * whole - 1e-12 * whole;
            if (isEnough) {
                break;
            }
            directions.add(upright(eigen.getEigenvector(i).toArray()));
            explained += variances[i];
        }
        if (directions.isEmpty()) {
            throw new ServiceException(Failure.precondition(
                    "SELECTION_EMPTY",
                    "principal components of %d columns: 0 (expected: 1 or more; columns that vary)".formatted(width)));
        }
        return new ColumnProjection(correlations.means, directions.toArray(new double[0][]));
    }

    private static double[] upright(double[] direction) {
        double greatest = 0;
        for (double weight : direction) {
            greatest = Math.abs(weight) > Math.abs(greatest) ? weight : greatest;
        }
        double sign = greatest < 0 ? -1 : 1;
        return Arrays.stream(direction).map(weight -> sign * weight).toArray();
    }
}
