package io.foresell.training.rollout.observe;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * What each process of inference counted in a stage. A replica that restarts counts anew under another name; what it had counted before
 * stays here. Bounded: the processes heard first are added up when there are more than {@value #MAX_INSTANCES}. Immutable.
 *
 * @param gone the sum over processes added up
 * @param byInstance the newest counts by process, in the order in which they were first heard
 */
public record Ledger(WindowCounts gone, Map<String, WindowCounts> byInstance) {
    private static final int MAX_INSTANCES = 64;

    /** Nothing was counted. */
    public static final Ledger NONE = new Ledger(WindowCounts.NONE, Map.of());

    public Ledger {
        byInstance = java.util.Collections.unmodifiableMap(new LinkedHashMap<>(byInstance));
    }

    /** Returns the ledger after a process said what it has counted so far; an answer that was overtaken changes nothing. */
    public Ledger with(String instance, WindowCounts counts) {
        WindowCounts before = byInstance.get(instance);
        if (before != null && counts.size() < before.size()) {
            return this;
        }
        Map<String, WindowCounts> more = new LinkedHashMap<>(byInstance);
        more.put(instance, counts);
        WindowCounts added = gone;
        if (more.size() > MAX_INSTANCES) {
            added = added.plus(more.remove(more.keySet().iterator().next()));
        }
        return new Ledger(added, more);
    }

    /** Returns the sum over all processes. */
    public WindowCounts total() {
        return byInstance.values().stream().reduce(gone, WindowCounts::plus);
    }
}
