package io.foresell.training.evaluate;

import io.foresell.training.evaluate.Evaluation.CalibrationBin;
import io.foresell.training.evaluate.Evaluation.LiftRow;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The metrics of two classes on one set of labels and probabilities; definitions at {@link Metric}. */
public final class Metrics implements TaskMetrics {
    private static final double CLIP = 1e-15;
    static final int BINS = 10;
    private static final double[] LIFT_FRACTIONS = {0.01, 0.05, 0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9, 1};

    private final boolean[] labels;
    private final double[] probabilities;
    private final Ranking ranking;

    /**
     * Takes one label and one probability per row, at least one row.
     *
     * @param probabilities P(positive), in [0, 1]
     */
    public Metrics(boolean[] labels, double[] probabilities) {
        this.labels = labels.clone();
        this.probabilities = probabilities.clone();
        this.ranking = new Ranking(labels, probabilities);
    }

    /** Takes labels as 1 and 0. */
    public static Metrics of(double[] labels, double[] probabilities) {
        boolean[] isPositive = new boolean[labels.length];
        for (int i = 0; i < labels.length; i++) {
            isPositive[i] = labels[i] == 1;
        }
        return new Metrics(isPositive, probabilities);
    }

    /** Returns the area under the ROC curve of any scores; NaN with one class. */
    public static double rocAuc(boolean[] labels, double[] scores) {
        return new Metrics(labels, scores).rocAuc();
    }

    /** Returns every metric; those that need both classes are NaN when there is only one. */
    @Override
    public Map<Metric, Double> all() {
        Map<Metric, Double> all = new TreeMap<>();
        all.put(Metric.ROC_AUC, rocAuc());
        all.put(Metric.PR_AUC, averagePrecision());
        all.put(Metric.LOG_LOSS, logLoss());
        all.put(Metric.BRIER, brier());
        all.put(Metric.EXPECTED_CALIBRATION_ERROR, expectedCalibrationError());
        Confusion confusion = confusion();
        all.put(Metric.F1, confusion.f1(1));
        all.put(Metric.PRECISION, confusion.precision(1));
        all.put(Metric.RECALL, confusion.recall(1));
        all.put(Metric.ACCURACY, confusion.accuracy());
        all.put(Metric.BALANCED_ACCURACY, confusion.balancedAccuracy());
        all.put(Metric.MATTHEWS, confusion.matthews());
        all.put(Metric.LIFT_10, lift(0.1).lift());
        all.put(Metric.KOLMOGOROV_SMIRNOV, kolmogorovSmirnov());
        return all;
    }

    /** Returns the share of positives. */
    public double baseRate() {
        return ranking.baseRate();
    }

    /** Mann-Whitney: for each positive, the negatives below it, half of those at its score. */
    double rocAuc() {
        if (!ranking.hasBothClasses()) {
            return Double.NaN;
        }
        double wins = 0;
        double negativesBelow = ranking.rowCount() - ranking.positiveCount;
        for (int from = 0; from < ranking.rowCount(); from = ranking.tieEnds[from]) {
            int size = ranking.tieEnds[from] - from;
            double positives = ranking.tiedLabels[from] * size;
            double negatives = size - positives;
            negativesBelow -= negatives;
            wins += positives * (negativesBelow + negatives / 2);
        }
        return wins / (ranking.positiveCount * (ranking.rowCount() - ranking.positiveCount));
    }

    /** Sum over thresholds of (recall step) * precision, without interpolation. */
    double averagePrecision() {
        if (ranking.positiveCount == 0) {
            return Double.NaN;
        }
        double sum = 0;
        double found = 0;
        for (int from = 0; from < ranking.rowCount(); from = ranking.tieEnds[from]) {
            int end = ranking.tieEnds[from];
            double positives = ranking.tiedLabels[from] * (end - from);
            found += positives;
            sum += positives * found / end;
        }
        return sum / ranking.positiveCount;
    }

    double logLoss() {
        double sum = 0;
        for (int i = 0; i < labels.length; i++) {
            double p = Math.min(1 - CLIP, Math.max(CLIP, probabilities[i]));
            sum -= labels[i] ? Math.log(p) : Math.log1p(-p);
        }
        return sum / labels.length;
    }

    double brier() {
        double sum = 0;
        for (int i = 0; i < labels.length; i++) {
            double difference = probabilities[i] - (labels[i] ? 1 : 0);
            sum += difference * difference;
        }
        return sum / labels.length;
    }

    double expectedCalibrationError() {
        double sum = 0;
        for (CalibrationBin bin : calibration()) {
            sum += bin.rowCount() * Math.abs(bin.observedRate() - bin.meanPredicted());
        }
        return sum / labels.length;
    }

    /** Returns the counts at 0.5. */
    private Confusion confusion() {
        Confusion confusion = new Confusion(2);
        for (int i = 0; i < labels.length; i++) {
            confusion.add(labels[i] ? 1 : 0, probabilities[i] >= 0.5 ? 1 : 0, 1);
        }
        return confusion;
    }

    double kolmogorovSmirnov() {
        if (!ranking.hasBothClasses()) {
            return Double.NaN;
        }
        double negativeCount = ranking.rowCount() - ranking.positiveCount;
        double greatest = 0;
        double found = 0;
        for (int from = 0; from < ranking.rowCount(); from = ranking.tieEnds[from]) {
            int end = ranking.tieEnds[from];
            found += ranking.tiedLabels[from] * (end - from);
            greatest = Math.max(greatest, Math.abs(found / ranking.positiveCount - (end - found) / negativeCount));
        }
        return greatest;
    }

    /** Returns what the top share of rows holds; a tie at the cut counts in proportion. */
    LiftRow lift(double topFraction) {
        int count = (int) Math.max(1, Math.round(topFraction * labels.length));
        double found = ranking.positivesInTop(count);
        return new LiftRow(topFraction, found / count / ranking.baseRate(), found / ranking.positiveCount);
    }

    /** Returns the lift table, from the smallest share to all rows; empty without positives. */
    public List<LiftRow> liftTable() {
        List<LiftRow> rows = new ArrayList<>();
        for (double fraction : LIFT_FRACTIONS) {
            if (ranking.positiveCount > 0) {
                rows.add(lift(fraction));
            }
        }
        return rows;
    }

    /** Returns at most ten bins of equal count from low to high scores. */
    public List<CalibrationBin> calibration() {
        List<CalibrationBin> bins = new ArrayList<>();
        int count = labels.length;
        for (int bin = BINS - 1; bin >= 0; bin--) {
            int from = (int) ((long) bin * count / BINS);
            int until = (int) ((bin + 1L) * count / BINS);
            if (from < until) {
                double predicted = 0;
                double observed = 0;
                for (int i = from; i < until; i++) {
                    predicted += ranking.scores[i];
                    observed += ranking.tiedLabels[i];
                }
                bins.add(new CalibrationBin(predicted / (until - from), observed / (until - from), until - from));
            }
        }
        return bins;
    }

    /** Returns the score that the given share of rows reaches or exceeds. */
    public double scoreOfTop(double fraction) {
        int count = (int) Math.max(1, Math.round(fraction * labels.length));
        return ranking.scores[count - 1];
    }
}
