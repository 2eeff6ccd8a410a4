package io.foresell.training.fit.svm;

import java.util.concurrent.CancellationException;
import java.util.function.BooleanSupplier;

/**
 * Sequential minimal optimisation: solves the dual problem two multipliers at a time, the pair that promises most by second-order
 * information. Fan, Chen and Lin, "Working set selection using second order information for training support vector
 * machines" (2005), algorithm WSS 2; a value has two multipliers (Smola and Schoelkopf 2004). Draws nothing: one problem, one answer.
 */
final class KernelSolver {
    // libsvm's and scikit-learn's usual tolerance.
    private static final double TOLERANCE = 1e-3;
    private static final double LEAST_CURVATURE = 1e-12;
    private static final long MAX_ITERATIONS = 10_000_000;
    private static final int ITERATIONS_BETWEEN_CHECKS = 64;

    private final KernelRows.Reader kernel;
    private final Problem problem;
    private final BooleanSupplier isStopped;
    private final int rowCount;
    private final int count;
    private final double[] multipliers;
    private final float[] self;
    /** Per multiplier its sign times the slope of the objective. A row's answer is this plus its target, less sign * epsilon, plus bias. */
    private final double[] slopes;

    KernelSolver(KernelRows rows, Problem problem, BooleanSupplier isStopped) {
        this.kernel = rows.reader();
        this.problem = problem;
        this.isStopped = isStopped;
        this.rowCount = rows.rowCount();
        this.count = problem.isRegression() ? 2 * rowCount : rowCount;
        this.multipliers = new double[count];
        this.slopes = new double[count];
        this.self = new float[rowCount];
        for (int row = 0; row < rowCount; row++) {
            self[row] = rows.self(row);
            slopes[row] = (problem.isRegression() ? problem.epsilon() : 0) - problem.targets()[row];
            if (problem.isRegression()) {
                slopes[row + rowCount] = -problem.epsilon() - problem.targets()[row];
            }
        }
    }

    Solution solve() {
        for (long iteration = 0; iteration < MAX_ITERATIONS; iteration++) {
            if (iteration % ITERATIONS_BETWEEN_CHECKS == 0 && isStopped.getAsBoolean()) {
                throw new CancellationException("cancelled while fitting a support vector machine");
            }
            int up = lowestThatMayRise();
            if (up < 0) {
                break;
            }
            float[] upRow = kernel.row(row(up));
            int down = bestThatMayFall(up, upRow);
            if (down < 0) {
                break;
            }
            move(up, down, upRow, kernel.row(row(down)));
        }
        return solution();
    }

    private int row(int index) {
        return index < rowCount ? index : index - rowCount;
    }

    /** Returns the sign of a multiplier in the sum of the machine: the class, or which side of a value. */
    private int sign(int index) {
        if (problem.isRegression()) {
            return index < rowCount ? 1 : -1;
        }
        return problem.targets()[index] > 0 ? 1 : -1;
    }

    private boolean mayRise(int index) {
        double multiplier = multipliers[index];
        return sign(index) > 0 ? multiplier < problem.costs()[row(index)] : multiplier > 0;
    }

    private boolean mayFall(int index) {
        double multiplier = multipliers[index];
        return sign(index) > 0 ? multiplier > 0 : multiplier < problem.costs()[row(index)];
    }

    private int lowestThatMayRise() {
        int lowest = -1;
        for (int i = 0; i < count; i++) {
            if ((lowest < 0 || slopes[i] < slopes[lowest]) && mayRise(i)) {
                lowest = i;
            }
        }
        return lowest;
    }

    /** Returns the partner that lowers the objective most; -1 when all are within the tolerance. */
    private int bestThatMayFall(int up, float[] upRow) {
        int best = -1;
        double bestGain = 0;
        double widest = 0;
        for (int i = 0; i < count; i++) {
            double gap = slopes[i] - slopes[up];
            if (gap > 0 && mayFall(i)) {
                double gain = gap * gap / curvature(up, i, upRow);
                widest = Math.max(widest, gap);
                if (gain > bestGain) {
                    bestGain = gain;
                    best = i;
                }
            }
        }
        return widest < TOLERANCE ? -1 : best;
    }

    private double curvature(int up, int down, float[] upRow) {
        return Math.max(LEAST_CURVATURE, self[row(up)] + (double) self[row(down)] - 2.0 * upRow[row(down)]);
    }

    private void move(int up, int down, float[] upRow, float[] downRow) {
        double upRoom = sign(up) > 0 ? problem.costs()[row(up)] - multipliers[up] : multipliers[up];
        double downRoom = sign(down) > 0 ? multipliers[down] : problem.costs()[row(down)] - multipliers[down];
        double step = Math.min((slopes[down] - slopes[up]) / curvature(up, down, upRow), Math.min(upRoom, downRoom));
        // At a bound, exactly: rounding would leave a multiplier that may still move by nothing.
        if (step == upRoom) {
            multipliers[up] = sign(up) > 0 ? problem.costs()[row(up)] : 0;
        } else {
            multipliers[up] += sign(up) * step;
        }
        if (step == downRoom) {
            multipliers[down] = sign(down) > 0 ? 0 : problem.costs()[row(down)];
        } else {
            multipliers[down] -= sign(down) * step;
        }
        for (int from = 0; from < count; from += rowCount) {
            for (int row = 0; row < rowCount; row++) {
                slopes[from + row] += step * (upRow[row] - downRow[row]);
            }
        }
    }

    private Solution solution() {
        double bias = -middle();
        double[] coefficients = new double[rowCount];
        double[] decisions = new double[rowCount];
        for (int i = 0; i < count; i++) {
            coefficients[row(i)] += sign(i) * multipliers[i];
        }
        for (int row = 0; row < rowCount; row++) {
            double offset = problem.isRegression() ? problem.epsilon() : 0;
            decisions[row] = slopes[row] + problem.targets()[row] - offset + bias;
        }
        return new Solution(coefficients, bias, decisions);
    }

    /** Returns the mean slope of the multipliers between their bounds, or the middle of what the others allow. */
    private double middle() {
        double sum = 0;
        int free = 0;
        double highest = Double.NEGATIVE_INFINITY;
        double lowest = Double.POSITIVE_INFINITY;
        for (int i = 0; i < count; i++) {
            boolean rises = mayRise(i);
            boolean falls = mayFall(i);
            if (rises && falls) {
                sum += slopes[i];
                free++;
            }
            lowest = rises ? Math.min(lowest, slopes[i]) : lowest;
            highest = falls ? Math.max(highest, slopes[i]) : highest;
        }
        if (free > 0) {
            return sum / free;
        }
        // With one class only, one of the two is infinite.
        return Double.isInfinite(lowest) ? highest : Double.isInfinite(highest) ? lowest : (lowest + highest) / 2;
    }
}
