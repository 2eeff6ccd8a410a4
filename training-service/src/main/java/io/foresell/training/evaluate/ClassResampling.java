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
            Metric.BALANCED_ACCURACY,
            Metric.WEIGHTED_F1,
            Metric.MATTHEWS,
            Metric.COHEN_KAPPA);

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
        Confusion confusion = new Confusion(classes);
        double rowCount = 0;
        double loss = 0;
        double square = 0;
        double inTop3 = 0;
        for (int row = 0; row < labels.length; row++) {
            int weight = weights[row];
            rowCount += weight;
            loss += weight * losses[row];
            square += weight * squares[row];
            inTop3 += isInTop3[row] ? weight : 0;
            confusion.add(labels[row], likeliest[row], weight);
        }
        measured[0] = loss / rowCount;
        measured[1] = square / rowCount;
        measured[2] = confusion.accuracy();
        measured[3] = inTop3 / rowCount;
        measured[4] = confusion.macroF1();
        measured[5] = confusion.balancedAccuracy();
        measured[6] = confusion.weightedF1();
        measured[7] = confusion.matthews();
        measured[8] = confusion.kappa();
    }
}
