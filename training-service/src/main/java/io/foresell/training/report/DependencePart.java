package io.foresell.training.report;

import io.foresell.training.report.Plot.Point;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** How the answer moves with one input when all others stay as they are. */
final class DependencePart {
    private static final int SHOWN = 12;

    private final Facts judgement;
    private final Names names;

    DependencePart(Facts judgement, Names names) {
        this.judgement = judgement;
        this.names = names;
    }

    Html render() {
        List<Facts> all = judgement.list("partial_dependence").stream()
                .filter(each -> each.list("points").size() > 1)
                .limit(SHOWN)
                .toList();
        // One scale for all, so that a flat line looks flat.
        double[] answers = all.stream()
                .flatMap(each -> each.list("points").stream())
                .mapToDouble(point -> point.number("mean_answer"))
                .filter(answer -> !Double.isNaN(answer))
                .toArray();
        if (answers.length == 0) {
            return Html.NONE;
        }
        double low = Arrays.stream(answers).min().orElse(0);
        double high = Arrays.stream(answers).max().orElse(1);
        return Layout.section(
                "dependence",
                "How the answer moves with an input",
                "The mean answer over judged rows if this input had that value in all of them, the others as they are. One scale for all.",
                Layout.figures(all.stream().map(each -> figure(each, low, high)).toList()));
    }

    private Html figure(Facts dependence, double low, double high) {
        List<Facts> points = dependence.list("points");
        List<Point> numbers = points.stream()
                .map(DependencePart::point)
                .filter(Objects::nonNull)
                .toList();
        String target = dependence.text("target");
        String title = names.of(dependence.text("input"));
        Html content = numbers.size() == points.size() ? curve(title, numbers, low, high) : bars(points, low, high);
        return Layout.figure(title, target.isEmpty() ? "" : "for " + Shown.cut(target), content);
    }

    private Axis answerAxis(double low, double high) {
        return judgement.text("task").equals("regression")
                ? Axis.numbers("mean answer", low, high)
                : Axis.share("mean answer", high);
    }

    private static @Nullable Point point(Facts point) {
        try {
            return new Point(Double.parseDouble(point.text("value")), point.number("mean_answer"));
        } catch (NumberFormatException e) {
            return null;
        }
    }

    private Html curve(String title, List<Point> points, double low, double high) {
        List<Point> rising = new ArrayList<>(points);
        rising.sort(Comparator.comparingDouble(Point::x));
        Axis x = Axis.numbers(
                "", rising.get(0).x(), rising.get(rising.size() - 1).x());
        List<String> titles = rising.stream()
                .map(point -> "%s: %s".formatted(Shown.number(point.x()), written(point.y())))
                .toList();
        return new Plot("Mean answer by " + title, x, answerAxis(low, high))
                .line("line", rising)
                .dots("dot", 3.6, rising, titles)
                .svg();
    }

    private String written(double answer) {
        return judgement.text("task").equals("regression") ? Shown.number(answer) : Shown.percent(answer, 1);
    }

    private Html bars(List<Facts> points, double low, double high) {
        double from = Math.min(0, low);
        List<Html> rows = points.stream()
                .map(point -> Layout.row(
                        point.text("value").isEmpty() ? "(missing)" : Shown.cut(point.text("value")),
                        Layout.barCell((point.number("mean_answer") - from) / Math.max(1e-12, high - from)),
                        Layout.num(written(point.number("mean_answer")))))
                .toList();
        return Layout.table(Layout.head("value", "", ">mean answer"), rows);
    }
}
