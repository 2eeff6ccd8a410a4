package io.foresell.training.registry;

import static com.mongodb.client.model.Filters.and;
import static com.mongodb.client.model.Filters.eq;
import static com.mongodb.client.model.Filters.in;
import static com.mongodb.client.model.Sorts.ascending;
import static com.mongodb.client.model.Sorts.descending;
import static com.mongodb.client.model.Updates.inc;
import static com.mongodb.client.model.Updates.set;

import com.mongodb.ErrorCategory;
import com.mongodb.MongoException;
import com.mongodb.MongoWriteException;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.MongoDatabase;
import com.mongodb.client.model.Indexes;
import com.mongodb.client.model.Projections;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.UpdateOptions;
import io.foresell.kit.Failure;
import io.foresell.kit.Names;
import io.foresell.kit.ServiceException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The registry's metadata. One document per model decides about it and is only ever replaced by compare-and-set on its
 * revision, so it needs no transactions. Its size is bounded: version, alias and release histories live in documents of
 * their own. The decision and its history entry are written together (the journal inside the model document) and the entry is
 * copied out afterwards; a crash in between leaves it in the journal, where readers look first. Thread-safe.
 */
final class ModelStore {
    /** The most entries of a history that one call lists. */
    static final int MAX_LISTED = 1_000;

    private static final Logger log = LoggerFactory.getLogger(ModelStore.class);
    private static final int MAX_ATTEMPTS = 100;
    private static final String STATE = "registry_state";
    private static final Bson RELEASES_CHANGED = eq("_id", "releases");

    private final MongoDatabase database;
    private final ReentrantLock writing = new ReentrantLock(); // spares threads of this process the lost races

    ModelStore(MongoDatabase database) {
        this.database = database;
    }

    /** The outcome of looking at a state: what to return, and the state to bring about or null to change nothing. */
    record Change<T>(T result, @Nullable ModelState next) {}

    void createIndexes() {
        for (String history : List.of(ModelDocuments.VERSIONS, ModelDocuments.ALIAS_MOVES, ModelDocuments.RELEASES)) {
            collection(history).createIndex(Indexes.ascending("model", "_id"));
        }
        collection(ModelDocuments.VERSIONS).createIndex(Indexes.ascending("file_id"));
        collection(ModelDocuments.VERSIONS).createIndex(Indexes.ascending("job_id"));
    }

    ModelState read(String model) {
        Document document = models().find(eq("_id", model)).first();
        return document == null ? ModelState.none(model) : ModelDocuments.toState(document);
    }

    List<ModelState> readAll() {
        return models().find()
                .sort(ascending("_id"))
                .map(ModelDocuments::toState)
                .into(new ArrayList<>());
    }

    /** Returns the current releases by model. */
    Map<String, Release> releases() {
        Map<String, Release> releases = new TreeMap<>();
        for (Document document : models().find().projection(Projections.include("release"))) {
            Release release = ModelDocuments.toCurrentRelease(document);
            if (release != null) {
                releases.put(release.model(), release);
            }
        }
        return releases;
    }

    /** Returns a number that is different after every change of any release, also one made by another process. */
    long releasesChange() {
        Document document = collection(STATE).find(RELEASES_CHANGED).first();
        return document == null ? 0 : document.getLong("change");
    }

    void announceReleasesChange() {
        collection(STATE).updateOne(RELEASES_CHANGED, inc("change", 1L), new UpdateOptions().upsert(true));
    }

