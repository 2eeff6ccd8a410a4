package io.foresell.training.gate;

import io.foresell.training.registry.GateResult;

/** One thing that a version must reach. Immutable. */
public sealed interface Gate permits ChampionGate, MetricGate, NoLeaksGate, LatencyGate {
    /** Looks whether the gate holds. */
    GateResult judge(GateCase judged);
}
