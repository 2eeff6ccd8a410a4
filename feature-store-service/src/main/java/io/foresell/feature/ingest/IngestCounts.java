package io.foresell.feature.ingest;

import java.util.Map;
import java.util.TreeMap;

/** What happened to the rows of one view. Not thread-safe; final once ingest has ended. */
public final class IngestCounts {
    private final String view;
    private long acceptedCount;
    private long duplicateCount;
    private long quarantinedCount;
    private final Map<String, Long> cleanedCounts = new TreeMap<>();

    IngestCounts(String view) {
        this.view = view;
    }

    void accepted(CheckedRow row) {
        acceptedCount++;
        row.cleaned().forEach(rule -> cleanedCounts.merge(rule, 1L, Long::sum));
    }

    void duplicate() {
        duplicateCount++;
    }

    void quarantined(long count) {
        quarantinedCount += count;
    }

    public String view() {
        return view;
    }

    public long acceptedCount() {
        return acceptedCount;
    }

    public long duplicateCount() {
        return duplicateCount;
    }

    public long quarantinedCount() {
        return quarantinedCount;
    }

    /** Returns the number of stored values changed by each rule, by "column: rule". */
    public Map<String, Long> cleanedCounts() {
        return new TreeMap<>(cleanedCounts);
    }
}
