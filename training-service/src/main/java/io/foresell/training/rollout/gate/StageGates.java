package io.foresell.training.rollout.gate;

import io.foresell.training.rollout.plan.Limits;
import io.foresell.training.rollout.plan.Stage;
import java.util.ArrayList;
import java.util.List;

/** The gates of a stage that look at traffic and outcomes, in the order in which they are shown. */
public final class StageGates {
    private StageGates() {}

    /**
     * Looks at every gate of a shadow or a step, also after one that failed. Copies tell nothing about the time of calls and change no
     * outcome, so a shadow is judged by errors, drift and flips alone.
     */
    public static List<GateStanding> judge(StageEvidence evidence) {
        Limits limits = evidence.plan().limits();
        List<GateStanding> standings = new ArrayList<>();
        standings.add(SampleGate.judge(evidence));
        if (limits.errors() != null) {
            standings.add(ErrorsGate.judge(limits.errors(), evidence));
        }
        if (limits.latency() != null && !evidence.isShadow()) {
            standings.add(LatencyGate.judge(limits.latency(), evidence));
        }
        if (limits.drift() != null) {
            standings.add(DriftGate.judge(limits.drift(), evidence));
        }
        if (limits.flips() != null && evidence.isShadow()) {
            standings.add(FlipsGate.judge(limits.flips(), evidence));
        }
        if (limits.calibration() != null && evidence.stage().kind() == Stage.Kind.STEP) {
            standings.add(CalibrationGate.judge(limits.calibration(), evidence));
        }
        if (limits.outcome() != null && evidence.stage().kind() == Stage.Kind.STEP) {
            standings.add(OutcomeGate.judge(limits.outcome(), evidence));
        }
        return standings;
    }
}
