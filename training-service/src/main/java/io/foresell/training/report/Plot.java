package io.foresell.training.report;

import static io.foresell.training.report.Html.html;

import java.util.ArrayList;
import java.util.List;

/** A drawing with two axes, drawn in the colours of the page. One owner, not thread-safe. */
final class Plot {
    private static final double WIDTH = 400;
    private static final double HEIGHT = 290;
    private static final double LEFT = 54;
    private static final double RIGHT = 14;
    private static final double TOP = 28;
    private static final double BOTTOM = 44;

    private final String description;
    private final Axis x;
    private final Axis y;
    private final List<Html> marks = new ArrayList<>();

    /** One point in the units of the axes. */
    record Point(double x, double y) {}

    /** Takes a sentence for those who cannot see the drawing. */
    Plot(String description, Axis x, Axis y) {
        this.description = description;
        this.x = x;
        this.y = y;
    }

    private double left(double value) {
        return LEFT + x.place(value) * (WIDTH - LEFT - RIGHT);
    }

    private double top(double value) {
        return HEIGHT - BOTTOM - y.place(value) * (HEIGHT - TOP - BOTTOM);
    }

    Plot line(String kind, List<Point> points) {
        if (points.size() > 1) {
            marks.add(html("<path class=\"{}\" d=\"{}\"/>", kind, path(points)));
        }
        return this;
    }

    /** Fills the room between two lines that share their x. */
    Plot band(List<Point> low, List<Point> high) {
        if (low.size() > 1) {
            StringBuilder path = new StringBuilder(path(low));
            for (int i = high.size() - 1; i >= 0; i--) {
                path.append(" L").append(at(high.get(i)));
            }
            marks.add(html("<path class=\"band\" d=\"{} Z\"/>", path.toString()));
        }
        return this;
    }

    private String path(List<Point> points) {
        StringBuilder path = new StringBuilder("M");
        for (int i = 0; i < points.size(); i++) {
            path.append(i == 0 ? "" : " L").append(at(points.get(i)));
        }
        return path.toString();
    }

    private String at(Point point) {
        return Shown.length(left(point.x())) + " " + Shown.length(top(point.y()));
    }

    /** Draws points; a title, where given, is shown by the browser on pointing. */
    Plot dots(String kind, double radius, List<Point> points, List<String> titles) {
        for (int i = 0; i < points.size(); i++) {
            Html title = titles.isEmpty() ? Html.NONE : html("<title>{}</title>", titles.get(i));
            marks.add(html(
                    "<circle class=\"{}\" cx=\"{}\" cy=\"{}\" r=\"{}\">{}</circle>",
                    kind,
                    Shown.length(left(points.get(i).x())),
                    Shown.length(top(points.get(i).y())),
                    Shown.length(radius),
                    title));
        }
        return this;
    }

    /** Draws a standing bar from 0 between two x. */
    Plot bar(String kind, double from, double until, double height, String title) {
        double gap = (left(until) - left(from)) * 0.08;
        double base = top(Math.max(0, y.from()));
        marks.add(html(
                "<rect class=\"{}\" x=\"{}\" y=\"{}\" width=\"{}\" height=\"{}\"><title>{}</title></rect>",
                kind,
                Shown.length(left(from) + gap),
                Shown.length(top(height)),
                Shown.length(Math.max(0, left(until) - left(from) - 2 * gap)),
                Shown.length(Math.max(0, base - top(height))),
                title));
        return this;
    }

    /** Draws a standing line from low to high, as the spread of a point. */
    Plot spread(double at, double low, double high) {
        marks.add(html(
                "<path class=\"spread\" d=\"M{} V{}\"/>",
                Shown.length(left(at)) + " " + Shown.length(top(low)),
                Shown.length(top(high))));
        return this;
    }

    /** Names a place in the drawing. */
    Plot label(double atX, double atY, String anchor, String text) {
        marks.add(html(
                "<text class=\"label\" x=\"{}\" y=\"{}\" text-anchor=\"{}\">{}</text>",
                Shown.length(left(atX)),
                Shown.length(top(atY)),
                anchor,
                text));
        return this;
    }

    Html svg() {
        return html(
                "<svg class=\"plot\" viewBox=\"0 0 {} {}\" role=\"img\" aria-label=\"{}\">{}{}</svg>",
                Math.round(WIDTH),
                Math.round(HEIGHT),
                description,
                grid(),
                marks);
    }

    private Html grid() {
        List<Html> lines = new ArrayList<>();
        for (double tick : y.ticks()) {
            String at = Shown.length(top(tick));
            lines.add(html(
                    "<path class=\"grid\" d=\"M{} {} H{}\"/><text class=\"tick\" x=\"{}\" y=\"{}\" text-anchor=\"end\">{}</text>",
                    Shown.length(LEFT),
                    at,
                    Shown.length(WIDTH - RIGHT),
                    Shown.length(LEFT - 7),
                    Shown.length(top(tick) + 4),
                    y.label().apply(tick)));
        }
        for (double tick : x.ticks()) {
            lines.add(html(
                    "<text class=\"tick\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
                    Shown.length(left(tick)),
                    Shown.length(HEIGHT - BOTTOM + 17),
                    x.label().apply(tick)));
        }
        lines.add(html(
                "<text class=\"title\" x=\"{}\" y=\"{}\" text-anchor=\"middle\">{}</text>",
                Shown.length((LEFT + WIDTH - RIGHT) / 2),
                Shown.length(HEIGHT - 6),
                x.title()));
        lines.add(html("<text class=\"title\" x=\"2\" y=\"13\">{}</text>", y.title()));
        return Html.join(lines);
    }
}