    /**
     * Reads, decides and replaces until no one else came in between.
     *
     * @param step is called again after each lost race; throws to refuse
     */
    <T> T change(String model, Function<ModelState, Change<T>> step) {
        writing.lock();
        try {
            for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
                ModelState before = emptied(read(model));
                Change<T> change = step.apply(before);
                ModelState next = change.next();
                if (next == null) {
                    return change.result();
                }
                if (replace(before, next)) {
                    emptyQuietly(next);
                    return change.result();
                }
            }
        } finally {
            writing.unlock();
        }
        throw new ServiceException(Failure.conflict("MODEL_BUSY", "model " + model, "one writer", "many writers"));
    }

    private boolean replace(ModelState before, ModelState next) {
        Document document = ModelDocuments.ofState(next);
        if (before.exists()) {
            Bson unchanged = and(eq("_id", before.model()), eq("revision", before.revision()));
            return models().replaceOne(unchanged, document).getMatchedCount() == 1;
        }
        try {
            models().insertOne(document);
            return true;
        } catch (MongoWriteException e) {
            if (e.getError().getCategory() == ErrorCategory.DUPLICATE_KEY) {
                return false;
            }
            throw e;
        }
    }

    /** Copies the journal out to the histories; doing it twice changes nothing. */
    private ModelState emptied(ModelState state) {
        if (state.journal().isEmpty()) {
            return state;
        }
        for (ModelState.Entry entry : state.journal()) {
            collection(entry.into())
                    .replaceOne(
                            eq("_id", entry.document().getString("_id")),
                            entry.document(),
                            new ReplaceOptions().upsert(true));
        }
        Bson unchanged = and(eq("_id", state.model()), eq("revision", state.revision()));
        models().updateOne(unchanged, set("journal", List.of()));
        return new ModelState(
                state.model(),
                state.revision(),
                state.versionCount(),
                state.aliasMoveCount(),
                state.aliases(),
                state.release(),
                List.of());
    }

    private void emptyQuietly(ModelState state) {
        try {
            emptied(state);
        } catch (MongoException e) {
            log.warn("journal left for the next writer model={}", state.model(), e);
        }
    }

    Optional<ModelVersion> version(String model, int version) {
        ModelState state = read(model); // before the history: an entry leaves the journal only after it is there
        if (version < 1 || version > state.versionCount()) {
            return Optional.empty();
        }
        return versions(List.of(state), Map.of(model, version)).stream().findFirst();
    }

    /** Returns the version with that digest, seen from a state just read. */
    Optional<ModelVersion> versionByDigest(ModelState state, String digest) {
        Optional<ModelVersion> journaled = journal(state, ModelDocuments.VERSIONS)
                .map(ModelDocuments::toVersion)
                .filter(version -> version.digest().equals(digest))
                .findFirst();
        if (journaled.isPresent()) {
            return journaled;
        }
        Bson sameDigest = and(eq("model", state.model()), eq("digest", digest));
        Document document = collection(ModelDocuments.VERSIONS).find(sameDigest).first();
        return Optional.ofNullable(document).map(ModelDocuments::toVersion);
    }

    /** Returns the version that a job published for a candidate, seen from a state just read. */
    Optional<ModelVersion> versionByJob(ModelState state, String jobId, String candidate) {
        List<Document> documents = journal(state, ModelDocuments.VERSIONS)
                .filter(document -> jobId.equals(document.getString("job_id")))
                .collect(Collectors.toCollection(ArrayList::new));
        collection(ModelDocuments.VERSIONS)
                .find(and(eq("model", state.model()), eq("job_id", jobId)))
                .into(documents);
        return documents.stream()
                .map(ModelDocuments::toVersion)
                .filter(version ->
                        candidate.equals(version.manifest().getProvenance().getParametersOrDefault("candidate", "")))
                .findFirst();
    }

    /** Returns one version of each model asked for, as far as they exist. */
    List<ModelVersion> versions(Collection<ModelState> states, Map<String, Integer> versionByModel) {
        List<String> ids = new ArrayList<>();
        versionByModel.forEach((model, version) -> ids.add(ModelDocuments.id(model, version)));
        Map<String, Document> found = new HashMap<>();
        collection(ModelDocuments.VERSIONS)
                .find(in("_id", ids))
                .forEach(document -> found.put(document.getString("_id"), document));
        states.stream()
                .flatMap(state -> journal(state, ModelDocuments.VERSIONS))
                .forEach(document -> found.putIfAbsent(document.getString("_id"), document));
        return ids.stream()
                .map(found::get)
                .filter(document -> document != null)
                .map(ModelDocuments::toVersion)
                .toList();
    }

    /** Returns a history of a model, newest first, at most {@link #MAX_LISTED} entries. */
    <T> List<T> history(ModelState state, String collection, Function<Document, T> mapper) {
        Map<String, Document> entries = new TreeMap<>(java.util.Comparator.reverseOrder());
        collection(collection)
                .find(eq("model", state.model()))
                .sort(descending("_id"))
                .limit(MAX_LISTED)
                .forEach(document -> entries.put(document.getString("_id"), document));
        journal(state, collection).forEach(document -> entries.put(document.getString("_id"), document));
        return entries.values().stream().limit(MAX_LISTED).map(mapper).toList();
    }

    /** Says whether any version points to the package file. */
    boolean isReferenced(String fileId) {
        boolean isJournaled = readAll().stream()
                .flatMap(state -> journal(state, ModelDocuments.VERSIONS))
                .anyMatch(document -> fileId.equals(document.getString("file_id")));
        return isJournaled
                || collection(ModelDocuments.VERSIONS)
                                .find(eq("file_id", fileId))
                                .first()
                        != null;
    }

    private static java.util.stream.Stream<Document> journal(ModelState state, String collection) {
        return state.journal().stream()
                .filter(entry -> entry.into().equals(collection))
                .map(ModelState.Entry::document);
    }

    private MongoCollection<Document> models() {
        return collection(ModelDocuments.MODELS);
    }

    private MongoCollection<Document> collection(String name) {
        return database.getCollection(name);
    }

    /** Returns a model; NOT_FOUND when nothing of it was ever published. */
    ModelState known(String model) {
        ModelState state = read(Names.require("model", model));
        if (!state.exists()) {
            throw new ServiceException(Failure.notFound("model", model, "a published model"));
        }
        return state;
    }

    /** Refuses a version that does not exist. */
    static void requireVersion(ModelState state, int version) {
        if (version < 1 || version > state.versionCount()) {
            throw unknownVersion(state, version);
        }
    }

    static ServiceException unknownVersion(ModelState state, int version) {
        return new ServiceException(Failure.notFound("version", Integer.toString(version), "1.." + state.versionCount())
                .with("model", state.model()));
    }

    /**
     * Returns the version that others are compared with, in a state of its model; empty when there is none.
     *
     * @param which an alias or a number; empty means the version released with the greatest weight
     */
    Optional<ModelVersion> champion(ModelState state, String which) {
        Integer number = null;
        if (!which.isEmpty() && which.chars().allMatch(Character::isDigit)) {
            number = which.length() > 9 ? 0 : Integer.valueOf(which);
        } else if (!which.isEmpty()) {
            number = state.aliases().get(which);
        } else if (state.release() != null) {
            number = state.release().routes().stream()
                    .max(Comparator.comparingInt(Route::weight))
                    .map(Route::version)
                    .orElse(null);
        }
        return number == null ? Optional.empty() : version(state.model(), number);
    }
}
