package io.foresell.inference.load;

import io.foresell.inference.fetch.Release;
import io.foresell.inference.fetch.RoutedVersion;
import io.foresell.inference.ladder.LastKnown;
import io.foresell.inference.ladder.LastKnownScores;
import io.foresell.inference.measure.ReleaseWindow;
import io.foresell.inference.measure.ReleaseWindows;
import io.foresell.inference.route.ModelSlot;
import io.foresell.inference.route.ParkedRelease;
import io.foresell.inference.route.PinnedVersions;
import io.foresell.inference.route.RouteBoard;
import io.foresell.inference.route.ServedVersion;
import io.foresell.inference.route.Usage;
import io.foresell.inference.route.WeightedVersion;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The releases in force, in memory or parked: the only writer of the board. Used by the load lane's thread. */
final class ServingReleases {
    private static final Logger log = LoggerFactory.getLogger(ServingReleases.class);

    private final RouteBoard board;
    private final PinnedVersions pins;
    private final ReleaseWindows windows;
    private final ReleaseJournal journal;
    private final VersionFacts facts;
    private final LastKnownScores lastKnown;
    private final Map<String, Release> served = new TreeMap<>(); // by model; at start what the disk says
    private final Map<String, ModelSlot> previous = new HashMap<>(); // kept in memory: a roll-back needs no load
    private final Map<String, Usage> usages = new HashMap<>(); // by model
    private final Map<String, Long> loadedNanos = new HashMap<>(); // by model in memory

    ServingReleases(
            RouteBoard board,
            PinnedVersions pins,
            ReleaseWindows windows,
            ReleaseJournal journal,
            VersionFacts facts,
            LastKnownScores lastKnown) {
        this.board = board;
        this.pins = pins;
        this.windows = windows;
        this.journal = journal;
        this.facts = facts;
        this.lastKnown = lastKnown;
    }

    /** Reads what served before the process started, and returns it, the model asked for last first. */
    List<Release> recall() {
        journal.read().forEach(release -> served.put(release.model(), release));
        usages.putAll(journal.readUsage(facts));
        usages.keySet().retainAll(served.keySet());
        facts.retain(ReleaseJournal.digestsOf(served.values()));
        return ReleaseJournal.byUsage(served.values(), usages);
    }

    /** Returns the release of a model that is in force, or was before the process started. */
    @Nullable
    Release of(String model) {
        return served.get(model);
    }

    /** Returns whether exactly this release is parked. */
    boolean isParked(Release release) {
        return board.current().parked(release.model()) != null && release.equals(served.get(release.model()));
    }

    Usage usage(String model) {
        return usages.computeIfAbsent(model, name -> new Usage(System.nanoTime()));
    }

    /** Returns when a model in memory was loaded, a time of {@link System#nanoTime}. */
    long loadedNanos(String model) {
        return loadedNanos.getOrDefault(model, System.nanoTime());
    }

    /** Returns the slots that a roll-back would publish again. */
    Collection<ModelSlot> previous() {
        return previous.values();
    }

    /** Returns a version that is in memory, or null. */
    @Nullable
    ServedVersion inMemory(String model, RoutedVersion route) {
        ServedVersion version = inMemory(board.current().slot(model), route);
        if (version == null) {
            version = inMemory(previous.get(model), route);
        }
        return version == null ? pins.find(model, route.version(), route.digest()) : version;
    }

    static @Nullable ServedVersion inMemory(@Nullable ModelSlot slot, RoutedVersion route) {
        ServedVersion version = slot == null ? null : slot.version(route.version());
        return version != null && version.digest().equals(route.digest()) ? version : null;
    }

    /** Puts a release in force whose versions are ready, in the order of its routes. */
    void publish(Release release, List<ServedVersion> ready) {
        ModelSlot current = board.current().slot(release.model());
        ModelSlot slot = slot(release, ready);
        board.publish(slot);
        slot.routes().forEach(route -> pins.remembered(slot.model(), route.served()));
        if (current == null || !isOfVersions(current, slot)) {
            loadedNanos.put(release.model(), System.nanoTime());
        }
        if (isNews(release)) {
            remember(slot, current);
            journal.write(served.values());
        }
    }

