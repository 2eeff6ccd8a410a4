package io.foresell.training.rollout.gate;

import io.foresell.training.rollout.plan.Limits;
import io.foresell.training.rollout.sequential.Histogram;
import io.foresell.training.rollout.sequential.QuantileBounds;
import java.util.Locale;
import java.util.Map;

/** Compares a quantile of the times of calls: passes by what was measured, fails by bounds that hold at every look. */
final class LatencyGate {
    private static final int LEAST_ABOVE = 10; // calls above the quantile, for an estimate worth the name

    private LatencyGate() {}

    static GateStanding judge(Limits.Latency limit, StageEvidence evidence) {
        Histogram candidate = evidence.counts().candidate().seconds();
        Histogram champion = evidence.counts().champion().seconds();
        double q = limit.quantile();
        double estimate = candidate.quantile(q);
        double allowed = Math.max(limit.maxRatio() * champion.quantile(q), limit.floorMillis() / 1_000);
        double surely = QuantileBounds.of(candidate, q, evidence.alpha() / 2).low();
        double championAtMost =
                QuantileBounds.of(champion, q, evidence.alpha() / 2).high();
        boolean isEnough =
                Math.min(candidate.total(), champion.total()) * (1 - q) >= LEAST_ABOVE - 1e-9; // rounding of 1 - q
        Verdict verdict = Verdict.WAIT;
        if (surely > limit.maxRatio() * championAtMost && surely > limit.floorMillis() / 1_000) {
            verdict = Verdict.FAIL;
        } else if (isEnough && estimate <= allowed) {
            verdict = Verdict.PASS;
        }
        return new GateStanding(
                "latency",
                verdict,
                sentence(limit, evidence, estimate, allowed, surely, isEnough),
                Map.of(
                        "candidate_seconds", estimate,
                        "champion_seconds", champion.quantile(q),
                        "allowed_seconds", allowed,
                        "surely_seconds", surely));
    }

    private static String sentence(
            Limits.Latency limit,
            StageEvidence evidence,
            double estimate,
            double allowed,
            double surely,
            boolean isEnough) {
        String few = isEnough
                ? ""
                : "; %.0f calls of each are needed".formatted(Math.ceil(LEAST_ABOVE / (1 - limit.quantile()) - 1e-6));
        return String.format(
                Locale.ROOT,
                "p%s %s (surely above %s) against %s, allowed %s%s",
                Words.number(limit.quantile() * 100).replaceAll("\\.?0+$", ""),
                Words.millis(estimate),
                Words.millis(surely),
                Words.millis(evidence.counts().champion().seconds().quantile(limit.quantile())),
                Words.millis(allowed),
                few);
    }
}
