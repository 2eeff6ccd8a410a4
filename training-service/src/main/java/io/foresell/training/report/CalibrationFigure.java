package io.foresell.training.report;

import io.foresell.model.manifest.CalibrationBin;
import io.foresell.training.report.Plot.Point;
import java.util.ArrayList;
import java.util.List;

/** Draws what came true against what was predicted. */
final class CalibrationFigure {
    private static final double LEAST_GREATEST = 0.1;

    private CalibrationFigure() {}

    /**
     * Returns the figure; nothing without bins.
     *
     * @param check {@code calibration} of the judgement: bins with intervals take the place of plain ones
     * @param reading how to read it
     */
    static Html of(List<CalibrationBin> plain, Facts check, String reading) {
        List<Bin> bins = check.list("bins").isEmpty()
                ? plain.stream().map(Bin::of).toList()
                : check.list("bins").stream().map(Bin::of).toList();
        if (bins.isEmpty()) {
            return Html.NONE;
        }
        double greatest = bins.stream().mapToDouble(Bin::greatest).max().orElse(0);
        Axis x = Axis.share("predicted", Math.max(LEAST_GREATEST, greatest));
        Plot plot = new Plot(
                "Calibration: came true against predicted",
                x,
                Axis.share("came true", Math.max(LEAST_GREATEST, greatest)));
        plot.line("diagonal", List.of(new Point(0, 0), new Point(x.until(), x.until())));
        List<Point> points = new ArrayList<>();
        List<String> titles = new ArrayList<>();
        for (Bin bin : bins) {
            if (!Double.isNaN(bin.low())) {
                plot.spread(bin.predicted(), bin.low(), bin.high());
            }
            points.add(new Point(bin.predicted(), bin.observed()));
            titles.add(bin.title());
        }
        plot.line("line", points).dots("dot", 4.2, points, titles);
        String sentence = check.text("sentence");
        return Layout.figure("Calibration", sentence.isEmpty() ? reading : reading + " " + sentence, plot.svg());
    }

    private record Bin(double predicted, double observed, double low, double high, long rowCount) {
        static Bin of(CalibrationBin bin) {
            return new Bin(bin.getMeanPredicted(), bin.getObservedRate(), Double.NaN, Double.NaN, bin.getRowCount());
        }

        static Bin of(Facts bin) {
            return new Bin(
                    bin.number("mean_predicted"),
                    bin.number("observed_rate"),
                    bin.number("low"),
                    bin.number("high"),
                    bin.count("row_count"));
        }

        double greatest() {
            return Math.max(Math.max(predicted, observed), Double.isNaN(high) ? 0 : high);
        }

        String title() {
            return "predicted %s, came true %s, %s"
                    .formatted(Shown.percent(predicted, 1), Shown.percent(observed, 1), Shown.count(rowCount, "row"));
        }
    }
}
