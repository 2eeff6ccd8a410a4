package io.foresell.training.report;

import static io.foresell.training.report.Html.html;

import io.foresell.model.manifest.CalibrationBin;
import io.foresell.training.evaluate.ClassShape;
import io.foresell.training.evaluate.ClassShape.ClassRow;
import io.foresell.training.evaluate.ClassShape.Pair;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/** Several classes: which are taken for which, how each is found, and whether a chance means what it says. */
final class ClassPart {
    private static final int MAX_CLASSES = 60;
    private static final int SHADES = 9;

    private final ClassShape shape;
    private final Facts judgement;

    ClassPart(ClassShape shape, Facts judgement) {
        this.shape = shape;
        this.judgement = judgement;
    }

    Html render() {
        boolean isMatrix = shape.classes().size() <= ClassShape.MATRIX_CLASSES;
        return Html.join(
                Layout.section(
                        "confusion",
                        isMatrix ? "Which class is taken for which" : "The most frequent mistakes",
                        isMatrix
                                ? "A row per true class, a column per answer; the darker, the larger the share of the true class."
                                : "",
                        Layout.card(isMatrix ? matrix() : mistakes())),
                Layout.section("classes", "Class by class", lead(), Layout.card(classes())),
                Layout.section(
                        "curves",
                        "Curves",
                        "",
                        Layout.figures(
                                List.of(
                                        CalibrationFigure.of(
                                                shape.confidence().stream()
                                                        .map(
                                                                bin -> CalibrationBin.newBuilder()
                                                                        .setMeanPredicted(bin.meanPredicted())
                                                                        .setObservedRate(bin.observedRate())
                                                                        .setRowCount(bin.rowCount())
                                                                        .build())
                                                        .toList(),
                                                judgement.object("calibration"),
                                                "Of the class answered: on the line, a predicted 70 % means that 70 of 100 are right.")))));
    }

    private String lead() {
        return shape.classes().size() <= MAX_CLASSES
                ? "Precision: how many answered so are so. Recall: how many that are so were found."
                : "The %d largest of %d classes. Precision: how many answered so are so. Recall: how many that are so were found."
                        .formatted(MAX_CLASSES, shape.classes().size());
    }

    private String label(int index) {
        return Shown.cut(shape.classes().get(index).label());
    }

    private Html matrix() {
        int size = shape.classes().size();
        long[][] counts = new long[size][size];
        shape.pairs().forEach(pair -> counts[pair.actual()][pair.answered()] = pair.count());
        List<Html> heads = new ArrayList<>(List.of(html("<th scope=\"col\">true, down · answered, across</th>")));
        List<Html> rows = new ArrayList<>();
        for (int actual = 0; actual < size; actual++) {
            heads.add(html("<th scope=\"col\" class=\"num\">{}</th>", label(actual)));
            long all = shape.classes().get(actual).actualCount();
            List<Html> cells = new ArrayList<>();
            for (int answered = 0; answered < size; answered++) {
                cells.add(shaded(counts[actual][answered], all, actual == answered));
            }
            rows.add(Layout.row(label(actual), cells));
        }
        return html("<div class=\"matrix\">{}</div>", Layout.table(Html.join(heads), rows));
    }

    private static Html shaded(long count, long all, boolean isRight) {
        double share = all == 0 ? 0 : count / (double) all;
        int shade = count == 0 ? 0 : 1 + (int) Math.min(SHADES - 1, Math.floor(share * SHADES));
        return html(
                "<td class=\"num {}{}\">{}<small>{}</small></td>",
                isRight ? "right" : "wrong",
                Integer.toString(shade),
                Shown.count(count),
                Shown.percent(share, 0));
    }

    private Html mistakes() {
        List<Html> rows = shape.pairs().stream().map(this::mistake).toList();
        return Layout.table(Layout.head("truth", "answered", ">rows", ">of that class"), rows);
    }

    private Html mistake(Pair pair) {
        long all = shape.classes().get(pair.actual()).actualCount();
        return Layout.row(
                label(pair.actual()),
                Layout.cell(label(pair.answered())),
                Layout.num(Shown.count(pair.count())),
                Layout.num(Shown.percent(all == 0 ? Double.NaN : pair.count() / (double) all, 1)));
    }

    private Html classes() {
        List<Html> rows = shape.classes().stream()
                .sorted(Comparator.comparingLong((ClassRow row) -> -row.actualCount()))
                .limit(MAX_CLASSES)
                .map(row -> Layout.row(
                        Shown.cut(row.label()),
                        Layout.num(Shown.count(row.actualCount())),
                        Layout.num(Shown.count(row.answeredCount())),
                        Layout.num(Shown.percent(row.precision(), 1)),
                        Layout.num(Shown.percent(row.recall(), 1)),
                        Layout.num(Shown.decimal(row.f1(), 3)),
                        Layout.barCell(row.f1())))
                .toList();
        return Layout.table(Layout.head("class", ">rows", ">answered", ">precision", ">recall", ">F1", ""), rows);
    }
}