    private static boolean isOfVersions(ModelSlot current, ModelSlot slot) {
        return slot.routes().stream()
                .allMatch(route -> current.version(route.served().version()) == route.served());
    }

    private boolean isNews(Release release) {
        boolean isNews = !release.equals(served.put(release.model(), release));
        if (isNews) {
            facts.retain(ReleaseJournal.digestsOf(served.values()));
            log.info(
                    "release serves model={} revision={} routes={}",
                    release.model(),
                    release.revision(),
                    release.routes().stream()
                            .map(route -> route.version() + ":" + route.weight())
                            .toList());
        }
        return isNews;
    }

    private ModelSlot slot(Release release, List<ServedVersion> ready) {
        List<WeightedVersion> parts = new ArrayList<>();
        for (int i = 0; i < ready.size(); i++) {
            RoutedVersion route = release.routes().get(i);
            parts.add(new WeightedVersion(ready.get(i), route.weight(), route.shadowPercent()));
        }
        ReleaseWindow window = windows.open(release.model(), release.revision(), ModelSlot.partsOf(parts));
        Release before = served.get(release.model());
        boolean isContinued = before != null
                && Objects.equals(before.terms().bands(), release.terms().bands());
        LastKnown known = lastKnown.open(release.model(), release.terms().ladder(), isContinued);
        return ModelSlot.of(
                release.model(), release.revision(), release.terms(), parts, window, usage(release.model()), known);
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

    /** Lets go of what a roll-back of a model would publish again. */
    void forgetPrevious(String model) {
        ModelSlot forgotten = previous.remove(model);
        ModelSlot current = board.current().slot(model);
        for (WeightedVersion route : forgotten == null ? List.<WeightedVersion>of() : forgotten.routes()) {
            if (current == null || current.version(route.served().version()) != route.served()) {
                pins.forgotten(model, route.served());
            }
        }
    }

    /** Takes a model out of memory whose release stays in force. Calls in flight keep the slot they read. */
    void park(String model) {
        Release release = served.get(model);
        ModelSlot slot = board.current().slot(model);
        if (release == null || slot == null) {
            throw new IllegalStateException("not in memory: " + model);
        }
        slot.routes().forEach(route -> facts.learn(route.served()));
        forgetPrevious(model);
        board.park(parked(release));
        slot.routes().forEach(route -> pins.forgotten(model, route.served()));
        loadedNanos.remove(model);
        usage(model).parked();
        log.info("model parked model={} revision={} bytes={}", model, release.revision(), facts.memoryBytes(release));
    }

    /** Puts a release in force that is loaded when it is asked for, or says anew what is known of one that is parked. */
    void parkUnloaded(Release release) {
        board.park(parked(release));
        if (isNews(release)) {
            journal.writeLater();
        }
    }

    private ParkedRelease parked(Release release) {
        return new ParkedRelease(
                release.model(),
                release.revision(),
                release.terms(),
                release.routes().stream()
                        .map(route -> new ParkedRelease.Version(
                                route.version(),
                                route.weight(),
                                route.shadowPercent(),
                                route.digest(),
                                facts.contract(route)))
                        .toList(),
                facts.memoryBytes(release),
                facts.loadTime(release),
                usage(release.model()));
    }

    /** Takes a model out of service. Calls in flight keep the slot they read; nothing new finds it. */
    void withdraw(String model) {
        ModelSlot slot = board.current().slot(model);
        forgetPrevious(model);
        board.withdraw(model);
        windows.close(model);
        lastKnown.drop(model);
        loadedNanos.remove(model);
        if (slot != null) {
            slot.routes().forEach(route -> pins.forgotten(model, route.served()));
        }
    }

    /** Keeps what the next start needs to know; {@code isLast} when the process ends. */
    void keep(boolean isLast) {
        journal.catchUp(served.values());
        if (isLast) {
            board.current().slots().forEach(slot -> slot.routes().forEach(route -> facts.learn(route.served())));
            journal.writeUsage(usages, facts);
        } else {
            journal.keepUsage(usages, facts);
        }
    }
}
