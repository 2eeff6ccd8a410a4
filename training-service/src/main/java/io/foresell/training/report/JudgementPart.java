package io.foresell.training.report;

import static io.foresell.training.report.Html.html;

import io.foresell.training.report.Plot.Point;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** What {@code judgement.json} adds to the curves: comparisons, slices, more data, leaks and drift. Every part may be absent. */
final class JudgementPart {
    private static final int SLICES_SHOWN = 80;
    private static final int SLICES_OPEN = 12;

    private final Facts judgement;
    private final Names names;

    JudgementPart(Facts judgement, Names names) {
        this.judgement = judgement;
        this.names = names;
    }

    /** Returns what stands behind the curves. */
    Html render() {
        return Html.join(slices(), learningCurve(), drift());
    }

    /** Returns what makes all figures doubtful. */
    Html leaks() {
        List<Html> leaks = judgement.list("leaks").stream()
                .map(leak -> html(
                        "<li>{}{}</li>",
                        leak.text("sentence"),
                        leak.isTrue("is_accepted") ? " (accepted in the spec)" : ""))
                .toList();
        return leaks.isEmpty()
                ? Html.NONE
                : html(
                        "<section class=\"notice\" aria-labelledby=\"leaks\"><h2 id=\"leaks\">May know the answer already</h2><ul>{}</ul></section>",
                        leaks);
    }

    /** Returns why the model was chosen, where that was left to the service. */
    Html choice() {
        List<Html> sentences = judgement.texts("choice").stream()
                .map(sentence -> html("<li>{}</li>", sentence))
                .toList();
        return sentences.isEmpty()
                ? Html.NONE
                : Layout.section(
                        "choice",
                        "How it was chosen",
                        "Nobody named an algorithm: these were tried on the same judged rows, within a time budget.",
                        Layout.card(html("<ul class=\"sentences\">{}</ul>", sentences)));
    }

    /** Returns what other candidates of the same training reach. */
    Html comparisons() {
        List<Html> rows = judgement.list("comparisons").stream()
                .map(comparison -> Layout.row(
                        Shown.cut(Shown.words(comparison.text("other"))),
                        Layout.num(written(comparison, "value")),
                        Layout.num(written(comparison, "other_value")),
                        Layout.num(probability(comparison.number("p_value"))),
                        Layout.sentence(comparison.text("sentence"))))
                .toList();
        return rows.isEmpty()
                ? Html.NONE
                : Layout.section(
                        "comparisons",
                        "Beside the other candidates",
                        "The same judged rows for both. A small p means that chance alone would hardly give the difference.",
                        Layout.card(Layout.table(Layout.head("against", ">this one", ">that one", ">p", ""), rows)));
    }

    /** Returns how it compares with the version that it would replace. */
    Html champion() {
        Facts champion = judgement.object("champion");
        if (champion.text("way").isEmpty()) {
            return Html.NONE;
        }
        String judged =
                switch (champion.text("way")) {
                    case "repeated" -> "was fitted and judged in the same folds";
                    case "package" -> "scored the same judged rows by its package";
                    default -> "was not judged on these rows";
                };
        String how = "Version %s, the champion when this model was trained, %s, because %s."
                .formatted(Shown.count(champion.count("version")), judged, champion.text("reason"));
        return Layout.section(
                "champion",
                "Beside the champion",
                "The version that it would replace, on the same judged rows.",
                Layout.card(html(
                        "<p>{}</p><p class=\"muted\">{}</p>",
                        champion.object("comparison").text("sentence"),
                        how)));
    }

    private static String written(Facts facts, String name) {
        return MetricText.of(facts.text("metric")).shown(facts.number(name));
    }

    static String probability(double p) {
        if (Double.isNaN(p)) {
            return Shown.NOTHING;
        }
        return p < 0.001 ? "< 0.001" : Shown.decimal(p, 3);
    }

