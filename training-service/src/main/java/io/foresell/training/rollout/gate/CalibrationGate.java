package io.foresell.training.rollout.gate;

import io.foresell.training.rollout.observe.OutcomeTotals;
import io.foresell.training.rollout.plan.Limits;
import io.foresell.training.rollout.sequential.MeanBounds;
import java.util.Map;

/**
 * Compares the mean probability with the share of outcomes that are 1. Passes by what was measured, fails by bounds that hold at every look:
 * half of 1 plus outcome less probability lies in [0, 1] and has the mean 1/2 where predictions are calibrated in the large.
 */
final class CalibrationGate {
    private static final String NAME = "calibration";

    private CalibrationGate() {}

    static GateStanding judge(Limits.Bias limit, StageEvidence evidence) {
        if (!evidence.labels().failure().isEmpty()) {
            return new GateStanding(NAME, Verdict.WAIT, evidence.labels().failure());
        }
        OutcomeTotals totals = evidence.labels().candidate();
        long count = totals.count();
        double bias = totals.meanScore() - totals.mean();
        if (Math.abs(bias) > 1) {
            return new GateStanding(
                    NAME, Verdict.WAIT, "mean prediction less mean outcome %s (expected: -1..1)".formatted(bias));
        }
        MeanBounds half = MeanBounds.of((double) count, count * (1 - bias) / 2, evidence.alpha());
        double low = 1 - 2 * half.high();
        double high = 1 - 2 * half.low();
        Verdict verdict = Verdict.WAIT;
        if (low > limit.maxBias() || high < -limit.maxBias()) {
            verdict = Verdict.FAIL;
        } else if (count >= limit.outcomes() && Math.abs(bias) <= limit.maxBias()) {
            verdict = Verdict.PASS;
        }
        return new GateStanding(
                NAME,
                verdict,
                "mean prediction less mean outcome %s (surely %s to %s) of %,d of %,d outcomes, allowed %s either way"
                        .formatted(
                                Words.difference(bias),
                                Words.difference(low),
                                Words.difference(high),
                                count,
                                limit.outcomes(),
                                Words.number(limit.maxBias())),
                Map.of("bias", bias, "bias_low", low, "bias_high", high, "outcomes", (double) count));
    }
}
