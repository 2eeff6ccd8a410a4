package io.foresell.inference.load;

import io.foresell.inference.fetch.Backoff;
import io.foresell.inference.fetch.PackageStore;
import io.foresell.inference.fetch.Release;
import io.foresell.inference.fetch.ReleaseListener;
import io.foresell.inference.fetch.RoutedVersion;
import io.foresell.inference.ladder.LastKnown;
import io.foresell.inference.ladder.LastKnownScores;
import io.foresell.inference.lookup.FeatureSetClient;
import io.foresell.inference.measure.ReleaseWindow;
import io.foresell.inference.measure.ReleaseWindows;
import io.foresell.inference.route.FeatureContract;
import io.foresell.inference.route.ModelSlot;
import io.foresell.inference.route.PinnedVersions;
import io.foresell.inference.route.RouteBoard;
import io.foresell.inference.route.ServedVersion;
import io.foresell.inference.route.WeightedVersion;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.PackageException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One thread that turns releases into published slots, one after the other. A release swaps as a whole when all its versions
 * are ready; until then, and when one fails, the release before serves. What could not be fetched is tried again with
 * back-off; what was refused waits for the next release or reconnect. Orders to load and unload go before releases.
 */
public final class LoadLane implements ReleaseListener, AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(LoadLane.class);
    private static final Duration RECHECK = Duration.ofSeconds(5);
    private static final Duration MAX_WAIT = Duration.ofHours(1);

    private final VersionLoader loader;
    private final PackageStore store;
    private final RouteBoard board;
    private final PinnedVersions pins;
    private final LoadStates states;
    private final ReleaseWindows windows;
    private final FeatureContracts contracts;
    private final LastKnownScores lastKnown;
    private final Runnable whenStarted;
    private final Counter failures;
    private final Rehearsal rehearsal;
    private final Thread thread = new Thread(this::run, "load-lane");

    private final ReleaseQueue queue = new ReleaseQueue();
    private final LoadOrders orders;
    private volatile boolean isBusy; // written only by the lane's thread
    private volatile boolean isStartKnown; // what to load at start was said, by the disk or by the registry
    private volatile boolean isClosed;

    // The rest belongs to the lane's thread.
    private final Map<String, Release> served = new TreeMap<>(); // by model; at start what the disk says
    private final Map<String, ModelSlot> previous = new HashMap<>(); // kept in memory: a roll-back needs no load
    private final Map<String, Backoff> backoffs = new HashMap<>();
    private final Map<String, Release> known = new HashMap<>(); // by model; the newest, whether it serves or not
    private final Set<String> unloaded = new HashSet<>(); // models that an order keeps out of memory
    private boolean isRehearsed;
    private boolean isRestoring; // what served before the process started is loaded whatever the feature store says

    /** Makes a lane; {@code whenStarted} runs once on the lane's thread when the load at start is finished. */
    public LoadLane(
            VersionLoader loader,
            PackageStore store,
            RouteBoard board,
            PinnedVersions pins,
            LoadStates states,
            ReleaseWindows windows,
            FeatureSetClient featureSets,
            LoadOrders orders,
            Runnable whenStarted,
            MeterRegistry meters) {
        this.loader = loader;
        this.store = store;
        this.board = board;
        this.pins = pins;
        this.states = states;
        this.windows = windows;
        this.contracts = new FeatureContracts(featureSets);
        this.orders = orders;
        this.lastKnown = new LastKnownScores(meters);
        this.whenStarted = whenStarted;
        this.failures = Counter.builder("model_load_failures")
                .description("Releases that could not be loaded; the release before keeps serving")
                .register(meters);
        Gauge.builder("model_load_queue_length", this, lane -> lane.queueLength())
                .description("Releases waiting for the load lane")
                .register(meters);
        this.rehearsal = new Rehearsal(meters);
        thread.setDaemon(true);
        orders.whenOffered(queue::wake);
    }

    /** Starts the thread; it loads the releases served last first, so that a newer one that fails never leaves nothing. */
    public void start() {
        store.readReleases().forEach(release -> served.put(release.model(), release));
        thread.start();
    }

    private void restore() throws InterruptedException {
        if (served.isEmpty()) {
            return;
        }
        log.info("loading from disk models={}", served.size());
        isRestoring = true;
        for (Release release : List.copyOf(served.values())) {
            apply(release);
        }
        isRestoring = false;
        completed();
    }

    private int queueLength() {
        return queue.length() + (isBusy ? 1 : 0);
    }

    @Override
    public void changed(List<Release> releases) {
        queue.offer(releases);
    }

    @Override
    public void completed() {
        isStartKnown = true;
        queue.wake();
    }

    private void run() {
        try {
            restore();
            while (!isClosed) {
                carryOut();
                Release release = queue.poll();
                isBusy = release != null;
                if (release != null) {
                    apply(release);
                } else {
                    tellStarted();
                    rehearse();
                    checkContractsAgain();
                }
            }
        } catch (InterruptedException e) {
            log.debug("load lane interrupted by close", e);
        }
    }

    private void tellStarted() {
        if (isStartKnown && !states.isStarted()) {
            states.started();
            whenStarted.run();
        }
    }

    /** Waits for work, and as long as feature sets are unchecked asks for them now and then. */
    private void checkContractsAgain() throws InterruptedException {
        List<ModelSlot> unchecked = board.current().slots().stream()
                .filter(slot -> slot.routes().stream().anyMatch(LoadLane::isUnchecked))
                .toList();
        boolean hasWork = queue.awaitWork(unchecked.isEmpty() ? MAX_WAIT : RECHECK);
        for (ModelSlot slot : hasWork ? List.<ModelSlot>of() : unchecked) {
            slot.routes().forEach(route -> contracts.checkAgain(slot.model(), route.served()));
        }
    }

    private static boolean isUnchecked(WeightedVersion route) {
        return route.served().featureContract().state() == FeatureContract.State.UNCHECKED;
    }

    /** Only when the service is ready and nothing waits. */
    private void rehearse() {
        if (states.isStarted() && !isRehearsed) {
            isRehearsed = true;
            rehearsal.run(() -> !isClosed && queue.length() == 0 && orders.isEmpty());
        }
    }

    private void carryOut() throws InterruptedException {
        for (LoadOrders.Order order = orders.poll(); order != null; order = orders.poll()) {
            try {
                if (order.isLoad()) {
                    load(order.model());
                } else {
                    unload(order.model());
                }
                order.done().complete(null);
            } catch (ServiceException e) {
                order.done().completeExceptionally(e);
            }
        }
    }

    private void load(String model) throws InterruptedException {
        Release release = known.get(model);
        if (release == null) {
            throw new ServiceException(Failure.notFound("model", shown(model), "a released model"));
        }
        unloaded.remove(model);
        apply(release);
        for (VersionStatus status : states.of(model)) {
            throw new ServiceException(Failure.unavailable(
                    "MODEL_LOAD_FAILED",
                    "model '%s' version %d: %s (expected: ready)".formatted(model, status.version(), status.failure()),
                    Duration.ofSeconds(30)));
        }
    }

    /** Calls in flight keep the slot they read; nothing new finds it. */
    private void unload(String model) {
        Release release = known.get(model);
        if (release == null) {
            throw new ServiceException(Failure.notFound("model", shown(model), "a released model"));
        }
        unloaded.add(model);
        ModelSlot slot = board.current().slot(model);
        // First what is said, then what is done: a model is never away without a word why.
        states.replace(
                model,
                release.routes().stream()
                        .map(route -> new VersionStatus(model, route.version(), route.digest(), VersionStatus.UNLOADED))
                        .toList());
        board.withdraw(model);
        windows.close(model);
        lastKnown.drop(model);
        forget(slot);
        forget(previous.remove(model));
        log.info("model unloaded by order model={}", model);
    }

    /** A version that a bulk stream holds keeps memory and meters until the stream ends. */
    private void forget(@Nullable ModelSlot slot) {
        if (slot != null) {
            slot.routes().forEach(route -> pins.forgotten(slot.model(), route.served()));
        }
    }

    private static String shown(String model) {
        return model.length() <= 63 ? model : model.substring(0, 63) + "...";
    }

    /** An order to unload holds until another one or a newer release: a registry that only says the same again does not lift it. */
    private boolean isHeldBack(Release release) {
        boolean isSame = release.equals(known.put(release.model(), release));
        if (isSame && unloaded.contains(release.model())) {
            return true;
        }
        unloaded.remove(release.model());
        return false;
    }

    private void apply(Release release) throws InterruptedException {
        if (isHeldBack(release)) {
            return;
        }
        ModelSlot current = board.current().slot(release.model());
        List<ServedVersion> ready = new ArrayList<>();
        List<ServedVersion> fresh = new ArrayList<>();
        showLoading(release);
        for (RoutedVersion route : release.routes()) {
            try {
                ServedVersion version = known(release.model(), current, route);
                if (version == null) {
                    version = loader.load(release.model(), route);
                    fresh.add(version);
                    contracts.check(release.model(), version, isRestoring);
                }
                FeatureContracts.requireTerms(release.terms(), version);
                ready.add(version);
                Fallbacks.require(release, ready);
            } catch (Throwable e) { // the lane outlives whatever one package does, a missing native library included
                if (Thread.interrupted()) {
                    throw (InterruptedException) new InterruptedException("closed while loading").initCause(e);
                }
                fresh.forEach(version -> version.meters().close());
                fail(release, route, e);
                return;
            }
        }
        publish(release, current, slot(release, current, ready));
    }

    /** Returns a version that is in memory, or null. */
    private @Nullable ServedVersion known(String model, @Nullable ModelSlot current, RoutedVersion route) {
        ServedVersion version = inMemory(current, route);
        if (version == null) {
            version = inMemory(previous.get(model), route);
        }
        return version == null ? pins.find(model, route.version(), route.digest()) : version;
    }

    private ModelSlot slot(Release release, @Nullable ModelSlot current, List<ServedVersion> ready) {
        List<WeightedVersion> parts = new ArrayList<>();
        for (int i = 0; i < ready.size(); i++) {
            RoutedVersion route = release.routes().get(i);
            parts.add(new WeightedVersion(ready.get(i), route.weight(), route.shadowPercent()));
        }
        ReleaseWindow window = windows.open(release.model(), release.revision(), ModelSlot.partsOf(parts));
        boolean isContinued = current != null
                && Objects.equals(current.terms().bands(), release.terms().bands());
        LastKnown known = lastKnown.open(release.model(), release.terms().ladder(), isContinued);
        return ModelSlot.of(release.model(), release.revision(), release.terms(), parts, window, known);
    }

    private static @Nullable ServedVersion inMemory(@Nullable ModelSlot slot, RoutedVersion route) {
        ServedVersion version = slot == null ? null : slot.version(route.version());
        return version != null && version.digest().equals(route.digest()) ? version : null;
    }

    private void showLoading(Release release) {
        states.replace(release.model(), statuses(release, null, ""));
    }

    /**
     * Returns what is said of the versions that a release asks for and that do not serve.
     *
     * @param failed the route at fault, of which it is said even though the version serves under the release before; null without one
     */
    private List<VersionStatus> statuses(Release release, @Nullable RoutedVersion failed, String cause) {
        ModelSlot current = board.current().slot(release.model());
        List<VersionStatus> statuses = new ArrayList<>();
        for (RoutedVersion route : release.routes()) {
            boolean isAtFault = route.equals(failed);
            if (isAtFault || inMemory(current, route) == null) {
                String waiting = failed == null
                        ? ""
                        : "release %d: waits for version %d".formatted(release.revision(), failed.version());
                statuses.add(new VersionStatus(
                        release.model(), route.version(), route.digest(), isAtFault ? cause : waiting));
            }
        }
        return statuses;
    }

    private void publish(Release release, @Nullable ModelSlot current, ModelSlot slot) {
        board.publish(slot);
        slot.routes().forEach(route -> pins.remembered(slot.model(), route.served()));
        states.replace(release.model(), List.of());
        backoffs.remove(release.model());
        boolean isChanged = !release.equals(served.put(release.model(), release));
        if (!isChanged) {
            return;
        }
        log.info(
                "release serves model={} revision={} routes={}",
                release.model(),
                release.revision(),
                release.routes().stream()
                        .map(route -> route.version() + ":" + route.weight())
                        .toList());
        remember(slot, current);
        try {
            store.writeReleases(served.values());
            store.prune(digestsOf(served.values()));
        } catch (IOException e) {
            log.error("serving, but a restart without the registry would serve the release before", e);
        }
    }

    /** Keeps the slot just replaced and takes the meters away of versions that fall out of memory. */
    private void remember(ModelSlot slot, @Nullable ModelSlot replaced) {
        if (replaced == null) {
            return;
        }
        ModelSlot forgotten = previous.put(slot.model(), replaced);
        if (forgotten != null) {
            for (WeightedVersion route : forgotten.routes()) {
                int version = route.served().version();
                if (slot.version(version) == null && replaced.version(version) == null) {
                    pins.forgotten(slot.model(), route.served());
                }
            }
        }
    }

    private static Set<String> digestsOf(Collection<Release> releases) {
        Set<String> digests = new HashSet<>();
        releases.forEach(release -> release.routes().forEach(route -> digests.add(route.digest())));
        return digests;
    }

    private void fail(Release release, RoutedVersion failed, Throwable error) {
        failures.increment();
        String cause = describe(error);
        log.error(
                "release not loaded, the one before keeps serving model={} revision={} version={} cause=\"{}\"",
                release.model(),
                release.revision(),
                failed.version(),
                cause,
                error instanceof ServiceException || error instanceof PackageException ? null : error);
        states.replace(
                release.model(), statuses(release, failed, "release %d: %s".formatted(release.revision(), cause)));
        if (error instanceof ServiceException || error instanceof IOException) {
            retryLater(release);
        }
    }

    private static String describe(Throwable error) {
        if (error instanceof ServiceException known) {
            return known.failure().reason() + ": " + known.failure().message();
        }
        if (error instanceof PackageException refused) {
            return refused.reason() + ": " + refused.getMessage();
        }
        return error.toString();
    }

    private void retryLater(Release release) {
        Duration pause = backoffs.computeIfAbsent(
                        release.model(), model -> new Backoff(Duration.ofSeconds(1), Duration.ofMinutes(1)))
                .next();
        queue.offerLater(release, pause);
    }

    @Override
    public void close() {
        isClosed = true;
        orders.close();
        lastKnown.close();
        thread.interrupt();
        try {
            thread.join(TimeUnit.SECONDS.toMillis(5));
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
