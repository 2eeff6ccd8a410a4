package io.foresell.inference.load;

import io.foresell.inference.fetch.Backoff;
import io.foresell.inference.fetch.Release;
import io.foresell.inference.fetch.RoutedVersion;
import io.foresell.inference.load.ReleaseLoader.Comparison;
import io.foresell.inference.load.ReleaseLoader.LoadedRelease;
import io.foresell.inference.load.ReleaseLoader.ReleaseRefused;
import io.foresell.inference.route.ParkedRelease;
import io.foresell.inference.route.RouteBoard;
import io.foresell.inference.route.Usage;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.io.IOException;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Decides what becomes of a release, an order or a call for a parked model: loaded, parked, refused, or tried again later. A release swaps as a
 * whole when all its versions are ready; until then, and when one fails, the release before serves. Used by the load lane's thread.
 */
final class ReleaseDesk {
    private static final Logger log = LoggerFactory.getLogger(ReleaseDesk.class);
    private static final Duration FIRST_PAUSE = Duration.ofSeconds(1);
    private static final Duration LONGEST_PAUSE = Duration.ofMinutes(1);

    private final ReleaseLoader loader;
    private final ServingReleases serving;
    private final ModelMemory memory;
    private final ReleaseReports reports;
    private final LoadStates states;
    private final RouteBoard board;
    private final LoadDemands demands;
    private final ReleaseQueue queue;
    private final VersionFacts facts;

    private final Map<String, Backoff> backoffs = new HashMap<>(); // by model
    private final Map<String, Release> known = new HashMap<>(); // by model; the newest, whether it serves or not
    private final Set<String> unloaded = new HashSet<>(); // models that an order keeps out of memory
    private final Set<String> untried = new HashSet<>(); // parked models whose release never was in memory

    ReleaseDesk(
            ReleaseLoader loader,
            ServingReleases serving,
            ModelMemory memory,
            ReleaseReports reports,
            LoadStates states,
            RouteBoard board,
            LoadDemands demands,
            ReleaseQueue queue,
            VersionFacts facts) {
        this.loader = loader;
        this.serving = serving;
        this.memory = memory;
        this.reports = reports;
        this.states = states;
        this.board = board;
        this.demands = demands;
        this.queue = queue;
        this.facts = facts;
    }

    /** Takes a release that served before the process started: whatever the feature store says, but loaded only while there is room. */
    void restore(Release release) throws InterruptedException {
        known.put(release.model(), release);
        if (!hasFreeRoom(release) && loader.isOnDisk(release)) {
            serving.parkUnloaded(release);
        } else {
            apply(release, Comparison.KEPT);
        }
    }

    private boolean hasFreeRoom(Release release) {
        try {
            MemoryPlan plan = memory.plan(release.model(), List.of(), facts.memoryBytes(release), false);
            return plan.isPossible() && plan.leaving().isEmpty();
        } catch (ServiceException e) {
            return true; // too large by its estimate: tried, and said why
        }
    }

    /** Takes a release of the registry. An order to unload holds until another one or a newer release. */
    void hear(Release release) throws InterruptedException {
        boolean isSame = release.equals(known.put(release.model(), release));
        if (isSame && unloaded.contains(release.model())) {
            return;
        }
        unloaded.remove(release.model());
        demands.forgive(release.model());
        boolean isFirst = serving.of(release.model()) == null;
        if (serving.isParked(release)) {
            reports.ready(release.model()); // an older one that failed is no news any more
        } else if (isFirst && !states.isStarted() && !hasFreeRoom(release)) {
            fetch(release);
        } else {
            apply(release, Comparison.REQUIRED);
        }
    }

    /** At start without room for all: verified on disk, and loaded when it is asked for. */
    private void fetch(Release release) throws InterruptedException {
        try {
            loader.fetch(release);
            untried.add(release.model());
            serving.parkUnloaded(release);
            reports.ready(release.model());
        } catch (ReleaseRefused e) {
            failed(release, e);
        }
    }

    /** Loads a release and puts it in force; models that are asked for less make room for it. */
    private void apply(Release release, Comparison comparison) throws InterruptedException {
        reports.loading(release);
        try {
            LoadedRelease loaded = loader.load(release, comparison);
            MemoryPlan plan = room(release, loaded, false);
            if (!plan.isPossible()) {
                loaded.discard();
                throw new ReleaseRefused(release.routes().get(0), memoryFull(release, plan));
            }
            publish(release, loaded, plan);
        } catch (ReleaseRefused e) {
            failed(release, e);
        }
    }

    private MemoryPlan room(Release release, LoadedRelease loaded, boolean isPatient) throws ReleaseRefused {
        try {
            return memory.plan(release.model(), loaded.ready(), 0, isPatient);
        } catch (ServiceException e) {
            loaded.discard();
            throw new ReleaseRefused(release.routes().get(0), e);
        }
    }

