package io.foresell.feature.ingest;

import com.mongodb.client.model.Accumulators;
import com.mongodb.client.model.Aggregates;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.Sorts;
import com.mongodb.client.model.WriteModel;
import io.foresell.feature.database.FeatureCollection;
import io.foresell.feature.database.FeatureDatabase;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bson.Document;
import org.bson.conversions.Bson;

/** The rows that views refused. Thread-safe. */
public final class Quarantine {
    private static final int MAX_ATTEMPTS = 10;

    /** Some rows, newest first, and how to go on; {@code nextToken} is empty at the end. */
    public record Page(List<QuarantinedRow> rows, String nextToken, long totalCount) {
        public Page {
            rows = List.copyOf(rows);
        }
    }

    private final FeatureCollection rows;

    public Quarantine(FeatureDatabase database) {
        rows = database.collection("quarantine");
    }

    /** Makes listing fast on a real MongoDB. */
    public void createIndexes() {
        rows.createIndex(Indexes.compoundIndex(
                Indexes.ascending("view"), Indexes.descending("quarantined_at"), Indexes.ascending("_id")));
    }

    void keep(List<QuarantinedRow> refused) {
        List<WriteModel<Document>> writes = new ArrayList<>();
        for (QuarantinedRow row : refused) {
            writes.add(new ReplaceOneModel<>(
                    Filters.eq("_id", row.id()), row.encode(), new ReplaceOptions().upsert(true)));
        }
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            if (rows.write(writes)) {
                return;
            }
        }
        throw new ServiceException(
                Failure.conflict("QUARANTINE_BUSY", "quarantine", "one stream per delivery", "lost races"));
    }

    void remove(Collection<String> ids) {
        rows.deleteByIds(ids);
    }

    /** Returns the rows that exist, by id. */
    Map<String, QuarantinedRow> find(Collection<String> ids) {
        Map<String, QuarantinedRow> found = new HashMap<>();
        for (Document document : rows.findByIds(ids)) {
            QuarantinedRow row = QuarantinedRow.decode(document);
            found.put(row.id(), row);
        }
        return found;
    }

    /** Returns ids of rows of some views in which any value is a key: who is in a row that cannot be read is anybody's guess. */
    public List<String> find(Collection<String> views, String key) {
        List<String> ids = new ArrayList<>();
        rows.each(Filters.in("view", views), Sorts.ascending("_id"), 0, List.of(), document -> {
            boolean isConcerned = document.getList("values", String.class).stream()
                    .anyMatch(value -> value.strip().equals(key));
            if (isConcerned) {
                ids.add(document.getString("_id"));
            }
        });
        return ids;
    }

    /** Removes these rows and returns how many there were; durable when it returns. */
    public long erase(Collection<String> views, String key) {
        List<String> ids = find(views, key);
        for (int from = 0; from < ids.size(); from += 500) {
            rows.deleteByIds(ids.subList(from, Math.min(ids.size(), from + 500)));
        }
        return ids.size();
    }

    /**
     * Lists rows, newest first.
     *
     * @param view empty means all
     * @param token {@link Page#nextToken} of the page before, or empty
     * @throws ServiceException INVALID_ARGUMENT for a token that is not one
     */
    public Page list(String view, int size, String token) {
        Bson ofView = view.isEmpty() ? new Document() : Filters.eq("view", view);
        Bson wanted = token.isEmpty() ? ofView : Filters.and(ofView, after(token));
        Bson order = Sorts.orderBy(Sorts.descending("quarantined_at"), Sorts.ascending("_id"));
        List<QuarantinedRow> found = rows.page(wanted, order, size + 1).stream()
                .map(QuarantinedRow::decode)
                .toList();
        boolean isLast = found.size() <= size;
        List<QuarantinedRow> page = isLast ? found : found.subList(0, size);
        return new Page(page, isLast ? "" : token(page.get(size - 1)), rows.count(ofView));
    }

    private static String token(QuarantinedRow last) {
        return last.quarantinedAtMillis() + "-" + last.id();
    }

    private static Bson after(String token) {
        int dash = token.indexOf('-', 1);
        try {
            long millis = Long.parseLong(token.substring(0, Math.max(0, dash)));
            return Filters.or(
                    Filters.lt("quarantined_at", millis),
                    Filters.and(Filters.eq("quarantined_at", millis), Filters.gt("_id", token.substring(dash + 1))));
        } catch (NumberFormatException e) {
            throw new ServiceException(
                    Failure.invalid("PAGE_TOKEN_INVALID", "page_token", token, "next_page_token of the page before"));
        }
    }

    /** Returns the number of rows by view. */
    public Map<String, Long> counts() {
        Map<String, Long> counts = new HashMap<>();
        for (Document sum : rows.aggregate(List.of(Aggregates.group("$view", Accumulators.sum("rows", 1))))) {
            counts.put(sum.getString("_id"), sum.get("rows", Number.class).longValue());
        }
        return counts;
    }
}
