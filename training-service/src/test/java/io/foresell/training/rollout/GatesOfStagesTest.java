package io.foresell.training.rollout;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.training.rollout.gate.GateStanding;
import io.foresell.training.rollout.gate.StageEvidence;
import io.foresell.training.rollout.gate.StageGates;
import io.foresell.training.rollout.gate.Verdict;
import io.foresell.training.rollout.observe.CoarseBins;
import io.foresell.training.rollout.observe.OutcomeTotals;
import io.foresell.training.rollout.observe.Outcomes;
import io.foresell.training.rollout.observe.ShadowCounts;
import io.foresell.training.rollout.observe.VersionCounts;
import io.foresell.training.rollout.observe.WindowCounts;
import io.foresell.training.rollout.plan.Limits;
import io.foresell.training.rollout.sequential.Histogram;
import io.foresell.training.rollout.sequential.OutcomeBlock;
import io.foresell.training.rollout.sequential.OutcomeBlocks;
import java.util.Arrays;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Each gate on evidence that is enough, too little, and against the candidate. */
final class GatesOfStagesTest {
    private static final Outcomes.Answer UNKNOWN = Outcomes.Answer.unknown("prediction log: away");
    private static final int SHADOW = 0;
    private static final int FIRST = 1;
    private static final int LAST = 2;

    private static GateStanding judge(
            Limits limits, int stage, WindowCounts counts, OutcomeBlocks blocks, Outcomes.Answer answer, String gate) {
        return StageGates.judge(new StageEvidence(Scenes.plan(limits), stage, counts, blocks, answer, answer)).stream()
                .filter(standing -> standing.gate().equals(gate))
                .findFirst()
                .orElseThrow();
    }

    private static Verdict verdict(Limits limits, int stage, WindowCounts counts, String gate) {
        return judge(limits, stage, counts, OutcomeBlocks.NONE, UNKNOWN, gate).verdict();
    }

    @Test
    void errorsPassByProofAndFailByProof() {
        Limits limits = Scenes.errors();
        assertThat(verdict(limits, FIRST, Scenes.counts(20_000, 0), "errors")).isEqualTo(Verdict.PASS);
        assertThat(verdict(limits, FIRST, Scenes.counts(200, 0), "errors"))
                .as("too few")
                .isEqualTo(Verdict.WAIT);
        assertThat(verdict(limits, FIRST, Scenes.counts(200, 60), "errors")).isEqualTo(Verdict.FAIL);
        assertThat(verdict(limits, FIRST, Scenes.counts(20_000, 200), "errors"))
                .as("at the limit")
                .isEqualTo(Verdict.WAIT);
        assertThat(verdict(limits, SHADOW, Scenes.counts(20_000, 0), "errors")).isEqualTo(Verdict.PASS);
        assertThat(verdict(limits, SHADOW, Scenes.counts(200, 60), "errors")).isEqualTo(Verdict.FAIL);
        assertThat(verdict(limits, FIRST, WindowCounts.NONE, "errors"))
                .as("nothing")
                .isEqualTo(Verdict.WAIT);
    }

    private static WindowCounts timed(int calls, double championMillis, double candidateMillis) {
        return new WindowCounts(
                new VersionCounts(calls, 0, calls, seconds(calls, championMillis), Histogram.EMPTY),
                new VersionCounts(calls, 0, calls, seconds(calls, candidateMillis), Histogram.EMPTY),
                ShadowCounts.NONE);
    }

    private static Histogram seconds(int calls, double millis) {
        Random random = new Random(calls);
        double[] values = new double[calls];
        Arrays.setAll(values, i -> millis / 1e3 * (0.5 + random.nextDouble()));
        return CoarseBins.SECONDS.ofValues(values);
    }

    @Test
    void latencyFailsOnlyByProof() {
        Limits limits = new Limits(null, new Limits.Latency(0.95, 1.5, 1), null, null, null, null);
        assertThat(verdict(limits, FIRST, timed(2_000, 4, 5), "latency")).isEqualTo(Verdict.PASS);
        assertThat(verdict(limits, FIRST, timed(2_000, 4, 9), "latency")).isEqualTo(Verdict.FAIL);
        assertThat(verdict(limits, FIRST, timed(20, 4, 9), "latency"))
                .as("too few")
                .isEqualTo(Verdict.WAIT);
        assertThat(verdict(limits, FIRST, timed(100, 4, 4), "latency"))
                .as("too few")
                .isEqualTo(Verdict.WAIT);
        assertThat(verdict(limits, FIRST, timed(2_000, 0.1, 0.5), "latency"))
                .as("below the floor")
                .isEqualTo(Verdict.PASS);
        assertThat(judge(limits, FIRST, timed(20, 4, 9), OutcomeBlocks.NONE, UNKNOWN, "latency")
                        .sentence())
                .startsWith("p95 ")
                .endsWith("200 calls of each are needed");
    }

    private static WindowCounts scored(int rows, double moved) {
        return new WindowCounts(
                new VersionCounts(rows, 0, rows, Histogram.EMPTY, Scenes.scores(rows, 0)),
                new VersionCounts(rows, 0, rows, Histogram.EMPTY, Scenes.scores(rows, moved)),
                new ShadowCounts(rows, 0, 0, 0, Scenes.scores(rows, 0), Scenes.scores(rows, moved)));
    }

