package io.foresell.feature.history;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Sorts;
import io.foresell.feature.database.FeatureCollection;
import io.foresell.feature.database.FeatureDatabase;
import java.util.ArrayList;
import java.util.List;
import org.bson.conversions.Bson;

/** Removes every bucket of an entity, by the range of its ids: also those that reading would not reach after an erasure that ended half-way. Thread-safe. */
public final class HistoryEraser {
    private static final int STEP = 500;

    private final FeatureDatabase database;

    public HistoryEraser(FeatureDatabase database) {
        this.database = database;
    }

    private FeatureCollection collection(String view) {
        return database.collection("history_" + view);
    }

    /** Removes all rows of a key and returns how many there were; durable when it returns. */
    public long erase(String view, String entityKey) {
        List<String> ids = new ArrayList<>();
        long rowCount = rows(view, entityKey, ids);
        for (int from = 0; from < ids.size(); from += STEP) {
            collection(view).deleteByIds(ids.subList(from, Math.min(ids.size(), from + STEP)));
        }
        return rowCount;
    }

    /** Returns how many rows a key has. */
    public long count(String view, String entityKey) {
        return rows(view, entityKey, new ArrayList<>());
    }

    private long rows(String view, String entityKey, List<String> ids) {
        // Ids are the key, a zero character and digits.
        Bson ofKey = Filters.and(Filters.gte("_id", entityKey + '\0'), Filters.lt("_id", entityKey + '\1'));
        long[] rowCount = {0};
        collection(view).each(ofKey, Sorts.ascending("_id"), 0, List.of("chunks"), document -> {
            ids.add(document.getString("_id"));
            rowCount[0] += document.getInteger("row_count");
        });
        return rowCount[0];
    }
}
