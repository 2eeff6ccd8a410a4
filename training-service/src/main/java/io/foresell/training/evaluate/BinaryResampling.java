package io.foresell.training.evaluate;

import java.util.List;

/** Rows are ranked once; every resample is then one pass over them. */
final class BinaryResampling implements Resampling {
    private static final double CLIP = 1e-15;
    static final List<Metric> METRICS = List.of(
            Metric.ROC_AUC,
            Metric.PR_AUC,
            Metric.LOG_LOSS,
            Metric.BRIER,
            Metric.F1,
            Metric.ACCURACY,
            Metric.LIFT_10,
            Metric.PRECISION,
            Metric.RECALL,
            Metric.BALANCED_ACCURACY,
            Metric.MATTHEWS,
            Metric.KOLMOGOROV_SMIRNOV);

    private final int[] order;
    private final int[] tieEnds;
    private final boolean[] labels;
    private final double[] losses;
    private final double[] squares;
    private final boolean[] isHigh;

    BinaryResampling(double[] foldLabels, double[] answers) {
        int count = answers.length;
        order = Ranking.falling(answers);
        tieEnds = new int[count];
        labels = new boolean[count];
        losses = new double[count];
        squares = new double[count];
        isHigh = new boolean[count];
        for (int i = count - 1; i >= 0; i--) {
            boolean isTied = i + 1 < count && answers[order[i]] == answers[order[i + 1]];
            tieEnds[i] = isTied ? tieEnds[i + 1] : i + 1;
            double p = answers[order[i]];
            labels[i] = foldLabels[order[i]] == 1;
            double inside = Math.min(1 - CLIP, Math.max(CLIP, p));
            losses[i] = labels[i] ? -Math.log(inside) : -Math.log1p(-inside);
            squares[i] = (p - (labels[i] ? 1 : 0)) * (p - (labels[i] ? 1 : 0));
            isHigh[i] = p >= 0.5;
        }
    }

    @Override
    public List<Metric> metrics() {
        return METRICS;
    }

    @Override
    public void measure(int[] weights, double[] measured) {
        double rowCount = 0;
        double positives = 0;
        double loss = 0;
        double square = 0;
        Confusion confusion = new Confusion(2);
        for (int i = 0; i < order.length; i++) {
            int weight = weights[order[i]];
            rowCount += weight;
            loss += weight * losses[i];
            square += weight * squares[i];
            positives += labels[i] ? weight : 0;
            confusion.add(labels[i] ? 1 : 0, isHigh[i] ? 1 : 0, weight);
        }
        measured[2] = loss / rowCount;
        measured[3] = square / rowCount;
        measured[4] = confusion.f1(1);
        measured[5] = confusion.accuracy();
        measured[7] = confusion.precision(1);
        measured[8] = confusion.recall(1);
        measured[9] = confusion.balancedAccuracy();
        measured[10] = confusion.matthews();
        rank(weights, rowCount, positives, measured);
    }

    private void rank(int[] weights, double rowCount, double positives, double[] measured) {
        double wins = 0;
        double precision = 0;
        double seen = 0;
        double found = 0;
        double top = Math.max(1, Math.round(0.1 * rowCount));
        double foundInTop = 0;
        double distance = 0;
        for (int from = 0; from < order.length; from = tieEnds[from]) {
            double tied = 0;
            double tiedPositives = 0;
            for (int i = from; i < tieEnds[from]; i++) {
                tied += weights[order[i]];
                tiedPositives += labels[i] ? weights[order[i]] : 0;
            }
            if (tied > 0) {
                double tiedNegatives = tied - tiedPositives;
                double negativesBelow = rowCount - positives - (seen - found) - tiedNegatives;
                wins += tiedPositives * (negativesBelow + tiedNegatives / 2);
                foundInTop += tiedPositives * Math.max(0, Math.min(1, (top - seen) / tied));
                seen += tied;
                found += tiedPositives;
                precision += tiedPositives * found / seen;
                distance = Math.max(distance, Math.abs(found / positives - (seen - found) / (rowCount - positives)));
            }
        }
        boolean hasBoth = positives > 0 && positives < rowCount;
        measured[0] = hasBoth ? wins / (positives * (rowCount - positives)) : Double.NaN;
        measured[1] = positives > 0 ? precision / positives : Double.NaN;
        measured[11] = hasBoth ? distance : Double.NaN;
        measured[6] = positives > 0 ? foundInTop / top / (positives / rowCount) : Double.NaN;
    }
}
