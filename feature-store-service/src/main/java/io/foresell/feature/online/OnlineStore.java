package io.foresell.feature.online;

import com.mongodb.client.model.InsertOneModel;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.WriteModel;
import io.foresell.feature.database.FeatureCollection;
import io.foresell.feature.database.FeatureDatabase;
import io.foresell.feature.define.RowView;
import io.foresell.feature.history.EntityRows;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.bson.Document;

/** The online documents: written after history, from history, so that sending rows again repairs them. Thread-safe. */
public final class OnlineStore {
    private static final int MAX_ATTEMPTS = 100;

    private final FeatureDatabase database;
    private final Clock clock;

    public OnlineStore(FeatureDatabase database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    private FeatureCollection collection(String entity) {
        return database.collection("online_" + entity);
    }

    /** Hands the key of every entity with a row in any feature view to {@code consumer}, in no order. */
    void scanKeys(String entity, Consumer<String> consumer) {
        collection(entity).scanIds(consumer);
    }

    /** Returns the document of every key, an empty one where there is none, in the order of the keys. */
    public Map<String, OnlineEntity> read(String entity, Collection<String> keys) {
        Map<String, OnlineEntity> found = new LinkedHashMap<>();
        keys.forEach(key -> found.put(key, OnlineEntity.absent(key)));
        for (Document document : collection(entity).findByIds(found.keySet())) {
            OnlineEntity decoded = OnlineEntity.decode(document);
            found.put(decoded.key(), decoded);
        }
        return found;
    }

    /** Returns whether an entity has a document. */
    public boolean has(String entity, String key) {
        return collection(entity).findById(key) != null;
    }

    /** Removes the document of an entity and returns whether there was one; durable when it returns. */
    public boolean erase(String entity, String key) {
        boolean isThere = has(entity, key);
        collection(entity).deleteByIds(List.of(key));
        return isThere;
    }

    /**
     * Brings the documents up to date with the rows of one view. Durable when it returns.
     *
     * @param read the documents as last read
     */
    public void update(RowView view, Map<String, EntityRows> rows, Map<String, OnlineEntity> read) {
        Map<String, OnlineEntity> before = read;
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            List<WriteModel<Document>> writes = new ArrayList<>();
            long nowMillis = clock.millis();
            for (OnlineEntity entity : before.values()) {
                EntityRows own = rows.get(entity.key());
                if (own == null || own.rows().isEmpty()) {
                    continue;
                }
                OnlineView old = entity.view(view.name());
                OnlineView merged = OnlineView.of(view, own, nowMillis).mergedWith(old, nowMillis);
                if (!merged.isSame(old)) {
                    writes.add(write(entity.with(view.name(), merged)));
                }
            }
            if (collection(view.entity()).write(writes)) {
                return;
            }
            before = read(view.entity(), before.keySet());
        }
        throw new ServiceException(Failure.conflict(
                "ENTITIES_BUSY",
                "entity '%s'".formatted(view.entity()),
                "entities that fewer streams write to",
                "lost races"));
    }

    private static WriteModel<Document> write(OnlineEntity entity) {
        Document next = entity.encodeNext();
        return entity.revision() == 0
                ? new InsertOneModel<>(next)
                : new ReplaceOneModel<>(new Document("_id", entity.key()).append("revision", entity.revision()), next);
    }
}
