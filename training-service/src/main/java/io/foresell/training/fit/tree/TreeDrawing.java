package io.foresell.training.fit.tree;

import java.util.Locale;

/** Draws a tree as SVG, root on the left, one line per leaf: long names stay readable, however many leaves there are. */
final class TreeDrawing {
    private static final int BOX_WIDTH = 200;
    private static final int BOX_HEIGHT = 44;
    private static final int COLUMN = 240;
    private static final int LINE = 54;
    private static final int MARGIN = 16;
    private static final int TITLE = 28;
    private static final int MAX_LETTERS = 30;

    private final GrownTree tree;
    private final TreeWords words;
    private final double[] middles;
    private final StringBuilder svg = new StringBuilder();
    private int linesUsed;

    private TreeDrawing(GrownTree tree, TreeWords words) {
        this.tree = tree;
        this.words = words;
        this.middles = new double[tree.nodeCount()];
    }

    static String of(GrownTree tree, TreeWords words) {
        return new TreeDrawing(tree, words).draw();
    }

    private String draw() {
        place(0);
        int width = 2 * MARGIN + tree.depth() * COLUMN + BOX_WIDTH;
        int height = 2 * MARGIN + TITLE + tree.leafCount() * LINE;
        append(
                "<svg xmlns=\"http://www.w3.org/2000/svg\" width=\"%d\" height=\"%d\" viewBox=\"0 0 %d %d\""
                        + " font-family=\"sans-serif\" font-size=\"12\">%n",
                width, height, width, height);
        append("<rect width=\"%d\" height=\"%d\" fill=\"#ffffff\"/>%n", width, height);
        append("<text x=\"%d\" y=\"%d\" fill=\"#1f2933\">%s</text>%n", MARGIN, MARGIN + 10, escaped(words.title()));
        node(0, 0, "all rows");
        return svg.append("</svg>\n").toString();
    }

    /** Puts each leaf on a line of its own and each split in the middle of its children. */
    private void place(int node) {
        if (tree.isLeaf(node)) {
            middles[node] = MARGIN + TITLE + (linesUsed++ + 0.5) * LINE;
            return;
        }
        place(tree.yes(node));
        place(tree.no(node));
        middles[node] = (middles[tree.yes(node)] + middles[tree.no(node)]) / 2;
    }

    private void node(int node, int depth, String condition) {
        int x = MARGIN + depth * COLUMN;
        double y = middles[node] - BOX_HEIGHT / 2.0;
        if (!tree.isLeaf(node)) {
            edge(node, tree.yes(node), x);
            edge(node, tree.no(node), x);
        }
        String answer = "%d rows, %s".formatted(tree.rowCount(node), words.answer(node));
        append("<g><title>%s: %s</title>%n", escaped(condition), escaped(answer));
        append(
                "<rect x=\"%d\" y=\"%.1f\" width=\"%d\" height=\"%d\" rx=\"4\" fill=\"%s\" stroke=\"#52606d\"/>%n",
                x, y, BOX_WIDTH, BOX_HEIGHT, tree.isLeaf(node) ? "#f0f4f8" : "#ffffff");
        append(
                "<rect x=\"%d\" y=\"%.1f\" width=\"%.1f\" height=\"4\" fill=\"#2b6cb0\"/>%n",
                x + 8, y + BOX_HEIGHT - 8, (BOX_WIDTH - 16) * words.strength(node));
        append(
                "<text x=\"%d\" y=\"%.1f\" fill=\"#1f2933\" font-weight=\"bold\">%s</text>%n",
                x + 8, y + 15, escaped(shortened(condition)));
        append("<text x=\"%d\" y=\"%.1f\" fill=\"#1f2933\">%s</text></g>%n", x + 8, y + 30, escaped(shortened(answer)));
        if (!tree.isLeaf(node)) {
            node(tree.yes(node), depth + 1, words.condition(node, true));
            node(tree.no(node), depth + 1, words.condition(node, false));
        }
    }

    private void edge(int parent, int child, int parentX) {
        int from = parentX + BOX_WIDTH;
        int to = parentX + COLUMN;
        int bend = (from + to) / 2;
        append(
                "<path d=\"M%d %.1fH%dV%.1fH%d\" fill=\"none\" stroke=\"#52606d\"/>%n",
                from, middles[parent], bend, middles[child], to);
    }

    @com.google.errorprone.annotations.FormatMethod
    private void append(String format, Object... arguments) {
        svg.append(String.format(Locale.ROOT, format.replace("%n", "\n"), arguments));
    }

    private static String shortened(String text) {
        return text.codePointCount(0, text.length()) <= MAX_LETTERS
                ? text
                : text.substring(0, text.offsetByCodePoints(0, MAX_LETTERS - 1)) + "…";
    }

    /** Escapes markup, and drops what no XML file may hold. */
    private static String escaped(String text) {
        StringBuilder escaped = new StringBuilder();
        text.codePoints().forEach(letter -> {
            switch (letter) {
                case '<' -> escaped.append("&lt;");
                case '>' -> escaped.append("&gt;");
                case '&' -> escaped.append("&amp;");
                case '"' -> escaped.append("&quot;");
                default -> escaped.appendCodePoint(isAllowed(letter) ? letter : ' ');
            }
        });
        return escaped.toString();
    }

    private static boolean isAllowed(int letter) {
        return letter >= ' ' && letter != 0xFFFE && letter != 0xFFFF && !(letter >= 0xD800 && letter <= 0xDFFF);
    }
}
