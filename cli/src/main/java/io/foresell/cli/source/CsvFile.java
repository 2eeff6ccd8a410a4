package io.foresell.cli.source;

import de.siegmar.fastcsv.reader.CsvParseException;
import de.siegmar.fastcsv.reader.CsvReader;
import de.siegmar.fastcsv.reader.CsvRecord;
import de.siegmar.fastcsv.reader.FieldMismatchStrategy;
import io.foresell.kit.Failure;
import io.foresell.kit.Names;
import io.foresell.kit.ServiceException;
import java.io.BufferedInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.DigestInputStream;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HexFormat;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipException;

/**
 * A CSV file that has been read once from end to end: it is UTF-8, its quotes are closed, its header has unique names and
 * it has at least one row. Rows may be shorter or longer than the header. Immutable; every walk reads the file again.
 *
 * @param file the file, plain or gzip
 * @param delimiter the field separator, given or recognised from the header
 * @param columns the names in the header, stripped; added columns first
 * @param added what the added columns say, in their order; {@code {line}} is the line on which a row starts
 * @param rowCount the rows below the header
 * @param sha256 the lower-case hex SHA-256 of the text (uncompressed), and of columns added by {@link #with}
 * @param byteCount the size of the text (uncompressed)
 * @param pictures columns whose cells become the numbers of a picture, by name
 */
