package io.foresell.feature.ingest;

import io.foresell.feature.define.Catalog;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.ArrayList;
import java.util.List;

/** One delivery on its way in. Rows are written whenever the buffer is full; what was written before a failure stays, and is a
 * duplicate when the delivery is sent again. Not thread-safe. */
public final class IngestSession {
    private static final int MAX_ROWS_PER_MESSAGE = 10_000;
    private static final int MAX_SHOWN_REFUSALS = 20;

    private final SourceHeader header;
    private final IngestStores stores;
    private final MeterRegistry meters;
    private final int bufferRows;
    private final List<ViewIngest> views = new ArrayList<>();
    private final List<ReceivedRow> buffer = new ArrayList<>();
    private final List<QuarantinedRow> firstRefused = new ArrayList<>();
    private long rowCount;

    IngestSession(SourceHeader header, Catalog catalog, IngestStores stores, MeterRegistry meters, int bufferRows) {
        this.header = header;
        this.stores = stores;
        this.meters = meters;
        this.bufferRows = bufferRows;
        header.views().forEach(view -> views.add(new ViewIngest(header, view, catalog.layout(view.name()), stores)));
    }

    /**
     * Takes the rows of one message.
     *
     * @throws ServiceException INVALID_ARGUMENT for too many rows or a line number below 1; none of the rows is taken then
     */
    public void add(List<SourceRow> rows) {
        if (rows.size() > MAX_ROWS_PER_MESSAGE) {
            throw new ServiceException(Failure.invalid(
                    "ROW_COUNT", "rows", rows.size(), "0..%d a message".formatted(MAX_ROWS_PER_MESSAGE)));
        }
        for (SourceRow row : rows) {
            if (row.lineNumber() < 1) {
                throw new ServiceException(
                        Failure.invalid("LINE_NUMBER", "rows.line_number", row.lineNumber(), "1 or more"));
            }
        }
        long nowMillis = stores.clock().millis();
        for (SourceRow row : rows) {
            buffer.add(new ReceivedRow(row, nowMillis));
            rowCount++;
            if (buffer.size() >= bufferRows) {
                flush();
            }
        }
    }

    private void flush() {
        for (ViewIngest view : views) {
            IngestCounts counts = view.counts();
            long accepted = counts.acceptedCount();
            long duplicates = counts.duplicateCount();
            List<QuarantinedRow> refused = view.take(buffer);
            for (QuarantinedRow row : refused) {
                if (firstRefused.size() < MAX_SHOWN_REFUSALS) {
                    firstRefused.add(row);
                }
            }
            count(counts.view(), "accepted", counts.acceptedCount() - accepted);
            count(counts.view(), "duplicate", counts.duplicateCount() - duplicates);
            count(counts.view(), "quarantined", refused.size());
        }
        buffer.clear();
    }

    private void count(String view, String outcome, long rows) {
        meters.counter("feature_ingest_rows", "view", view, "outcome", outcome).increment((double) rows);
    }

    /**
     * Ends the delivery. Everything counted is durable when this returns.
     *
     * @throws ServiceException INVALID_ARGUMENT when there was no row at all
     */
    public IngestReport finish() {
        if (rowCount == 0) {
            throw new ServiceException(Failure.invalid("EMPTY_SOURCE", "rows", 0, "at least one row"));
        }
        if (!buffer.isEmpty()) {
            flush();
        }
        return new IngestReport(
                rowCount, views.stream().map(ViewIngest::counts).toList(), firstRefused, header.ignoredColumns());
    }
}
