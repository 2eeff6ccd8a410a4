package io.foresell.training.rollout.gate;

import io.foresell.training.rollout.plan.Limits;
import io.foresell.training.rollout.sequential.DifferenceBounds;
import io.foresell.training.rollout.sequential.DifferenceTest;
import io.foresell.training.rollout.sequential.OutcomeBlock;
import java.util.Map;

/**
 * Compares what came of it by a test that may be looked at at any time. Passes when the candidate surely is not worse by the margin, with
 * probability at most alpha of the plan that it is; fails when it surely is worse and has not passed.
 */
final class OutcomeGate {
    private static final String NAME = "outcome";

    private OutcomeGate() {}

    static GateStanding judge(Limits.Outcome limit, StageEvidence evidence) {
        if (!evidence.outcomes().failure().isEmpty()) {
            return new GateStanding(NAME, Verdict.WAIT, evidence.outcomes().failure());
        }
        double width = limit.maximum() - limit.minimum();
        OutcomeBlock total = evidence.blocks().total();
        DifferenceTest test = new DifferenceTest(evidence.blocks());
        double against = -Math.log(evidence.alpha());
        boolean isNotInferior = total.candidateCount() >= limit.outcomes()
                && test.logEvidenceAbove(-limit.margin() / width)
                        >= -Math.log(evidence.plan().alpha());
        boolean isWorse = test.logEvidenceBelow(0) >= against;
        boolean isAsked = !limit.isLastStepOnly() || evidence.plan().isLastBeforePromotion(evidence.stageIndex());
        Verdict verdict = isNotInferior ? Verdict.PASS : isWorse ? Verdict.FAIL : isAsked ? Verdict.WAIT : Verdict.PASS;
        DifferenceBounds bounds = test.bounds(evidence.alpha());
        double difference = width
                * (mean(total.candidateSum(), total.candidateCount())
                        - mean(total.championSum(), total.championCount()));
        double sign = limit.isHigherBetter() ? 1 : -1;
        return new GateStanding(
                NAME,
                verdict,
                sentence(limit, total, sign * difference, sign * width, bounds, verdict, isNotInferior),
                Map.of(
                        "candidate_outcomes",
                        (double) total.candidateCount(),
                        "champion_outcomes",
                        (double) total.championCount(),
                        "lead",
                        difference,
                        "lead_low",
                        width * bounds.low(),
                        "lead_high",
                        width * bounds.high(),
                        "evidence_worse",
                        Math.exp(Math.min(50, test.logEvidenceBelow(0)))));
    }

    private static String sentence(
            Limits.Outcome limit,
            OutcomeBlock total,
            double difference,
            double signedWidth,
            DifferenceBounds bounds,
            Verdict verdict,
            boolean isNotInferior) {
        double one = signedWidth * bounds.low();
        double other = signedWidth * bounds.high();
        String end =
                switch (verdict) {
                    case FAIL -> "surely worse";
                    case PASS -> isNotInferior
                            ? "surely not worse by " + Words.number(limit.margin())
                            : "asked in the last step only";
                    case WAIT -> "not yet surely within the margin of " + Words.number(limit.margin());
                };
        return "mean outcome of %,d (of %,d) less that of %,d of the champion %s (surely %s to %s); %s"
                .formatted(
                        total.candidateCount(),
                        limit.outcomes(),
                        total.championCount(),
                        Words.difference(difference),
                        Words.difference(Math.min(one, other)),
                        Words.difference(Math.max(one, other)),
                        end);
    }

    private static double mean(double sum, long count) {
        return count == 0 ? Double.NaN : sum / count;
    }
}
