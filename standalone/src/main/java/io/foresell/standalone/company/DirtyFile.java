package io.foresell.standalone.company;

import java.io.BufferedWriter;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.time.temporal.ChronoUnit;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * A CSV file in UTF-8 that spoils some of its rows, at most in one way each, and counts what it did. Rows that were
 * recorded at or after the end are not written: the company does not know them yet.
 */
final class DirtyFile implements AutoCloseable {
    /** What ingest should do with a spoiled row. */
    enum Fate {
        /** The row is refused and kept aside. */
        QUARANTINED,
        /** The row is taken after a value was changed or made missing by a declared rule. */
        CLEANED,
        /** The row is taken as it is. */
        TAKEN,
        /** The row comes a second time, and the second one is dropped. */
        DUPLICATE
    }

    /**
     * One way to spoil a row.
     *
     * @param kind names it in the counts
     * @param column the column to spoil
     * @param text what to write there; empty makes the value missing
     * @param probability share of the rows
     */
    record Defect(String kind, String column, String text, double probability, Fate fate) {}

    private static final String DUPLICATE = "duplicate_row";
    private static final String LATE = "late_event";
    private static final int LATE_DAYS = 30;

    private final BufferedWriter writer;
    private final List<String> columns;
    private final int recordedAt;
    private final Instant end;
    private final Draws draws;
    private final List<Defect> defects;
    private final Map<String, Integer> counts = new TreeMap<>();
    private int rowCount;
    private int quarantinedCount;

    private DirtyFile(Path file, List<String> columns, Instant end, Draws draws, List<Defect> defects)
            throws IOException {
        this.writer = Files.newBufferedWriter(file);
        this.columns = columns;
        this.recordedAt = columns.indexOf("recorded_at");
        this.end = end;
        this.draws = draws;
        this.defects = defects;
        line(columns.toArray(String[]::new));
    }

    /** Creates or replaces a file whose columns include recorded_at. */
    static DirtyFile create(Path file, List<String> columns, Instant end, Draws draws, List<Defect> defects)
            throws IOException {
        return new DirtyFile(file, columns, end, draws, defects);
    }

    /** Returns a defect that repeats whole rows. */
    static Defect duplicates(double probability) {
        return new Defect(DUPLICATE, "", "", probability, Fate.DUPLICATE);
    }

    /** Returns a defect that makes rows known 3 to 30 days late. */
    static Defect lateEvents(double probability) {
        return new Defect(LATE, "recorded_at", "", probability, Fate.TAKEN);
    }

    /**
     * Writes a row, perhaps spoiled.
     *
     * @param recorded when the company came to know the row; its text takes the place of recorded_at
     * @param row one text per column; changed here
     */
    void write(Instant recorded, String[] row) {
        Defect defect = draw();
        Instant known = recorded;
        if (defect != null && defect.kind().equals(LATE)) {
            known = recorded.plus(draws.between(3, LATE_DAYS), ChronoUnit.DAYS);
        }
        if (!known.isBefore(end)) {
            return;
        }
        row[recordedAt] = known.toString();
        if (defect != null) {
            spoil(defect, row);
        }
        line(row);
        rowCount++;
    }

    private @Nullable Defect draw() {
        double left = draws.uniform();
        for (Defect defect : defects) {
            left -= defect.probability();
            if (left < 0) {
                return defect;
            }
        }
        return null;
    }

    private void spoil(Defect defect, String[] row) {
        counts.merge(defect.kind(), 1, Integer::sum);
        if (defect.fate() == Fate.DUPLICATE) {
            line(row);
            rowCount++;
        } else if (!defect.kind().equals(LATE)) {
            row[columns.indexOf(defect.column())] = defect.text();
        }
        if (defect.fate() == Fate.QUARANTINED) {
            quarantinedCount++;
        }
    }

    private void line(String[] values) {
        try {
            for (int i = 0; i < values.length; i++) {
                if (i > 0) {
                    writer.write(',');
                }
                writer.write(quoted(values[i]));
            }
            writer.write('\n');
        } catch (IOException cause) {
            throw new UncheckedIOException(cause);
        }
    }

    private static String quoted(String value) {
        boolean plain = value.indexOf(',') < 0 && value.indexOf('"') < 0 && value.indexOf('\n') < 0;
        return plain ? value : '"' + value.replace("\"", "\"\"") + '"';
    }

    /** Returns what was written so far. */
    Planted.FileFacts facts() {
        return new Planted.FileFacts(rowCount, counts, counts.getOrDefault(DUPLICATE, 0), quarantinedCount);
    }

    @Override
    public void close() throws IOException {
        writer.close();
    }
}
