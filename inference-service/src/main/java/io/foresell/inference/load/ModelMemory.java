package io.foresell.inference.load;

import io.foresell.inference.load.MemoryPlan.Resident;
import io.foresell.inference.route.ModelSlot;
import io.foresell.inference.route.PinnedVersions;
import io.foresell.inference.route.RouteBoard;
import io.foresell.inference.route.ServedVersion;
import io.foresell.inference.route.Usage;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;

/**
 * Keeps what loaded versions take within a budget: models in force, versions that bulk streams hold, and, as long as there is room, what a
 * roll-back would publish again. Sums are taken anew each time, so that no count can drift. Used by the load lane's thread.
 */
final class ModelMemory {
    private static final int EARNED_LOADS = 10; // a model stays ten times as long as its load took, at least

    private final MemoryBudget budget;
    private final ServingReleases serving;
    private final RouteBoard board;
    private final PinnedVersions pins;
    private final Counter parkings;

    ModelMemory(
            MemoryBudget budget, ServingReleases serving, RouteBoard board, PinnedVersions pins, MeterRegistry meters) {
        this.budget = budget;
        this.serving = serving;
        this.board = board;
        this.pins = pins;
        this.parkings = Counter.builder("model_parkings")
                .description("Models that left memory for others; their calls wait for a load from disk")
                .register(meters);
        Gauge.builder("model_memory", budget, MemoryBudget::residentBytes)
                .description("What loaded models keep in memory, on the heap and beside it")
                .baseUnit("bytes")
                .register(meters);
        Gauge.builder("model_memory_budget", budget, MemoryBudget::bytes)
                .description("The most that loaded models may keep; 0 when they may keep any")
                .baseUnit("bytes")
                .register(meters);
        Gauge.builder("models_resident", board, each -> each.current().slots().size())
                .description("Models in memory")
                .register(meters);
        Gauge.builder("models_parked", board, each -> each.current().parked().size())
                .description("Models that the first call for them loads from disk")
                .register(meters);
    }

    /**
     * Plans room for versions of one model, in place of what it has in memory.
     *
     * @param ready those that are loaded
     * @param unloadedBytes of those that are not
     * @param isPatient whether models that were just loaded are left alone
     * @throws ServiceException FAILED_PRECONDITION when it is more than the whole budget
     */
    MemoryPlan plan(String model, Collection<ServedVersion> ready, long unloadedBytes, boolean isPatient) {
        if (!budget.isLimited()) {
            return new MemoryPlan(List.of(), 0);
        }
        Set<ServedVersion> wanted = identities();
        wanted.addAll(ready);
        requireSmaller(model, sum(wanted) + unloadedBytes);
        Set<ServedVersion> pinned = identities();
        pins.all().forEach(pin -> pinned.add(pin.served()));
        Set<ServedVersion> others = identities();
        others.addAll(pinned);
        List<Resident> residents = new ArrayList<>();
        for (ModelSlot slot : board.current().slots()) {
            if (!slot.model().equals(model)) {
                others.addAll(versionsOf(slot));
                residents.add(resident(slot, pinned));
            }
        }
        wanted.removeAll(others);
        long needed = sum(wanted) + unloadedBytes;
        return MemoryPlan.of(budget.bytes() - sum(others), needed, residents, System.nanoTime(), isPatient);
    }

    private void requireSmaller(String model, long bytes) {
        if (bytes > budget.bytes()) {
            throw new ServiceException(Failure.precondition(
                    "MODEL_LARGER_THAN_MEMORY",
                    "model '%s': %d bytes in memory, all versions of its release together (expected: at most %d, models.memory-budget)"
                            .formatted(model, bytes, budget.bytes())));
        }
    }

    private Resident resident(ModelSlot slot, Set<ServedVersion> pinned) {
        Set<ServedVersion> versions = versionsOf(slot);
        boolean isHeld = !slot.usage().isIdle() || !Collections.disjoint(versions, pinned);
        Duration load = versions.stream().map(ServedVersion::loadTime).reduce(Duration.ZERO, Duration::plus);
        long keptNanos = Math.max(
                budget.minResidence().toNanos(),
                budget.minResidence().isZero()
                        ? 0
                        : load.multipliedBy(EARNED_LOADS).toNanos());
        return new Resident(
                slot.model(),
                sum(versions),
                slot.usage().lastNanos(),
                serving.loadedNanos(slot.model()) + keptNanos,
                isHeld);
    }

    /** Parks what a plan says. What is kept for roll-backs goes first: it is not counted by plans. */
    void carryOut(MemoryPlan plan) {
        for (String model : plan.leaving()) {
            serving.park(model);
            parkings.increment();
        }
    }

    /** Lets go of what is kept for roll-backs until the budget holds, and says what is in memory. Call it after each change. */
    void settle() {
        long bytes = sum(resident());
        if (budget.isLimited() && bytes > budget.bytes()) {
            List<ModelSlot> kept = Usage.oldestFirst(serving.previous(), ModelSlot::usage);
            for (int i = 0; i < kept.size() && bytes > budget.bytes(); i++) {
                serving.forgetPrevious(kept.get(i).model());
                bytes = sum(resident());
            }
        }
        budget.holds(bytes);
    }

    private Set<ServedVersion> resident() {
        Set<ServedVersion> versions = identities();
        board.current().slots().forEach(slot -> versions.addAll(versionsOf(slot)));
        serving.previous().forEach(slot -> versions.addAll(versionsOf(slot)));
        pins.all().forEach(pin -> versions.add(pin.served()));
        return versions;
    }

    private static Set<ServedVersion> versionsOf(ModelSlot slot) {
        Set<ServedVersion> versions = identities();
        slot.routes().forEach(route -> versions.add(route.served()));
        return versions;
    }

    private static Set<ServedVersion> identities() {
        return Collections.newSetFromMap(new IdentityHashMap<>());
    }

    private static long sum(Set<ServedVersion> versions) {
        return versions.stream().mapToLong(ServedVersion::memoryBytes).sum();
    }
}
