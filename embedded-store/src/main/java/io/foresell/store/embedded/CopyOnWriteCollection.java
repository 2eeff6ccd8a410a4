package io.foresell.store.embedded;

import de.bwaldvogel.mongo.MongoDatabase;
import de.bwaldvogel.mongo.backend.ArrayFilters;
import de.bwaldvogel.mongo.backend.CollectionOptions;
import de.bwaldvogel.mongo.backend.CursorRegistry;
import de.bwaldvogel.mongo.backend.QueryResult;
import de.bwaldvogel.mongo.backend.h2.H2Collection;
import de.bwaldvogel.mongo.bson.Document;
import de.bwaldvogel.mongo.oplog.Oplog;
import java.util.stream.Stream;
import org.h2.mvstore.MVMap;

/**
 * A collection whose stored documents never change: an update changes a copy, which then takes the place of the document.
 * The superclass changes stored documents in place, while answers that hold them are still being encoded and commits still
 * write them, both outside of its lock: a reader could see half an update, and two callers of {@code findAndModify} the
 * same number.
 */
final class CopyOnWriteCollection extends H2Collection {
    private boolean isUpdating; // written under the lock of this; a reader without it at worst copies in vain

    CopyOnWriteCollection(
            MongoDatabase database,
            String name,
            CollectionOptions options,
            MVMap<Object, Document> documents,
            MVMap<String, Object> meta,
            CursorRegistry cursors) {
        super(database, name, options, documents, meta, cursors);
    }

    @Override
    public synchronized Document updateDocuments(
            Document selector,
            Document update,
            ArrayFilters arrayFilters,
            boolean isMulti,
            boolean isUpsert,
            Oplog oplog) {
        isUpdating = true;
        try {
            return super.updateDocuments(selector, update, arrayFilters, isMulti, isUpsert, oplog);
        } finally {
            isUpdating = false;
        }
    }

    @Override
    public synchronized Document findAndModify(Document query) {
        isUpdating = true;
        try {
            return super.findAndModify(query);
        } finally {
            isUpdating = false;
        }
    }

    /** The one way from stored documents to those that a command answers with or changes. */
    @Override
    protected QueryResult matchDocumentsFromStream(
            Stream<Document> documents,
            Document query,
            Document orderBy,
            int numberToSkip,
            int limit,
            int batchSize,
            Document fieldSelector) {
        Stream<Document> own = isUpdating
                ? documents
                        .filter(document -> documentMatchesQuery(document, query))
                        .map(Document::cloneDeeply)
                : documents;
        return super.matchDocumentsFromStream(own, query, orderBy, numberToSkip, limit, batchSize, fieldSelector);
    }
}
