package io.foresell.training.rollout;

import io.foresell.training.rollout.gate.GateStanding;
import io.foresell.training.rollout.gate.ReplicaStanding;
import java.time.Instant;
import java.util.List;

/**
 * Something done to a rollout. Never changed.
 *
 * @param sequence counts the events of the model from 1
 * @param actor a person, or {@link Rollout#ITSELF}
 * @param action what was done, in words
 * @param releaseRevision the release it set; 0 when it set none
 * @param gates the evidence at that moment
 * @param replicas the replicas at that moment; of a promotion the proof
 */
public record RolloutEvent(
        int sequence,
        String rolloutId,
        Instant at,
        String actor,
        String action,
        String reason,
        int releaseRevision,
        List<GateStanding> gates,
        List<ReplicaStanding> replicas) {
    public RolloutEvent {
        gates = List.copyOf(gates);
        replicas = List.copyOf(replicas);
    }
}
