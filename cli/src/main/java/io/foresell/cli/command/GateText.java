package io.foresell.cli.command;

import io.foresell.cli.terminal.Terminal;
import io.foresell.proto.registry.v1.Evaluation;
import io.foresell.proto.registry.v1.GateResult;
import io.foresell.proto.training.v1.CandidateResult;
import java.util.List;

/** How the outcomes of gates look: one line each. */
final class GateText {
    private final Terminal terminal;

    GateText(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Prints whether a version is eligible for release, and why; nothing without gates. */
    void version(boolean isEligible, List<GateResult> gates) {
        if (gates.isEmpty()) {
            return;
        }
        terminal.line("");
        terminal.line(terminal.bold("gates") + "  "
                + (isEligible ? terminal.green("eligible") : terminal.red("not eligible")));
        lines(gates);
    }

    private void lines(List<GateResult> gates) {
        for (GateResult gate : gates) {
            terminal.line("  %s  %s: %s (expected: %s)"
                    .formatted(
                            gate.getIsHeld() ? terminal.green("held  ") : terminal.red("failed"),
                            gate.getGate(),
                            gate.getValue(),
                            gate.getExpectation()));
        }
    }

    /** Prints what gates say of candidates that became versions, and how the others compare with the champion. */
    void candidates(List<CandidateResult> results) {
        for (CandidateResult result : results) {
            if (result.getGatesCount() > 0) {
                terminal.line("version %d (%s) is %s"
                        .formatted(
                                result.getVersion(),
                                result.getCandidate(),
                                result.getIsEligible()
                                        ? terminal.green("eligible")
                                        : terminal.red("not eligible for release")));
                lines(result.getGatesList());
            } else {
                champion(result.getEvaluation());
            }
        }
    }

    private void champion(Evaluation evaluation) {
        if (evaluation.hasChampion() && evaluation.getChampion().hasComparison()) {
            terminal.line(evaluation.getChampion().getComparison().getSentence());
        }
    }
}
