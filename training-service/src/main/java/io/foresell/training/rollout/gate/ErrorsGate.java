package io.foresell.training.rollout.gate;

import io.foresell.training.rollout.observe.ShadowCounts;
import io.foresell.training.rollout.observe.VersionCounts;
import io.foresell.training.rollout.plan.Limits;
import io.foresell.training.rollout.sequential.DifferenceBounds;
import io.foresell.training.rollout.sequential.MeanBounds;
import java.util.Map;

/** Compares shares of failed and degraded calls by bounds that hold at every look, whatever the two have in common. */
final class ErrorsGate {
    private static final String NAME = "errors";

    private ErrorsGate() {}

    static GateStanding judge(Limits.Errors limit, StageEvidence evidence) {
        return evidence.isShadow()
                ? ofCopies(limit, evidence.counts().shadow(), evidence.alpha())
                : ofCalls(
                        limit, evidence.counts().candidate(), evidence.counts().champion(), evidence.alpha());
    }

    private static GateStanding ofCalls(
            Limits.Errors limit, VersionCounts candidate, VersionCounts champion, double alpha) {
        long calls = candidate.callCount() + candidate.errorCount();
        long championCalls = champion.callCount() + champion.errorCount();
        DifferenceBounds excess = DifferenceBounds.of(
                MeanBounds.of(calls, candidate.errorCount(), alpha / 2),
                MeanBounds.of(championCalls, champion.errorCount(), alpha / 2));
        String sentence = "%s of %,d calls failed or were degraded against %s of %,d; excess at most %s, allowed %s"
                .formatted(
                        share(candidate.errorCount(), calls),
                        calls,
                        share(champion.errorCount(), championCalls),
                        championCalls,
                        Words.share(excess.high()),
                        Words.share(limit.maxExcess()));
        return standing(limit, excess, sentence, candidate.errorCount(), calls);
    }

    /** The champion answered all of these rows. */
    private static GateStanding ofCopies(Limits.Errors limit, ShadowCounts shadow, double alpha) {
        long rows = shadow.rowCount() + shadow.errorCount();
        MeanBounds share = MeanBounds.of(rows, shadow.errorCount(), alpha);
        String sentence = "%s of %,d copied rows failed; at most %s, allowed %s"
                .formatted(
                        share(shadow.errorCount(), rows),
                        rows,
                        Words.share(share.high()),
                        Words.share(limit.maxExcess()));
        return standing(limit, new DifferenceBounds(share.low(), share.high()), sentence, shadow.errorCount(), rows);
    }

    private static GateStanding standing(
            Limits.Errors limit, DifferenceBounds excess, String sentence, long errors, long count) {
        Verdict verdict = excess.low() > limit.maxExcess()
                ? Verdict.FAIL
                : excess.high() <= limit.maxExcess() ? Verdict.PASS : Verdict.WAIT;
        return new GateStanding(
                NAME,
                verdict,
                verdict == Verdict.FAIL ? sentence + "; surely more, by " + Words.share(excess.low()) : sentence,
                Map.of(
                        "errors",
                        (double) errors,
                        "calls",
                        (double) count,
                        "excess_low",
                        excess.low(),
                        "excess_high",
                        excess.high()));
    }

    private static String share(long part, long whole) {
        return whole == 0 ? "none" : Words.share((double) part / whole);
    }
}
