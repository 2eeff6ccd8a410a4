package io.foresell.training.fit.tree;

import com.google.gson.JsonObject;
import io.foresell.model.Task;
import java.util.Locale;

/**
 * What a forest answers to its own training rows, each by the trees that did not draw it: an honest estimate without a test set.
 * Breiman, "Random Forests" (2001), section 3.1.
 */
final class OutOfBag {
    private static final int TREES_BETWEEN_LOSSES = 10;
    private static final double CLIP = 1e-15;

    private final Targets targets;
    private final int width;
    private final double[] sums;
    private final int[] treeCounts;

    OutOfBag(Targets targets, int rowCount) {
        this.targets = targets;
        this.width = targets.answerWidth();
        this.sums = new double[Math.multiplyExact(rowCount, width)];
        this.treeCounts = new int[rowCount];
    }

    void add(DrawnTree drawn) {
        int[] others = drawn.others();
        for (int i = 0; i < others.length; i++) {
            treeCounts[others[i]]++;
            for (int j = 0; j < width; j++) {
                sums[others[i] * width + j] += drawn.answers()[i * width + j];
            }
        }
    }

    /** Returns log-loss or squared error after a number of trees; NaN where it is not worth the time. */
    double lossAfter(int treeCount) {
        return treeCount % TREES_BETWEEN_LOSSES == 0 ? loss() : Double.NaN;
    }

    private double loss() {
        double sum = 0;
        for (int row = 0; row < treeCounts.length; row++) {
            if (treeCounts[row] > 0) {
                double label = targets.label(row);
                sum += targets.isRegression()
                        ? (answer(row, 0) - label) * (answer(row, 0) - label)
                        : -Math.log(Math.max(CLIP, probability(row, label)));
            }
        }
        return sum / judged();
    }

    private double probability(int row, double label) {
        if (targets.task == Task.MULTICLASS) {
            return answer(row, (int) label);
        }
        return label == 1 ? answer(row, 0) : 1 - answer(row, 0);
    }

    private double answer(int row, int index) {
        return sums[row * width + index] / treeCounts[row];
    }

    private int judged() {
        int count = 0;
        for (int trees : treeCounts) {
            count += trees > 0 ? 1 : 0;
        }
        return count;
    }

    /** Returns the estimate with six digits: rows with an answer, and log-loss and accuracy, or the root of the squared error. */
    String asJson() {
        JsonObject json = new JsonObject();
        json.addProperty("rows", judged());
        if (targets.isRegression()) {
            json.addProperty("rmse", rounded(Math.sqrt(loss())));
        } else {
            json.addProperty("log_loss", rounded(loss()));
            json.addProperty("accuracy", rounded(accuracy()));
        }
        return json + "\n";
    }

    private double accuracy() {
        int right = 0;
        for (int row = 0; row < treeCounts.length; row++) {
            if (treeCounts[row] > 0 && likeliest(row) == (int) targets.label(row)) {
                right++;
            }
        }
        return (double) right / judged();
    }

    private int likeliest(int row) {
        if (width == 1) {
            return answer(row, 0) >= 0.5 ? 1 : 0;
        }
        int highest = 0;
        for (int i = 1; i < width; i++) {
            highest = answer(row, i) > answer(row, highest) ? i : highest;
        }
        return highest;
    }

    private static double rounded(double value) {
        return Double.isFinite(value) ? Double.parseDouble(String.format(Locale.ROOT, "%.6g", value)) : 0;
    }
}
