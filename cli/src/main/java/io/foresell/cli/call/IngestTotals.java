package io.foresell.cli.call;

import io.foresell.proto.feature.v1.IngestResponse;
import io.foresell.proto.feature.v1.ViewIngestCounts;
import java.util.List;

/** Adds up what happened to the parts of one file. */
final class IngestTotals {
    private static final int SHOWN_QUARANTINED = 20;

    private IngestTotals() {}

    static IngestResponse sum(IngestResponse a, IngestResponse b) {
        IngestResponse.Builder sum = IngestResponse.newBuilder()
                .setRowCount(a.getRowCount() + b.getRowCount())
                .addAllIgnoredColumns(b.getIgnoredColumnsList())
                .addAllFirstQuarantined(a.getFirstQuarantinedList());
        int room = Math.max(0, SHOWN_QUARANTINED - a.getFirstQuarantinedCount());
        b.getFirstQuarantinedList().stream().limit(room).forEach(sum::addFirstQuarantined);
        List<ViewIngestCounts> before = a.getViewsList();
        for (int i = 0; i < b.getViewsCount(); i++) {
            sum.addViews(i < before.size() ? sum(before.get(i), b.getViews(i)) : b.getViews(i));
        }
        return sum.build();
    }

    private static ViewIngestCounts sum(ViewIngestCounts a, ViewIngestCounts b) {
        ViewIngestCounts.Builder sum = a.toBuilder()
                .setAcceptedCount(a.getAcceptedCount() + b.getAcceptedCount())
                .setDuplicateCount(a.getDuplicateCount() + b.getDuplicateCount())
                .setQuarantinedCount(a.getQuarantinedCount() + b.getQuarantinedCount());
        b.getCleanedCountsMap()
                .forEach((rule, count) -> sum.putCleanedCounts(rule, a.getCleanedCountsOrDefault(rule, 0) + count));
        return sum.build();
    }
}
