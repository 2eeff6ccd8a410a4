package io.foresell.training.check;

import io.foresell.training.dataset.HeldOutRows;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.evaluate.Metrics;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Suspects a column that alone separates the classes at least as well as all others together, and without which a good part of
 * the skill is gone. What is measured after the outcome (the length of the call that ended in a sale) looks like this long before
 * it decides the label.
 *
 * <p>The skill is that of additive models over binned columns, each fitted on one half of the rows and judged on the other.
 */
final class DominantColumn {
    private static final int MAX_ROWS = 20_000;
    private static final int MAX_COLUMNS = 30;
    private static final int LOOKED_AT = 3;
    private static final int LEAST_OF_RARER_CLASS = 100;
    /** Of two or three columns one is always ahead. */
    private static final int LEAST_OTHERS = 3;

    private static final double LEAST_SINGLE = 0.7;
    /** Share of the whole skill (area above one half) that is lost without the column. */
    private static final double LEAST_LOSS = 0.2;

    private final TrainingSet set;
    private final List<Leaks.SingleScore> scores;
    private final Leaks leaks;

    /** Takes the columns by falling area. */
    DominantColumn(TrainingSet set, List<Leaks.SingleScore> scores, Leaks leaks) {
        this.set = set;
        this.scores = scores;
        this.leaks = leaks;
    }

    void look() {
        if (scores.size() <= LEAST_OTHERS || scores.get(0).rocAuc() < LEAST_SINGLE) {
            return;
        }
        HeldOutRows rows = HeldOutRows.all(set).sample(MAX_ROWS);
        boolean[] labels = Leaks.positives(rows.labels(), 1);
        int positives = 0;
        for (boolean label : labels) {
            positives += label ? 1 : 0;
        }
        if (Math.min(positives, labels.length - positives) < LEAST_OF_RARER_CLASS) {
            return;
        }
        List<Leaks.SingleScore> columns = scores.subList(0, Math.min(MAX_COLUMNS, scores.size()));
        EvidenceColumns evidence = new EvidenceColumns(
                rows, columns.stream().map(Leaks.SingleScore::field).toList(), labels);
        double full = area(evidence, labels, all(columns.size(), -1));
        for (int column = 0; column < Math.min(LOOKED_AT, columns.size()); column++) {
            leaks.requireWanted();
            double alone = area(evidence, labels, new int[] {column});
            double others = area(evidence, labels, all(columns.size(), column));
            double loss = (full - others) / (full - 0.5);
            if (alone >= LEAST_SINGLE && alone >= others && loss >= LEAST_LOSS) {
                leaks.add(
                        "dominant_column",
                        columns.get(column).field().name(),
                        Leaks.SUSPICION,
                        ("Feature %s alone knows more of the label than all %d others together (roc_auc %.3f against %.3f; %.3f with"
                                        + " both): check that it is known before the label is, and not a part of the outcome.")
                                .formatted(
                                        columns.get(column).field().name(), columns.size() - 1, alone, others, full));
            }
        }
    }

    private static int[] all(int count, int without) {
        List<Integer> columns = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            if (i != without) {
                columns.add(i);
            }
        }
        return columns.stream().mapToInt(Integer::intValue).toArray();
    }

    /** Returns the mean over both halves. */
    private double area(EvidenceColumns evidence, boolean[] labels, int[] columns) {
        double sum = 0;
        for (int half = 0; half < 2; half++) {
            leaks.requireWanted();
            sum += areaOfHalf(evidence, labels, columns, half) / 2;
        }
        return sum;
    }

    private static double areaOfHalf(EvidenceColumns evidence, boolean[] labels, int[] columns, int half) {
        double[][] fitted = evidence.of(columns, half, 1 - half);
        double[][] judged = evidence.of(columns, half, half);
        double[] weights = AdditiveFit.weights(fitted, EvidenceColumns.half(labels, 1 - half));
        double[] answers = new double[judged.length];
        Arrays.setAll(answers, row -> AdditiveFit.dot(weights, judged[row]));
        return Metrics.rocAuc(EvidenceColumns.half(labels, half), answers);
    }
}
