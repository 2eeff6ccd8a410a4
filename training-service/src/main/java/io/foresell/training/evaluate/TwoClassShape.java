package io.foresell.training.evaluate;

import java.util.ArrayList;
import java.util.List;

/**
 * The curves of two classes.
 *
 * @param roc from (0, 0) to (1, 1): share of negatives taken, share of positives found
 * @param precisionRecall by falling score: share of positives found, share of positives among the rows taken
 * @param scores how many rows of each class score how high, in {@value #BINS} bins of equal width over [0, 1]
 */
public record TwoClassShape(List<Point> roc, List<Point> precisionRecall, List<ScoreBin> scores)
        implements AnswerShape {
    /** Bins of scores; their edges are the thresholds 0, 0.05, 0.1 and so on. */
    public static final int BINS = 20;

    // A curve of some hundred pixels shows no more.
    private static final double LEAST_STEP = 1 / 160.0;

    public TwoClassShape {
        roc = List.copyOf(roc);
        precisionRecall = List.copyOf(precisionRecall);
        scores = List.copyOf(scores);
    }

    /** One point of a curve, both in [0, 1]. */
    public record Point(double x, double y) {}

    /** How many rows score in [from, from + 1 / {@value #BINS}); the last bin holds 1 too. */
    public record ScoreBin(double from, long positiveCount, long negativeCount) {}

    static TwoClassShape of(double[] labels, double[] probabilities) {
        boolean[] isPositive = new boolean[labels.length];
        for (int row = 0; row < labels.length; row++) {
            isPositive[row] = labels[row] == 1;
        }
        Ranking ranking = new Ranking(isPositive, probabilities);
        boolean hasCurves = ranking.hasBothClasses();
        return new TwoClassShape(
                hasCurves ? roc(ranking) : List.of(),
                hasCurves ? precisionRecall(ranking) : List.of(),
                scores(isPositive, probabilities));
    }

    private static List<Point> roc(Ranking ranking) {
        double positives = ranking.positiveCount;
        double negatives = ranking.rowCount() - positives;
        List<Point> points = new ArrayList<>();
        points.add(new Point(0, 0));
        double found = 0;
        for (int from = 0; from < ranking.rowCount(); from = ranking.tieEnds[from]) {
            int end = ranking.tieEnds[from];
            found += ranking.tiedLabels[from] * (end - from);
            addThinned(points, new Point((end - found) / negatives, found / positives), end == ranking.rowCount());
        }
        return points;
    }

    private static List<Point> precisionRecall(Ranking ranking) {
        List<Point> points = new ArrayList<>();
        double found = 0;
        for (int from = 0; from < ranking.rowCount(); from = ranking.tieEnds[from]) {
            int end = ranking.tieEnds[from];
            found += ranking.tiedLabels[from] * (end - from);
            if (found > 0) {
                Point point = new Point(found / ranking.positiveCount, found / end);
                addThinned(points, point, end == ranking.rowCount());
            }
        }
        return points;
    }

    private static void addThinned(List<Point> points, Point point, boolean isLast) {
        if (points.isEmpty() || isLast) {
            points.add(point);
            return;
        }
        Point before = points.get(points.size() - 1);
        if (Math.abs(point.x() - before.x()) + Math.abs(point.y() - before.y()) >= LEAST_STEP) {
            points.add(point);
        }
    }

    private static List<ScoreBin> scores(boolean[] isPositive, double[] probabilities) {
        long[] positives = new long[BINS];
        long[] negatives = new long[BINS];
        for (int row = 0; row < isPositive.length; row++) {
            int bin = Math.max(0, Math.min(BINS - 1, (int) Math.floor(probabilities[row] * BINS)));
            (isPositive[row] ? positives : negatives)[bin]++;
        }
        List<ScoreBin> bins = new ArrayList<>();
        for (int bin = 0; bin < BINS; bin++) {
            bins.add(new ScoreBin(bin / (double) BINS, positives[bin], negatives[bin]));
        }
        return bins;
    }
}