    private static ServiceException memoryFull(Release release, MemoryPlan plan) {
        return new ServiceException(Failure.exhausted(
                "MODEL_MEMORY_FULL",
                "model '%s': memory is full of models that calls or bulk streams hold (expected: room for release %d)"
                        .formatted(release.model(), release.revision()),
                Duration.ofNanos(plan.waitNanos())));
    }

    private void publish(Release release, LoadedRelease loaded, MemoryPlan plan) {
        memory.carryOut(plan);
        serving.publish(release, loaded.ready());
        memory.settle();
        untried.remove(release.model());
        demands.forgive(release.model());
        if (release.equals(known.get(release.model()))) { // else a newer one failed, and it is still said why
            backoffs.remove(release.model());
            reports.ready(release.model());
        }
        demands.loaded(release.model());
    }

    private String failed(Release release, ReleaseRefused refused) {
        String said = reports.failed(release, refused.route(), refused.error());
        if (refused.error() instanceof ServiceException || refused.error() instanceof IOException) {
            queue.offerLater(release, pause(release.model()));
        }
        return said;
    }

    private Duration pause(String model) {
        return backoffs.computeIfAbsent(model, name -> new Backoff(FIRST_PAUSE, LONGEST_PAUSE))
                .next();
    }

    /** Loads a parked model that calls wait for. */
    void demand(String model) throws InterruptedException {
        ParkedRelease parked = board.current().parked(model);
        Release release = serving.of(model);
        if (parked == null || release == null) {
            demands.loaded(model); // or taken away: who waits asks again and is told
            return;
        }
        try {
            MemoryPlan guess = memory.plan(model, List.of(), parked.memoryBytes(), true);
            if (guess.isPossible()) {
                load(release, parked.usage());
            } else {
                demands.postpone(model, guess.waitNanos());
            }
        } catch (ReleaseRefused e) {
            notLoaded(release, e.route(), e.error());
        } catch (ServiceException e) {
            notLoaded(release, release.routes().get(0), e);
        }
    }

    private void load(Release release, Usage usage) throws InterruptedException, ReleaseRefused {
        String model = release.model();
        LoadedRelease loaded = loader.load(release, untried.contains(model) ? Comparison.REQUIRED : Comparison.LATER);
        MemoryPlan plan = room(release, loaded, true);
        if (!plan.isPossible()) { // larger than was thought
            loaded.discard();
            serving.parkUnloaded(release);
            demands.postpone(model, plan.waitNanos());
            return;
        }
        usage.loadedOnDemand(System.nanoTime());
        publish(release, loaded, plan);
        log.info("model loaded on demand model={} revision={}", model, release.revision());
    }

    /** It stays parked: the first call after a pause tries again. */
    private void notLoaded(Release release, RoutedVersion route, Throwable error) {
        String said = reports.failed(release, route, error);
        Duration pause = pause(release.model());
        demands.failed(
                release.model(),
                Failure.unavailable(
                        "MODEL_LOAD_FAILED",
                        "model '%s' version %d: %s (expected: ready)".formatted(release.model(), route.version(), said),
                        pause),
                pause);
    }

    /**
     * Carries out an order to load.
     *
     * @throws ServiceException NOT_FOUND when no release of the model is known, UNAVAILABLE when it cannot be loaded
     */
    void load(String model) throws InterruptedException {
        Release release = requireKnown(model);
        unloaded.remove(model);
        boolean isKept = serving.isParked(release) && !untried.contains(model);
        apply(release, isKept ? Comparison.KEPT : Comparison.REQUIRED);
        for (VersionStatus status : states.of(model)) {
            throw new ServiceException(Failure.unavailable(
                    "MODEL_LOAD_FAILED",
                    "model '%s' version %d: %s (expected: ready)".formatted(model, status.version(), status.failure()),
                    Duration.ofSeconds(30)));
        }
    }

    /**
     * Carries out an order to unload: calls in flight keep the slot they read; nothing new finds it.
     *
     * @throws ServiceException NOT_FOUND when no release of the model is known
     */
    void unload(String model) {
        Release release = requireKnown(model);
        unloaded.add(model);
        // First what is said, then what is done: a model is never away without a word why.
        reports.unloaded(release);
        serving.withdraw(model);
        memory.settle();
        demands.loaded(model);
        log.info("model unloaded by order model={}", model);
    }

    private Release requireKnown(String model) {
        @Nullable Release release = known.get(model);
        if (release == null) {
            String shown = model.length() <= 63 ? model : model.substring(0, 63) + "...";
            throw new ServiceException(Failure.notFound("model", shown, "a released model"));
        }
        return release;
    }
}