    private Html slices() {
        Facts slices = judgement.object("slices");
        List<Facts> all = slices.list("all");
        if (all.isEmpty()) {
            return Html.NONE;
        }
        MetricText metric = MetricText.of(slices.text("metric"));
        List<Html> worst = slices.list("worst").stream()
                .map(slice -> html(
                        "<li><b>{} {}</b> {}</li>",
                        names.of(slice.text("column")),
                        Shown.cut(slice.text("value")),
                        slice.text("sentence")))
                .toList();
        Html worstList = worst.isEmpty()
                ? html("<p>No part of the rows is clearly worse than the rest.</p>")
                : html("<h3>Clearly worse than the rest</h3><ul class=\"sentences\">{}</ul>", worst);
        List<Html> rows = all.stream()
                .limit(SLICES_SHOWN)
                .map(slice -> slice(slice, metric))
                .toList();
        Html table = Layout.table(
                Layout.head("rows with", ">rows", ">" + metric.title(), ">95 % interval", ">predicted", ">actual"),
                rows);
        return Layout.section(
                "slices",
                "Parts of the rows",
                "The same figures for the rows with one value of one column; %s over all rows is %s."
                        .formatted(metric.title(), metric.shown(slices.number("overall"))),
                Layout.card(worstList),
                Layout.card(html(
                        "<details{}><summary>All {} parts</summary>{}</details>",
                        all.size() <= SLICES_OPEN ? new Html(" open=\"open\"") : Html.NONE,
                        Shown.count(all.size()),
                        table)));
    }

    private Html slice(Facts slice, MetricText metric) {
        return Layout.row(
                html("{} <small>{}</small>", names.of(slice.text("column")), Shown.cut(slice.text("value"))),
                Layout.num(Shown.count(slice.count("row_count"))),
                Layout.num(metric.shown(slice.number("metric_value"))),
                Layout.num(interval(slice, metric)),
                Layout.num(mean(slice.number("mean_answer"))),
                Layout.num(mean(slice.number("mean_label"))));
    }

    private String mean(double value) {
        return judgement.text("task").equals("regression") ? Shown.number(value) : Shown.percent(value, 1);
    }

    /** Returns "0.81 to 0.86"; nothing when there is none. */
    static String interval(Facts facts, MetricText metric) {
        return Double.isNaN(facts.number("low")) || Double.isNaN(facts.number("high"))
                ? ""
                : metric.shown(facts.number("low")) + " to " + metric.shown(facts.number("high"));
    }

    private Html learningCurve() {
        Facts curve = judgement.object("learning_curve");
        List<Facts> measured = curve.list("points");
        if (measured.size() < 2) {
            return Html.NONE;
        }
        MetricText metric = MetricText.of(curve.text("metric"));
        List<Point> points = measured.stream()
                .map(point -> new Point(point.number("row_count"), point.number("value")))
                .toList();
        Point last = points.get(points.size() - 1);
        Point twice = new Point(curve.number("double_row_count"), curve.number("double_value"));
        boolean isForetold = !Double.isNaN(twice.x()) && !Double.isNaN(twice.y());
        List<Point> drawn = new ArrayList<>(points);
        if (isForetold) {
            drawn.add(twice);
        }
        double low = drawn.stream().mapToDouble(Point::y).min().orElse(0);
        double high = drawn.stream().mapToDouble(Point::y).max().orElse(1);
        Plot plot = new Plot(
                "Learning curve: %s by rows fitted on".formatted(metric.title()),
                Axis.numbers("rows fitted on", 0, drawn.get(drawn.size() - 1).x()),
                Axis.numbers(metric.title(), low, high));
        plot.line("line", points).dots("dot", 4, points, List.of());
        if (isForetold) {
            plot.line("diagonal", List.of(last, twice)).dots("dot second", 4, List.of(twice), List.of());
        }
        return Layout.section(
                "learning",
                "Would more data help?",
                curve.text("sentence"),
                Layout.figures(List.of(Layout.figure(
                        "Learning curve", "Fitted on more and more of the rows; dashed is foretold.", plot.svg()))));
    }

    private Html drift() {
        Facts drift = judgement.object("drift");
        List<Html> sentences = drift.texts("sentences").stream()
                .map(sentence -> html("<li>{}</li>", sentence))
                .toList();
        List<Html> rows = drift.list("columns").stream()
                .filter(column -> !column.text("level").equals("none"))
                .limit(SLICES_SHOWN)
                .map(column -> Layout.row(
                        names.of(column.text("column")),
                        Layout.num(Shown.decimal(column.number("stability_index"), 3)),
                        Layout.cell(column.text("level"))))
                .toList();
        List<Html> cards = Stream.of(
                        sentences.isEmpty()
                                ? Html.NONE
                                : Layout.card(html("<ul class=\"sentences\">{}</ul>", sentences)),
                        rows.isEmpty()
                                ? Html.NONE
                                : Layout.card(Layout.table(
                                        Layout.head("column", ">population stability index", "change"), rows)))
                .filter(card -> !card.isEmpty())
                .toList();
        return Layout.section(
                "drift",
                "Did the world change?",
                "The judged rows are newer than those fitted on.",
                cards.toArray(new Html[0]));
    }
}
