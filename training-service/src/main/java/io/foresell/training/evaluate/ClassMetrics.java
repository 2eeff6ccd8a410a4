package io.foresell.training.evaluate;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;

/** The metrics of several classes; definitions at {@link Metric}. */
final class ClassMetrics implements TaskMetrics {
    private static final double CLIP = 1e-15;

    private final int[] labels;
    private final double[] probabilities;
    private final int classes;
    private final int[] likeliest;

    ClassMetrics(double[] labels, double[] probabilities) {
        this.labels = Arrays.stream(labels).mapToInt(label -> (int) label).toArray();
        this.probabilities = probabilities;
        this.classes = probabilities.length / labels.length;
        this.likeliest = new int[labels.length];
        Arrays.setAll(likeliest, this::likeliest);
    }

    private int likeliest(int row) {
        int best = 0;
        for (int i = 1; i < classes; i++) {
            best = p(row, i) > p(row, best) ? i : best;
        }
        return best;
    }

    private double p(int row, int label) {
        return probabilities[row * classes + label];
    }

    @Override
    public Map<Metric, Double> all() {
        Map<Metric, Double> all = new TreeMap<>();
        all.put(Metric.ROC_AUC, rocAuc());
        all.put(Metric.LOG_LOSS, logLoss());
        all.put(Metric.BRIER, brier());
        all.put(Metric.EXPECTED_CALIBRATION_ERROR, calibrationError());
        all.put(Metric.ACCURACY, accuracyOfTop(1));
        all.put(Metric.TOP_3_ACCURACY, accuracyOfTop(3));
        putByClass(all);
        return all;
    }

    /** Classes that are absent, or alone, are left out of the mean. */
    private double rocAuc() {
        double sum = 0;
        int counted = 0;
        for (int label = 0; label < classes; label++) {
            double auc = against(label).rocAuc();
            if (!Double.isNaN(auc)) {
                sum += auc;
                counted++;
            }
        }
        return counted == 0 ? Double.NaN : sum / counted;
    }

    private Metrics against(int label) {
        boolean[] isLabel = new boolean[labels.length];
        double[] scores = new double[labels.length];
        for (int row = 0; row < labels.length; row++) {
            isLabel[row] = labels[row] == label;
            scores[row] = p(row, label);
        }
        return new Metrics(isLabel, scores);
    }

    private double logLoss() {
        double sum = 0;
        for (int row = 0; row < labels.length; row++) {
            sum -= Math.log(Math.min(1 - CLIP, Math.max(CLIP, p(row, labels[row]))));
        }
        return sum / labels.length;
    }

    private double brier() {
        double sum = 0;
        for (int row = 0; row < labels.length; row++) {
            for (int label = 0; label < classes; label++) {
                double difference = p(row, label) - (label == labels[row] ? 1 : 0);
                sum += difference * difference;
            }
        }
        return sum / labels.length;
    }

    private double calibrationError() {
        boolean[] isRight = new boolean[labels.length];
        double[] confidence = new double[labels.length];
        for (int row = 0; row < labels.length; row++) {
            isRight[row] = likeliest[row] == labels[row];
            confidence[row] = p(row, likeliest[row]);
        }
        return new Metrics(isRight, confidence).expectedCalibrationError();
    }

    /** A class of equal probability stands before the row's own only when its index is lower. */
    private double accuracyOfTop(int count) {
        double found = 0;
        for (int row = 0; row < labels.length; row++) {
            double own = p(row, labels[row]);
            int before = 0;
            for (int label = 0; label < classes; label++) {
                double other = p(row, label);
                before += other > own || (other == own && label < labels[row]) ? 1 : 0;
            }
            found += before < count ? 1 : 0;
        }
        return found / labels.length;
    }

    private void putByClass(Map<Metric, Double> all) {
        Confusion confusion = new Confusion(classes);
        for (int row = 0; row < labels.length; row++) {
            confusion.add(labels[row], likeliest[row], 1);
        }
        all.put(Metric.MACRO_F1, confusion.macroF1());
        all.put(Metric.WEIGHTED_F1, confusion.weightedF1());
        all.put(Metric.BALANCED_ACCURACY, confusion.balancedAccuracy());
        all.put(Metric.MATTHEWS, confusion.matthews());
        all.put(Metric.COHEN_KAPPA, confusion.kappa());
    }
}
