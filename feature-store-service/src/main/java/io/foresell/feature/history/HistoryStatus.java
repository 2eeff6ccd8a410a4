package io.foresell.feature.history;

import com.mongodb.client.model.Accumulators;
import com.mongodb.client.model.Aggregates;
import java.util.List;
import org.bson.Document;

/**
 * What a view holds. Counted from the buckets themselves, so it is exact after a crash.
 *
 * @param newestEventMillis 0 without rows
 */
public record HistoryStatus(long entityCount, long rowCount, long newestEventMillis) {
    /** Counts; reads every bucket's head in the database. */
    public static HistoryStatus of(HistoryReader reader, String view) {
        List<Document> sums = reader.collection(view)
                .aggregate(List.of(Aggregates.group(
                        null,
                        Accumulators.sum("entities", "$is_first"),
                        Accumulators.sum("rows", "$row_count"),
                        Accumulators.max("newest", "$newest_event"))));
        if (sums.isEmpty()) {
            return new HistoryStatus(0, 0, 0);
        }
        Document sum = sums.get(0);
        return new HistoryStatus(
                sum.get("entities", Number.class).longValue(),
                sum.get("rows", Number.class).longValue(),
                sum.get("newest", Number.class).longValue());
    }
}
