package io.foresell.training.fit.linear;

import io.foresell.training.fit.FitListener;
import io.foresell.training.fit.Vectors;
import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;
import org.hipparchus.linear.Array2DRowRealMatrix;
import org.hipparchus.linear.ArrayRealVector;
import org.hipparchus.linear.CholeskyDecomposition;

/**
 * Minimises {@code C * sum(weight * log-loss) + 0.5 * |w|^2} with a free intercept by Newton's method (iteratively re-weighted
 * least squares) and Cholesky's factors, for narrow problems. The objective is strictly convex but for the intercept, so the
 * answer does not depend on a start or a seed.
 */
final class PenalizedLikelihood {
    static final int MAX_ITERATIONS = 50;
    /** Most columns, intercept included: above, factors take longer than {@link TruncatedNewton}. */
    static final int MAX_WIDTH = 1200;

    private static final int ROWS_BETWEEN_CHECKS = 4096;

    private final DesignMatrix rows;
    private final float[] labels;
    private final float[] rowWeights;
    private final double c;
    private final FitListener listener;
    private final BooleanSupplier isCancelled;
    /** Second derivative of every row's log-loss, its weight included. */
    private final double[] curvatures;

    PenalizedLikelihood(
            DesignMatrix rows,
            float[] labels,
            float[] rowWeights,
            double c,
            FitListener listener,
            BooleanSupplier isCancelled) {
        this.rows = rows;
        this.labels = labels;
        this.rowWeights = rowWeights;
        this.c = c;
        this.listener = listener;
        this.isCancelled = isCancelled;
        this.curvatures = new double[rows.rowCount];
    }

    /** Returns coefficients with the intercept last. */
    double[] minimize() {
        int intercept = rows.width - 1;
        double[] beta = new double[rows.width];
        double positives = 0;
        double total = 0;
        for (int row = 0; row < labels.length; row++) {
            positives += (double) rowWeights[row] * labels[row];
            total += rowWeights[row];
        }
        beta[intercept] = Math.log(positives / (total - positives));
        double objective = objective(beta);
        for (int iteration = 1; iteration <= MAX_ITERATIONS; iteration++) {
            double[] gradient = gradient(beta);
            double[] step = solve(gradient);
            double decrement = Vectors.dot(gradient, step);
            double[] next = lineSearch(beta, step, decrement, objective);
            objective = objective(next);
            beta = next;
            listener.progressed(iteration, MAX_ITERATIONS, logLossSum(beta) / rows.rowCount);
            if (decrement < 1e-10 * (1 + objective)) {
                break;
            }
        }
        return beta;
    }

    private double[] lineSearch(double[] beta, double[] step, double decrement, double objective) {
        double[] next = new double[beta.length];
        for (double length = 1; length > 1e-6; length /= 2) {
            for (int i = 0; i < beta.length; i++) {
                next[i] = beta[i] - length * step[i];
            }
            if (objective(next) <= objective - 1e-4 * length * decrement + 1e-12 * Math.abs(objective)) {
                return next;
            }
        }
        return beta.clone();
    }

    private double objective(double[] beta) {
        double squares = 0;
        for (int i = 0; i < beta.length - 1; i++) {
            squares += beta[i] * beta[i];
        }
        return c * logLossSum(beta) + 0.5 * squares;
    }

    private double logLossSum(double[] beta) {
        double sum = 0;
        for (int row = 0; row < rows.rowCount; row++) {
            check(row);
            double z = rows.dot(row, beta);
            // log(1 + e^z) - y z without overflow.
            sum += rowWeights[row] * (Math.max(z, 0) + Math.log1p(Math.exp(-Math.abs(z))) - labels[row] * z);
        }
        return sum;
    }

    /** Returns the gradient and leaves p(1 - p) of every row in {@link #curvatures}. */
    private double[] gradient(double[] beta) {
        double[] gradient = beta.clone();
        gradient[gradient.length - 1] = 0;
        for (int row = 0; row < rows.rowCount; row++) {
            check(row);
            double p = Sigmoid.of(rows.dot(row, beta));
            // A floor keeps the matrix positive definite where every row is certain.
            curvatures[row] = rowWeights[row] * Math.max(p * (1 - p), 1e-12);
            rows.addTo(row, c * rowWeights[row] * (p - labels[row]), gradient);
        }
        return gradient;
    }

    private double[] solve(double[] gradient) {
        int width = rows.width;
        double[][] hessian = new double[width][width];
        for (int row = 0; row < rows.rowCount; row++) {
            check(row);
            rows.addOuterTo(row, c * curvatures[row], hessian);
        }
        for (int i = 0; i < width; i++) {
            hessian[i][i] += i < width - 1 ? 1 : 0;
            for (int j = 0; j < i; j++) {
                hessian[j][i] = hessian[i][j];
            }
        }
        return new CholeskyDecomposition(new Array2DRowRealMatrix(hessian, false), 1e-9, 0)
                .getSolver()
                .solve(new ArrayRealVector(gradient, false))
                .toArray();
    }

    private void check(int row) {
        if (row % ROWS_BETWEEN_CHECKS == 0 && isCancelled.getAsBoolean()) {
            throw new CancellationException("cancelled while fitting");
        }
    }
}
