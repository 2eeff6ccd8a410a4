package io.foresell.training.evaluate;

import java.util.Arrays;
import java.util.List;

/** What each row adds is computed once; the area under the curve is left out, which would rank all rows once per class. */
final class ClassResampling implements Resampling {
    private static final double CLIP = 1e-15;
    static final List<Metric> METRICS = List.of(
            Metric.LOG_LOSS,
            Metric.BRIER,
            Metric.ACCURACY,
            Metric.TOP_3_ACCURACY,
            Metric.MACRO_F1,
            Metric.BALANCED_ACCURACY);

    private final int[] labels;
    private final int[] likeliest;
    private final double[] losses;
    private final double[] squares;
    private final boolean[] isInTop3;
    private final int classes;

    ClassResampling(double[] foldLabels, double[] answers) {
        int count = foldLabels.length;
        classes = answers.length / count;
        labels = Arrays.stream(foldLabels).mapToInt(label -> (int) label).toArray();
        likeliest = new int[count];
        losses = new double[count];
        squares = new double[count];
        isInTop3 = new boolean[count];
        for (int row = 0; row < count; row++) {
            add(row, Arrays.copyOfRange(answers, row * classes, (row + 1) * classes));
        }
    }

    private void add(int row, double[] shares) {
        double own = shares[labels[row]];
        int before = 0;
        for (int label = 0; label < classes; label++) {
            likeliest[row] = shares[label] > shares[likeliest[row]] ? label : likeliest[row];
            double difference = shares[label] - (label == labels[row] ? 1 : 0);
            squares[row] += difference * difference;
            before += shares[label] > own || (shares[label] == own && label < labels[row]) ? 1 : 0;
        }
        losses[row] = -Math.log(Math.min(1 - CLIP, Math.max(CLIP, own)));
        isInTop3[row] = before < 3;
    }

    @Override
    public List<Metric> metrics() {
        return METRICS;
    }

    @Override
    public void measure(int[] weights, double[] measured) {
        double[] actual = new double[classes];
        double[] answered = new double[classes];
        double[] right = new double[classes];
        double rowCount = 0;
        double found = 0;
        Arrays.fill(measured, 0);
        for (int row = 0; row < labels.length; row++) {
            int weight = weights[row];
            rowCount += weight;
            measured[0] += weight * losses[row];
            measured[1] += weight * squares[row];
            measured[3] += isInTop3[row] ? weight : 0;
            actual[labels[row]] += weight;
            answered[likeliest[row]] += weight;
            if (likeliest[row] == labels[row]) {
                right[labels[row]] += weight;
                found += weight;
            }
        }
        measured[0] /= rowCount;
        measured[1] /= rowCount;
        measured[2] = found / rowCount;
        measured[3] /= rowCount;
        double present = 0;
        double seen = 0;
        for (int label = 0; label < classes; label++) {
            if (actual[label] + answered[label] > 0) {
                measured[4] += 2 * right[label] / (actual[label] + answered[label]);
                seen++;
            }
            if (actual[label] > 0) {
                measured[5] += right[label] / actual[label];
                present++;
            }
        }
        measured[4] /= seen;
        measured[5] /= present;
    }
}
