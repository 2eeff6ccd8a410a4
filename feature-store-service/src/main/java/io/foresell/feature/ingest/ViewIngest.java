package io.foresell.feature.ingest;

import io.foresell.feature.define.FeatureViewDefinition;
import io.foresell.feature.define.Layout;
import io.foresell.feature.define.RowView;
import io.foresell.feature.history.BucketRange;
import io.foresell.feature.history.EntityRows;
import io.foresell.feature.history.RowRefusal;
import io.foresell.feature.online.OnlineEntity;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Takes the rows of one delivery into one view. Not thread-safe; owned by one call. */
final class ViewIngest {
    /** Entities handled at once: bounds the rows in memory, and one read and one write of the database. */
    private static final int ENTITIES_PER_BATCH = 500;

    private final SourceHeader header;
    private final RowView view;
    private final RowReader reader;
    private final ViewRules rules;
    private final IngestStores stores;
    private final IngestCounts counts;

    ViewIngest(SourceHeader header, RowView view, Layout layout, IngestStores stores) {
        this.header = header;
        this.view = view;
        this.stores = stores;
        reader = new RowReader(header, view, layout);
        rules = new ViewRules(view, reader.slots());
        counts = new IngestCounts(view.name());
    }

    IngestCounts counts() {
        return counts;
    }

    /** Takes rows in; they are durable, in history or quarantine, when this returns. Returns those refused, in row order. */
    List<QuarantinedRow> take(List<ReceivedRow> rows) {
        List<CheckedRow> checked = new ArrayList<>();
        List<QuarantinedRow> refused = new ArrayList<>();
        for (ReceivedRow row : rows) {
            try {
                checked.add(reader.read(row.source(), row.receivedMillis()));
            } catch (RefusedRow e) {
                refused.add(quarantined(row.source(), e.refusal()));
            }
        }
        stores.writer().number(view.name(), checked);
        for (List<CheckedRow> batch : batches(checked)) {
            store(batch);
        }
        for (CheckedRow row : checked) {
            RowRefusal refusal = row.refusal();
            if (refusal != null) {
                refused.add(quarantined(row.source(), refusal));
            }
        }
        refused.sort(Comparator.comparingLong(QuarantinedRow::lineNumber));
        stores.quarantine().keep(refused);
        count(checked, refused.size());
        return refused;
    }

    private QuarantinedRow quarantined(SourceRow row, RowRefusal refusal) {
        return QuarantinedRow.of(
                header, view.name(), row, refusal, stores.clock().millis());
    }

    private static List<List<CheckedRow>> batches(List<CheckedRow> rows) {
        Map<String, List<CheckedRow>> byEntity = new LinkedHashMap<>();
        for (CheckedRow row : rows) {
            byEntity.computeIfAbsent(row.entityKey(), absent -> new ArrayList<>(2))
                    .add(row);
        }
        List<List<CheckedRow>> batches = new ArrayList<>();
        int entities = 0;
        for (List<CheckedRow> ofEntity : byEntity.values()) {
            if (entities++ % ENTITIES_PER_BATCH == 0) {
                batches.add(new ArrayList<>());
            }
            batches.get(batches.size() - 1).addAll(ofEntity);
        }
        return batches;
    }

    /** History first, then the online documents, which are made from it. */
    private void store(List<CheckedRow> batch) {
        List<String> keys = batch.stream().map(CheckedRow::entityKey).distinct().toList();
        Map<String, BucketRange> ranges = new LinkedHashMap<>();
        if (view instanceof FeatureViewDefinition) {
            Map<String, OnlineEntity> entities = stores.online().read(view.entity(), keys);
            entities.forEach((key, entity) -> ranges.put(key, entity.allBuckets(view.name())));
            Map<String, EntityRows> rows = stores.writer().append(view.name(), batch, ranges, rules);
            stores.online().update(view, rows, entities);
        } else {
            keys.forEach(key -> ranges.put(key, BucketRange.ALL));
            stores.writer().append(view.name(), batch, ranges, rules);
        }
    }

    private void count(List<CheckedRow> checked, int refusedCount) {
        for (CheckedRow row : checked) {
            switch (row.outcome()) {
                case STORED -> counts.accepted(row);
                case DUPLICATE -> counts.duplicate();
                case REFUSED -> {}
                case WAITING -> throw new IllegalStateException(
                        "row not resolved: line " + row.source().lineNumber());
            }
        }
        counts.quarantined(refusedCount);
    }
}
