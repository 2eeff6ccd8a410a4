package io.foresell.training.prepare;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.Task;
import io.foresell.training.dataset.TrainingFold;
import java.util.Arrays;
import java.util.function.BooleanSupplier;

/** How much each encoded column alone says about the label. A column of one value says nothing: 0. */
final class ColumnScores {
    private static final int MAX_DISCRETE = 32;
    private static final int MAX_BINS = 16;
    /** Of both column and label a bin has some so many rows together: fewer would show information in noise. */
    private static final double ROWS_OF_TWO_BINS = 5;

    private final EncodedRows rows;
    private final TrainingFold fold;
    private final BooleanSupplier isCancelled;
    private final double[] means;
    private final double[] variances;

    ColumnScores(EncodedRows rows, TrainingFold fold, BooleanSupplier isCancelled) {
        this.rows = rows;
        this.fold = fold;
        this.isCancelled = isCancelled;
        this.means = rows.means();
        this.variances = rows.variances(means);
    }

    double[] variances() {
        return variances.clone();
    }

    /** Returns the class of every row. */
    private int[] classes(String rule) {
        if (fold.task() != Task.BINARY && fold.task() != Task.MULTICLASS) {
            throw new ServiceException(Failure.precondition(
                    "SELECTION_NEEDS_CLASSES",
                    "selection by %s for task %s (expected: binary or multiclass)"
                            .formatted(rule, fold.task().key())));
        }
        float[] labels = fold.labels();
        int[] classes = new int[labels.length];
        Arrays.setAll(classes, row -> (int) labels[row]);
        return classes;
    }

    private int classCount() {
        return fold.task() == Task.MULTICLASS ? fold.classes().size() : 2;
    }

    /** Returns the F statistic of a one-way analysis of variance, or of a simple regression. */
    double[] fTest() {
        return fold.task() == Task.REGRESSION ? fOfRegression() : fOfClasses();
    }

    private double[] fOfRegression() {
        double[] label = centred(Labels.indicators(fold)[0]);
        double squares = Arrays.stream(label).map(x -> x * x).sum();
        double[] products = new double[rows.width];
        for (int row = 0; row < rows.rowCount; row++) {
            for (int i = rows.starts[row]; i < rows.starts[row + 1]; i++) {
                products[rows.columns[i]] += rows.values[i] * label[row];
            }
        }
        double[] scores = new double[rows.width];
        Arrays.setAll(scores, column -> {
            double total = squares * variances[column] * rows.rowCount;
            double share = total == 0 ? 0 : Math.min(1, products[column] * products[column] / total);
            return share == 1 ? Double.MAX_VALUE : share / (1 - share) * (rows.rowCount - 2);
        });
        return scores;
    }

    static double[] centred(double[] values) {
        double mean = Arrays.stream(values).average().orElse(0);
        return Arrays.stream(values).map(x -> x - mean).toArray();
    }

    private double[] fOfClasses() {
        int[] classes = classes("the F-test");
        double[] sizes = new double[classCount()];
        double[][] sums = new double[classCount()][rows.width];
        for (int row = 0; row < rows.rowCount; row++) {
            sizes[classes[row]]++;
            for (int i = rows.starts[row]; i < rows.starts[row + 1]; i++) {
                sums[classes[row]][rows.columns[i]] += rows.values[i];
            }
        }
        long present = Arrays.stream(sizes).filter(size -> size > 0).count();
        double[] scores = new double[rows.width];
        for (int column = 0; column < scores.length; column++) {
            double between = 0;
            for (int k = 0; k < sizes.length; k++) {
                double difference = sizes[k] == 0 ? 0 : sums[k][column] / sizes[k] - means[column];
                between += sizes[k] * difference * difference;
            }
            double total = variances[column] * rows.rowCount;
            double within = total - between;
            scores[column] = total == 0
                    ? 0
                    : within <= 1e-12 * total
                            ? Double.MAX_VALUE
                            : between / (present - 1) / (within / (rows.rowCount - present));
        }
        return scores;
    }

