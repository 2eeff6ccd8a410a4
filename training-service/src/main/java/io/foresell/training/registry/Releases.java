package io.foresell.training.registry;

import io.foresell.kit.Failure;
import io.foresell.kit.Names;
import io.foresell.kit.ServiceException;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Optional;
import java.util.OptionalInt;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Says which versions serve: aliases and weighted routes. Every change is a compare-and-set with its history. Thread-safe. */
public final class Releases {
    private static final Logger log = LoggerFactory.getLogger(Releases.class);
    private static final int MAX_ALIASES = 100;

    private final ModelStore models;
    private final Function<ModelVersion, Fallbacks.Form> forms;
    private final ReleaseFeed feed;
    private final Clock clock;
    private final SecureRandom random = new SecureRandom();

    /** Makes an empty one; {@code forms} reads that of a version from its package. */
    Releases(ModelStore models, Function<ModelVersion, Fallbacks.Form> forms, Clock clock) {
        this.models = models;
        this.forms = forms;
        this.feed = new ReleaseFeed(models);
        this.clock = clock;
    }

    /** Returns the feed of releases; its owner starts and closes it. */
    public ReleaseFeed feed() {
        return feed;
    }

    /**
     * Moves an alias.
     *
     * @param expectedVersion where it must point now, 0 when it must be new; empty skips the comparison
     * @throws ServiceException ABORTED when it points elsewhere, NOT_FOUND when the version does not exist
     */
    public AliasMove setAlias(
            String model, String alias, int version, OptionalInt expectedVersion, String actor, String reason) {
        Names.require("alias", alias);
        Actors.require(actor, reason);
        models.known(model);
        AliasMove made = models.change(model, state -> {
            int from = state.aliases().getOrDefault(alias, 0);
            if (expectedVersion.isPresent() && expectedVersion.getAsInt() != from) {
                throw new ServiceException(
                        Failure.conflict("ALIAS_MOVED", "expected_version", from, expectedVersion.getAsInt()));
            }
            ModelStore.requireVersion(state, version);
            if (from == 0 && state.aliases().size() >= MAX_ALIASES) {
                throw new ServiceException(Failure.precondition(
                        "TOO_MANY_ALIASES",
                        "aliases: %d (expected: at most %d)".formatted(MAX_ALIASES + 1, MAX_ALIASES)));
            }
            AliasMove move = new AliasMove(alias, from, version, actor, reason, now());
            return new ModelStore.Change<>(move, state.withAlias(move));
        });
        log.info(
                "alias moved model={} alias={} from={} to={} actor={}",
                model,
                alias,
                made.fromVersion(),
                version,
                actor);
        return made;
    }

    /** Returns the moves of a model's aliases, newest first, at most {@value ModelStore#MAX_LISTED}. */
    public List<AliasMove> aliasHistory(String model) {
        return models.history(models.known(model), ModelDocuments.ALIAS_MOVES, ModelDocuments::toMove);
    }

    /**
     * Replaces the release of a model as a whole.
     *
     * @param salt assigns all subjects anew; empty keeps the salt that the model has
     * @param expectedRevision the current revision, 0 when nothing is released yet; empty skips the comparison
     * @param isForced releases versions that failed a gate, too; the reason says why
     * @throws ServiceException ABORTED when it is another one, NOT_FOUND when a version does not exist, INVALID_ARGUMENT for what is no
     *     release, FAILED_PRECONDITION when a version failed a gate and the release is not forced, or was trained on another feature set,
     *     or the fallback answers something else
     */
    public Release setRelease(
            String model,
            ReleaseUnit unit,
            String salt,
            OptionalInt expectedRevision,
            String actor,
            String reason,
            boolean isForced) {
        Actors.require(actor, reason);
        ReleaseUnits.require(unit, salt);
        requireFitting(models.known(model), unit, reason, isForced);
        Release made = models.change(model, state -> {
            Release current = state.release();
            int revision = current == null ? 0 : current.revision();
            if (expectedRevision.isPresent() && expectedRevision.getAsInt() != revision) {
                throw new ServiceException(Failure.conflict(
                        "RELEASE_CHANGED", "expected_revision", revision, expectedRevision.getAsInt()));
            }
            unit.routes().forEach(route -> ModelStore.requireVersion(state, route.version()));
            String kept = current == null ? newSalt() : current.salt();
            Release next = new Release(
                    model, revision + 1, unit, salt.isEmpty() ? kept : salt, actor, reason, now(), isForced);
            return new ModelStore.Change<>(next, state.withRelease(next));
        });
        log.info(
                "released model={} revision={} routes={} hold_out={} ladder={} actor={}",
                model,
                made.revision(),
                unit.routes(),
                unit.holdOut(),
                unit.ladder(),
                actor);
        feed.announce();
        return made;
    }

    private void requireFitting(ModelState state, ReleaseUnit unit, String reason, boolean isForced) {
        if (isForced && reason.isBlank()) {
            throw new ServiceException(
                    Failure.invalid("REASON_MISSING", "reason", reason, "why a failed gate may be passed over"));
        }
        for (Route route : unit.routes()) {
            models.version(state.model(), route.version())
                    .ifPresent(version -> ReleaseUnits.requireFitting(unit, version, isForced));
        }
        models.version(state.model(), unit.fallback()).ifPresent(fallback -> requireFallback(unit, fallback));
    }

    /**
     * Refuses a fallback that answers something else than the version it would stand in for.
     *
     * @throws ServiceException FAILED_PRECONDITION naming every difference
     */
    public void requireFallback(ModelVersion fallback, ModelVersion chosen) {
        Fallbacks.require(fallback, chosen, forms);
    }

    private void requireFallback(ReleaseUnit unit, ModelVersion fallback) {
        for (Route route : unit.routes()) {
            boolean isReplaced = route.version() != fallback.version() && unit.answers(route.version());
            if (isReplaced) {
                models.version(fallback.model(), route.version())
                        .ifPresent(chosen -> requireFallback(fallback, chosen));
            }
        }
    }

    /** Returns the release in force; empty when nothing is released. */
    public Optional<Release> current(String model) {
        return Optional.ofNullable(models.known(model).release());
    }

    /** Returns the releases of a model, newest first, at most {@value ModelStore#MAX_LISTED}. */
    public List<Release> history(String model) {
        return models.history(models.known(model), ModelDocuments.RELEASES, ModelDocuments::toRelease);
    }

    private String newSalt() {
        byte[] bytes = new byte[8];
        random.nextBytes(bytes);
        return HexFormat.of().formatHex(bytes);
    }

    private Instant now() {
        return Instant.ofEpochMilli(clock.millis()); // the store keeps milliseconds
    }
}
