package io.foresell.feature.erase;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.InsertOneModel;
import com.mongodb.client.model.Sorts;
import io.foresell.feature.database.FeatureCollection;
import io.foresell.feature.database.FeatureDatabase;
import java.util.List;
import java.util.UUID;
import org.bson.Document;
import org.bson.conversions.Bson;

/** The receipts of erasures; kept for good, they name nobody. Thread-safe. */
public final class ErasureReceipts {
    private static final String ERASED_AT = "erased_at";
    private static final String KEY_DIGEST = "key_digest";

    private final FeatureCollection receipts;

    public ErasureReceipts(FeatureDatabase database) {
        receipts = database.collection("erasure_receipts");
    }

    /** Makes the index that {@link #since} needs. */
    public void createIndexes() {
        receipts.createIndex(Indexes.descending(ERASED_AT));
    }

    /** Keeps a receipt under an id of its own; durable when it returns. */
    ErasureReceipt keep(ErasureReceipt receipt) {
        ErasureReceipt named = new ErasureReceipt(
                UUID.randomUUID().toString(),
                receipt.entity(),
                receipt.keyDigest(),
                receipt.erasedAtMillis(),
                receipt.caller(),
                receipt.actor(),
                receipt.reason(),
                receipt.parts());
        boolean unused = receipts.write(List.of(new InsertOneModel<>(encode(named))));
        return named;
    }

    /**
     * Returns the newest receipts.
     *
     * @param keyDigest of one key; empty means all
     */
    public List<ErasureReceipt> newest(String keyDigest, int limit) {
        return page(keyDigest.isEmpty() ? new Document() : Filters.eq(KEY_DIGEST, keyDigest), limit);
    }

    /** Returns the newest receipts of erasures at this time or later. */
    public List<ErasureReceipt> since(long millis, int limit) {
        return page(Filters.gte(ERASED_AT, millis), limit);
    }

    private List<ErasureReceipt> page(Bson filter, int limit) {
        return receipts.page(filter, Sorts.orderBy(Sorts.descending(ERASED_AT), Sorts.ascending("_id")), limit).stream()
                .map(ErasureReceipts::decode)
                .toList();
    }

    private static Document encode(ErasureReceipt receipt) {
        return new Document("_id", receipt.id())
                .append("revision", 1L)
                .append("entity", receipt.entity())
                .append(KEY_DIGEST, receipt.keyDigest())
                .append(ERASED_AT, receipt.erasedAtMillis())
                .append("caller", receipt.caller())
                .append("actor", receipt.actor())
                .append("reason", receipt.reason())
                .append(
                        "parts",
                        receipt.parts().stream()
                                .map(part -> new Document("place", part.place())
                                        .append("view", part.view())
                                        .append("count", part.count()))
                                .toList());
    }

    private static ErasureReceipt decode(Document document) {
        return new ErasureReceipt(
                document.getString("_id"),
                document.getString("entity"),
                document.getString(KEY_DIGEST),
                document.getLong(ERASED_AT),
                document.getString("caller"),
                document.getString("actor"),
                document.getString("reason"),
                document.getList("parts", Document.class).stream()
                        .map(part ->
                                new ErasedPart(part.getString("place"), part.getString("view"), part.getLong("count")))
                        .toList());
    }
}
