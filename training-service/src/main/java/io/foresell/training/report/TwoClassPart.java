package io.foresell.training.report;

import static io.foresell.training.report.Html.html;

import io.foresell.model.manifest.Evaluation;
import io.foresell.model.manifest.LiftRow;
import io.foresell.training.evaluate.TwoClassShape;
import io.foresell.training.evaluate.TwoClassShape.ScoreBin;
import io.foresell.training.report.Plot.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** The curves of a yes-or-no model, and what acting on it from some chance on would find. */
final class TwoClassPart {
    private static final List<Point> DIAGONAL = List.of(new Point(0, 0), new Point(1, 1));

    private final TwoClassShape shape;
    private final Evaluation evaluation;
    private final Facts judgement;

    TwoClassPart(TwoClassShape shape, Evaluation evaluation, Facts judgement) {
        this.shape = shape;
        this.evaluation = evaluation;
        this.judgement = judgement;
    }

    Html render() {
        return Html.join(
                Layout.section(
                        "curves",
                        "Curves",
                        "All judged rows together. The dashed lines are what no model at all would give.",
                        Layout.figures(Stream.of(
                                        roc(),
                                        precisionRecall(),
                                        CalibrationFigure.of(
                                                evaluation.getCalibrationList(),
                                                judgement.object("calibration"),
                                                CALIBRATION),
                                        gain(),
                                        scores())
                                .filter(figure -> !figure.isEmpty())
                                .toList())),
                Layout.section(
                        "thresholds",
                        "What acting on it finds",
                        "For each chance from which one might act: how many rows that takes, and how many of them are positive.",
                        decision(),
                        thresholds()),
                Layout.section(
                        "lift",
                        "Working down the list",
                        "Rows sorted by score, highest first: what the top of the list holds.",
                        lift()));
    }

    private static final String CALIBRATION = "On the line, a predicted 30 % means that 30 of 100 came true.";

    private Html roc() {
        if (shape.roc().isEmpty()) {
            return Html.NONE;
        }
        Plot plot = new Plot(
                "ROC curve: positives found against negatives taken",
                Axis.share("negatives taken", 1),
                Axis.share("positives found", 1));
        plot.line("diagonal", DIAGONAL).line("line", points(shape.roc()));
        return Layout.figure("ROC", "The closer to the upper left corner, the better the order.", plot.svg());
    }

    private Html precisionRecall() {
        if (shape.precisionRecall().isEmpty()) {
            return Html.NONE;
        }
        double base = evaluation.getBaseRate();
        Plot plot = new Plot(
                "Precision-recall curve",
                Axis.share("positives found (recall)", 1),
                Axis.share("positive among those taken (precision)", 1));
        plot.line("diagonal", List.of(new Point(0, base), new Point(1, base)))
                .line("line", points(shape.precisionRecall()));
        return Layout.figure(
                "Precision and recall", "How pure the list stays while it grows to find more.", plot.svg());
    }

    private Html gain() {
        if (evaluation.getLiftCount() == 0) {
            return Html.NONE;
        }
        List<Point> points = new ArrayList<>(List.of(new Point(0, 0)));
        List<String> titles = new ArrayList<>(List.of("start"));
        for (LiftRow row : evaluation.getLiftList()) {
            points.add(new Point(row.getTopFraction(), row.getRecall()));
            titles.add("the top %s holds %s of all positives"
                    .formatted(Shown.percent(row.getTopFraction(), 0), Shown.percent(row.getRecall(), 1)));
        }
        Plot plot = new Plot(
                "Gain: positives found by the share of rows taken",
                Axis.share("rows taken, highest first", 1),
                Axis.share("positives found", 1));
        plot.line("diagonal", DIAGONAL).line("line", points).dots("dot", 3.4, points, titles);
        return Layout.figure("Gain", "How many of all positives the top of the list holds.", plot.svg());
    }

