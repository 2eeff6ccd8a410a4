package io.foresell.feature.history;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.InsertOneModel;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.Updates;
import com.mongodb.client.model.WriteModel;
import java.util.ArrayList;
import java.util.List;
import org.bson.Document;
import org.bson.types.Binary;

/**
 * Some rows of one entity, one document. Its id is the entity's key, a zero character and six digits, so that every read is by
 * id. Bucket n + 1 is made only when bucket n is full. Immutable.
 *
 * @param number counts from 0
 * @param revision grows by 1 with every append; 0 is not stored yet
 * @param newestEventMillis the newest event time
 */
public record Bucket(
        String entityKey, int number, long revision, int rowCount, long newestEventMillis, List<HistoryRow> rows) {
    /** Rows of a full bucket. Part of the stored format: a smaller number would orphan later buckets. */
    static final int CAPACITY_ROWS = 200;

    private static final int NUMBER_DIGITS = 6;

    static String id(String entityKey, int number) {
        return entityKey + '\0' + String.format("%06d", number);
    }

    static Bucket empty(String entityKey, int number) {
        return new Bucket(entityKey, number, 0, 0, Long.MIN_VALUE, List.of());
    }

    static Bucket decode(Document document) {
        String id = document.getString("_id");
        int keyEnd = id.length() - NUMBER_DIGITS - 1;
        List<HistoryRow> rows = new ArrayList<>();
        for (Binary chunk : document.getList("chunks", Binary.class)) {
            rows.addAll(RowCodec.unpack(chunk.getData()));
        }
        return new Bucket(
                id.substring(0, keyEnd),
                Integer.parseInt(id.substring(keyEnd + 1)),
                document.getLong("revision"),
                document.getInteger("row_count"),
                document.getLong("newest_event"),
                rows);
    }

    int room() {
        return Math.max(0, CAPACITY_ROWS - rowCount);
    }

    boolean isFull() {
        return room() == 0;
    }

    /** Returns the bucket as it is after {@link #append}. */
    Bucket with(List<HistoryRow> more) {
        List<HistoryRow> all = new ArrayList<>(rows);
        all.addAll(more);
        long newest = Math.max(newestEventMillis, newest(more));
        return new Bucket(entityKey, number, revision + 1, rowCount + more.size(), newest, all);
    }

    private static long newest(List<HistoryRow> rows) {
        return rows.stream().mapToLong(HistoryRow::eventMillis).max().orElse(Long.MIN_VALUE);
    }

    /** Returns the write that adds rows, if nobody else has added any since this bucket was read. */
    WriteModel<Document> append(List<HistoryRow> more) {
        Binary chunk = new Binary(RowCodec.pack(more));
        if (revision == 0) {
            return new InsertOneModel<>(new Document("_id", id(entityKey, number))
                    .append("revision", 1L)
                    .append("is_first", number == 0 ? 1 : 0)
                    .append("row_count", more.size())
                    .append("newest_event", newest(more))
                    .append("chunks", List.of(chunk)));
        }
        return new UpdateOneModel<>(
                Filters.and(Filters.eq("_id", id(entityKey, number)), Filters.eq("revision", revision)),
                Updates.combine(
                        Updates.inc("revision", 1L),
                        Updates.inc("row_count", more.size()),
                        Updates.max("newest_event", newest(more)),
                        Updates.push("chunks", chunk)));
    }
}
