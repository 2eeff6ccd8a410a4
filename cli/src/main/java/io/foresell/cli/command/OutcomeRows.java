package io.foresell.cli.command;

import io.foresell.cli.source.CsvFile;
import io.foresell.kit.Failure;
import io.foresell.kit.Names;
import io.foresell.kit.ServiceException;
import io.foresell.proto.prediction.v1.Outcome;
import io.foresell.proto.prediction.v1.SubjectWindow;
import java.util.List;
import java.util.Locale;

/** Makes an outcome of each row of a file. Immutable. */
final class OutcomeRows {
    /**
     * Which columns say what; an empty name means that none does.
     *
     * @param horizon how long before its observation an outcome labels predictions; empty unless by subject
     * @param from labels predictions scored from here on
     * @param until labels predictions scored before
     */
    record Columns(
            String prediction,
            String subject,
            String value,
            String observed,
            String id,
            String model,
            String entity,
            String name,
            String horizon,
            String from,
            String until) {}

    private final Columns columns;
    private final int prediction;
    private final int subject;
    private final int value;
    private final int observed;
    private final int id;

    OutcomeRows(CsvFile file, Columns columns) {
        this.columns = columns;
        this.prediction = place(file, columns.prediction());
        this.subject = place(file, columns.subject());
        this.value = place(file, columns.value());
        this.observed = place(file, columns.observed());
        this.id = place(file, columns.id());
    }

    private static int place(CsvFile file, String column) {
        int place = file.columns().indexOf(column);
        if (place < 0 && !column.isEmpty()) {
            throw new ServiceException(Failure.invalid(
                    "COLUMN_UNKNOWN",
                    "column",
                    column,
                    "a column of %s, nearest is '%s'"
                            .formatted(file.file().getFileName(), Names.nearest(column, file.columns()))));
        }
        return place;
    }

    /**
     * Returns the outcome of a row.
     *
     * @throws ServiceException INVALID_ARGUMENT naming the line
     */
    Outcome outcome(long line, List<String> row) {
        long observedMillis = observed < 0
                ? 0
                : Instants.millis("line %d, %s".formatted(line, columns.observed()), cell(row, observed));
        Outcome.Builder outcome = Outcome.newBuilder()
                .setName(columns.name())
                .setOutcomeId(cell(row, id))
                .setObservedAtMillis(observedMillis);
        if (prediction >= 0) {
            outcome.setPredictionId(cell(row, prediction));
        } else {
            outcome.setSubjectWindow(window(line, cell(row, subject), observedMillis));
        }
        return withValue(outcome, line, cell(row, value)).build();
    }

    private SubjectWindow.Builder window(long line, String key, long observedMillis) {
        SubjectWindow.Builder window = SubjectWindow.newBuilder()
                .setModel(columns.model())
                .setEntity(columns.entity())
                .setSubject(key);
        if (columns.horizon().isEmpty()) {
            return window.setFromMillis(Instants.millis("--from", columns.from()))
                    .setUntilMillis(Instants.millis("--until", columns.until()));
        }
        if (observedMillis == 0) {
            throw new ServiceException(Failure.invalid(
                    "OBSERVED_REQUIRED", "line %d".formatted(line), "", "a time of observation for --horizon"));
        }
        long from =
                observedMillis - Instants.span("--horizon", columns.horizon()).toMillis();
        return window.setFromMillis(Math.max(0, from)).setUntilMillis(observedMillis);
    }

    /** Numbers are numbers, yes and no are 1 and 0, all else is a class. */
    private static Outcome.Builder withValue(Outcome.Builder outcome, long line, String text) {
        if (text.isEmpty()) {
            throw new ServiceException(
                    Failure.invalid("VALUE_REQUIRED", "line %d".formatted(line), "", "a number, yes, no or a class"));
        }
        switch (text.toLowerCase(Locale.ROOT)) {
            case "yes", "true" -> {
                return outcome.setNumber(1);
            }
            case "no", "false" -> {
                return outcome.setNumber(0);
            }
            default -> {
                try {
                    return outcome.setNumber(Double.parseDouble(text));
                } catch (NumberFormatException e) {
                    return outcome.setText(text);
                }
            }
        }
    }

    private static String cell(List<String> row, int place) {
        return place < 0 || place >= row.size() ? "" : row.get(place).strip();
    }
}
