package io.foresell.training.rollout;

import io.foresell.training.rollout.gate.GateStanding;
import io.foresell.training.rollout.gate.ReplicaGate;
import io.foresell.training.rollout.gate.StageEvidence;
import io.foresell.training.rollout.gate.StageGates;
import io.foresell.training.rollout.gate.Verdict;
import io.foresell.training.rollout.observe.Ledger;
import io.foresell.training.rollout.observe.OutcomeTotals;
import io.foresell.training.rollout.observe.Outcomes;
import io.foresell.training.rollout.observe.ReplicaReport;
import io.foresell.training.rollout.observe.ShadowCounts;
import io.foresell.training.rollout.observe.VersionCounts;
import io.foresell.training.rollout.observe.WindowCounts;
import io.foresell.training.rollout.plan.Limits;
import io.foresell.training.rollout.plan.Reaction;
import io.foresell.training.rollout.plan.Stage;
import io.foresell.training.rollout.sequential.OutcomeBlock;
import io.foresell.training.rollout.sequential.OutcomeBlocks;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * What a rollout makes of one look at replicas and outcomes: adds to what it has seen, judges the gates and decides. Pure: the same rollout and
 * the same look give the same decision.
 *
 * @param reports of the replicas, under the release of the stage
 * @param outcomes null when they were not asked for
 * @param replayed recorded rows scored by both versions; null when that was not done at this look
 */
