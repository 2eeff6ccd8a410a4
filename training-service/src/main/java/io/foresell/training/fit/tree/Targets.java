package io.foresell.training.fit.tree;

import io.foresell.model.Task;
import io.foresell.training.dataset.TrainingFold;
import java.util.Arrays;

/**
 * What the rows of a fold are to be split by. A node holds sums over its rows: the weight per class, or the weight and the
 * weighted sum of values. Values are kept with mean 0 and deviation 1, so that nothing depends on their unit. Immutable.
 */
final class Targets {
    /** How many sums a node has. */
    final int width;

    final Task task;
    private final int[] classes;
    private final double[] values;
    private final double mean;
    private final double deviation;

    private Targets(Task task, int width, int[] classes, double[] values, double mean, double deviation) {
        this.task = task;
        this.width = width;
        this.classes = classes;
        this.values = values;
        this.mean = mean;
        this.deviation = deviation;
    }

    static Targets of(TrainingFold fold) {
        float[] labels = fold.labels();
        if (fold.task() == Task.REGRESSION) {
            return ofValues(labels);
        }
        int[] classes = new int[labels.length];
        Arrays.setAll(classes, row -> (int) labels[row]);
        int count = fold.task() == Task.BINARY ? 2 : fold.classes().size();
        return new Targets(fold.task(), count, classes, new double[0], 0, 1);
    }

    private static Targets ofValues(float[] labels) {
        double mean = 0;
        for (float label : labels) {
            mean += label / (double) labels.length;
        }
        double squares = 0;
        for (float label : labels) {
            squares += (label - mean) * (label - mean);
        }
        double deviation = Math.sqrt(squares / labels.length);
        double unit = deviation > 0 ? deviation : 1;
        double[] values = new double[labels.length];
        for (int row = 0; row < values.length; row++) {
            values[row] = (labels[row] - mean) / unit;
        }
        return new Targets(Task.REGRESSION, 2, new int[0], values, mean, unit);
    }

    boolean isRegression() {
        return task == Task.REGRESSION;
    }

    /** Adds a row to the sums that start at an index. */
    void addTo(double[] sums, int at, int row, double weight) {
        if (values.length == 0) {
            sums[at + classes[row]] += weight;
        } else {
            sums[at] += weight;
            sums[at + 1] += weight * values[row];
        }
    }

    /** Returns the weight of all rows of a node. */
    double weight(double[] sums) {
        return isRegression() ? sums[0] : Arrays.stream(sums).sum();
    }

    /** Returns how many numbers a leaf answers: P(positive), a share per class, or a value. */
    int answerWidth() {
        return task == Task.MULTICLASS ? width : 1;
    }

    /** Returns what a node answers. */
    float[] answer(double[] sums) {
        if (isRegression()) {
            return new float[] {(float) (mean + deviation * sums[1] / sums[0])};
        }
        double weight = weight(sums);
        if (task == Task.BINARY) {
            return new float[] {(float) (sums[1] / weight)};
        }
        float[] shares = new float[width];
        for (int i = 0; i < width; i++) {
            shares[i] = (float) (sums[i] / weight);
        }
        return shares;
    }

    /** Returns the label of a row: 1 or 0, the index of a class, or the value. */
    double label(int row) {
        return isRegression() ? mean + deviation * values[row] : classes[row];
    }
}
