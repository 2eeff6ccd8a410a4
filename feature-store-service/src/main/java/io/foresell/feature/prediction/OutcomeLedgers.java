package io.foresell.feature.prediction;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.InsertOneModel;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.WriteModel;
import io.foresell.feature.database.FeatureCollection;
import io.foresell.feature.database.FeatureDatabase;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bson.Document;

/** The ledgers of outcomes, a document each, read and written by id. Thread-safe. */
final class OutcomeLedgers {
    private final FeatureCollection ledgers;

    OutcomeLedgers(FeatureDatabase database) {
        ledgers = database.collection("prediction_outcomes");
    }

    void createIndexes() {
        ledgers.createIndex(Indexes.ascending(OutcomeLedger.SUBJECT));
        ledgers.createIndex(Indexes.ascending(OutcomeLedger.REPORTED_AT));
    }

    /** Returns the ledgers that exist. */
    Map<OutcomeTarget, OutcomeLedger> read(Collection<OutcomeTarget> targets) {
        Map<OutcomeTarget, OutcomeLedger> found = new HashMap<>();
        for (Document document :
                ledgers.findByIds(targets.stream().map(OutcomeTarget::key).toList())) {
            OutcomeLedger ledger = OutcomeLedger.decode(document);
            found.put(ledger.target(), ledger);
        }
        return found;
    }

    /**
     * Replaces ledgers that are still as they were read.
     *
     * @return whether all were; else some are written and some are not
     */
    boolean write(Collection<OutcomeLedger> changed) {
        List<WriteModel<Document>> writes = new ArrayList<>();
        for (OutcomeLedger ledger : changed) {
            Document next = ledger.encodeNext();
            writes.add(
                    ledger.revision() == 0
                            ? new InsertOneModel<>(next)
                            : new ReplaceOneModel<>(
                                    Filters.and(
                                            Filters.eq("_id", next.getString("_id")),
                                            Filters.eq("revision", ledger.revision())),
                                    next));
        }
        return ledgers.write(writes);
    }

    /** Removes a subject's outcomes, and all of its predictions' own; returns how many. */
    long erase(String entity, String subject, Collection<String> predictionIds) {
        long count = 0;
        for (OutcomeLedger ledger : concerned(subject, predictionIds)) {
            OutcomeLedger kept = without(ledger, entity);
            count += ledger.outcomes().size() - kept.outcomes().size();
            if (kept.outcomes().isEmpty()) {
                ledgers.deleteByIds(List.of(ledger.target().key()));
            } else if (!write(List.of(kept))) {
                return count + erase(entity, subject, predictionIds); // somebody reported meanwhile
            }
        }
        return count;
    }

    /** Returns how many outcomes {@link #erase} would remove. */
    long count(String entity, String subject, Collection<String> predictionIds) {
        return concerned(subject, predictionIds).stream()
                .mapToLong(ledger -> ledger.outcomes().size()
                        - without(ledger, entity).outcomes().size())
                .sum();
    }

    private List<OutcomeLedger> concerned(String subject, Collection<String> predictionIds) {
        List<OutcomeLedger> found = new ArrayList<>();
        ledgers.each(
                Filters.eq(OutcomeLedger.SUBJECT, subject),
                new Document("_id", 1),
                0,
                List.of(),
                document -> found.add(OutcomeLedger.decode(document)));
        List<OutcomeTarget> own =
                predictionIds.stream().map(OutcomeTarget::prediction).toList();
        found.addAll(read(own).values());
        return found;
    }

    private static OutcomeLedger without(OutcomeLedger ledger, String entity) {
        return ledger.without(outcome -> outcome.isOfPrediction() || entity.isEmpty() || outcome.concerns(entity));
    }

    long prune(long beforeMillis) {
        return Pruning.prune(ledgers, Filters.lt(OutcomeLedger.REPORTED_AT, beforeMillis));
    }
}
