package io.foresell.training.rollout.gate;

import io.foresell.training.rollout.observe.ShadowCounts;
import java.util.Map;

/** Passes when the candidate has scored enough rows. */
final class SampleGate {
    private SampleGate() {}

    static GateStanding judge(StageEvidence evidence) {
        ShadowCounts shadow = evidence.counts().shadow();
        long rows = evidence.isShadow()
                ? shadow.rowCount() + shadow.errorCount()
                : evidence.counts().candidate().rowCount();
        long needed = evidence.stage().rows();
        String dropped = evidence.isShadow() && shadow.droppedCount() > 0
                ? ", %,d copies dropped under load".formatted(shadow.droppedCount())
                : "";
        return new GateStanding(
                "sample",
                rows >= needed ? Verdict.PASS : Verdict.WAIT,
                "%,d of %,d rows%s".formatted(rows, needed, dropped),
                Map.of("rows", (double) rows, "needed", (double) needed));
    }
}
