package io.foresell.training.rollout.observe;

import java.util.Map;
import java.util.Optional;

/**
 * What one replica says about a model.
 *
 * @param address where it was asked
 * @param instance names its process; empty when it was not reached
 * @param failure why it was not reached; empty when it was
 * @param isRegistryConnected whether it would hear of a newer release
 * @param releaseRevision the revision in force there; 0 when none is
 * @param served the versions ready under that revision, by number
 * @param pendingFailures why versions asked for by a newer release failed to load, by number
 * @param window what it counted under the revision asked for; empty when that never served there
 */
public record ReplicaReport(
        String address,
        String instance,
        String failure,
        boolean isRegistryConnected,
        int releaseRevision,
        Map<Integer, Served> served,
        Map<Integer, String> pendingFailures,
        Optional<WindowCounts> window) {
    /** A version that serves: its digest, its weight and its share as a shadow, percent. */
    public record Served(String digest, int weight, int shadowPercent) {}

    public ReplicaReport {
        served = Map.copyOf(served);
        pendingFailures = Map.copyOf(pendingFailures);
    }

    /** Says that a replica did not answer. */
    public static ReplicaReport unreached(String address, String failure) {
        return new ReplicaReport(address, "", failure, false, 0, Map.of(), Map.of(), Optional.empty());
    }

    public boolean isReached() {
        return failure.isEmpty();
    }
}
