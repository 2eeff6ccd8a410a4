package io.foresell.training.registry.foreign;

import io.foresell.kit.Failure;
import io.foresell.kit.Names;
import io.foresell.kit.ServiceException;
import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.regex.Pattern;

/** Sample rows as they come in: texts under named columns, of bounded number and size. Not thread-safe. */
public final class Sample {
    static final int MAX_ROWS = 10_000;
    private static final int MAX_COLUMNS = 65_536;
    private static final long MAX_CELLS = 4_000_000;
    private static final int MAX_CELL_LENGTH = 65_536;
    private static final long MAX_CHARACTERS = 64L << 20;

    private static final Pattern NUMBER = Pattern.compile("[-+]?(\\d+\\.?\\d*|\\.\\d+)([eE][-+]?\\d{1,5})?");

    private final List<List<String>> rows = new ArrayList<>();
    private List<String> columns = List.of();
    private long characterCount;

    /** Returns whether there are no rows. */
    public boolean isEmpty() {
        return rows.isEmpty();
    }

    /**
     * Names the columns; repeated only with the same names.
     *
     * @throws ServiceException INVALID_ARGUMENT when they change, or one is given twice
     */
    public void name(List<String> names) {
        if (names.isEmpty() && !columns.isEmpty()) {
            return;
        }
        boolean isChanged = !columns.isEmpty() && !columns.equals(names);
        if (names.isEmpty() || isChanged || names.size() > MAX_COLUMNS) {
            throw refused(
                    "sample.columns", names.size() + " names", columns.isEmpty() ? "1..65536" : "the ones before");
        }
        if (new HashSet<>(names).size() != names.size()) {
            throw refused("sample.columns", new ArrayList<>(names), "unique names");
        }
        columns = List.copyOf(names);
    }

    /**
     * Adds a row.
     *
     * @throws ServiceException INVALID_ARGUMENT when it has another length than the columns, or there are too many
     */
    public void add(List<String> cells) {
        String field = "sample.rows[%d]".formatted(rows.size());
        if (cells.size() != columns.size()) {
            throw refused(field, cells.size(), columns.size() + " cells, one for each column");
        }
        for (String cell : cells) {
            characterCount += cell.length();
            if (cell.length() > MAX_CELL_LENGTH) {
                throw refused(field, cell.length(), "a cell of at most %d characters".formatted(MAX_CELL_LENGTH));
            }
        }
        boolean isTooMany = rows.size() >= MAX_ROWS || (rows.size() + 1L) * columns.size() > MAX_CELLS;
        if (isTooMany || characterCount > MAX_CHARACTERS) {
            throw refused(
                    "sample.rows",
                    rows.size() + 1,
                    "at most %d rows, %d cells, %d characters".formatted(MAX_ROWS, MAX_CELLS, MAX_CHARACTERS));
        }
        rows.add(List.copyOf(cells));
    }

    /**
     * Returns the rows in the order of a signature; columns it does not have are left out.
     *
     * @throws ServiceException INVALID_ARGUMENT naming the column that is missing, or the cell that cannot be read
     */
    Rows rows(Signature signature) {
        float[] numbers = new float[rows.size() * signature.numberWidth()];
        String[] texts = new String[rows.size() * signature.textWidth()];
        for (int i = 0; i < signature.inputs().size(); i++) {
            InputField field = signature.inputs().get(i);
            int column = columns.indexOf(field.name());
            if (column < 0) {
                String nearest = columns.isEmpty() ? "" : ", nearest is " + Names.nearest(field.name(), columns);
                throw new ServiceException(Failure.invalid(
                        "SAMPLE_INVALID",
                        "sample.columns: no '%s' (expected: every column of the model%s)"
                                .formatted(field.name(), nearest)));
            }
            for (int row = 0; row < rows.size(); row++) {
                String cell = rows.get(row).get(column);
                if (field.kind() == InputKind.TEXT) {
                    texts[row * signature.textWidth() + signature.offset(i)] = cell;
                } else {
                    putNumbers(cell, field, row, numbers, row * signature.numberWidth() + signature.offset(i));
                }
            }
        }
        return new Rows(rows.size(), numbers, texts);
    }

    private static void putNumbers(String cell, InputField field, int row, float[] numbers, int to) {
        if (cell.isBlank()) {
            Arrays.fill(numbers, to, to + field.width(), Float.NaN);
            return;
        }
        String[] steps =
                field.width() == 1 ? new String[] {cell.strip()} : cell.strip().split("\\s+", -1);
        if (steps.length != field.width()) {
            throw misread(field, row, steps.length, field.width() + " numbers separated by spaces");
        }
        for (int i = 0; i < steps.length; i++) {
            numbers[to + i] = number(steps[i], field, row);
        }
    }

    private static float number(String text, InputField field, int row) {
        if (text.equalsIgnoreCase("nan")) {
            return Float.NaN;
        }
        if (!NUMBER.matcher(text).matches()) {
            throw misread(field, row, text, "a number, or nothing for missing");
        }
        float number = Float.parseFloat(text);
        if (Float.isInfinite(number)) {
            throw misread(field, row, text, "a number within +-3.4e38, or nothing for missing");
        }
        return number;
    }

    private static ServiceException misread(InputField field, int row, Object value, String expected) {
        return refused("sample.rows[%d].%s".formatted(row, field.name()), value, expected);
    }

    private static ServiceException refused(String field, Object value, String expected) {
        return new ServiceException(Failure.invalid("SAMPLE_INVALID", field, value, expected));
    }
}
