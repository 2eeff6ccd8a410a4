package io.foresell.training.report;

import io.foresell.training.evaluate.ValueShape;
import io.foresell.training.evaluate.ValueShape.ErrorBin;
import io.foresell.training.evaluate.ValueShape.Sampled;
import io.foresell.training.evaluate.ValueShape.Tenth;
import io.foresell.training.report.Plot.Point;
import java.util.List;
import java.util.function.ToDoubleFunction;
import java.util.stream.DoubleStream;

/** Answered values beside the actual ones, and how the errors are spread. */
final class ValuePart {
    private final ValueShape shape;

    ValuePart(ValueShape shape) {
        this.shape = shape;
    }

    Html render() {
        return Html.join(
                Layout.section(
                        "curves",
                        "Predicted and actual",
                        "On rows that the model was not fitted on.",
                        Layout.figures(List.of(scatter(), residuals(), histogram()))),
                Layout.section(
                        "tenths",
                        "From low to high forecasts",
                        "Rows sorted by what was predicted and cut into ten parts of equal size.",
                        tenths()));
    }

    private Html scatter() {
        // Ends cover all but the most extreme rows; those are drawn at the edge.
        double[] sorted = shape.sample().stream()
                .flatMapToDouble(row -> DoubleStream.of(row.actual(), row.answered()))
                .sorted()
                .toArray();
        double low = sorted[(int) (0.005 * (sorted.length - 1))];
        double high = sorted[(int) (0.995 * (sorted.length - 1))];
        Axis x = Axis.numbers("predicted", low, high);
        Plot plot = new Plot("Actual against predicted values", x, Axis.numbers("actual", low, high));
        plot.dots("scatter", 2.6, points(shape.sample()), List.of())
                .line("diagonal", List.of(new Point(x.from(), x.from()), new Point(x.until(), x.until())))
                .line(
                        "line",
                        shape.tenths().stream()
                                .map(tenth -> new Point(tenth.meanAnswered(), tenth.meanActual()))
                                .toList());
        return Layout.figure(
                "Predicted and actual",
                "Each dot is one row, at most 400 of them. The line joins the means of ten parts; dashed is perfect.",
                plot.svg());
    }

    private static List<Point> points(List<Sampled> sample) {
        return sample.stream()
                .map(row -> new Point(row.answered(), row.actual()))
                .toList();
    }

    private Html residuals() {
        List<Tenth> tenths = shape.tenths();
        double low = tenths.stream().mapToDouble(Tenth::lowError).min().orElse(0);
        double high = tenths.stream().mapToDouble(Tenth::highError).max().orElse(0);
        double first = tenths.get(0).meanAnswered();
        double last = tenths.get(tenths.size() - 1).meanAnswered();
        Axis x = Axis.numbers("predicted", first, last);
        Plot plot = new Plot(
                "Errors by predicted value",
                x,
                Axis.numbers("predicted minus actual", Math.min(0, low), Math.max(0, high)));
        plot.band(errors(tenths, Tenth::lowError), errors(tenths, Tenth::highError))
                .line("diagonal", List.of(new Point(x.from(), 0), new Point(x.until(), 0)))
                .line("line", errors(tenths, Tenth::medianError));
        return Layout.figure(
                "Errors by size of the forecast",
                "The line is the median error, the band holds 8 of 10 rows. Above 0: predicted too high.",
                plot.svg());
    }

    private static List<Point> errors(List<Tenth> tenths, ToDoubleFunction<Tenth> error) {
        return tenths.stream()
                .map(tenth -> new Point(tenth.meanAnswered(), error.applyAsDouble(tenth)))
                .toList();
    }

    private Html histogram() {
        List<ErrorBin> bins = shape.errors();
        if (bins.size() < 2) {
            return Html.NONE;
        }
        double all = bins.stream().mapToLong(ErrorBin::count).sum();
        double greatest = bins.stream().mapToLong(ErrorBin::count).max().orElse(1) / all;
        Plot plot = new Plot(
                "Histogram of errors",
                Axis.numbers(
                        "predicted minus actual",
                        bins.get(0).from(),
                        bins.get(bins.size() - 1).until()),
                Axis.share("share of rows", greatest));
        for (ErrorBin bin : bins) {
            String title = "%s to %s: %s"
                    .formatted(Shown.number(bin.from()), Shown.number(bin.until()), Shown.count(bin.count(), "row"));
            plot.bar("positive", bin.from(), bin.until(), bin.count() / all, title);
        }
        return Layout.figure("Errors", "The outermost bars hold everything beyond, 1 % of the rows each.", plot.svg());
    }

    private Html tenths() {
        double greatest = shape.tenths().stream()
                .mapToDouble(tenth -> Math.max(Math.abs(tenth.meanAnswered()), Math.abs(tenth.meanActual())))
                .max()
                .orElse(1);
        int digits = Shown.digitsFor(greatest);
        List<Html> rows = shape.tenths().stream()
                .map(tenth -> Layout.numberRow(
                        Shown.decimal(tenth.meanAnswered(), digits),
                        Shown.decimal(tenth.meanActual(), digits),
                        Shown.decimal(tenth.medianError(), digits),
                        Shown.decimal(tenth.lowError(), digits) + " to " + Shown.decimal(tenth.highError(), digits),
                        Shown.count(tenth.count())))
                .toList();
        return Layout.card(Layout.table(
                Layout.head(">predicted", ">actual, mean", ">median error", ">8 of 10 errors", ">rows"), rows));
    }
}
