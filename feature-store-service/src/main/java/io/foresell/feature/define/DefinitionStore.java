package io.foresell.feature.define;

import com.mongodb.client.model.Filters;
import com.mongodb.client.model.ReplaceOneModel;
import com.mongodb.client.model.ReplaceOptions;
import com.mongodb.client.model.WriteModel;
import io.foresell.feature.database.FeatureCollection;
import io.foresell.feature.database.FeatureDatabase;
import io.foresell.feature.define.Definition.Space;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.time.Clock;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.bson.Document;
import org.bson.types.Binary;
import org.jspecify.annotations.Nullable;

/**
 * The stored definitions. Every version is an immutable document whose id ends with its content's hash; one small document
 * lists the ids in force and moves by compare-and-set, which makes a request all or nothing. Thread-safe.
 */
public final class DefinitionStore {
    /** How long a catalog may be used without asking whether another process defined something. */
    private static final long CACHE_MILLIS = 1000;

    private static final int MAX_ATTEMPTS = 20;
    private static final String HEADS = "heads";

    private final FeatureCollection versions;
    private final FeatureCollection heads;
    private final DefinitionCodec codec;
    private final Clock clock;
    private final Map<String, Version> loaded =
            new ConcurrentHashMap<>(); // immutable documents by id, only those in force
    private volatile Cached cached = new Cached(Catalog.EMPTY, Map.of(), Long.MIN_VALUE);

    private record Version(String id, StoredDefinition stored) {}

    private record Cached(Catalog catalog, Map<String, Version> byName, long readMillis) {}

    public DefinitionStore(FeatureDatabase database, DefinitionCodec codec, Clock clock) {
        versions = database.collection("definitions");
        heads = database.collection("catalog");
        this.codec = codec;
        this.clock = clock;
    }

    /** Returns the definitions as of at most a second ago. */
    public Catalog recent() {
        Cached now = cached;
        return clock.millis() - now.readMillis() < CACHE_MILLIS && now.readMillis() <= clock.millis()
                ? now.catalog()
                : current();
    }

    /** Returns the definitions in force. */
    public Catalog current() {
        return read().catalog();
    }

    private Cached read() {
        Document head = heads.findById(HEADS);
        long readMillis = clock.millis();
        Cached before = cached;
        long revision = head == null ? 0 : head.getLong("revision");
        if (revision == before.catalog().revision()) {
            cached = new Cached(before.catalog(), before.byName(), readMillis);
            return cached;
        }
        List<String> ids = head == null ? List.of() : head.getList("ids", String.class);
        cached = assembled(revision, load(ids), readMillis);
        return cached;
    }

    private List<Version> load(List<String> ids) {
        List<String> absent = ids.stream().filter(id -> !loaded.containsKey(id)).toList();
        for (Document document : versions.findByIds(absent)) {
            Version version = decode(document);
            loaded.put(version.id(), version);
        }
        loaded.keySet().retainAll(ids);
        List<Version> found = new ArrayList<>();
        for (String id : ids) {
            Version version = loaded.get(id);
            if (version == null) {
                throw new ServiceException(
                        Failure.dataLoss("DEFINITION_LOST", "definition: '%s' is missing".formatted(id)));
            }
            found.add(version);
        }
        return found;
    }

    private Cached assembled(long revision, List<Version> inForce, long readMillis) {
        Map<String, Version> byName = new HashMap<>();
        inForce.forEach(version -> byName.put(key(version.stored().definition()), version));
        List<StoredDefinition> hashed = new ArrayList<>();
        for (Version version : inForce) {
            StoredDefinition stored = version.stored();
            if (stored.definition() instanceof FeatureSetDefinition set) {
                String hash = DefinitionHash.of(codec, set, view -> viewHash(byName, view));
                stored = new StoredDefinition(set, stored.version(), hash, stored.createdAtMillis(), Layout.EMPTY);
            }
            hashed.add(stored);
        }
        return new Cached(new Catalog(revision, hashed), Map.copyOf(byName), readMillis);
    }

    private static String viewHash(Map<String, Version> byName, String view) {
        Version version = byName.get(key(Space.VIEW, view));
        if (version == null) {
            throw new ServiceException(Failure.dataLoss("DEFINITION_LOST", "view: '%s' is missing".formatted(view)));
        }
        return version.stored().hash();
    }

