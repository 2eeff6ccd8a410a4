package io.foresell.inference.serve;

import io.foresell.kit.Failure;
import io.foresell.kit.Names;
import io.foresell.kit.ServiceException;
import io.foresell.model.InputField;
import io.foresell.model.InputKind;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.proto.inference.v1.NamedRow;
import io.foresell.proto.inference.v1.NamedRows;
import io.foresell.proto.inference.v1.NumberList;
import io.foresell.proto.inference.v1.Value;
import java.util.Arrays;
import java.util.Map;

/** Reads rows by name into flat rows in the order of a signature. */
final class NamedRowReader {
    private static final int MAX_NAME_COMPARED = 128; // the nearest name is found on the network thread

    // Rows by name may leave inputs out: a small message must not ask for a gigabyte.
    private static final long MAX_VALUES = 1 << 24;

    private final Signature signature;
    private final float[] numbers;
    private final String[] texts;

    private NamedRowReader(Signature signature, int rowCount) {
        this.signature = signature;
        this.numbers = new float[rowCount * signature.numberWidth()];
        this.texts = new String[rowCount * signature.textWidth()];
        Arrays.fill(numbers, Float.NaN);
        Arrays.fill(texts, "");
    }

    /**
     * Returns the rows of a batch.
     *
     * @throws ServiceException INVALID_ARGUMENT naming row and input
     */
    static Rows read(NamedRows source, Batch batch) {
        requireSize(batch);
        NamedRowReader reader = new NamedRowReader(batch.served().modelPackage().signature(), batch.rowCount());
        for (int place = 0; place < batch.rowCount(); place++) {
            int requestRow = batch.requestRow(place);
            reader.read(source.getRows(requestRow), place, requestRow);
        }
        return new Rows(batch.rowCount(), reader.numbers, reader.texts);
    }

    private static void requireSize(Batch batch) {
        Signature signature = batch.served().modelPackage().signature();
        long rowWidth = (long) signature.numberWidth() + signature.textWidth();
        long rowLimit = Math.max(1, MAX_VALUES / rowWidth);
        if (batch.rowCount() > rowLimit) {
            throw new ServiceException(Failure.invalid(
                    "ROW_COUNT_OUT_OF_RANGE",
                    "row_count",
                    batch.rowCount(),
                    "1..%d for rows of %d values".formatted(rowLimit, rowWidth)));
        }
    }

    private void read(NamedRow row, int place, int requestRow) {
        for (Map.Entry<String, Value> entry : row.getValuesMap().entrySet()) {
            if (!signature.contains(entry.getKey())) {
                throw unknown(entry.getKey(), requestRow);
            }
            int input = signature.indexOf(entry.getKey());
            InputField field = signature.inputs().get(input);
            if (field.kind() == InputKind.TEXT) {
                texts[place * signature.textWidth() + signature.offset(input)] =
                        text(entry.getValue(), field, requestRow);
            } else {
                put(entry.getValue(), field, place * signature.numberWidth() + signature.offset(input), requestRow);
            }
        }
    }

    private static String text(Value value, InputField field, int requestRow) {
        return switch (value.getKindCase()) {
            case TEXT -> value.getText();
            case KIND_NOT_SET -> "";
            case NUMBER, BOOLEAN, NUMBERS -> throw wrongType(value, field, requestRow);
        };
    }

    private void put(Value value, InputField field, int to, int requestRow) {
        switch (value.getKindCase()) {
            case NUMBER -> putOne(value, value.getNumber(), field, to, requestRow);
            case BOOLEAN -> putOne(value, value.getBoolean() ? 1 : 0, field, to, requestRow);
            case NUMBERS -> putMany(value.getNumbers(), field, to, requestRow);
            case TEXT -> throw wrongType(value, field, requestRow);
            case KIND_NOT_SET -> {} // stays missing
        }
    }

    private void putOne(Value value, double number, InputField field, int to, int requestRow) {
        if (field.width() != 1) {
            throw wrongType(value, field, requestRow);
        }
        numbers[to] = finite(number, field, requestRow);
    }

    private void putMany(NumberList list, InputField field, int to, int requestRow) {
        if (list.getValuesCount() != field.width()) {
            throw new ServiceException(Failure.invalid(
                    "SEQUENCE_LENGTH",
                    path(requestRow, field.name()),
                    list.getValuesCount() + " numbers",
                    expected(field)));
        }
        for (int step = 0; step < field.width(); step++) {
            numbers[to + step] = finite(list.getValues(step), field, requestRow);
        }
    }

    private static float finite(double number, InputField field, int requestRow) {
        float value = (float) number;
        if (Float.isInfinite(value)) {
            throw new ServiceException(Failure.invalid(
                    "NUMBER_NOT_FINITE",
                    path(requestRow, field.name()),
                    number,
                    "a number within +-3.4e38, or NaN for missing"));
        }
        return value;
    }

    private ServiceException unknown(String name, int requestRow) {
        String nearest = name.length() > MAX_NAME_COMPARED
                ? ""
                : ", nearest is '%s'"
                        .formatted(Names.nearest(
                                name,
                                signature.inputs().stream()
                                        .map(InputField::name)
                                        .toList()));
        return new ServiceException(Failure.invalid(
                "INPUT_UNKNOWN",
                "named_rows.rows[%d].values".formatted(requestRow),
                name,
                "an input of the model" + nearest));
    }

    private static ServiceException wrongType(Value value, InputField field, int requestRow) {
        Object shown =
                switch (value.getKindCase()) {
                    case NUMBER -> "number " + value.getNumber();
                    case BOOLEAN -> "boolean " + value.getBoolean();
                    case NUMBERS -> value.getNumbers().getValuesCount() + " numbers";
                    case TEXT -> "text " + value.getText();
                    case KIND_NOT_SET -> "nothing";
                };
        return new ServiceException(
                Failure.invalid("INPUT_TYPE", path(requestRow, field.name()), shown, expected(field)));
    }

    private static String expected(InputField field) {
        if (field.kind() == InputKind.TEXT) {
            return "a text";
        }
        return field.width() == 1 ? "a number" : "%d numbers".formatted(field.width());
    }

    private static String path(int requestRow, String input) {
        return "named_rows.rows[%d].values['%s']".formatted(requestRow, input);
    }
}
