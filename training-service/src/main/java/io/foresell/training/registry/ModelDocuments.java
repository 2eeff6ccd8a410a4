package io.foresell.training.registry;

import com.google.protobuf.InvalidProtocolBufferException;
import io.foresell.model.manifest.Manifest;
import java.time.Duration;
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
        ReleaseUnit unit = release.unit();
        HoldOut holdOut = unit.holdOut();
        ReleaseBands bands = unit.bands();
        Ladder ladder = unit.ladder();
        return new Document("model", release.model())
                .append("revision", release.revision())
                .append(
                        "routes",
                        unit.routes().stream().map(ModelDocuments::ofRoute).toList())
                .append(
                        "hold_out",
                        holdOut == null
                                ? null
                                : new Document("percent", holdOut.percent()).append("version", holdOut.version()))
                .append(
                        "bands",
                        bands == null
                                ? null
                                : new Document("medium_from", bands.mediumFrom()).append("high_from", bands.highFrom()))
                .append("feature_set_hash", unit.featureSetHash())
                .append("slice_column", unit.sliceColumn())
                .append(
                        "ladder",
                        ladder == null
                                ? null
                                : new Document("fallback_version", ladder.fallbackVersion())
                                        .append(
                                                "last_known_max_age_millis",
                                                ladder.lastKnownMaxAge().toMillis()))
                .append("salt", release.salt())
                .append("actor", release.actor())
                .append("reason", release.reason())
                .append("created_at", Date.from(release.createdAt()))
                .append("is_forced", release.isForced());
    }

    private static Document ofRoute(Route route) {
        return new Document("version", route.version())
                .append("weight", route.weight())
                .append("shadow_percent", route.shadowPercent());
    }

    static Release toRelease(Document document) {
        return new Release(
                document.getString("model"),
                document.getInteger("revision"),
                toUnit(document),
                document.getString("salt"),
                document.getString("actor"),
                document.getString("reason"),
                instant(document, "created_at"),
                document.getBoolean("is_forced", false));
    }

    /** The first releases were routes only. */
    private static ReleaseUnit toUnit(Document document) {
        Document holdOut = document.get("hold_out", Document.class);
        Document bands = document.get("bands", Document.class);
        Document ladder = document.get("ladder", Document.class);
        return new ReleaseUnit(
                document.getList("routes", Document.class).stream()
                        .map(route -> new Route(
                                route.getInteger("version"),
                                route.getInteger("weight"),
                                route.getInteger("shadow_percent", 0)))
                        .toList(),
                holdOut == null ? null : new HoldOut(holdOut.getInteger("percent"), holdOut.getInteger("version")),
                bands == null ? null : new ReleaseBands(bands.getDouble("medium_from"), bands.getDouble("high_from")),
                document.get("feature_set_hash", ""),
                document.get("slice_column", ""),
                ladder == null
                        ? null
                        : new Ladder(
                                ladder.getInteger("fallback_version"),
                                Duration.ofMillis(ladder.getLong("last_known_max_age_millis"))));
    }

    private static Instant instant(Document document, String key) {
        return document.getDate(key).toInstant();
    }
}
