package io.foresell.training.gate;

import io.foresell.training.registry.GateResult;
import java.util.List;

/** Holds when no check of the training rows found what looks like a leak. */
public record NoLeaksGate() implements Gate {
    /** Begins or ends the sentences of checks that found a leak; see {@code TrainingSetChecks}. */
    private static final List<String> SIGNS = List.of("nearly decides the label", "leak");

    @Override
    public GateResult judge(GateCase judged) {
        List<String> leaks = judged.evaluation().getWarningsList().stream()
                .filter(warning -> SIGNS.stream().anyMatch(warning::contains))
                .toList();
        return new GateResult(
                "no leaks", leaks.isEmpty(), leaks.isEmpty() ? "none found" : String.join(" ", leaks), "none found");
    }
}
