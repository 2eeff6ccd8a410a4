package io.foresell.training.run;

import io.foresell.training.evaluate.Judged.LearningCurve;
import io.foresell.training.evaluate.Judged.LearningPoint;
import io.foresell.training.evaluate.Metric;
import java.util.List;
import java.util.Locale;

/** Says how much more data would help, from what less data gave. */
final class LearningCurves {
    private LearningCurves() {}

    /**
     * Returns the curve with its value at twice the rows: error falls with one over the root of the rows, which fits many learners
     * (and flatters none); the line is drawn by least squares.
     *
     * @param points from few rows to all, 2 or more
     */
    static LearningCurve of(Metric metric, List<LearningPoint> points) {
        double meanX = 0;
        double meanY = 0;
        for (LearningPoint point : points) {
            meanX += root(point.rowCount()) / points.size();
            meanY += point.value() / points.size();
        }
        double xy = 0;
        double xx = 0;
        for (LearningPoint point : points) {
            xy += (root(point.rowCount()) - meanX) * (point.value() - meanY);
            xx += (root(point.rowCount()) - meanX) * (root(point.rowCount()) - meanX);
        }
        LearningPoint all = points.get(points.size() - 1);
        double slope = xx == 0 ? 0 : xy / xx;
        double atDouble = all.value() + slope * (root(2 * all.rowCount()) - root(all.rowCount()));
        boolean isGain = metric.isBetter(atDouble, all.value());
        String sentence = String.format(
                Locale.ROOT,
                "With %,d rows %s is %.4f, with %,d it is %.4f; twice the data (%,d rows) would give about %.4f%s.",
                points.get(0).rowCount(),
                metric.key(),
                points.get(0).value(),
                all.rowCount(),
                all.value(),
                2 * all.rowCount(),
                atDouble,
                isGain ? "" : ": more rows would not help");
        return new LearningCurve(metric.key(), List.copyOf(points), 2 * all.rowCount(), atDouble, sentence);
    }

    private static double root(long rowCount) {
        return 1 / Math.sqrt((double) rowCount);
    }
}
