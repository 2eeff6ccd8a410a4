package io.foresell.feature.history;

import com.mongodb.client.model.WriteModel;
import io.foresell.feature.database.FeatureCollection;
import io.foresell.feature.database.FeatureDatabase;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.bson.Document;

/**
 * Appends rows, each once, whoever else appends at the same time: every write names the revision of the bucket it was made
 * for, and after a lost race the rows are read and judged again. Thread-safe.
 */
public final class HistoryWriter {
    private static final int MAX_ATTEMPTS = 100;
    private static final long MAX_PAUSE_NANOS = TimeUnit.MILLISECONDS.toNanos(20);

    private final HistoryReader reader;
    private final FeatureCollection counters;

    public HistoryWriter(FeatureDatabase database, HistoryReader reader) {
        this.reader = reader;
        counters = database.collection("counters");
    }

    /** Gives the rows their numbers, in the order of the list. */
    public void number(String view, List<? extends PendingRow> rows) {
        if (rows.isEmpty()) {
            return;
        }
        long next = counters.reserve(view, rows.size());
        for (PendingRow row : rows) {
            row.number(next++);
        }
    }

    /**
     * Stores the numbered rows of some entities. When this returns, every row is resolved and durable.
     *
     * @param ranges all entities of {@code rows}, from bucket 0
     * @return all rows of these entities
     * @throws ServiceException ABORTED after too many lost races; sending the rows again is safe
     */
    public <R extends PendingRow> Map<String, EntityRows> append(
            String view, List<R> rows, Map<String, BucketRange> ranges, RowRules<R> rules) {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            Map<String, EntityRows> entities = new LinkedHashMap<>();
            reader.read(view, ranges).forEach((key, buckets) -> entities.put(key, new EntityRows(key, buckets)));
            for (R row : rows) {
                entities.computeIfAbsent(row.entityKey(), key -> new EntityRows(key, List.of()))
                        .admit(row, rules);
            }
            if (isWritten(reader.collection(view), entities)) {
                return entities;
            }
            LockSupport.parkNanos(ThreadLocalRandom.current().nextLong(MAX_PAUSE_NANOS));
        }
        throw new ServiceException(Failure.conflict(
                "ENTITIES_BUSY", "view '%s'".formatted(view), "entities that fewer streams write to", "lost races"));
    }

    /** One bucket of each entity at a time, so that a bucket is made only after the one before is full. */
    private static boolean isWritten(FeatureCollection collection, Map<String, EntityRows> entities) {
        List<EntityRows> waiting =
                entities.values().stream().filter(EntityRows::isWaiting).toList();
        while (!waiting.isEmpty()) {
            List<WriteModel<Document>> writes = new ArrayList<>(waiting.size());
            waiting.forEach(entity -> writes.add(entity.open().append(entity.next())));
            if (!collection.write(writes)) {
                return false;
            }
            waiting.forEach(EntityRows::written);
            waiting = waiting.stream().filter(EntityRows::isWaiting).toList();
        }
        return true;
    }
}