    /** Returns Pearson's statistic of the sums of a column by class, the column less its least value. */
    double[] chiSquare() {
        int[] classes = classes("chi-square");
        float[] leasts = rows.leasts();
        double[] sizes = new double[classCount()];
        double[][] sums = new double[classCount()][rows.width];
        for (int row = 0; row < rows.rowCount; row++) {
            sizes[classes[row]]++;
            for (int i = rows.starts[row]; i < rows.starts[row + 1]; i++) {
                sums[classes[row]][rows.columns[i]] += rows.values[i];
            }
        }
        double[] scores = new double[rows.width];
        for (int column = 0; column < scores.length; column++) {
            double whole = (means[column] - leasts[column]) * rows.rowCount;
            for (int k = 0; k < sizes.length && variances[column] > 0; k++) {
                double expected = whole * sizes[k] / rows.rowCount;
                double difference = sums[k][column] - leasts[column] * sizes[k] - expected;
                scores[column] += expected == 0 ? 0 : difference * difference / expected;
            }
        }
        return scores;
    }

    /** Returns the mutual information of column and label in nats, both cut into quantile bins where they have many values. */
    double[] mutualInformation() {
        int[] labels = fold.task() == Task.REGRESSION ? levels(fold.labels()) : classes("mutual information");
        int labelCount = Arrays.stream(labels).max().orElse(0) + 1;
        double[] scores = new double[rows.width];
        Columns byColumn = new Columns(rows);
        for (int column = 0; column < scores.length; column++) {
            if (column % 64 == 0) {
                EncodedRows.requireWanted(isCancelled);
            }
            if (variances[column] > 0) {
                scores[column] = information(levels(byColumn.dense(column)), labels, labelCount);
            }
        }
        return scores;
    }

    private static double information(int[] levels, int[] labels, int labelCount) {
        int levelCount = Arrays.stream(levels).max().orElse(0) + 1;
        double[][] joint = new double[levelCount][labelCount];
        double[] ofLevel = new double[levelCount];
        double[] ofLabel = new double[labelCount];
        for (int row = 0; row < levels.length; row++) {
            joint[levels[row]][labels[row]]++;
            ofLevel[levels[row]]++;
            ofLabel[labels[row]]++;
        }
        double sum = 0;
        for (int level = 0; level < levelCount; level++) {
            for (int label = 0; label < labelCount; label++) {
                double count = joint[level][label];
                if (count > 0) {
                    sum += count * Math.log(count * levels.length / (ofLevel[level] * ofLabel[label]));
                }
            }
        }
        return Math.max(0, sum / levels.length);
    }

    /** Returns per row the index of its value, or of its quantile bin where there are many values. */
    private static int[] levels(float[] values) {
        Values known = Values.known(values);
        java.util.TreeSet<Float> edges = new java.util.TreeSet<>();
        for (float value : values) {
            edges.add(value);
            if (edges.size() > MAX_DISCRETE) {
                edges.clear();
                edges.add(Float.NEGATIVE_INFINITY);
                int bins = (int) Math.max(2, Math.min(MAX_BINS, Math.sqrt(values.length / ROWS_OF_TWO_BINS)));
                for (int i = 1; i < bins; i++) {
                    edges.add((float) known.quantile(i / (double) bins));
                }
                break;
            }
        }
        float[] sorted = new float[edges.size()];
        int next = 0;
        for (float edge : edges) {
            sorted[next++] = edge;
        }
        int[] levels = new int[values.length];
        for (int row = 0; row < levels.length; row++) {
            int found = Arrays.binarySearch(sorted, values[row]);
            levels[row] = found >= 0 ? found : -found - 2;
        }
        return levels;
    }

    /** The same values by column. */
    private static final class Columns {
        private final int rowCount;
        private final int[] starts;
        private final int[] rowIndexes;
        private final float[] values;

        Columns(EncodedRows rows) {
            this.rowCount = rows.rowCount;
            int size = rows.starts[rows.rowCount];
            this.starts = new int[rows.width + 1];
            this.rowIndexes = new int[size];
            this.values = new float[size];
            for (int i = 0; i < size; i++) {
                starts[rows.columns[i] + 1]++;
            }
            for (int column = 0; column < rows.width; column++) {
                starts[column + 1] += starts[column];
            }
            int[] next = starts.clone();
            for (int row = 0; row < rowCount; row++) {
                for (int i = rows.starts[row]; i < rows.starts[row + 1]; i++) {
                    int at = next[rows.columns[i]]++;
                    rowIndexes[at] = row;
                    values[at] = rows.values[i];
                }
            }
        }

        float[] dense(int column) {
            float[] dense = new float[rowCount];
            for (int i = starts[column]; i < starts[column + 1]; i++) {
                dense[rowIndexes[i]] = values[i];
            }
            return dense;
        }
    }
}
