package io.foresell.training.registry.audit;

import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Sorts.ascending;
import static com.mongodb.client.model.Sorts.descending;

import com.mongodb.ErrorCategory;
import com.mongodb.MongoWriteException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import io.foresell.training.registry.audit.AuditEntry.Draft;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.bson.Document;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The log in MongoDB: one document a line, its number the id, so that two processes cannot write the same line. What is written is logged
 * with its hash, too: whoever keeps the process's log can tell when lines at the end are taken away. Thread-safe.
 */
public final class AuditLog {
    private static final Logger log = LoggerFactory.getLogger(AuditLog.class);
    private static final int MAX_ATTEMPTS = 100;

    private final MongoDatabase database;
    private final Clock clock;

    public AuditLog(MongoDatabase database, Clock clock) {
        this.database = database;
        this.clock = clock;
    }

    /** Writes a line; returns when the store has it. */
    public synchronized AuditEntry append(Draft draft) {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            Document last = entries().find().sort(descending("_id")).limit(1).first();
            long sequence = last == null ? 1 : last.getLong("_id") + 1;
            String previous = last == null ? AuditEntry.FIRST : last.getString("hash");
            AuditEntry entry = AuditEntry.next(sequence, clock.millis(), draft, previous);
            if (isInserted(entry)) {
                log.info(
                        "audit sequence={} caller={} action={} model={} outcome={} hash={}",
                        sequence,
                        draft.caller(),
                        draft.action(),
                        draft.model(),
                        draft.outcome(),
                        entry.hash());
                return entry;
            }
        }
        throw new IllegalStateException("audit: line not written after %d lost races".formatted(MAX_ATTEMPTS));
    }

    private boolean isInserted(AuditEntry entry) {
        try {
            entries().insertOne(of(entry));
            return true;
        } catch (MongoWriteException e) {
            if (e.getError().getCategory() == ErrorCategory.DUPLICATE_KEY) {
                return false; // another process wrote that line
            }
            throw e;
        }
    }

    /** Returns lines after a number, oldest first. */
    public List<AuditEntry> after(long sequence, int limit) {
        return entries()
                .find(gt("_id", sequence))
                .sort(ascending("_id"))
                .limit(limit)
                .map(AuditLog::toEntry)
                .into(new ArrayList<>());
    }

    private static Document of(AuditEntry entry) {
        Draft draft = entry.draft();
        return new Document("_id", entry.sequence())
                .append("at_millis", entry.atMillis())
                .append("caller", draft.caller())
                .append("actor", draft.actor())
                .append("action", draft.action())
                .append("model", draft.model())
                .append("from", draft.from())
                .append("to", draft.to())
                .append("reason", draft.reason())
                .append("outcome", draft.outcome())
                .append("previous_hash", entry.previousHash())
                .append("hash", entry.hash());
    }

    private static AuditEntry toEntry(Document document) {
        return new AuditEntry(
                document.getLong("_id"),
                document.getLong("at_millis"),
                new Draft(
                        document.getString("caller"),
                        document.getString("actor"),
                        document.getString("action"),
                        document.getString("model"),
                        document.getString("from"),
                        document.getString("to"),
                        document.getString("reason"),
                        document.getString("outcome")),
                document.getString("previous_hash"),
                document.getString("hash"));
    }

    private MongoCollection<Document> entries() {
        return database.getCollection("registry_audit");
    }
}
