package io.foresell.benchmarks.soak;

import io.foresell.benchmarks.soak.Series.Held;
import java.util.List;
import java.util.Locale;

/** Draws what processes held over time: a panel a thing, a line a process, as SVG that stands on its own. */
final class SoakChart {
    private static final int WIDTH = 760;
    private static final int PANEL = 120;
    private static final int LEFT = 60;
    private static final int RIGHT = 110;
    private static final int TOP = 26;
    private static final int GAP = 34;
    private static final List<String> COLOURS = List.of("#2563a8", "#c2571a", "#3d8f4f");

    private final List<Series> all;
    private final double seconds;

    SoakChart(List<Series> all) {
        this.all = List.copyOf(all);
        this.seconds = all.stream()
                .filter(series -> series.size() > 0)
                .mapToDouble(series -> series.second(series.size() - 1))
                .max()
                .orElse(1);
    }

    String svg() {
        Held[] things = Held.values();
        int height = TOP + things.length * (PANEL + GAP);
        StringBuilder svg = new StringBuilder(String.format(
                Locale.ROOT,
                "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 %d %d\" font-family=\"sans-serif\" font-size=\"11\""
                        + " role=\"img\"><title>What the processes held over %.1f minutes</title>%n"
                        + "<rect width=\"%d\" height=\"%d\" fill=\"#fff\"/>%n",
                WIDTH,
                height,
                seconds / 60,
                WIDTH,
                height));
        for (int panel = 0; panel < things.length; panel++) {
            Held held = things[panel];
            draw(svg, held, all.stream().filter(series -> series.held() == held).toList(), TOP + panel * (PANEL + GAP));
        }
        return svg.append("</svg>").append(System.lineSeparator()).toString();
    }

    /** The scale begins at nought: what is flat looks flat. */
    private void draw(StringBuilder svg, Held held, List<Series> lines, int top) {
        double most = lines.stream()
                .flatMapToDouble(series ->
                        java.util.stream.IntStream.range(0, series.size()).mapToDouble(series::value))
                .max()
                .orElse(1);
        double scale = Math.max(1, 1.1 * most);
        text(svg, LEFT, top - 6, "start", "#333", held.title());
        text(svg, LEFT - 6, top + 4, "end", "#666", String.format(Locale.ROOT, "%.0f", scale));
        text(svg, LEFT - 6, top + PANEL + 4, "end", "#666", "0");
        text(svg, LEFT, top + PANEL + 14, "start", "#666", "0 min");
        text(svg, WIDTH - RIGHT, top + PANEL + 14, "end", "#666", String.format(Locale.ROOT, "%.1f min", seconds / 60));
        svg.append(String.format(
                Locale.ROOT,
                "<rect x=\"%d\" y=\"%d\" width=\"%d\" height=\"%d\" fill=\"none\" stroke=\"#ccc\"/>%n",
                LEFT,
                top,
                WIDTH - LEFT - RIGHT,
                PANEL));
        for (int line = 0; line < lines.size(); line++) {
            draw(svg, lines.get(line), COLOURS.get(line % COLOURS.size()), scale, top);
        }
    }

    private void draw(StringBuilder svg, Series series, String colour, double scale, int top) {
        if (series.size() == 0) {
            return;
        }
        StringBuilder path = new StringBuilder();
        double y = top;
        for (int i = 0; i < series.size(); i++) {
            double x = LEFT + series.second(i) / seconds * (WIDTH - LEFT - RIGHT);
            y = top + PANEL * (1 - series.value(i) / scale);
            path.append(String.format(Locale.ROOT, "%s%.1f %.1f", i == 0 ? "M" : " L", x, y));
        }
        svg.append("<path d=\"%s\" fill=\"none\" stroke=\"%s\"/>%n".formatted(path, colour));
        text(svg, WIDTH - RIGHT + 6, (int) y + 4, "start", colour, series.process());
    }

    private static void text(StringBuilder svg, int x, int y, String anchor, String colour, String words) {
        svg.append("<text x=\"%d\" y=\"%d\" text-anchor=\"%s\" fill=\"%s\">%s</text>%n"
                .formatted(x, y, anchor, colour, words));
    }
}
