package io.foresell.training.registry.audit;

import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.gt;
import static com.mongodb.client.model.Sorts.ascending;
import static com.mongodb.client.model.Sorts.descending;

import com.mongodb.ErrorCategory;
import com.mongodb.MongoWriteException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.IndexOptions;
import com.mongodb.client.model.Indexes;
import io.foresell.training.registry.audit.AuditEntry.Draft;
import io.foresell.training.registry.audit.AuditEntry.Report;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import org.bson.Document;
import org.jspecify.annotations.Nullable;
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

    /** Makes the index that reports are found by. */
    public void prepare() {
        entries().createIndex(Indexes.ascending("report_id"), new IndexOptions().sparse(true));
    }

    /**
     * Writes a line; returns when the store has it. A report that has its line gets none again: it is looked for behind the reading of the
     * last line, and who else writes it meanwhile takes the number that this one would.
     */
    public synchronized AuditEntry append(Draft draft) {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            Document last = entries().find().sort(descending("_id")).limit(1).first();
            AuditEntry before = written(draft.report());
            if (before != null) {
                return before;
            }
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

    private @Nullable AuditEntry written(@Nullable Report report) {
        Document found = report == null
                ? null
                : entries().find(eq("report_id", report.id())).limit(1).first();
        return found == null ? null : toEntry(found);
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
        Document document = new Document("_id", entry.sequence())
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
        Report report = draft.report();
        if (report != null) {
            document.append("report_id", report.id())
                    .append("reporter", report.reporter())
                    .append("place", report.place())
                    .append("happened_at_millis", report.happenedAtMillis());
        }
        return document;
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
                        document.getString("outcome"),
                        toReport(document)),
                document.getString("previous_hash"),
                document.getString("hash"));
    }

    private static @Nullable Report toReport(Document document) {
        String id = document.getString("report_id");
        return id == null
                ? null
                : new Report(
                        id,
                        document.getString("reporter"),
                        document.getString("place"),
                        document.getLong("happened_at_millis"));
    }

    private MongoCollection<Document> entries() {
        return database.getCollection("registry_audit");
    }
}