    private Html scores() {
        double positives =
                shape.scores().stream().mapToLong(ScoreBin::positiveCount).sum();
        double negatives =
                shape.scores().stream().mapToLong(ScoreBin::negativeCount).sum();
        double greatest = 0.05;
        for (ScoreBin bin : shape.scores()) {
            greatest = Math.max(greatest, share(bin.positiveCount(), positives));
            greatest = Math.max(greatest, share(bin.negativeCount(), negatives));
        }
        Plot plot = new Plot(
                "Histogram of scores by class",
                Axis.share("predicted chance", 1),
                Axis.share("share of the class", greatest));
        double width = 1.0 / TwoClassShape.BINS;
        for (ScoreBin bin : shape.scores()) {
            String title = "from %s: %s positive, %s negative"
                    .formatted(
                            Shown.percent(bin.from(), 0),
                            Shown.count(bin.positiveCount()),
                            Shown.count(bin.negativeCount()));
            plot.bar("negative", bin.from(), bin.from() + width, share(bin.negativeCount(), negatives), title);
            plot.bar("positive", bin.from(), bin.from() + width, share(bin.positiveCount(), positives), title);
        }
        return Layout.figure(
                "Scores by class",
                "The less the two overlap, the surer the model.",
                Html.join(
                        plot.svg(),
                        html(
                                "<p class=\"legend\"><span class=\"key positive\"></span>positive <span class=\"key negative\"></span>negative</p>")));
    }

    private static double share(long count, double all) {
        return all == 0 ? 0 : count / all;
    }

    private static List<Point> points(List<TwoClassShape.Point> points) {
        return points.stream().map(point -> new Point(point.x(), point.y())).toList();
    }

    private Html decision() {
        Facts decision = judgement.object("decision");
        return decision.text("sentence").isEmpty()
                ? Html.NONE
                : Layout.card(html(
                        "<p><b>Act from {} on.</b> {}</p>",
                        Shown.percent(decision.number("threshold"), 1),
                        decision.text("sentence")));
    }

    private Html thresholds() {
        List<Html> rows = new ArrayList<>();
        long positives =
                shape.scores().stream().mapToLong(ScoreBin::positiveCount).sum();
        long all = positives
                + shape.scores().stream().mapToLong(ScoreBin::negativeCount).sum();
        long found = 0;
        long taken = 0;
        for (int bin = TwoClassShape.BINS - 1; bin > 0; bin--) {
            ScoreBin scores = shape.scores().get(bin);
            found += scores.positiveCount();
            taken += scores.positiveCount() + scores.negativeCount();
            if (bin % 2 == 0) {
                rows.add(0, thresholdRow(scores.from(), taken, found, positives, all));
            }
        }
        return Layout.card(Layout.table(
                Layout.head(">act from", ">rows", ">of all rows", ">right", ">precision", ">recall", ">missed"), rows));
    }

    private static Html thresholdRow(double from, long taken, long found, long positives, long all) {
        return Layout.numberRow(
                Shown.percent(from, 0),
                Shown.count(taken),
                Shown.percent(share(taken, (double) all), 1),
                Shown.count(found),
                Shown.percent(taken == 0 ? Double.NaN : found / (double) taken, 1),
                Shown.percent(positives == 0 ? Double.NaN : found / (double) positives, 1),
                Shown.count(positives - found));
    }

    private Html lift() {
        double greatest = evaluation.getLiftList().stream()
                .mapToDouble(LiftRow::getLift)
                .max()
                .orElse(1);
        List<Html> rows = evaluation.getLiftList().stream()
                .map(row -> Layout.row(
                        "top " + Shown.percent(row.getTopFraction(), 0),
                        Layout.num(Shown.decimal(row.getLift(), 2) + "×"),
                        Layout.barCell(row.getLift() / greatest),
                        Layout.num(Shown.percent(row.getLift() * evaluation.getBaseRate(), 1)),
                        Layout.num(Shown.percent(row.getRecall(), 1))))
                .toList();
        return rows.isEmpty()
                ? Html.NONE
                : Layout.card(Layout.table(
                        Layout.head("rows", ">lift", "", ">positive among them", ">of all positives"), rows));
    }
}
