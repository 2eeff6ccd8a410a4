package io.foresell.feature.prediction;

import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.bson.Document;
import org.jspecify.annotations.Nullable;

/**
 * What came true, reported once. Immutable.
 *
 * @param id under which it was reported; one id has one value
 * @param name what was observed, such as "label"
 * @param number the value, or null when it is a text
 * @param text the value, or null when it is a number
 * @param isOfPrediction whether it was reported for one prediction, which goes before one for a subject
 * @param entity whose subject, empty means any; empty for one prediction
 * @param fromMillis labels predictions scored from here on
 * @param untilMillis labels predictions scored before
 */
public record Outcome(
        String id,
        String name,
        @Nullable Double number,
        @Nullable String text,
        boolean isOfPrediction,
        String entity,
        long fromMillis,
        long untilMillis,
        long observedAtMillis,
        long reportedAtMillis) {

    /** Returns whether it says the same as another. */
    boolean hasValueOf(Outcome other) {
        return Objects.equals(number, other.number) && Objects.equals(text, other.text);
    }

    /** Returns whether it labels a prediction of its subject. */
    boolean labels(Prediction prediction) {
        if (isOfPrediction) {
            return true;
        }
        long scoredAt = prediction.scoredAtMillis();
        return scoredAt >= fromMillis && scoredAt < untilMillis && concerns(prediction.entity());
    }

    /** Returns whether it is about subjects of an entity; an empty name is any. */
    boolean concerns(String otherEntity) {
        return entity.isEmpty() || otherEntity.isEmpty() || entity.equals(otherEntity);
    }

    /** Returns whether it counts before another of the same name. */
    boolean goesBefore(Outcome other) {
        if (isOfPrediction != other.isOfPrediction) {
            return isOfPrediction;
        }
        return observedAtMillis != other.observedAtMillis
                ? observedAtMillis > other.observedAtMillis
                : id.compareTo(other.id) > 0;
    }

    static List<Document> encode(List<Outcome> outcomes) {
        List<Document> documents = new ArrayList<>();
        for (Outcome outcome : outcomes) {
            documents.add(new Document("id", outcome.id)
                    .append("name", outcome.name)
                    .append("value", outcome.number == null ? outcome.text : outcome.number)
                    .append("of_prediction", outcome.isOfPrediction)
                    .append("entity", outcome.entity)
                    .append("from", outcome.fromMillis)
                    .append("until", outcome.untilMillis)
                    .append("observed_at", outcome.observedAtMillis)
                    .append("reported_at", outcome.reportedAtMillis));
        }
        return documents;
    }

    static List<Outcome> decode(List<Document> documents) {
        List<Outcome> outcomes = new ArrayList<>();
        for (Document document : documents) {
            Object value = document.get("value");
            outcomes.add(new Outcome(
                    document.getString("id"),
                    document.getString("name"),
                    value instanceof Double number ? number : null,
                    value instanceof String text ? text : null,
                    document.getBoolean("of_prediction"),
                    document.getString("entity"),
                    document.getLong("from"),
                    document.getLong("until"),
                    document.getLong("observed_at"),
                    document.getLong("reported_at")));
        }
        return outcomes;
    }
}
