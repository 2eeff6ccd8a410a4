package io.foresell.feature.prediction;

import com.mongodb.client.model.Filters;
import io.foresell.feature.database.FeatureCollection;
import io.foresell.feature.database.FeatureDatabase;
import io.foresell.feature.define.Sha256;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.bson.Document;

/**
 * Who was erased and when, so that records still on their way do not bring a subject back. Keeps digests, never keys, and no longer than
 * a record could still be taken. Thread-safe.
 */
final class Erasures {
    private static final int MAX_ATTEMPTS = 10;
    private static final String LAST_AT = "last_at";

    /** Erasures by subject, as they were read. */
    record Known(Map<String, List<Erasure>> bySubject) {
        /** Returns whether something of a subject, dated at an instant, was erased. */
        boolean covers(String subject, String entity, long atMillis) {
            return bySubject.getOrDefault(subject, List.of()).stream()
                    .anyMatch(erasure -> erasure.concerns(entity) && atMillis <= erasure.atMillis());
        }
    }

    /** One erasure; an empty entity is any. */
    record Erasure(String entity, long atMillis) {
        boolean concerns(String other) {
            return entity.isEmpty() || other.isEmpty() || entity.equals(other);
        }
    }

    private final FeatureCollection erasures;

    Erasures(FeatureDatabase database) {
        erasures = database.collection("prediction_erasures");
    }

    private static String key(String subject) {
        return Sha256.hex(subject.getBytes(StandardCharsets.UTF_8));
    }

    /** Notes an erasure; durable when it returns. */
    void note(String entity, String subject, long nowMillis) {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            Document before = erasures.findById(key(subject));
            List<Document> all =
                    new ArrayList<>(before == null ? List.of() : before.getList("erasures", Document.class));
            all.removeIf(erasure -> erasure.getString("entity").equals(entity));
            all.add(new Document("entity", entity).append("at", nowMillis));
            long revision = before == null ? 0 : before.getLong("revision");
            Document after = new Document("_id", key(subject))
                    .append("revision", revision + 1)
                    .append(LAST_AT, nowMillis)
                    .append("erasures", all);
            if (erasures.compareAndSet(key(subject), revision, after)) {
                return;
            }
        }
        throw new ServiceException(Failure.conflict("ERASURE_BUSY", "subject", "one erasure at a time", "lost races"));
    }

    /** Returns what is known of some subjects. */
    Known of(Collection<String> subjects) {
        Map<String, String> subjectByKey = new HashMap<>();
        subjects.stream()
                .filter(subject -> !subject.isEmpty())
                .forEach(subject -> subjectByKey.put(key(subject), subject));
        Map<String, List<Erasure>> bySubject = new HashMap<>();
        for (Document document : erasures.findByIds(subjectByKey.keySet())) {
            bySubject.put(
                    subjectByKey.getOrDefault(document.getString("_id"), ""),
                    document.getList("erasures", Document.class).stream()
                            .map(erasure -> new Erasure(erasure.getString("entity"), erasure.getLong("at")))
                            .toList());
        }
        return new Known(bySubject);
    }

    /** Forgets erasures that no record can be old enough for. */
    void prune(long beforeMillis) {
        Pruning.prune(erasures, Filters.lt(LAST_AT, beforeMillis));
    }
}
