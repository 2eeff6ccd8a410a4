package io.foresell.inference.load;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * Which models leave memory so that another one fits: those asked for longest ago, and of them none that is not needed. Pure.
 *
 * @param leaving models to park, least recently asked for first; empty when there is room, or never will be by this plan
 * @param waitNanos 0 when the plan can be carried out now; else when it is worth to ask again
 */
record MemoryPlan(List<String> leaving, long waitNanos) {
    private static final long ASK_AGAIN_NANOS = 20_000_000; // calls in flight end without a word

    MemoryPlan {
        leaving = List.copyOf(leaving);
    }

    /**
     * A model in memory.
     *
     * @param bytes that its leaving frees
     * @param lastNanos when it was asked for last
     * @param keptUntilNanos before this it has hardly earned its load
     * @param isHeld whether calls in flight or bulk streams hold it
     */
    record Resident(String model, long bytes, long lastNanos, long keptUntilNanos, boolean isHeld) {}

    boolean isPossible() {
        return waitNanos == 0;
    }

    /**
     * Plans.
     *
     * @param freeBytes of the budget; may be negative
     * @param isPatient whether those that have hardly earned their load are left alone
     */
    static MemoryPlan of(long freeBytes, long neededBytes, List<Resident> residents, long nowNanos, boolean isPatient) {
        List<Resident> candidates = residents.stream()
                .filter(resident -> !resident.isHeld())
                .filter(resident -> !isPatient || resident.keptUntilNanos() - nowNanos <= 0)
                .sorted(Comparator.comparingLong((Resident resident) -> resident.lastNanos() - nowNanos)
                        .thenComparing(Resident::model))
                .toList();
        List<Resident> leaving = new ArrayList<>();
        long free = freeBytes;
        for (Resident candidate : candidates) {
            if (free >= neededBytes) {
                break;
            }
            leaving.add(candidate);
            free += candidate.bytes();
        }
        if (free < neededBytes) {
            return new MemoryPlan(List.of(), untilRoom(freeBytes, neededBytes, residents, nowNanos));
        }
        for (int i = leaving.size() - 1; i >= 0; i--) { // a great one that came late may make earlier ones needless
            if (free - leaving.get(i).bytes() >= neededBytes) {
                free -= leaving.remove(i).bytes();
            }
        }
        return new MemoryPlan(leaving.stream().map(Resident::model).toList(), 0);
    }

    /** Returns when enough of them will have earned their load; soon when only calls in flight are in the way. */
    private static long untilRoom(long freeBytes, long neededBytes, List<Resident> residents, long nowNanos) {
        long free = freeBytes;
        List<Resident> byTime = residents.stream()
                .filter(resident -> !resident.isHeld())
                .sorted(Comparator.comparingLong(resident -> resident.keptUntilNanos() - nowNanos))
                .toList();
        for (Resident resident : byTime) {
            free += resident.bytes();
            if (free >= neededBytes) {
                return Math.max(ASK_AGAIN_NANOS, resident.keptUntilNanos() - nowNanos);
            }
        }
        return ASK_AGAIN_NANOS;
    }
}
