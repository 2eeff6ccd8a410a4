package io.foresell.training.fit.linear;

import io.foresell.training.fit.FitListener;
import java.util.Arrays;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * Minimises {@code |y - a - X b|^2 / (2 n) + l1 * |b|_1 + l2 / 2 * |b|_2^2} with a free intercept a, one coefficient after
 * the other, the others held (Friedman, Hastie, Tibshirani: Regularization Paths for Generalized Linear Models via
 * Coordinate Descent, 2010, equation 5). Columns are centred without being filled up.
 */
final class CoordinateDescent {
    static final int MAX_SWEEPS = 20_000;
    // Of the deviation of the labels: the largest change of an answer's deviation in a sweep.
    private static final double TOLERANCE = 1e-9;

    private final ColumnMatrix columns;
    private final double l1;
    private final double l2;
    private final FitListener listener;
    private final BooleanSupplier isCancelled;
    private final int count;
    private final double[] means;
    private final double[] curvatures;
    private final double[] beta;
    /** Labels minus answers, up to a constant: {@link #residualMean} is taken off when they are read. */
    private final double[] residuals;

    private double residualMean;
    private boolean hasConverged;
    private long visits;

    CoordinateDescent(
            ColumnMatrix columns,
            double[] labels,
            double l1,
            double l2,
            FitListener listener,
            BooleanSupplier isCancelled) {
        this.columns = columns;
        this.l1 = l1;
        this.l2 = l2;
        this.listener = listener;
        this.isCancelled = isCancelled;
        this.count = columns.width - 1;
        this.means = new double[count];
        this.curvatures = new double[count];
        this.beta = new double[columns.width];
        this.residuals = labels.clone();
        this.residualMean = Arrays.stream(labels).average().orElse(0);
        for (int j = 0; j < count; j++) {
            means[j] = columns.sum(j) / columns.rowCount;
            curvatures[j] = columns.sumOfSquares(j) / columns.rowCount - means[j] * means[j];
        }
    }

    /** Returns whether the last run ended at the minimum and not at the greatest number of sweeps. */
    boolean hasConverged() {
        return hasConverged;
    }

    /** Returns coefficients with the intercept last. */
    double[] minimize() {
        double deviation = Math.sqrt(meanSquare());
        double enough = TOLERANCE * deviation;
        boolean isFull = true;
        for (int sweep = 1; sweep <= MAX_SWEEPS && !hasConverged; sweep++) {
            double change = sweep(isFull);
            hasConverged = isFull && change <= enough;
            // Once the coefficients that are not 0 stand still, all have another turn.
            isFull = isFull ? hasConverged : change <= enough;
            listener.progressed(sweep, MAX_SWEEPS, meanSquare());
        }
        beta[count] = residualMean;
        return beta;
    }

    private double meanSquare() {
        double squares = 0;
        for (double residual : residuals) {
            squares += (residual - residualMean) * (residual - residualMean);
        }
        return squares / residuals.length;
    }

    /** Returns the largest change of a coefficient times the deviation of its column. */
    private double sweep(boolean isFull) {
        double greatest = 0;
        for (int j = 0; j < count; j++) {
            if (isFull || beta[j] != 0) {
                if ((visits++ & 255) == 0 && isCancelled.getAsBoolean()) {
                    throw new CancellationException("cancelled while fitting");
                }
                greatest = Math.max(greatest, move(j));
            }
        }
        return greatest;
    }

    private double move(int j) {
        // A constant column adds to nothing but the intercept.
        if (curvatures[j] <= 1e-12) {
            return 0;
        }
        double slope = columns.dot(j, residuals) / columns.rowCount - means[j] * residualMean;
        double pull = slope + curvatures[j] * beta[j];
        double next = Math.signum(pull) * Math.max(0, Math.abs(pull) - l1) / (curvatures[j] + l2);
        double change = next - beta[j];
        if (change != 0) {
            columns.addTo(j, -change, residuals);
            residualMean -= change * means[j];
            beta[j] = next;
        }
        return Math.abs(change) * Math.sqrt(curvatures[j]);
    }
}
