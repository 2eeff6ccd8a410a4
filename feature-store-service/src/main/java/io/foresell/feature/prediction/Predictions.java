package io.foresell.feature.prediction;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.InsertOneModel;
import com.mongodb.client.model.Sorts;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.Updates;
import com.mongodb.client.model.WriteModel;
import io.foresell.feature.database.FeatureCollection;
import io.foresell.feature.database.FeatureDatabase;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;

/** The documents of predictions. Ids begin with the instant of scoring, so a window of time is a range of ids. Thread-safe. */
final class Predictions {
    private static final List<String> HEAVY_FIELDS = List.of(Prediction.BODY);
    private static final List<String> FEATURE_FIELDS = List.of(Prediction.BODY, Prediction.NUMBERS, Prediction.TEXTS);

    private final FeatureCollection predictions;

    Predictions(FeatureDatabase database) {
        predictions = database.collection("predictions");
    }

    void createIndexes() {
        predictions.createIndex(Indexes.ascending(Prediction.MODEL, "_id"));
        predictions.createIndex(Indexes.ascending(Prediction.SUBJECT, "_id"));
        predictions.createIndex(Indexes.ascending(Prediction.MODEL, Prediction.PART, "_id"));
    }

    /** Keeps new ones and returns those that were there already. */
    Set<String> insert(Collection<Prediction> records) {
        Set<String> known =
                predictions.existing(records.stream().map(Prediction::id).toList());
        List<WriteModel<Document>> writes = new ArrayList<>();
        for (Prediction prediction : records) {
            if (!known.contains(prediction.id())) {
                writes.add(new InsertOneModel<>(prediction.encode()));
            }
        }
        // A record that another call keeps at the same time is there afterwards, whoever wrote it.
        boolean unused = predictions.write(writes);
        return known;
    }

    List<Prediction> find(Collection<String> ids) {
        return predictions.findByIds(ids).stream().map(Prediction::decode).toList();
    }

    /** Returns the newest predictions of a model or a subject or both, newest first. */
    List<Prediction> page(@Nullable Bson who, String fromId, String belowId, int limit) {
        Bson range = Filters.and(Filters.gte("_id", fromId), Filters.lt("_id", belowId));
        Bson filter = who == null ? range : Filters.and(who, range);
        return predictions.page(filter, Sorts.descending("_id"), limit).stream()
                .map(Prediction::decode)
                .toList();
    }

    /** Hands the predictions of a query to {@code consumer}, in its order; bodies are not read. */
    void each(PredictionQuery query, Consumer<Prediction> consumer) {
        predictions.each(
                query.filter(),
                query.isOldestFirst() ? Sorts.ascending("_id") : Sorts.descending("_id"),
                query.limit(),
                query.withFeatures() ? HEAVY_FIELDS : FEATURE_FIELDS,
                document -> consumer.accept(Prediction.decode(document)));
    }

    /** Hands the predictions of subjects between two instants to {@code consumer}, without features and bodies. */
    void ofSubjects(
            String model,
            Collection<String> subjects,
            long fromMillis,
            long untilMillis,
            Consumer<Prediction> consumer) {
        predictions.each(
                Filters.and(
                        Filters.in(Prediction.SUBJECT, subjects),
                        Filters.eq(Prediction.MODEL, model),
                        Filters.gte("_id", PredictionTimes.leastIdAt(fromMillis)),
                        Filters.lt("_id", PredictionTimes.leastIdAt(untilMillis))),
                Sorts.ascending("_id"),
                0,
                FEATURE_FIELDS,
                document -> consumer.accept(Prediction.decode(document)));
    }

    /**
     * Replaces the outcomes of predictions that nobody changed since they were read.
     *
     * @return whether all were as they were read; else some are changed and some are not
     */
    boolean label(Map<Prediction, List<Outcome>> outcomes) {
        List<WriteModel<Document>> writes = new ArrayList<>();
        outcomes.forEach((prediction, counted) -> writes.add(new UpdateOneModel<>(
                Filters.and(Filters.eq("_id", prediction.id()), Filters.eq(Prediction.REVISION, prediction.revision())),
                Updates.combine(
                        Updates.set(Prediction.OUTCOMES, Outcome.encode(counted)),
                        Updates.set(Prediction.REVISION, prediction.revision() + 1)))));
        return predictions.write(writes);
    }

    void delete(Collection<String> ids) {
        predictions.deleteByIds(ids);
    }

    /** Returns the ids of a subject's predictions. */
    List<String> idsOf(String entity, String subject) {
        Bson ofEntity = entity.isEmpty() ? new Document() : Filters.in(Prediction.ENTITY, entity, "");
        return predictions.ids(Filters.and(Filters.eq(Prediction.SUBJECT, subject), ofEntity), 1_000_000);
    }

    /** Removes a subject's predictions and returns their ids. */
    List<String> erase(String entity, String subject) {
        List<String> ids = idsOf(entity, subject);
        for (int from = 0; from < ids.size(); from += 1000) {
            predictions.deleteByIds(ids.subList(from, Math.min(ids.size(), from + 1000)));
        }
        return ids;
    }

    long prune(long beforeMillis) {
        return Pruning.prune(predictions, Filters.lt("_id", PredictionTimes.leastIdAt(beforeMillis)));
    }

    PredictionLog.Status status(int retentionDays) {
        return new PredictionLog.Status(
                predictions.estimatedCount(),
                predictions.bytes(),
                retentionDays,
                edgeMillis(Sorts.ascending("_id")),
                edgeMillis(Sorts.descending("_id")));
    }

    private long edgeMillis(Bson order) {
        List<Document> first = predictions.page(new Document(), order, 1);
        return first.isEmpty() ? 0 : PredictionTimes.millisOf(first.get(0).getString("_id"));
    }
}
