package io.foresell.training.registry;

import com.google.protobuf.InvalidProtocolBufferException;
import io.foresell.model.manifest.Manifest;
import java.time.Instant;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.bson.Document;
import org.bson.types.Binary;
import org.jspecify.annotations.Nullable;

/** The documents of the registry, both ways. History documents have ids that sort by model and number. */
final class ModelDocuments {
    static final String MODELS = "registry_models";
    static final String VERSIONS = "registry_versions";
    static final String ALIAS_MOVES = "registry_alias_moves";
    static final String RELEASES = "registry_releases";

    private ModelDocuments() {}

    static String id(String model, int number) {
        return "%s@%08d".formatted(model, number);
    }

    static Document ofState(ModelState state) {
        Release release = state.release();
        return new Document("_id", state.model())
                .append("revision", state.revision())
                .append("version_count", state.versionCount())
                .append("alias_move_count", state.aliasMoveCount())
                .append("aliases", new Document(new TreeMap<>(state.aliases())))
                .append("release", release == null ? null : ofRelease(release))
                .append(
                        "journal",
                        state.journal().stream()
                                .map(entry -> new Document("into", entry.into()).append("document", entry.document()))
                                .toList());
    }

    static ModelState toState(Document document) {
        String model = document.getString("_id");
        Map<String, Integer> aliases = new TreeMap<>();
        document.get("aliases", Document.class).forEach((alias, version) -> aliases.put(alias, (Integer) version));
        return new ModelState(
                model,
                document.getLong("revision"),
                document.getInteger("version_count"),
                document.getInteger("alias_move_count"),
                aliases,
                toCurrentRelease(document),
                document.getList("journal", Document.class).stream()
                        .map(entry ->
                                new ModelState.Entry(entry.getString("into"), entry.get("document", Document.class)))
                        .toList());
    }

    static @Nullable Release toCurrentRelease(Document model) {
        Document release = model.get("release", Document.class);
        return release == null ? null : toRelease(release);
    }

    static Document ofVersion(ModelVersion version) {
        return new Document("_id", id(version.model(), version.version()))
                .append("model", version.model())
                .append("version", version.version())
                .append("digest", version.digest())
                .append("package_bytes", version.packageBytes())
                .append("file_id", version.fileId())
                .append("created_at", Date.from(version.createdAt()))
                .append("job_id", version.jobId())
                .append("manifest", new Binary(version.manifest().toByteArray()))
                .append("engine", version.engine())
                .append("fallback_reason", version.fallbackReason())
                .append(
                        "gates",
                        version.gates().stream().map(ModelDocuments::ofGate).toList());
    }

    private static Document ofGate(GateResult result) {
        return new Document("gate", result.gate())
                .append("is_held", result.isHeld())
                .append("value", result.value())
                .append("expectation", result.expectation());
    }

    private static GateResult toGate(Document document) {
        return new GateResult(
                document.getString("gate"),
                document.getBoolean("is_held"),
                document.getString("value"),
                document.getString("expectation"));
    }

    static ModelVersion toVersion(Document document) {
        return new ModelVersion(
                document.getString("model"),
                document.getInteger("version"),
                document.getString("digest"),
                document.getLong("package_bytes"),
                document.getString("file_id"),
                instant(document, "created_at"),
                document.getString("job_id"),
                manifest(document.get("manifest", Binary.class)),
                document.get("engine", ""), // not in documents of the first releases
                document.get("fallback_reason", ""),
                // Absent in versions published before there were gates.
                document.getList("gates", Document.class, List.of()).stream()
                        .map(ModelDocuments::toGate)
                        .toList());
    }

    private static Manifest manifest(Binary bytes) {
        try {
            return Manifest.parseFrom(bytes.getData());
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException("a stored manifest cannot be read", e);
        }
    }

    static Document ofMove(String model, int number, AliasMove move) {
        return new Document("_id", id(model, number))
                .append("model", model)
                .append("alias", move.alias())
                .append("from_version", move.fromVersion())
                .append("to_version", move.toVersion())
                .append("actor", move.actor())
                .append("reason", move.reason())
                .append("moved_at", Date.from(move.movedAt()));
    }

    static AliasMove toMove(Document document) {
        return new AliasMove(
                document.getString("alias"),
                document.getInteger("from_version"),
                document.getInteger("to_version"),
                document.getString("actor"),
                document.getString("reason"),
                instant(document, "moved_at"));
    }

    static Document ofHistory(Release release) {
        Document document = ofRelease(release);
        document.put("_id", id(release.model(), release.revision()));
        return document;
    }

    private static Document ofRelease(Release release) {
        List<Document> routes = release.routes().stream()
                .map(route -> new Document("version", route.version()).append("weight", route.weight()))
                .toList();
        return new Document("model", release.model())
                .append("revision", release.revision())
                .append("routes", routes)
                .append("salt", release.salt())
                .append("actor", release.actor())
                .append("reason", release.reason())
                .append("created_at", Date.from(release.createdAt()));
    }

    static Release toRelease(Document document) {
        return new Release(
                document.getString("model"),
                document.getInteger("revision"),
                document.getList("routes", Document.class).stream()
                        .map(route -> new Route(route.getInteger("version"), route.getInteger("weight")))
                        .toList(),
                document.getString("salt"),
                document.getString("actor"),
                document.getString("reason"),
                instant(document, "created_at"));
    }

    private static Instant instant(Document document, String key) {
        return document.getDate(key).toInstant();
    }
}
