package io.foresell.training.rollout;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Sorts.ascending;
import static com.mongodb.client.model.Sorts.descending;
import static com.mongodb.client.model.Updates.set;

import com.mongodb.ErrorCategory;
import com.mongodb.MongoException;
import com.mongodb.MongoWriteException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.ReplaceOptions;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.function.Function;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Rollouts in MongoDB, one document a model, only ever replaced by compare-and-set on its revision. An event is written together with what it
 * tells of, in the journal of that document, and copied out afterwards; a crash in between leaves it there, where readers look first.
 * Thread-safe.
 */
final class RolloutStore {
    /** The most events that one call lists. */
    static final int MAX_LISTED = 1_000;

    private static final Logger log = LoggerFactory.getLogger(RolloutStore.class);
    private static final int MAX_ATTEMPTS = 100;

    private final MongoCollection<Document> rollouts;
    private final MongoCollection<Document> events;
    private final RolloutDocuments documents;

    RolloutStore(MongoDatabase database, PlanEncoding plans) {
        this.rollouts = database.getCollection("registry_rollouts");
        this.events = database.getCollection("registry_rollout_events");
        this.documents = new RolloutDocuments(plans);
    }

    void createIndexes() {
        rollouts.createIndex(Indexes.ascending("is_under_way"));
        events.createIndex(Indexes.ascending("model", "_id"));
    }

    RolloutState read(String model) {
        Document document = rollouts.find(eq("_id", model)).first();
        return document == null ? RolloutState.none(model) : documents.toState(document);
    }

    List<RolloutState> readAll() {
        return rollouts.find()
                .sort(ascending("_id"))
                .limit(MAX_LISTED)
                .map(documents::toState)
                .into(new ArrayList<>());
    }

    /** Returns the models with a rollout that goes on. */
    List<String> underWay() {
        return rollouts.find(eq("is_under_way", true))
                .projection(Projections.include("_id"))
                .sort(ascending("_id"))
                .map(document -> document.getString("_id"))
                .into(new ArrayList<>());
    }

    /**
     * Reads, decides and replaces until no one else came in between.
     *
     * @param step returns the state to bring about, or null to change nothing; is called again after each lost race; throws to refuse
     * @return the state in force afterwards
     */
    RolloutState change(String model, Function<RolloutState, @Nullable RolloutState> step) {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            RolloutState before = emptied(read(model));
            RolloutState next = step.apply(before);
            if (next == null) {
                return before;
            }
            RolloutState replaced = next.replaced();
            if (replace(before, replaced)) {
                return emptiedQuietly(replaced);
            }
        }
        throw new ServiceException(
                Failure.conflict("ROLLOUT_BUSY", "rollout of " + model, "one writer", "many writers"));
    }

    private boolean replace(RolloutState before, RolloutState next) {
        Document document = documents.ofState(next);
        if (before.revision() > 0) {
            Bson unchanged = and(eq("_id", before.model()), eq("revision", before.revision()));
            return rollouts.replaceOne(unchanged, document).getMatchedCount() == 1;
        }
        try {
            rollouts.insertOne(document);
            return true;
        } catch (MongoWriteException e) {
            if (e.getError().getCategory() == ErrorCategory.DUPLICATE_KEY) {
                return false;
            }
            throw e;
        }
    }

    /** Copies the journal out; doing it twice changes nothing. */
    private RolloutState emptied(RolloutState state) {
        if (state.journal().isEmpty()) {
            return state;
        }
        for (RolloutEvent event : state.journal()) {
            Document document = RolloutDocuments.ofEvent(state.model(), event);
            events.replaceOne(eq("_id", document.getString("_id")), document, new ReplaceOptions().upsert(true));
        }
        Bson unchanged = and(eq("_id", state.model()), eq("revision", state.revision()));
        rollouts.updateOne(unchanged, set("journal", List.of()));
        return state.emptied();
    }

    private RolloutState emptiedQuietly(RolloutState state) {
        try {
            return emptied(state);
        } catch (MongoException e) {
            log.warn("journal left for the next writer model={}", state.model(), e);
            return state;
        }
    }

    /** Returns the events of a model, newest first, at most {@link #MAX_LISTED}. */
    List<RolloutEvent> events(String model) {
        RolloutState state = read(model); // before the history: an event leaves the journal only after it is there
        Map<Integer, RolloutEvent> found = new TreeMap<>(Comparator.reverseOrder());
        events.find(eq("model", model))
                .sort(descending("_id"))
                .limit(MAX_LISTED)
                .map(RolloutDocuments::toEvent)
                .forEach(event -> found.put(event.sequence(), event));
        state.journal().forEach(event -> found.put(event.sequence(), event));
        return found.values().stream().limit(MAX_LISTED).toList();
    }
}
