package io.foresell.feature.database;

import com.mongodb.MongoBulkWriteException;
import com.mongodb.MongoWriteException;
import com.mongodb.bulk.BulkWriteResult;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.BulkWriteOptions;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.FindOneAndUpdateOptions;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.ReturnDocument;
import com.mongodb.client.model.Updates;
import com.mongodb.client.model.WriteModel;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.Consumer;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/** The few ways this service reads and writes a collection, each guarded and traced. Thread-safe. */
public final class FeatureCollection {
    private static final String REVISION = "revision";

    /** Ids asked for at once: bounds the answer and, on the embedded store, the time it is busy. */
    private static final int IDS_PER_READ = 500;

    private static final int IDS_PER_SCAN = 10_000;

    private final String name;
    private final MongoCollection<Document> documents;
    private final FeatureDatabase database;
    private volatile boolean isIndexed;

    FeatureCollection(String name, MongoCollection<Document> documents, FeatureDatabase database) {
        this.name = name;
        this.documents = documents;
        this.database = database;
    }

    public @Nullable Document findById(String id) {
        List<Document> found = findByIds(List.of(id));
        return found.isEmpty() ? null : found.get(0);
    }

    /** Returns the documents that exist, in no order. */
    public List<Document> findByIds(Collection<String> ids) {
        List<String> all = List.copyOf(ids);
        List<Document> found = new ArrayList<>(all.size());
        for (int from = 0; from < all.size(); from += IDS_PER_READ) {
            List<String> some = all.subList(from, Math.min(all.size(), from + IDS_PER_READ));
            Bson filter = some.size() == 1 ? Filters.eq("_id", some.get(0)) : Filters.in("_id", some);
            database.call(
                    "find",
                    name,
                    () -> documents.find(filter).batchSize(IDS_PER_READ).into(found));
        }
        return found;
    }

    /** Hands every document to {@code consumer}, in no order, over a cursor. */
    public void scan(Consumer<Document> consumer) {
        database.call("scan", name, () -> {
            documents.find().batchSize(IDS_PER_READ).forEach(consumer);
            return name;
        });
    }

    /** Hands the id of every document to {@code consumer}, in no order, over a cursor. */
    public void scanIds(Consumer<String> consumer) {
        database.call("scan", name, () -> {
            documents
                    .find()
                    .projection(Projections.include("_id"))
                    .batchSize(IDS_PER_SCAN)
                    .forEach(document -> consumer.accept(document.getString("_id")));
            return name;
        });
    }

    /** Returns the first documents in an order. */
    public List<Document> page(Bson filter, Bson order, int limit) {
        return database.call(
                "find",
                name,
                () -> documents.find(filter).sort(order).limit(limit).into(new ArrayList<>()));
    }

    /**
     * Hands the first documents in an order to {@code consumer}, over a cursor.
     *
     * @param without names fields that are not read
     */
    public void each(Bson filter, Bson order, int limit, List<String> without, Consumer<Document> consumer) {
        database.call("find", name, () -> {
            documents
                    .find(filter)
                    .sort(order)
                    .limit(limit)
                    .batchSize(IDS_PER_READ)
                    .projection(without.isEmpty() ? null : Projections.exclude(without))
                    .forEach(consumer);
            return name;
        });
    }

    /** Returns ids of documents that match, in no order, at most {@code limit}. */
    public List<String> ids(Bson filter, int limit) {
        return database.call("find", name, () -> documents
                .find(filter)
                .limit(limit)
                .projection(Projections.include("_id"))
                .map(document -> document.getString("_id"))
                .into(new ArrayList<>()));
    }

    /** Returns those of the ids that exist. */
    public Set<String> existing(Collection<String> ids) {
        return new HashSet<>(ids(Filters.in("_id", ids), ids.size()));
    }

    /** Returns about how many documents there are, without reading them. */
    public long estimatedCount() {
        return database.call("count", name, documents::estimatedDocumentCount);
    }

    /** Returns the size of all documents as the database tells it; 0 when it does not. */
    public long bytes() {
        Document stats = database.stats(name);
        return stats.get("size") instanceof Number size ? size.longValue() : 0;
    }

    public List<Document> aggregate(List<Bson> stages) {
        return database.call(
                "aggregate", name, () -> documents.aggregate(stages).into(new ArrayList<>()));
    }

    public long count(Bson filter) {
        return database.call("count", name, () -> documents.countDocuments(filter));
    }

    /** Makes an index on MongoDB; the embedded store has none but unique ones, and would say so every time. */
    public void createIndex(Bson keys) {
        if (!database.isEmbedded()) {
            database.call("createIndexes", name, () -> documents.createIndex(keys));
        }
    }

    public void deleteByIds(Collection<String> ids) {
        if (!ids.isEmpty()) {
            database.call("delete", name, () -> documents.deleteMany(Filters.in("_id", ids)));
        }
    }

    /**
     * Writes in one go, in no order, and returns when all is durable.
     *
     * @return whether every write found its document, or its id free; else some are done and some are not
     */
    public boolean write(List<WriteModel<Document>> writes) {
        if (writes.isEmpty()) {
            return true;
        }
        indexRevisions();
        return database.call("bulkWrite", name, () -> {
            try {
                BulkWriteResult done = documents.bulkWrite(writes, new BulkWriteOptions().ordered(false));
                int count = done.getInsertedCount()
                        + done.getMatchedCount()
                        + done.getUpserts().size();
                return count == writes.size();
            } catch (MongoBulkWriteException e) {
                boolean isLostRace = e.getWriteConcernError() == null
                        && e.getWriteErrors().stream().allMatch(error -> MongoFailures.isDuplicateKey(error.getCode()));
                if (isLostRace) {
                    return false;
                }
                throw e;
            }
        });
    }

    /**
     * Our writes name id and revision. MongoDB finds those by id; the embedded store would scan the collection without an
     * index of exactly the fields asked for.
     */
    private void indexRevisions() {
        if (!isIndexed) {
            if (database.isEmbedded()) {
                database.call(
                        "createIndexes",
                        name,
                        () -> documents.createIndex(
                                Indexes.ascending("_id", REVISION), new IndexOptions().unique(true)));
            }
            isIndexed = true;
        }
    }

    /**
     * Replaces a document if its revision is still {@code expected}; 0 means that it must not exist.
     *
     * @return whether it did
     */
    public boolean compareAndSet(String id, long expected, Document replacement) {
        return database.call("compareAndSet", name, () -> {
            if (expected != 0) {
                Bson filter = new Document("_id", id).append(REVISION, expected);
                return documents.replaceOne(filter, replacement).getMatchedCount() == 1;
            }
            try {
                return documents.insertOne(replacement).wasAcknowledged();
            } catch (MongoWriteException e) {
                if (MongoFailures.isDuplicateKey(e.getError().getCode())) {
                    return false;
                }
                throw e;
            }
        });
    }

    /** Takes {@code count} numbers that nobody else gets and returns the first; they grow from 1. */
    public long reserve(String counter, int count) {
        return database.call("findAndModify", name, () -> {
            FindOneAndUpdateOptions options =
                    new FindOneAndUpdateOptions().upsert(true).returnDocument(ReturnDocument.AFTER);
            Document after =
                    documents.findOneAndUpdate(Filters.eq("_id", counter), Updates.inc("last", (long) count), options);
            if (after == null) {
                throw new IllegalStateException("no counter after upsert: " + counter);
            }
            return after.getLong("last") - count + 1;
        });
    }
}