    @Test
    void driftIsJudgedInShadowAndSteps() {
        Limits limits = new Limits(null, null, new Limits.Drift(0.25, 0.2), null, null, null);
        for (int stage : new int[] {SHADOW, FIRST}) {
            assertThat(verdict(limits, stage, scored(1_000, 0.02), "drift")).isEqualTo(Verdict.PASS);
            assertThat(verdict(limits, stage, scored(1_000, 0.5), "drift")).isEqualTo(Verdict.FAIL);
            assertThat(verdict(limits, stage, scored(20, 0), "drift")).isEqualTo(Verdict.WAIT);
            assertThat(verdict(limits, stage, WindowCounts.NONE, "drift")).isEqualTo(Verdict.WAIT);
        }
    }

    private static WindowCounts flipped(long rows, long flips) {
        return new WindowCounts(
                VersionCounts.NONE,
                VersionCounts.NONE,
                new ShadowCounts(rows, 0, 0, flips, Histogram.EMPTY, Histogram.EMPTY));
    }

    @Test
    void flipsAreLimitedOnCopies() {
        Limits limits = new Limits(null, null, null, new Limits.Flips(0.1), null, null);
        assertThat(verdict(limits, SHADOW, flipped(2_000, 80), "flips")).isEqualTo(Verdict.PASS);
        assertThat(verdict(limits, SHADOW, flipped(2_000, 400), "flips")).isEqualTo(Verdict.FAIL);
        assertThat(verdict(limits, SHADOW, flipped(30, 1), "flips")).isEqualTo(Verdict.WAIT);
    }

    private static Outcomes.Answer calibrated(long count, double meanScore, double mean) {
        return new Outcomes.Answer(OutcomeTotals.NONE, new OutcomeTotals(count, count, mean, meanScore), "");
    }

    @Test
    void calibrationComparesMeans() {
        Limits limits = new Limits(null, null, null, null, new Limits.Bias(0.05, 500), null);
        assertThat(calibration(limits, calibrated(2_000, 0.31, 0.3))).isEqualTo(Verdict.PASS);
        assertThat(calibration(limits, calibrated(100, 0.31, 0.3)))
                .as("too few")
                .isEqualTo(Verdict.WAIT);
        assertThat(calibration(limits, calibrated(3_000, 0.55, 0.3))).isEqualTo(Verdict.FAIL);
        assertThat(calibration(limits, calibrated(3_000, 0.05, 0.3))).isEqualTo(Verdict.FAIL);
        assertThat(calibration(limits, UNKNOWN)).isEqualTo(Verdict.WAIT);
    }

    private static Verdict calibration(Limits limits, Outcomes.Answer answer) {
        return judge(limits, FIRST, WindowCounts.NONE, OutcomeBlocks.NONE, answer, "calibration")
                .verdict();
    }

    private static OutcomeBlocks outcomes(int count, double candidate, double champion) {
        Random random = new Random(9);
        OutcomeBlocks blocks = OutcomeBlocks.NONE;
        for (int i = 0; i < count; i++) {
            boolean isCandidate = i % 2 == 0;
            double one = random.nextDouble() < (isCandidate ? candidate : champion) ? 1 : 0;
            blocks = blocks.plus(isCandidate ? new OutcomeBlock(1, one, 0, 0) : new OutcomeBlock(0, 0, 1, one));
        }
        return blocks;
    }

    private static GateStanding outcome(int stage, boolean isLastStepOnly, @Nullable OutcomeBlocks blocks) {
        Limits limits = new Limits(
                null, null, null, null, null, new Limits.Outcome("bought", true, 0.05, 0, 1, 500, isLastStepOnly));
        return blocks == null
                ? judge(limits, stage, WindowCounts.NONE, OutcomeBlocks.NONE, UNKNOWN, "outcome")
                : judge(limits, stage, WindowCounts.NONE, blocks, calibrated(1, 0, 0), "outcome");
    }

    @Test
    void outcomesPassWhenSurelyNotWorseAndFailWhenSurelyWorse() {
        assertThat(outcome(FIRST, false, outcomes(10_000, 0.2, 0.2)).verdict()).isEqualTo(Verdict.PASS);
        assertThat(outcome(FIRST, false, outcomes(800, 0.2, 0.2)).verdict()).isEqualTo(Verdict.WAIT);
        GateStanding worse = outcome(FIRST, false, outcomes(6_000, 0.12, 0.2));
        assertThat(worse.verdict()).isEqualTo(Verdict.FAIL);
        assertThat(worse.sentence()).endsWith("surely worse");
        assertThat(worse.numbers().get("lead_high")).isNegative();
        assertThat(outcome(FIRST, false, null).verdict()).isEqualTo(Verdict.WAIT);
        assertThat(outcome(FIRST, true, outcomes(40, 0.2, 0.2)).verdict())
                .as("asked later")
                .isEqualTo(Verdict.PASS);
        assertThat(outcome(LAST, true, outcomes(40, 0.2, 0.2)).verdict()).isEqualTo(Verdict.WAIT);
        assertThat(outcome(FIRST, true, outcomes(6_000, 0.12, 0.2)).verdict())
                .as("fails all the same")
                .isEqualTo(Verdict.FAIL);
    }
}
