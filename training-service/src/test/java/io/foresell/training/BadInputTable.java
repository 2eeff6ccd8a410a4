package io.foresell.training;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;

/** The tables of {@code docs/bad-input.md}: what the documentation promises is what tests expect. */
public final class BadInputTable {
    private static final Path FILE = Path.of("..", "docs", "bad-input.md");

    /**
     * A promise.
     *
     * @param reason of the failure, or {@code trained}
     * @param said what is said, {@code …} standing for anything; a dash for nothing
     */
    public record Row(String id, String bad, String reason, String said) {
        /** Says whether a text is what was promised. */
        public boolean matches(String text) {
            String regex =
                    Arrays.stream(said.split("…", -1)).map(Pattern::quote).collect(Collectors.joining(".*"));
            return Pattern.compile(regex, Pattern.DOTALL).matcher(text).matches();
        }

        @Override
        public String toString() {
            return id;
        }
    }

    private BadInputTable() {}

    /** Returns the rows below a heading. */
    public static List<Row> section(String heading) {
        List<Row> rows = new ArrayList<>();
        boolean isInside = false;
        for (String line : lines()) {
            if (line.startsWith("#")) {
                isInside = line.equals("## " + heading);
            } else if (isInside && line.startsWith("| `")) {
                String[] cells = line.substring(1, line.length() - 1).split("\\|", -1);
                rows.add(new Row(plain(cells[0]), cells[1].strip(), plain(cells[2]), plain(cells[3])));
            }
        }
        return rows;
    }

    private static List<String> lines() {
        try {
            return Files.readAllLines(FILE);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private static String plain(String cell) {
        return cell.strip().replaceAll("^`|`$", "");
    }
}
