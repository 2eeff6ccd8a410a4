package io.foresell.cli.terminal;

import java.util.ArrayList;
import java.util.List;

/** A table in plain text: a header, aligned columns, no frame. Texts may be coloured and may hold Chinese. Not thread-safe. */
public final class Table {
    private static final int GAP = 2;

    private final List<String> header;
    private final boolean[] isRight;
    private final List<List<String>> rows = new ArrayList<>();

    /**
     * Starts a table.
     *
     * @param header the column titles; a title that starts with {@code >} aligns its column to the right
     */
    public Table(String... header) {
        List<String> titles = new ArrayList<>();
        isRight = new boolean[header.length];
        for (int i = 0; i < header.length; i++) {
            isRight[i] = header[i].startsWith(">");
            titles.add(isRight[i] ? header[i].substring(1) : header[i]);
        }
        this.header = List.copyOf(titles);
    }

    /** Adds a row of as many cells as there are titles. */
    public void row(String... cells) {
        if (cells.length != header.size()) {
            throw new IllegalArgumentException("cells: %d (expected: %d)".formatted(cells.length, header.size()));
        }
        rows.add(List.of(cells));
    }

    public boolean isEmpty() {
        return rows.isEmpty();
    }

    /** Prints the table as part of the answer. */
    public void print(Terminal terminal) {
        int[] widths = new int[header.size()];
        for (int i = 0; i < widths.length; i++) {
            widths[i] = width(header.get(i));
            for (List<String> row : rows) {
                widths[i] = Math.max(widths[i], width(row.get(i)));
            }
        }
        terminal.line(terminal.faint(line(header, widths)));
        rows.forEach(row -> terminal.line(line(row, widths)));
    }

    private String line(List<String> cells, int[] widths) {
        StringBuilder line = new StringBuilder();
        for (int i = 0; i < widths.length; i++) {
            String pad = " ".repeat(widths[i] - width(cells.get(i)));
            line.append(isRight[i] ? pad + cells.get(i) : cells.get(i) + pad).append(" ".repeat(GAP));
        }
        return line.toString().stripTrailing();
    }

    /** Returns the places a text takes: colour codes none, Chinese, Japanese and Korean characters two. */
    static int width(String text) {
        int width = 0;
        boolean isEscape = false;
        for (int i = 0; i < text.length(); ) {
            int c = text.codePointAt(i);
            i += Character.charCount(c);
            if (c == '\u001b') {
                isEscape = true;
            } else if (isEscape) {
                isEscape = c != 'm';
            } else {
                width += isWide(c) ? 2 : 1;
            }
        }
        return width;
    }

    private static boolean isWide(int c) {
        return Character.isIdeographic(c)
                || (c >= 0x3000 && c <= 0x30ff)
                || (c >= 0xac00 && c <= 0xd7a3)
                || (c >= 0xff00 && c <= 0xff60);
    }
}
