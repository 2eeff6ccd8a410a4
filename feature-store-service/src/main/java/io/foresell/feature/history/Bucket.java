package io.foresell.feature.history;

import com.mongodb.client.model.InsertOneModel;
import com.mongodb.client.model.ReplaceOneModel;
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
 * @param chunkCount appends since it was last packed as a whole
 * @param newestEventMillis the newest event time
 */
public record Bucket(
        String entityKey,
        int number,
        long revision,
        int chunkCount,
        int rowCount,
        long newestEventMillis,
        List<HistoryRow> rows) {
    /** Rows of a full bucket. Part of the stored format: a smaller number would orphan later buckets. */
    static final int CAPACITY_ROWS = 200;

    /** Appends before a bucket is packed anew, which names each delivery once instead of once an append. */
    private static final int MAX_CHUNKS = 16;

    private static final int NUMBER_DIGITS = 6;

    static String id(String entityKey, int number) {
        return entityKey + '\0' + String.format("%06d", number);
    }

    static Bucket empty(String entityKey, int number) {
        return new Bucket(entityKey, number, 0, 0, 0, Long.MIN_VALUE, List.of());
    }

    static Bucket decode(Document document) {
        String id = document.getString("_id");
        int keyEnd = id.length() - NUMBER_DIGITS - 1;
        List<HistoryRow> rows = new ArrayList<>();
        List<Binary> chunks = document.getList("chunks", Binary.class);
        for (Binary chunk : chunks) {
            rows.addAll(RowCodec.unpack(chunk.getData()));
        }
        return new Bucket(
                id.substring(0, keyEnd),
                Integer.parseInt(id.substring(keyEnd + 1)),
                document.getLong("revision"),
                chunks.size(),
                document.getInteger("row_count"),
                document.getLong("newest_event"),
                rows);
    }

    int room() {
        return Math.max(0, CAPACITY_ROWS - rowCount);
    }

    /** Returns whether no row will ever be added. */
    public boolean isFull() {
        return room() == 0;
    }

    /** Returns the bucket as it is after {@link #append}. */
    Bucket with(List<HistoryRow> more) {
        List<HistoryRow> all = new ArrayList<>(rows);
        all.addAll(more);
        return new Bucket(
                entityKey,
                number,
                revision + 1,
                isPackedAnew() ? 1 : chunkCount + 1,
                rowCount + more.size(),
                Math.max(newestEventMillis, newest(more)),
                all);
    }

    private boolean isPackedAnew() {
        return revision == 0 || chunkCount >= MAX_CHUNKS;
    }

    private static long newest(List<HistoryRow> rows) {
        return rows.stream().mapToLong(HistoryRow::eventMillis).max().orElse(Long.MIN_VALUE);
    }

    /**
     * Returns the write that adds rows, if nobody else has added any since this bucket was read. The filter is no $and, for
     * which the embedded store would scan.
     */
    WriteModel<Document> append(List<HistoryRow> more) {
        Document asRead = new Document("_id", id(entityKey, number)).append("revision", revision);
        if (isPackedAnew()) {
            Document whole = with(more).encode();
            return revision == 0 ? new InsertOneModel<>(whole) : new ReplaceOneModel<>(asRead, whole);
        }
        return new UpdateOneModel<>(
                asRead,
                Updates.combine(
                        Updates.inc("revision", 1L),
                        Updates.inc("row_count", more.size()),
                        Updates.max("newest_event", newest(more)),
                        Updates.push("chunks", new Binary(RowCodec.pack(more)))));
    }

    private Document encode() {
        return new Document("_id", id(entityKey, number))
                .append("revision", revision)
                .append("is_first", number == 0 ? 1 : 0)
                .append("row_count", rowCount)
                .append("newest_event", newestEventMillis)
                .append("chunks", List.of(new Binary(RowCodec.pack(rows))));
    }
}
