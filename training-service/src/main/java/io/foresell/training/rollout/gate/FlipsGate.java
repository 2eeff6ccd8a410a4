package io.foresell.training.rollout.gate;

import io.foresell.training.rollout.observe.ShadowCounts;
import io.foresell.training.rollout.plan.Limits;
import io.foresell.training.rollout.sequential.MeanBounds;
import java.util.Map;

/** Limits the share of rows about which the versions decide differently, by bounds that hold at every look. */
final class FlipsGate {
    private FlipsGate() {}

    static GateStanding judge(Limits.Flips limit, StageEvidence evidence) {
        ShadowCounts shadow = evidence.counts().shadow();
        long rows = shadow.rowCount();
        MeanBounds share = MeanBounds.of(rows, shadow.flipCount(), evidence.alpha());
        Verdict verdict = share.low() > limit.maxShare()
                ? Verdict.FAIL
                : share.high() <= limit.maxShare() ? Verdict.PASS : Verdict.WAIT;
        return new GateStanding(
                "flips",
                verdict,
                "%,d of %,d rows decided differently: %s to %s, allowed %s"
                        .formatted(
                                shadow.flipCount(),
                                rows,
                                Words.share(share.low()),
                                Words.share(share.high()),
                                Words.share(limit.maxShare())),
                Map.of("flips", (double) shadow.flipCount(), "share_low", share.low(), "share_high", share.high()));
    }
}
