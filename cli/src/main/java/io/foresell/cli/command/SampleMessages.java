package io.foresell.cli.command;

import io.foresell.cli.source.CsvFile;
import io.foresell.proto.registry.v1.ImportModelRequest;
import io.foresell.proto.registry.v1.ModelSignature;
import io.foresell.proto.registry.v1.SampleRow;
import io.foresell.proto.registry.v1.SampleRows;
import io.foresell.proto.registry.v1.SignatureColumn;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;

/** The rows of a CSV file as messages: the columns of the model, at even distances when there are many rows. */
final class SampleMessages {
    private static final int MAX_ROWS = 10_000;
    private static final int MAX_CHARACTERS = 1 << 20; // a message

    private final List<Integer> places = new ArrayList<>();
    private final List<ImportModelRequest> messages = new ArrayList<>();
    private SampleRows.Builder open = SampleRows.newBuilder();
    private long characterCount;
    private long rowIndex;
    private long takenCount;

    private SampleMessages(CsvFile csv, ModelSignature signature) {
        Set<String> wanted = signature.getInputsList().stream()
                .flatMap(input -> input.getColumnsList().stream())
                .map(SignatureColumn::getName)
                .collect(Collectors.toSet());
        // With a column missing all are sent, so that the server can name the nearest.
        boolean isComplete = csv.columns().containsAll(wanted);
        for (int i = 0; i < csv.columns().size(); i++) {
            if (!isComplete || wanted.contains(csv.columns().get(i))) {
                places.add(i);
                open.addColumns(csv.columns().get(i));
            }
        }
    }

    static List<ImportModelRequest> of(CsvFile csv, ModelSignature signature) {
        SampleMessages sample = new SampleMessages(csv, signature);
        csv.forEachRow((line, values) -> sample.add(values, csv.rowCount()));
        sample.close();
        return sample.messages;
    }

    private void add(List<String> values, long rowCount) {
        boolean isTaken = rowCount <= MAX_ROWS || rowIndex * MAX_ROWS / rowCount >= takenCount;
        rowIndex++;
        if (!isTaken || takenCount == MAX_ROWS) {
            return;
        }
        takenCount++;
        SampleRow.Builder row = SampleRow.newBuilder();
        for (int place : places) {
            String cell = place < values.size() ? values.get(place) : "";
            row.addCells(cell);
            characterCount += cell.length() + 4L;
        }
        open.addRows(row);
        if (characterCount > MAX_CHARACTERS) {
            close();
        }
    }

    private void close() {
        messages.add(ImportModelRequest.newBuilder().setSample(open).build());
        open = SampleRows.newBuilder();
        characterCount = 0;
    }
}
