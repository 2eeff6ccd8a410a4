package io.foresell.training.check;

import io.foresell.model.InputField;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.training.dataset.HeldOutRows;
import io.foresell.training.evaluate.Binning;
import java.util.ArrayList;
import java.util.List;

/**
 * Columns as weights of evidence: each value becomes the log-odds of its bin, drawn towards the base rate. Rows of even index are
 * half 0, the others half 1; evidence is taken from one half alone.
 */
final class EvidenceColumns {
    private static final int NUMBER_BINS = 20;
    private static final int TEXT_BINS = 50;
    private static final double PRIOR_ROWS = 10;

    private final boolean[] labels;
    private final List<int[]> bins = new ArrayList<>();
    private final List<Integer> counts = new ArrayList<>();

    EvidenceColumns(HeldOutRows rows, List<InputField> fields, boolean[] labels) {
        this.labels = labels;
        for (InputField field : fields) {
            Rows column = rows.rows(Signature.of(List.of(field)));
            Binning binning = Binning.of(field, column, NUMBER_BINS, TEXT_BINS);
            bins.add(binning.bins(column));
            counts.add(binning.count());
        }
    }

    static boolean[] half(boolean[] values, int half) {
        boolean[] taken = new boolean[(values.length + 1 - half) / 2];
        for (int i = 0; i < taken.length; i++) {
            taken[i] = values[2 * i + half];
        }
        return taken;
    }

    /**
     * Returns rows of a half, the last column all ones.
     *
     * @param judged the half whose labels are not looked at
     * @param wanted the half whose rows are returned
     */
    double[][] of(int[] columns, int judged, int wanted) {
        double[][] rows = new double[(labels.length + 1 - wanted) / 2][columns.length + 1];
        for (int i = 0; i < columns.length; i++) {
            double[] evidence = evidence(columns[i], 1 - judged);
            int[] column = bins.get(columns[i]);
            for (int row = 0; row < rows.length; row++) {
                rows[row][i] = evidence[column[2 * row + wanted]];
            }
        }
        for (double[] row : rows) {
            row[columns.length] = 1;
        }
        return rows;
    }

    private double[] evidence(int column, int half) {
        double[] positives = new double[counts.get(column)];
        double[] all = new double[positives.length];
        double positiveSum = 0;
        double rowCount = 0;
        for (int row = half; row < labels.length; row += 2) {
            int bin = bins.get(column)[row];
            all[bin]++;
            positives[bin] += labels[row] ? 1 : 0;
            positiveSum += labels[row] ? 1 : 0;
            rowCount++;
        }
        double baseRate = positiveSum / rowCount;
        double[] evidence = new double[positives.length];
        for (int bin = 0; bin < evidence.length; bin++) {
            double rate = (positives[bin] + PRIOR_ROWS * baseRate) / (all[bin] + PRIOR_ROWS);
            evidence[bin] = Math.log(rate / (1 - rate)) - Math.log(baseRate / (1 - baseRate));
        }
        return evidence;
    }
}