    /**
     * Stores all definitions or none.
     *
     * @return the stored forms in the order given
     * @throws ServiceException see {@link DefinitionCheck#check}; ABORTED when others keep defining at the same time
     */
    public List<StoredDefinition> define(List<Definition> definitions) {
        for (int attempt = 0; attempt < MAX_ATTEMPTS; attempt++) {
            Cached before = read();
            DefinitionCheck.check(definitions, before.catalog());
            Map<String, Version> after = applied(definitions, before.byName());
            if (after.equals(before.byName()) || replace(before, after)) {
                Catalog catalog = current();
                return definitions.stream()
                        .map(definition -> stored(catalog, definition))
                        .toList();
            }
        }
        throw new ServiceException(
                Failure.conflict("DEFINITIONS_CHANGING", "definitions", "no other Define at the same time", "changed"));
    }

    private static StoredDefinition stored(Catalog catalog, Definition definition) {
        StoredDefinition stored = catalog.find(definition.space(), definition.name());
        if (stored == null) {
            throw new IllegalStateException("definition vanished: " + definition.name());
        }
        return stored;
    }

    private Map<String, Version> applied(List<Definition> definitions, Map<String, Version> before) {
        Map<String, Version> after = new LinkedHashMap<>(before);
        for (Definition definition : definitions) {
            Version old = after.get(key(definition));
            if (old == null || !old.stored().definition().equals(definition)) {
                after.put(key(definition), next(definition, old == null ? null : old.stored()));
            }
            String entity = entityOf(definition);
            after.computeIfAbsent(key(Space.ENTITY, entity), missing -> next(new EntityDefinition(entity, ""), null));
        }
        return after;
    }

    private static String entityOf(Definition definition) {
        if (definition instanceof RowView view) {
            return view.entity();
        }
        return definition instanceof FeatureSetDefinition set ? set.entity() : definition.name();
    }

    private Version next(Definition definition, @Nullable StoredDefinition old) {
        int number = old == null ? 1 : old.version() + 1;
        Layout layout = old == null ? Layout.EMPTY : old.layout();
        if (definition instanceof RowView view) {
            layout = layout.with(view.columns());
        }
        String hash = DefinitionHash.of(codec, definition);
        String id = "%s:%d:%s"
                .formatted(
                        key(definition),
                        number,
                        Sha256.hex(codec.encode(definition)).substring(0, 32));
        return new Version(id, new StoredDefinition(definition, number, hash, clock.millis(), layout));
    }

    private boolean replace(Cached before, Map<String, Version> after) {
        List<WriteModel<Document>> writes = new ArrayList<>();
        for (Version version : after.values()) {
            if (!before.byName().containsValue(version)) {
                writes.add(new ReplaceOneModel<>(
                        Filters.eq("_id", version.id()), encode(version), new ReplaceOptions().upsert(true)));
            }
        }
        versions.write(writes);
        long revision = before.catalog().revision();
        Document head = new Document("_id", HEADS)
                .append("revision", revision + 1)
                .append("ids", after.values().stream().map(Version::id).toList());
        return heads.compareAndSet(HEADS, revision, head);
    }

    private Document encode(Version version) {
        StoredDefinition stored = version.stored();
        List<Document> slots = stored.layout().slots().stream()
                .map(slot -> new Document("column", slot.column())
                        .append("type", slot.type().name())
                        .append("width", slot.width()))
                .toList();
        return new Document("_id", version.id())
                .append("name", stored.definition().name())
                .append("version", stored.version())
                .append("hash", stored.hash())
                .append("created_at", stored.createdAtMillis())
                .append("layout", slots)
                .append("definition", new Binary(codec.encode(stored.definition())));
    }

    private Version decode(Document document) {
        List<Layout.Slot> slots = document.getList("layout", Document.class).stream()
                .map(slot -> new Layout.Slot(
                        slot.getString("column"),
                        ValueType.valueOf(slot.getString("type")),
                        slot.getInteger("width", 0))) // absent where written before there were NUMBERS
                .toList();
        return new Version(
                document.getString("_id"),
                new StoredDefinition(
                        codec.decode(document.get("definition", Binary.class).getData()),
                        document.getInteger("version"),
                        document.getString("hash"),
                        document.getLong("created_at"),
                        new Layout(slots)));
    }

    private static String key(Definition definition) {
        return key(definition.space(), definition.name());
    }

    private static String key(Space space, String name) {
        return space.name().toLowerCase(Locale.ROOT) + ":" + name;
    }
}
