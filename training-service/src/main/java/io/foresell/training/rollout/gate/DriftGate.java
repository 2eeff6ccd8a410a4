package io.foresell.training.rollout.gate;

import io.foresell.training.rollout.plan.Limits;
import io.foresell.training.rollout.sequential.Histogram;
import io.foresell.training.rollout.sequential.HistogramDrift;
import java.util.Map;

/**
 * Compares the scores of both versions. Subjects are assigned by chance, so scores differ for no other reason than the versions; of a
 * shadow they are of the same rows. Passes by what was measured, fails by bounds that hold at every look.
 */
final class DriftGate {
    private static final int LEAST_ROWS = 200;

    private DriftGate() {}

    static GateStanding judge(Limits.Drift limit, StageEvidence evidence) {
        Histogram champion = evidence.isShadow()
                ? evidence.counts().shadow().championScores()
                : evidence.counts().champion().scores();
        Histogram candidate = evidence.isShadow()
                ? evidence.counts().shadow().candidateScores()
                : evidence.counts().candidate().scores();
        long fewest = Math.min(champion.total(), candidate.total());
        if (fewest == 0) {
            return new GateStanding("drift", Verdict.WAIT, "no scores of both versions yet");
        }
        HistogramDrift drift = HistogramDrift.of(champion, candidate, evidence.alpha());
        Verdict verdict = Verdict.WAIT;
        if (drift.indexLow() > limit.maxIndex() || drift.distanceLow() > limit.maxDistance()) {
            verdict = Verdict.FAIL;
        } else if (fewest >= LEAST_ROWS
                && drift.index() <= limit.maxIndex()
                && drift.distance() <= limit.maxDistance()) {
            verdict = Verdict.PASS;
        }
        String few = fewest < LEAST_ROWS ? "; %d rows of each are needed".formatted(LEAST_ROWS) : "";
        return new GateStanding(
                "drift",
                verdict,
                "%s; allowed PSI %s, distance %s%s"
                        .formatted(drift, Words.number(limit.maxIndex()), Words.number(limit.maxDistance()), few),
                Map.of(
                        "index", drift.index(),
                        "index_low", drift.indexLow(),
                        "distance", drift.distance(),
                        "distance_low", drift.distanceLow()));
    }
}
