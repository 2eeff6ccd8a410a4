package io.foresell.feature.prediction;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.UpdateOneModel;
import com.mongodb.client.model.UpdateOptions;
import com.mongodb.client.model.Updates;
import com.mongodb.client.model.WriteModel;
import io.foresell.feature.database.FeatureCollection;
import io.foresell.feature.database.FeatureDatabase;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.bson.Document;

/** Which shadows answered a copy of a row, by the id of the answer that was given: outcomes of that one label them, too. Thread-safe. */
final class Copies {
    private static final int MAX_ATTEMPTS = 10;
    private static final String IDS = "copies";

    private final FeatureCollection copies;

    Copies(FeatureDatabase database) {
        copies = database.collection("prediction_copies");
    }

    /** Notes the shadows among some predictions; again changes nothing. */
    void note(Collection<Prediction> predictions) {
        List<WriteModel<Document>> writes = new ArrayList<>();
        for (Prediction prediction : predictions) {
            if (!prediction.answeredId().isEmpty()) {
                writes.add(new UpdateOneModel<>(
                        Filters.eq("_id", prediction.answeredId()),
                        Updates.addToSet(IDS, prediction.id()),
                        new UpdateOptions().upsert(true)));
            }
        }
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            if (copies.write(writes)) {
                return;
            }
        }
        throw new ServiceException(
                Failure.conflict("PREDICTIONS_BUSY", "records", "one sender of an answer at a time", "lost races"));
    }

    /** Returns the shadows' ids of some answers. */
    Set<String> of(Collection<String> answeredIds) {
        Set<String> ids = new LinkedHashSet<>();
        for (Document document : copies.findByIds(answeredIds)) {
            ids.addAll(document.getList(IDS, String.class));
        }
        return ids;
    }

    void delete(Collection<String> answeredIds) {
        List<String> all = List.copyOf(answeredIds);
        for (int from = 0; from < all.size(); from += 1000) {
            copies.deleteByIds(all.subList(from, Math.min(all.size(), from + 1000)));
        }
    }

    void prune(long beforeMillis) {
        Pruning.prune(copies, Filters.lt("_id", PredictionTimes.leastIdAt(beforeMillis)));
    }
}
