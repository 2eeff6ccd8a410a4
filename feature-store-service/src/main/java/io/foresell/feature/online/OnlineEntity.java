package io.foresell.feature.online;

import io.foresell.feature.history.BucketRange;
import io.foresell.feature.history.HistoryRow;
import io.foresell.feature.history.RowCodec;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bson.Document;
import org.bson.types.Binary;

/**
 * The online document of one entity. Immutable.
 *
 * @param revision grows by 1 with every write; 0 is not stored yet
 * @param views by name
 */
public record OnlineEntity(String key, long revision, Map<String, OnlineView> views) {
    public OnlineEntity {
        views = Map.copyOf(views);
    }

    static OnlineEntity absent(String key) {
        return new OnlineEntity(key, 0, Map.of());
    }

    OnlineView view(String name) {
        return views.getOrDefault(name, OnlineView.EMPTY);
    }

    /** Returns all buckets of a view. */
    public BucketRange allBuckets(String view) {
        return new BucketRange(0, view(view).bucketCount());
    }

    OnlineEntity with(String name, OnlineView view) {
        Map<String, OnlineView> all = new HashMap<>(views);
        all.put(name, view);
        return new OnlineEntity(key, revision, all);
    }

    static OnlineEntity decode(Document document) {
        Map<String, OnlineView> views = new HashMap<>();
        document.get("views", Document.class).forEach((name, value) -> views.put(name, decodeView((Document) value)));
        return new OnlineEntity(document.getString("_id"), document.getLong("revision"), views);
    }

    private static OnlineView decodeView(Document document) {
        List<HistoryRow> rows =
                RowCodec.unpack(document.get("rows", Binary.class).getData());
        return new OnlineView(
                document.getInteger("bucket_count"),
                document.getList("newest_events", Long.class),
                rows,
                document.getBoolean("is_overflowing"));
    }

    Document encodeNext() {
        Document encoded = new Document();
        views.forEach((name, view) -> encoded.append(
                name,
                new Document("bucket_count", view.bucketCount())
                        .append("newest_events", view.newestEvents())
                        .append("rows", new Binary(RowCodec.pack(view.rows())))
                        .append("is_overflowing", view.isOverflowing())));
        return new Document("_id", key).append("revision", revision + 1).append("views", encoded);
    }
}
