package io.foresell.feature.ingest;

import io.foresell.feature.define.Sha256;
import io.foresell.feature.history.RowRefusal;
import java.nio.charset.StandardCharsets;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.bson.Document;

/**
 * A row that a view refused, with everything needed to try again. Immutable. Its id follows from view, delivery and line, so
 * a delivery sent again is not listed twice.
 *
 * @param columns the source's columns
 * @param values the source's values; another number of them than columns when that is the fault
 */
public record QuarantinedRow(
        String id,
        String view,
        String source,
        String batchId,
        long lineNumber,
        RowRefusal refusal,
        List<String> columns,
        List<String> values,
        long quarantinedAtMillis) {
    private static final int ID_LENGTH = 32;
    private static final int MAX_VALUE_LENGTH = 20_000;
    private static final int MAX_TOTAL_LENGTH = 4_000_000;
    private static final int MAX_VALUE_LENGTH_OF_LARGE_ROW = 1_000;

    public QuarantinedRow {
        columns = List.copyOf(columns);
        values = List.copyOf(values);
    }

    static QuarantinedRow of(SourceHeader header, String view, SourceRow row, RowRefusal refusal, long nowMillis) {
        String identity = view + '\0' + header.batchId() + '\0' + row.lineNumber();
        int totalLength = row.values().stream().mapToInt(String::length).sum();
        int limit = totalLength > MAX_TOTAL_LENGTH ? MAX_VALUE_LENGTH_OF_LARGE_ROW : MAX_VALUE_LENGTH;
        return new QuarantinedRow(
                Sha256.hex(identity.getBytes(StandardCharsets.UTF_8)).substring(0, ID_LENGTH),
                view,
                header.source(),
                header.batchId(),
                row.lineNumber(),
                refusal,
                header.columns(),
                row.values().stream()
                        .map(value -> value.length() <= limit ? value : value.substring(0, limit))
                        .toList(),
                nowMillis);
    }

    /** Returns the values by column; those beyond the last column by their number, such as "#22". */
    public Map<String, String> valuesByColumn() {
        Map<String, String> byColumn = new LinkedHashMap<>();
        for (int i = 0; i < values.size(); i++) {
            byColumn.put(i < columns.size() ? columns.get(i) : "#" + (i + 1), values.get(i));
        }
        return byColumn;
    }

    Document encode() {
        return new Document("_id", id)
                .append("view", view)
                .append("source", source)
                .append("batch_id", batchId)
                .append("line_number", lineNumber)
                .append("column", refusal.column())
                .append("reason", refusal.reason())
                .append("message", refusal.message())
                .append("columns", columns)
                .append("values", values)
                .append("quarantined_at", quarantinedAtMillis);
    }

    static QuarantinedRow decode(Document document) {
        return new QuarantinedRow(
                document.getString("_id"),
                document.getString("view"),
                document.getString("source"),
                document.getString("batch_id"),
                document.getLong("line_number"),
                new RowRefusal(
                        document.getString("column"), document.getString("reason"), document.getString("message")),
                document.getList("columns", String.class),
                document.getList("values", String.class),
                document.getLong("quarantined_at"));
    }
}
