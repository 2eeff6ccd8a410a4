package io.foresell.training.evaluate;

import java.util.HashMap;
import java.util.Map;

/** How well one column alone separates the classes: a column that nearly decides the label has often leaked it. */
public final class SingleColumn {
    /** From this area under the curve on, a single column is suspicious. */
    public static final double SUSPICIOUS_ROC_AUC = 0.98;

    private SingleColumn() {}

    /** Returns the ROC-AUC of a number in the better direction, missing values lowest or highest; NaN with one class. */
    public static double rocAuc(boolean[] labels, double[] values) {
        return Math.max(directed(labels, values, Double.NEGATIVE_INFINITY), directed(labels, values, Double.MAX_VALUE));
    }

    private static double directed(boolean[] labels, double[] values, double missing) {
        double[] filled = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            filled[i] = Double.isNaN(values[i]) ? missing : values[i];
        }
        double area = new Metrics(labels, filled).rocAuc();
        return Math.max(area, 1 - area);
    }

    /** Returns the ROC-AUC of a text scored by the mean label of the other rows with that text. */
    public static double rocAuc(boolean[] labels, String[] texts) {
        Map<String, double[]> sums = new HashMap<>();
        double positives = 0;
        for (int i = 0; i < labels.length; i++) {
            double[] sum = sums.computeIfAbsent(texts[i], text -> new double[2]);
            sum[0] += labels[i] ? 1 : 0;
            sum[1]++;
            positives += labels[i] ? 1 : 0;
        }
        double baseRate = positives / labels.length;
        double[] scores = new double[labels.length];
        for (int i = 0; i < labels.length; i++) {
            double[] sum = sums.getOrDefault(texts[i], new double[2]);
            // The row's own label is left out, or every unique text would look perfect.
            scores[i] = (sum[0] - (labels[i] ? 1 : 0) + baseRate) / sum[1];
        }
        return new Metrics(labels, scores).rocAuc();
    }
}
