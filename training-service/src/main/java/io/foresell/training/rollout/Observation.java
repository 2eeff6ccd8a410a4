package io.foresell.training.rollout;

import io.foresell.training.rollout.gate.GateStanding;
import io.foresell.training.rollout.gate.ReplicaStanding;
import io.foresell.training.rollout.observe.Ledger;
import io.foresell.training.rollout.observe.Outcomes;
import io.foresell.training.rollout.sequential.OutcomeBlocks;
import java.time.Instant;
import java.util.List;

/**
 * What has been seen in a stage.
 *
 * @param outcomes the last answer about the outcome of the plan's gate
 * @param labels the last answer about labels
 * @param outcomesAt when these were asked for; the epoch when never
 * @param lookedAt when replicas were last asked; the epoch when never
 */
public record Observation(
        Ledger ledger,
        OutcomeBlocks blocks,
        Outcomes.Answer outcomes,
        Outcomes.Answer labels,
        Instant outcomesAt,
        List<GateStanding> gates,
        List<ReplicaStanding> replicas,
        Instant lookedAt) {
    private static final Outcomes.Answer NOT_ASKED = Outcomes.Answer.unknown("outcomes were not read yet");

    /** Nothing has been seen. */
    public static final Observation NONE = new Observation(
            Ledger.NONE, OutcomeBlocks.NONE, NOT_ASKED, NOT_ASKED, Instant.EPOCH, List.of(), List.of(), Instant.EPOCH);

    public Observation {
        gates = List.copyOf(gates);
        replicas = List.copyOf(replicas);
    }

    Observation withStandings(List<GateStanding> newGates, List<ReplicaStanding> newReplicas, Instant now) {
        return new Observation(ledger, blocks, outcomes, labels, outcomesAt, newGates, newReplicas, now);
    }

    Observation withLedger(Ledger newLedger) {
        return new Observation(newLedger, blocks, outcomes, labels, outcomesAt, gates, replicas, lookedAt);
    }

    Observation withOutcomes(
            OutcomeBlocks newBlocks, Outcomes.Answer newOutcomes, Outcomes.Answer newLabels, Instant at) {
        return new Observation(ledger, newBlocks, newOutcomes, newLabels, at, gates, replicas, lookedAt);
    }
}
