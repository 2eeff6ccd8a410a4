package io.foresell.training.gate;

import io.foresell.training.registry.GateResult;
import java.util.List;

/** Holds when no check of the training rows found what looks like a leak, but for what the spec accepts. */
public record NoLeaksGate() implements Gate {
    @Override
    public GateResult judge(GateCase judged) {
        List<String> leaks = judged.evaluation().getLeaksList();
        return new GateResult(
                "no leaks", leaks.isEmpty(), leaks.isEmpty() ? "none found" : String.join(" ", leaks), "none found");
    }
}
