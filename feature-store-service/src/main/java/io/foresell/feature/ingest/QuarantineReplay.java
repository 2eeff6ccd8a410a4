package io.foresell.feature.ingest;

import io.foresell.feature.define.Catalog;
import io.foresell.kit.Failure;
import io.foresell.kit.Failure.FieldViolation;
import io.foresell.kit.Names;
import io.foresell.kit.ServiceException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Takes quarantined rows through a view again. Thread-safe. */
public final class QuarantineReplay {
    /** A row to try again; {@code corrected} replaces values by column. */
    public record Try(String id, Map<String, String> corrected) {
        public Try {
            corrected = Map.copyOf(corrected);
        }
    }

    /** The rows that passed or were there already left the quarantine, the others stay with the reason found now. */
    public record Result(int acceptedCount, List<QuarantinedRow> stillQuarantined) {
        public Result {
            stillQuarantined = List.copyOf(stillQuarantined);
        }
    }

    private record Corrected(QuarantinedRow original, SourceHeader header, SourceRow row, boolean isChanged) {}

    private final Ingestor ingestor;

    public QuarantineReplay(Ingestor ingestor) {
        this.ingestor = ingestor;
    }

    /**
     * Tries rows again. Nothing is tried unless all are found and all corrections fit.
     *
     * @throws ServiceException NOT_FOUND for an id that is not in quarantine, INVALID_ARGUMENT for a column that the view
     *     does not read
     */
    public Result replay(Catalog catalog, List<Try> tries) {
        Quarantine quarantine = ingestor.stores().quarantine();
        Map<String, QuarantinedRow> found =
                quarantine.find(tries.stream().map(Try::id).toList());
        List<Corrected> corrected = new ArrayList<>();
        List<FieldViolation> faults = new ArrayList<>();
        for (int i = 0; i < tries.size(); i++) {
            Try wanted = tries.get(i);
            QuarantinedRow row = found.get(wanted.id());
            if (row == null) {
                throw new ServiceException(
                        Failure.notFound("quarantined_row", wanted.id(), "an id that ListQuarantine returns"));
            }
            checkColumns(catalog, row, wanted, "rows[%d].corrected_values".formatted(i), faults);
            corrected.add(corrected(catalog, row, wanted));
        }
        if (!faults.isEmpty()) {
            throw new ServiceException(Failure.invalid("COLUMN_UNKNOWN", faults));
        }
        return replay(catalog, quarantine, corrected);
    }

    private Result replay(Catalog catalog, Quarantine quarantine, List<Corrected> rows) {
        List<String> passed = new ArrayList<>();
        List<QuarantinedRow> refused = new ArrayList<>();
        long nowMillis = ingestor.stores().clock().millis();
        for (Corrected row : rows) {
            String view = row.original().view();
            ViewIngest ingest =
                    new ViewIngest(row.header(), catalog.rowView(view), catalog.layout(view), ingestor.stores());
            List<QuarantinedRow> stays = ingest.take(List.of(new ReceivedRow(row.row(), nowMillis)));
            refused.addAll(stays);
            if (stays.isEmpty()) {
                passed.add(row.original().id());
            } else if (row.isChanged()) {
                quarantine.keep(List.of(row.original())); // a failed correction does not replace what came
            }
        }
        quarantine.remove(passed);
        return new Result(passed.size(), refused);
    }

    private static void checkColumns(
            Catalog catalog, QuarantinedRow row, Try wanted, String field, List<FieldViolation> faults) {
        Set<String> declared = SourceHeader.declaredColumns(catalog.rowView(row.view()));
        for (String column : wanted.corrected().keySet()) {
            if (!declared.contains(column) && !row.columns().contains(column)) {
                faults.add(new FieldViolation(
                        field,
                        "'%s' (expected: a column of view '%s'; nearest: %s)"
                                .formatted(column, row.view(), Names.nearest(column, declared))));
            }
        }
    }

    /**
     * Returns the row with its corrections. A row of the wrong length has values under the wrong columns, so it keeps that
     * fault unless every column that the view reads is corrected.
     */
    private static Corrected corrected(Catalog catalog, QuarantinedRow row, Try wanted) {
        Set<String> declared = SourceHeader.declaredColumns(catalog.rowView(row.view()));
        boolean isWhole = row.columns().size() == row.values().size();
        SourceHeader asCame = header(catalog, row, row.columns());
        if (!isWhole && !wanted.corrected().keySet().containsAll(declared)) {
            return new Corrected(row, asCame, new SourceRow(row.lineNumber(), row.values()), false);
        }
        Map<String, String> values = new LinkedHashMap<>();
        row.columns().forEach(column -> values.put(column, ""));
        if (isWhole) {
            values.putAll(row.valuesByColumn());
        }
        declared.forEach(column -> values.putIfAbsent(column, "")); // columns that the view reads only since then
        values.putAll(wanted.corrected());
        return new Corrected(
                row,
                header(catalog, row, List.copyOf(values.keySet())),
                new SourceRow(row.lineNumber(), List.copyOf(values.values())),
                !wanted.corrected().isEmpty());
    }

    private static SourceHeader header(Catalog catalog, QuarantinedRow row, List<String> columns) {
        return new SourceHeader(List.of(catalog.rowView(row.view())), columns, row.batchId(), row.source());
    }
}
