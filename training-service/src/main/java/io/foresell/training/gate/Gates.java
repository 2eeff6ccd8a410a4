package io.foresell.training.gate;

import io.foresell.training.registry.GateResult;
import java.util.List;
import java.util.Optional;

/** The gates of a spec, in the order in which results are shown. Immutable. */
public record Gates(List<Gate> gates) {
    /** Asks nothing. */
    public static final Gates NONE = new Gates(List.of());

    public Gates {
        gates = List.copyOf(gates);
    }

    /** Returns the gate that compares with the champion; empty without one. */
    public Optional<ChampionGate> champion() {
        return gates.stream()
                .filter(ChampionGate.class::isInstance)
                .map(ChampionGate.class::cast)
                .findFirst();
    }

    /** Looks at every gate, also after one that failed. */
    public List<GateResult> judge(GateCase judged) {
        return gates.stream().map(gate -> gate.judge(judged)).toList();
    }
}
