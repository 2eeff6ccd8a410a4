package io.foresell.feature.prediction;

import java.util.ArrayList;
import java.util.List;
import org.bson.Document;
import org.bson.types.Binary;
import org.jspecify.annotations.Nullable;

/**
 * One prediction. Immutable.
 *
 * @param id 26 characters, begins with the instant of scoring
 * @param kind number of the way it was asked for
 * @param entity empty when the package names none
 * @param subject empty when the caller named none
 * @param winner the label answered; empty for models without labels and refusals
 * @param labels the labels that the answer lists, best first
 * @param labelScores their scores
 * @param numbers the row's floats, little-endian; null when features are not recorded, or were not read
 * @param texts the row's texts
 * @param answeredId of a shadow: the id of the answer that was given to the caller; empty of others
 * @param body what else the edge wants back, as it came
 * @param revision counts the changes of its outcomes, from 1
 * @param outcomes those that count, by name
 */
public record Prediction(
        String id,
        String model,
        int version,
        String digest,
        int kind,
        String entity,
        String subject,
        long loggedAtMillis,
        double score,
        boolean isRefused,
        String winner,
        List<String> labels,
        List<Double> labelScores,
        @Nullable Binary numbers,
        List<String> texts,
        String answeredId,
        @Nullable Binary body,
        long revision,
        List<Outcome> outcomes) {
    static final String MODEL = "model";
    static final String SUBJECT = "subject";
    static final String ENTITY = "entity";
    static final String VERSION = "version";
    static final String KIND = "kind";
    static final String OUTCOMES = "outcomes";
    static final String REVISION = "revision";
    static final String BODY = "body";
    static final String NUMBERS = "numbers";
    static final String TEXTS = "texts";
    static final String PART = "part";
    private static final String ANSWERED = "answered";

    public Prediction {
        labels = List.copyOf(labels);
        labelScores = List.copyOf(labelScores);
        texts = List.copyOf(texts);
        outcomes = List.copyOf(outcomes);
    }

    /** Returns the instant of scoring, milliseconds since the epoch. */
    public long scoredAtMillis() {
        return PredictionTimes.millisOf(id);
    }

    /** Returns the outcome of a name that counts, or null. */
    public @Nullable Outcome outcome(String name) {
        for (Outcome outcome : outcomes) {
            if (outcome.name().equals(name)) {
                return outcome;
            }
        }
        return null;
    }

    Document encode() {
        Document document = new Document("_id", id)
                .append(REVISION, revision)
                .append(MODEL, model)
                .append(VERSION, version)
                .append("digest", digest)
                .append(KIND, kind)
                .append(ENTITY, entity)
                .append(SUBJECT, subject)
                .append("logged_at", loggedAtMillis)
                .append("score", score)
                .append("refused", isRefused)
                .append(BODY, body);
        if (!labels.isEmpty()) {
            document.append("winner", winner).append("labels", labels).append("label_scores", labelScores);
        }
        if (numbers != null) {
            document.append(NUMBERS, numbers).append(TEXTS, texts);
        }
        if (!subject.isEmpty()) {
            document.append(PART, SubjectParts.of(subject));
        }
        if (!answeredId.isEmpty()) {
            document.append(ANSWERED, answeredId);
        }
        if (!outcomes.isEmpty()) {
            document.append(OUTCOMES, Outcome.encode(outcomes));
        }
        return document;
    }

    static Prediction decode(Document document) {
        return new Prediction(
                document.getString("_id"),
                document.getString(MODEL),
                document.getInteger(VERSION),
                document.getString("digest"),
                document.getInteger(KIND),
                document.getString(ENTITY),
                document.getString(SUBJECT),
                document.getLong("logged_at"),
                document.getDouble("score"),
                document.getBoolean("refused"),
                document.get("winner", ""),
                list(document, "labels", String.class),
                list(document, "label_scores", Double.class),
                document.get(NUMBERS, Binary.class),
                list(document, TEXTS, String.class),
                document.get(ANSWERED, ""),
                document.get(BODY, Binary.class),
                document.getLong(REVISION),
                Outcome.decode(list(document, OUTCOMES, Document.class)));
    }

    private static <T> List<T> list(Document document, String field, Class<T> type) {
        List<T> values = document.getList(field, type);
        return values == null ? new ArrayList<>() : values;
    }
}
