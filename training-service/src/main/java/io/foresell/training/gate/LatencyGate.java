package io.foresell.training.gate;

import io.foresell.training.registry.GateResult;

/**
 * Holds when the scorer answers one row fast enough.
 *
 * @param maxP99Micros greatest 99th percentile, in microseconds
 */
public record LatencyGate(double maxP99Micros) implements Gate {
    @Override
    public GateResult judge(GateCase judged) {
        return new GateResult(
                "p99 of one row",
                judged.p99Micros() <= maxP99Micros,
                Words.number(judged.p99Micros()) + " us",
                "at most " + Words.number(maxP99Micros) + " us");
    }
}
