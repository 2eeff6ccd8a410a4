package io.foresell.feature.ingest;

import java.util.List;

/** What became of a delivery. {@code firstRefused} shows at most 20 rows. */
public record IngestReport(
        long rowCount, List<IngestCounts> views, List<QuarantinedRow> firstRefused, List<String> ignoredColumns) {
    public IngestReport {
        views = List.copyOf(views);
        firstRefused = List.copyOf(firstRefused);
        ignoredColumns = List.copyOf(ignoredColumns);
    }
}