public record CsvFile(
        Path file,
        char delimiter,
        List<String> columns,
        List<String> added,
        long rowCount,
        String sha256,
        long byteCount,
        Map<String, PictureSize> pictures) {
    private static final String DELIMITERS = ",;\t|";
    private static final int MAX_RECORD_CHARS = 4 << 20;
    private static final int GZIP_MAGIC = 0x1f8b;
    private static final String LINE = "{line}";

    /** Takes the rows of a file in order. */
    @FunctionalInterface
    public interface RowVisitor {
        /**
         * Takes one row.
         *
         * @param lineNumber the 1-based line on which the row starts
         */
        void row(long lineNumber, List<String> values);
    }

    /**
     * Reads the file once and checks it.
     *
     * @param delimiter the field separator; empty recognises one of comma, semicolon, tab and bar from the header
     * @throws ServiceException INVALID_ARGUMENT when the file cannot be read exactly
     */
    public static CsvFile open(Path file, Optional<Character> delimiter) {
        try {
            char separator = delimiter.isPresent() ? delimiter.get() : recognised(file);
            return checked(file, separator);
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private static CsvFile checked(Path file, char separator) throws IOException {
        MessageDigest digest = sha256Digest();
        try (CountingStream in = new CountingStream(new DigestInputStream(text(file), digest));
                CsvReader<CsvRecord> records = reader(file, separator, in)) {
            Iterator<CsvRecord> rows = records.iterator();
            if (!hasNext(file, rows)) {
                throw invalid("FILE_EMPTY", "%s: empty (expected: a header line and rows)".formatted(file));
            }
            List<String> columns =
                    rows.next().getFields().stream().map(String::strip).toList();
            requireUnique(file, columns);
            long rowCount = 0;
            while (hasNext(file, rows)) {
                rows.next();
                rowCount++;
            }
            if (rowCount == 0) {
                throw invalid("NO_ROWS", "%s: 0 rows below the header (expected: at least 1)".formatted(file));
            }
            String sha256 = HexFormat.of().formatHex(digest.digest());
            return new CsvFile(file, separator, columns, List.of(), rowCount, sha256, in.count(), Map.of());
        }
    }

    /**
     * Returns the same file with one more column in front: the line on which each row starts, for a file without a key.
     *
     * @param column the new column's name; empty changes nothing
     * @throws ServiceException INVALID_ARGUMENT when the file has a column of that name
     */
    public CsvFile numbered(String column) {
        if (column.isEmpty()) {
            return this;
        }
        return adding(List.of(column), List.of(LINE), sha256);
    }

    /**
     * Returns the same file with more columns in front, each with one value in every row. It is another file to the feature store.
     *
     * @param values what the columns say, by name; {@code {line}} in it is the line on which the row starts
     * @throws ServiceException INVALID_ARGUMENT when the file has a column of that name
     */
    public CsvFile with(Map<String, String> values) {
        if (values.isEmpty()) {
            return this;
        }
        SortedMap<String, String> ordered = new TreeMap<>(values);
        MessageDigest digest = sha256Digest();
        digest.update((sha256 + ordered).getBytes(StandardCharsets.UTF_8));
        return adding(
                List.copyOf(ordered.keySet()),
                List.copyOf(ordered.values()),
                HexFormat.of().formatHex(digest.digest()));
    }

    /**
     * Returns the same file with pictures for cells: each cell of some columns names a picture, or holds one as a data URL, and becomes
     * its numbers. All pictures are read once, and it is another file to the feature store when one of them changes.
     *
     * @param sizes what pictures are brought to, by column
     * @throws ServiceException INVALID_ARGUMENT naming the column that is not there, or line and cell of what is no picture
     */
    public CsvFile picturing(Map<String, PictureSize> sizes) {
        if (sizes.isEmpty()) {
            return this;
        }
        for (String column : sizes.keySet()) {
            if (!columns.contains(column)) {
                throw new ServiceException(Failure.invalid(
                        "COLUMN_UNKNOWN",
                        "--picture",
                        column,
                        "a column of %s; nearest: %s".formatted(file.getFileName(), Names.nearest(column, columns))));
            }
        }
        CsvFile pictured =
                new CsvFile(file, delimiter, columns, added, rowCount, sha256, byteCount, new TreeMap<>(sizes));
        MessageDigest digest = sha256Digest();
        digest.update((sha256 + pictured.pictures).getBytes(StandardCharsets.UTF_8));
        pictured.forEachRow((line, values) -> {
            for (String column : sizes.keySet()) {
                int place = columns.indexOf(column);
                digest.update((place < values.size() ? values.get(place) : "").getBytes(StandardCharsets.UTF_8));
            }
        });
        return new CsvFile(
                file,
                delimiter,
                columns,
                added,
                rowCount,
                HexFormat.of().formatHex(digest.digest()),
                byteCount,
                pictured.pictures);
    }

    private CsvFile adding(List<String> names, List<String> values, String newSha256) {
        List<String> allColumns = new ArrayList<>(names);
        allColumns.addAll(columns);
        requireUnique(file, allColumns);
        List<String> allAdded = new ArrayList<>(values);
        allAdded.addAll(added);
        return new CsvFile(
                file,
                delimiter,
                List.copyOf(allColumns),
                List.copyOf(allAdded),
                rowCount,
                newSha256,
                byteCount,
                pictures);
    }

    private static void requireUnique(Path file, List<String> columns) {
        Map<String, Integer> places = new HashMap<>();
        for (int i = 0; i < columns.size(); i++) {
            String name = columns.get(i);
            if (name.isEmpty()) {
                throw invalid("COLUMN_UNNAMED", "%s: column %d has no name (expected: a name)".formatted(file, i + 1));
            }
            Integer other = places.put(name, i + 1);
            if (other != null) {
                throw invalid(
                        "COLUMN_DUPLICATE",
                        "%s: columns %d and %d are both named '%s' (expected: unique names)"
                                .formatted(file, other, i + 1, name));
            }
        }
    }

    /** Walks over all rows below the header. */
    public void forEachRow(RowVisitor visitor) {
        try (InputStream in = text(file);
                CsvReader<CsvRecord> records = reader(file, delimiter, in)) {
            Iterator<CsvRecord> rows = records.iterator();
            rows.next();
            while (hasNext(file, rows)) {
                CsvRecord row = rows.next();
                visitor.row(row.getStartingLineNumber(), values(row));
            }
        } catch (IOException e) {
            throw unreadable(file, e);
        }
    }

    private List<String> values(CsvRecord row) {
        if (added.isEmpty() && pictures.isEmpty()) {
            return row.getFields();
        }
        List<String> values = new ArrayList<>(row.getFieldCount() + added.size());
        String line = Long.toString(row.getStartingLineNumber());
        added.forEach(value -> values.add(value.replace(LINE, line)));
        values.addAll(row.getFields());
        pictures.forEach((column, size) -> {
            int place = columns.indexOf(column);
            if (place < values.size()) {
                PictureCells cells = new PictureCells(file, column, size);
                values.set(place, cells.numbers(row.getStartingLineNumber(), values.get(place)));
            }
        });
        return values;
    }

    private static CsvReader<CsvRecord> reader(Path file, char delimiter, InputStream in) {
        return CsvReader.builder()
                .fieldSeparator(delimiter)
                .skipEmptyLines(true)
                .extraFieldStrategy(FieldMismatchStrategy.IGNORE)
                .missingFieldStrategy(FieldMismatchStrategy.IGNORE)
                .allowUnclosedQuote(false)
                .maxBufferSize(MAX_RECORD_CHARS)
                .ofCsvRecord(new StrictUtf8Reader(file.toString(), in));
    }

    private static boolean hasNext(Path file, Iterator<CsvRecord> rows) {
        try {
            return rows.hasNext();
        } catch (CsvParseException e) {
            Throwable cause = e.getCause();
            if (cause instanceof ServiceException known) {
                throw known;
            }
            String problem = cause == null || cause.getMessage() == null ? e.getMessage() : cause.getMessage();
            throw new ServiceException(
                    Failure.invalid("CSV_MALFORMED", "%s: %s (expected: CSV as in RFC 4180)".formatted(file, problem)),
                    e);
        } catch (UncheckedIOException e) {
            throw unreadable(file, Objects.requireNonNullElseGet(e.getCause(), IOException::new));
        }
    }

    /** Returns the separator that occurs most often in the first line outside quotes; comma when none does. */
    private static char recognised(Path file) throws IOException {
        int[] counts = new int[DELIMITERS.length()];
        try (StrictUtf8Reader in = new StrictUtf8Reader(file.toString(), text(file))) {
            char[] start = new char[1 << 16];
            int length = Math.max(0, in.read(start, 0, start.length));
            boolean isQuoted = false;
            for (int i = 0; i < length && (isQuoted || start[i] != '\n'); i++) {
                isQuoted ^= start[i] == '"';
                int index = isQuoted ? -1 : DELIMITERS.indexOf(start[i]);
                if (index >= 0) {
                    counts[index]++;
                }
            }
        }
        int best = 0;
        for (int i = 1; i < counts.length; i++) {
            best = counts[i] > counts[best] ? i : best;
        }
        return DELIMITERS.charAt(best);
    }

    /** Opens the text of a file; gzip is recognised by its first bytes, whatever the name. */
    public static InputStream text(Path file) throws IOException {
        if (Files.isDirectory(file)) {
            throw invalid("FILE_UNREADABLE", "%s: a folder (expected: a CSV file)".formatted(file));
        }
        BufferedInputStream in = new BufferedInputStream(Files.newInputStream(file), 1 << 16);
        try {
            in.mark(2);
            int magic = (in.read() << 8) | in.read();
            in.reset();
            return magic == GZIP_MAGIC ? new GZIPInputStream(in, 1 << 16) : in;
        } catch (IOException e) {
            in.close();
            throw e;
        }
    }

    private static MessageDigest sha256Digest() {
        try {
            return MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JDK has SHA-256", e);
        }
    }

    private static ServiceException unreadable(Path file, IOException e) {
        if (e instanceof java.nio.file.NoSuchFileException) {
            return invalid("FILE_MISSING", "%s: no such file (expected: a CSV file)".formatted(file));
        }
        String what = e instanceof ZipException || e instanceof java.io.EOFException ? "damaged gzip" : "unreadable";
        String detail = e.getMessage() == null ? e.getClass().getSimpleName() : e.getMessage();
        return new ServiceException(
                Failure.invalid(
                        "FILE_UNREADABLE", "%s: %s, %s (expected: a readable file)".formatted(file, what, detail)),
                e);
    }

    private static ServiceException invalid(String reason, String message) {
        return new ServiceException(Failure.invalid(reason, message));
    }
}
