package io.foresell.cli.command;

import io.foresell.cli.source.CsvFile;
import io.foresell.kit.Failure;
import io.foresell.kit.Names;
import io.foresell.kit.ServiceException;
import io.foresell.proto.inference.v1.EntityKeys;
import io.foresell.proto.inference.v1.LoadedModel;
import io.foresell.proto.inference.v1.ModelInput;
import io.foresell.proto.inference.v1.NamedRow;
import io.foresell.proto.inference.v1.NamedRows;
import io.foresell.proto.inference.v1.NumberList;
import io.foresell.proto.inference.v1.ScoreBulkRequest;
import io.foresell.proto.inference.v1.Value;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Rows of a CSV file as messages of a bulk stream: entities by one column, or rows by all columns that are inputs of the model.
 * A cell that is no number goes out as text, so that the server says of that row what is wrong. Not thread-safe.
 */
final class BulkMessages {
    private static final int MESSAGE_ROWS = 512;
    private static final long MESSAGE_CHARACTERS = 1 << 19;

    private final CsvFile csv;
    private final int keyColumn; // -1: rows by column
    private final @Nullable ModelInput[] inputs; // by column; null: not an input
    private final Consumer<ScoreBulkRequest> sink;

    private final NamedRows.Builder rows = NamedRows.newBuilder();
    private final EntityKeys.Builder keys = EntityKeys.newBuilder();
    private long characterCount;

    private BulkMessages(CsvFile csv, int keyColumn, @Nullable ModelInput[] inputs, Consumer<ScoreBulkRequest> sink) {
        this.csv = csv;
        this.keyColumn = keyColumn;
        this.inputs = inputs;
        this.sink = sink;
    }

    /**
     * Prepares messages for a model.
     *
     * @param key the column of entity keys; empty sends rows
     * @throws ServiceException INVALID_ARGUMENT when no column fits
     */
    static BulkMessages of(CsvFile csv, String key, LoadedModel model, Consumer<ScoreBulkRequest> sink) {
        int keyColumn = -1;
        if (!key.isEmpty()) {
            keyColumn = csv.columns().indexOf(key);
            if (keyColumn < 0) {
                throw new ServiceException(Failure.invalid(
                        "COLUMN_UNKNOWN",
                        "--key",
                        key,
                        "a column of %s, nearest is '%s'".formatted(csv.file(), Names.nearest(key, csv.columns()))));
            }
        }
        Map<String, ModelInput> byName =
                model.getInputsList().stream().collect(Collectors.toMap(ModelInput::getName, Function.identity()));
        @Nullable ModelInput[] inputs = new ModelInput[csv.columns().size()];
        boolean isInput = false;
        for (int column = 0; column < inputs.length; column++) {
            inputs[column] = byName.get(csv.columns().get(column));
            isInput |= inputs[column] != null;
        }
        if (keyColumn < 0 && !isInput) {
            throw new ServiceException(Failure.invalid(
                    "COLUMNS_UNKNOWN",
                    "columns of " + csv.file(),
                    String.join(", ", csv.columns()),
                    "inputs of the model, %s, or --key COLUMN".formatted(names(model))));
        }
        return new BulkMessages(csv, keyColumn, inputs, sink);
    }

    private static String names(LoadedModel model) {
        return model.getInputsList().stream().limit(10).map(ModelInput::getName).collect(Collectors.joining(", "));
    }

    /** Sends all rows from a position on. */
    void sendFrom(long position) {
        long[] row = {0};
        csv.forEachRow((line, values) -> {
            if (row[0]++ >= position) {
                add(values);
            }
        });
        flush();
    }

    private void add(List<String> values) {
        if (keyColumn >= 0) {
            String key = keyColumn < values.size() ? values.get(keyColumn).strip() : "";
            keys.addKeys(key);
            characterCount += key.length();
        } else {
            rows.addRows(row(values));
        }
        if (rows.getRowsCount() + keys.getKeysCount() >= MESSAGE_ROWS || characterCount >= MESSAGE_CHARACTERS) {
            flush();
        }
    }

    private NamedRow row(List<String> values) {
        NamedRow.Builder row = NamedRow.newBuilder();
        for (int column = 0; column < Math.min(inputs.length, values.size()); column++) {
            ModelInput input = inputs[column];
            String cell = values.get(column).strip();
            if (input != null && !cell.isEmpty()) {
                row.putValues(input.getName(), value(input, cell));
                characterCount += cell.length();
            }
        }
        return row.build();
    }

    private static Value value(ModelInput input, String cell) {
        Value.Builder value = Value.newBuilder();
        if (input.getIsText()) {
            return value.setText(cell).build();
        }
        try {
            if (input.getWidth() == 1) {
                return value.setNumber(Double.parseDouble(cell)).build();
            }
            NumberList.Builder numbers = NumberList.newBuilder();
            for (String number : cell.split("[;\\s]+", -1)) {
                numbers.addValues(Double.parseDouble(number));
            }
            return value.setNumbers(numbers).build();
        } catch (NumberFormatException e) {
            return value.setText(cell).build();
        }
    }

    private void flush() {
        if (keys.getKeysCount() > 0) {
            sink.accept(ScoreBulkRequest.newBuilder().setEntityKeys(keys).build());
        } else if (rows.getRowsCount() > 0) {
            sink.accept(ScoreBulkRequest.newBuilder().setNamedRows(rows).build());
        }
        keys.clear();
        rows.clear();
        characterCount = 0;
    }
}