record Looking(
        List<ReplicaReport> reports, @Nullable AskedOutcomes outcomes, @Nullable ShadowCounts replayed, Instant now) {
    private static final String REPLAY = "replay"; // among the names of processes, which are hexadecimal

    /** What the prediction log said at an instant. */
    record AskedOutcomes(Outcomes.Answer outcomes, Outcomes.Answer labels, Instant at) {}

    /** What to do. */
    sealed interface Decision {
        /** Nothing but to remember what was seen. */
        record Stay() implements Decision {}

        /** Intend to set the release of a stage, or {@link Pending#ROLL_BACK}. */
        record Go(int target, String because) implements Decision {}

        /** Leave it to a person. */
        record Hold(String because) implements Decision {}

        /** The candidate took over. */
        record Done(String because) implements Decision {}
    }

    /** The rollout after the look, and what is to be done about it. */
    record Seen(Rollout rollout, Decision decision) {}

    Seen at(Rollout rollout) {
        Observation seen = withOutcomes(rollout, withReports(rollout.observation()));
        Stage stage = rollout.current();
        ReplicaGate replicas =
                new ReplicaGate(stage, rollout.releaseRevision(), rollout.plan().candidate(), rollout.digest());
        List<GateStanding> gates = new ArrayList<>();
        gates.add(replicas.judge(reports));
        if (stage.kind() != Stage.Kind.PROMOTION) {
            gates.add(time(rollout, stage));
            gates.addAll(StageGates.judge(new StageEvidence(
                    rollout.plan(),
                    rollout.stage(),
                    seen.ledger().total(),
                    seen.blocks(),
                    seen.outcomes(),
                    seen.labels())));
        }
        Observation judged = seen.withStandings(gates, replicas.standings(reports), now);
        Decision decision = decide(rollout, stage, gates);
        boolean isExplained = rollout.isHeld() || !(decision instanceof Decision.Stay);
        return new Seen(rollout.seen(judged, isExplained ? rollout.why() : waiting(gates)), decision);
    }

    /** Says whether recorded rows are among what was seen. */
    static boolean hasReplayed(Observation seen) {
        return seen.ledger().byInstance().containsKey(REPLAY)
                || !seen.ledger().gone().equals(WindowCounts.NONE); // then it may be among those added up
    }

    private Observation withReports(Observation before) {
        Ledger ledger = before.ledger();
        if (replayed != null && !hasReplayed(before)) {
            ledger = ledger.with(REPLAY, new WindowCounts(VersionCounts.NONE, VersionCounts.NONE, replayed));
        }
        for (ReplicaReport report : reports) {
            if (report.window().isPresent() && !report.instance().isEmpty()) {
                ledger = ledger.with(report.instance(), report.window().get());
            }
        }
        return before.withLedger(ledger);
    }

    private Observation withOutcomes(Rollout rollout, Observation before) {
        if (outcomes == null || !outcomes.at().isAfter(before.outcomesAt())) {
            return before;
        }
        Limits.Outcome limit = rollout.plan().limits().outcome();
        if (limit == null || !outcomes.outcomes().failure().isEmpty()) {
            // The totals stay: what comes next is counted from them.
            Outcomes.Answer kept = new Outcomes.Answer(
                    before.outcomes().champion(),
                    before.outcomes().candidate(),
                    outcomes.outcomes().failure());
            return before.withOutcomes(before.blocks(), kept, outcomes.labels(), outcomes.at());
        }
        OutcomeBlocks blocks = blocks(before, limit, outcomes.outcomes());
        return before.withOutcomes(blocks, outcomes.outcomes(), outcomes.labels(), outcomes.at());
    }

    /** Outcomes that were taken back spoil what was concluded from them: the test begins anew with those to come. */
    private static OutcomeBlocks blocks(Observation before, Limits.Outcome limit, Outcomes.Answer now) {
        Scaled candidate = Scaled.between(before.outcomes().candidate(), now.candidate(), limit);
        Scaled champion = Scaled.between(before.outcomes().champion(), now.champion(), limit);
        if (!candidate.isPossible() || !champion.isPossible()) {
            return OutcomeBlocks.NONE;
        }
        if (candidate.count() + champion.count() == 0) {
            return before.blocks();
        }
        return before.blocks()
                .plus(new OutcomeBlock(candidate.count(), candidate.sum(), champion.count(), champion.sum()));
    }

    /** Outcomes that came in between two looks, scaled to [0, 1], more being better. */
    private record Scaled(long count, double sum) {
        private static final double ROUNDING = 1e-6;

        static Scaled between(OutcomeTotals before, OutcomeTotals after, Limits.Outcome limit) {
            long count = after.count() - before.count();
            double width = limit.maximum() - limit.minimum();
            double sum = (after.count() * (after.mean() - limit.minimum())
                            - before.count() * (before.mean() - limit.minimum()))
                    / width;
            double better = limit.isHigherBetter() ? sum : count - sum;
            double slack = ROUNDING * Math.max(1, after.count());
            boolean isRounded = count >= 0 && better > -slack && better < count + slack;
            return new Scaled(count, isRounded ? Math.min((double) count, Math.max(0, better)) : Double.NaN);
        }

        boolean isPossible() {
            return count >= 0 && !Double.isNaN(sum);
        }
    }

    private GateStanding time(Rollout rollout, Stage stage) {
        Duration since = Duration.between(rollout.stageSince(), now);
        return new GateStanding(
                "time",
                since.compareTo(stage.atLeast()) >= 0 ? Verdict.PASS : Verdict.WAIT,
                "%s of at least %s".formatted(Spans.text(since), Spans.text(stage.atLeast())),
                Map.of("seconds", (double) since.toSeconds()));
    }

    private Decision decide(Rollout rollout, Stage stage, List<GateStanding> gates) {
        String failed = words(gates, Verdict.FAIL);
        if (!failed.isEmpty()) {
            return rollout.plan().onFailure() == Reaction.ROLL_BACK
                    ? new Decision.Go(Pending.ROLL_BACK, failed)
                    : rollout.isHeld() ? new Decision.Stay() : new Decision.Hold(failed);
        }
        if (rollout.isHeld()) {
            return new Decision.Stay();
        }
        if (gates.stream().allMatch(gate -> gate.verdict() == Verdict.PASS)) {
            return stage.kind() == Stage.Kind.PROMOTION
                    ? new Decision.Done(gates.get(0).sentence())
                    : new Decision.Go(rollout.stage() + 1, "all gates of the %s pass".formatted(stage.title()));
        }
        if (Duration.between(rollout.stageSince(), now).compareTo(stage.atMost()) > 0) {
            String late = "the %s was not passed in %s; %s"
                    .formatted(stage.title(), Spans.text(stage.atMost()), waiting(gates));
            return rollout.plan().onTimeout() == Reaction.ROLL_BACK
                    ? new Decision.Go(Pending.ROLL_BACK, late)
                    : new Decision.Hold(late);
        }
        return new Decision.Stay();
    }

    private static String waiting(List<GateStanding> gates) {
        String waits = words(gates, Verdict.WAIT);
        return waits.isEmpty() ? "all gates pass" : "waits for " + waits;
    }

    private static String words(List<GateStanding> gates, Verdict verdict) {
        return gates.stream()
                .filter(gate -> gate.verdict() == verdict)
                .map(gate -> "%s: %s".formatted(gate.gate(), gate.sentence()))
                .collect(Collectors.joining("; "));
    }
}
