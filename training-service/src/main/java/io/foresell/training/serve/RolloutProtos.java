package io.foresell.training.serve;

import io.foresell.proto.registry.v1.GateStanding;
import io.foresell.proto.registry.v1.GateVerdict;
import io.foresell.proto.registry.v1.PlanRolloutResponse;
import io.foresell.proto.registry.v1.ReplicaStanding;
import io.foresell.proto.registry.v1.Rollout;
import io.foresell.proto.registry.v1.RolloutEvent;
import io.foresell.proto.registry.v1.RolloutPhase;
import io.foresell.proto.registry.v1.VersionStanding;
import io.foresell.training.rollout.Observation;
import io.foresell.training.rollout.Phase;
import io.foresell.training.rollout.PlanReview;
import io.foresell.training.rollout.observe.OutcomeTotals;
import io.foresell.training.rollout.observe.ShadowCounts;
import io.foresell.training.rollout.observe.VersionCounts;
import io.foresell.training.rollout.observe.WindowCounts;
import io.foresell.training.rollout.plan.Stage;
import java.time.Instant;
import java.util.List;

/** The messages of rollouts. */
final class RolloutProtos {
    private RolloutProtos() {}

    static Rollout ofRollout(io.foresell.training.rollout.Rollout rollout, String lookFailure) {
        Instant endedAt = rollout.endedAt();
        Observation seen = rollout.observation();
        boolean hasShadow = rollout.plan().stages().get(0).kind() == Stage.Kind.SHADOW;
        boolean isStep = rollout.stage() >= 0
                && rollout.plan().stages().get(rollout.stage()).kind() == Stage.Kind.STEP;
        Rollout.Builder message = Rollout.newBuilder()
                .setId(rollout.id())
                .setPlan(RolloutPlanProtos.ofPlan(rollout.plan()))
                .setChampion(rollout.champion())
                .setPhase(ofPhase(rollout.phase()))
                .setStep(isStep ? rollout.stage() - (hasShadow ? 1 : 0) : 0)
                .setIsHeld(rollout.isHeld())
                .setWhy(rollout.why())
                .setPreviousRevision(rollout.previousRevision())
                .setReleaseRevision(rollout.releaseRevision())
                .setStartedAtMillis(rollout.startedAt().toEpochMilli())
                .setStepSinceMillis(rollout.stageSince().toEpochMilli())
                .setEndedAtMillis(endedAt == null ? 0 : endedAt.toEpochMilli())
                .setActor(rollout.actor())
                .setReason(rollout.reason())
                .addAllGates(ofGates(seen.gates()))
                .addAllReplicas(ofReplicas(seen.replicas()))
                .setLookedAtMillis(seen.lookedAt().toEpochMilli())
                .setLookFailure(lookFailure);
        if (rollout.stage() >= 0) {
            addVersions(message, rollout, rollout.plan().stages().get(rollout.stage()));
        }
        return message.build();
    }

    private static void addVersions(
            Rollout.Builder message, io.foresell.training.rollout.Rollout rollout, Stage stage) {
        WindowCounts counts = rollout.observation().ledger().total();
        boolean isShadow = stage.kind() == Stage.Kind.SHADOW;
        message.addVersions(version(
                rollout.champion(),
                100 - stage.weight(),
                counts.champion(),
                totals(rollout, rollout.observation().labels().champion(), true)));
        if (isShadow) {
            ShadowCounts shadow = counts.shadow();
            message.addVersions(VersionStanding.newBuilder()
                    .setVersion(rollout.plan().candidate())
                    .setIsShadow(true)
                    .setRowCount(shadow.rowCount())
                    .setErrorCount(shadow.errorCount()));
        } else {
            message.addVersions(version(
                    rollout.plan().candidate(),
                    stage.weight(),
                    counts.candidate(),
                    totals(rollout, rollout.observation().labels().candidate(), false)));
        }
    }

    /** Outcomes are those of the outcome gate where there is one; subjects are known by either answer. */
    private static OutcomeTotals totals(
            io.foresell.training.rollout.Rollout rollout, OutcomeTotals labels, boolean isChampion) {
        if (rollout.plan().limits().outcome() == null) {
            return labels;
        }
        var outcomes = rollout.observation().outcomes();
        return isChampion ? outcomes.champion() : outcomes.candidate();
    }

    private static VersionStanding version(int version, int weight, VersionCounts counts, OutcomeTotals totals) {
        VersionStanding.Builder message = VersionStanding.newBuilder()
                .setVersion(version)
                .setWeight(weight)
                .setRowCount(counts.rowCount())
                .setErrorCount(counts.errorCount())
                .setOutcomeCount(totals.count());
        if (counts.seconds().total() > 0) {
            message.setMedianMillis(1_000 * counts.seconds().quantile(0.5))
                    .setP95Millis(1_000 * counts.seconds().quantile(0.95));
        }
        if (totals.count() > 0) {
            message.setOutcomeMean(totals.mean());
        }
        if (totals.subjectCount() > 0) {
            message.setSubjectCount(totals.subjectCount());
        }
        return message.build();
    }

    private static RolloutPhase ofPhase(Phase phase) {
        return switch (phase) {
            case PLANNED -> RolloutPhase.ROLLOUT_PHASE_PLANNED;
            case SHADOW -> RolloutPhase.ROLLOUT_PHASE_SHADOW;
            case STEP -> RolloutPhase.ROLLOUT_PHASE_STEP;
            case PROMOTING -> RolloutPhase.ROLLOUT_PHASE_PROMOTING;
            case PROMOTED -> RolloutPhase.ROLLOUT_PHASE_PROMOTED;
            case ROLLED_BACK -> RolloutPhase.ROLLOUT_PHASE_ROLLED_BACK;
            case SUPERSEDED -> RolloutPhase.ROLLOUT_PHASE_SUPERSEDED;
        };
    }

    private static List<GateStanding> ofGates(List<io.foresell.training.rollout.gate.GateStanding> gates) {
        return gates.stream()
                .map(gate -> GateStanding.newBuilder()
                        .setGate(gate.gate())
                        .setVerdict(
                                switch (gate.verdict()) {
                                    case PASS -> GateVerdict.GATE_VERDICT_PASS;
                                    case WAIT -> GateVerdict.GATE_VERDICT_WAIT;
                                    case FAIL -> GateVerdict.GATE_VERDICT_FAIL;
                                })
                        .setSentence(gate.sentence())
                        .putAllNumbers(gate.numbers())
                        .build())
                .toList();
    }

    private static List<ReplicaStanding> ofReplicas(List<io.foresell.training.rollout.gate.ReplicaStanding> replicas) {
        return replicas.stream()
                .map(replica -> ReplicaStanding.newBuilder()
                        .setAddress(replica.address())
                        .setInstance(replica.instance())
                        .setIsReached(replica.isReached())
                        .setReleaseRevision(replica.releaseRevision())
                        .setCandidateDigest(replica.candidateDigest())
                        .setIsServing(replica.isServing())
                        .setRemark(replica.remark())
                        .build())
                .toList();
    }

    static RolloutEvent ofEvent(io.foresell.training.rollout.RolloutEvent event) {
        return RolloutEvent.newBuilder()
                .setSequence(event.sequence())
                .setRolloutId(event.rolloutId())
                .setAtMillis(event.at().toEpochMilli())
                .setActor(event.actor())
                .setAction(event.action())
                .setReason(event.reason())
                .setReleaseRevision(event.releaseRevision())
                .addAllGates(ofGates(event.gates()))
                .addAllReplicas(ofReplicas(event.replicas()))
                .build();
    }

    static PlanRolloutResponse ofReview(PlanReview review) {
        PlanRolloutResponse.Builder message = PlanRolloutResponse.newBuilder()
                .setIsFeasible(review.isFeasible())
                .setChampion(review.champion())
                .setPlan(RolloutPlanProtos.ofPlan(review.plan()));
        for (int i = 0; i < review.plan().stages().size(); i++) {
            Stage stage = review.plan().stages().get(i);
            var planned = message.addStagesBuilder()
                    .setName(stage.title())
                    .setWeight(stage.weight())
                    .setAtLeastSeconds(stage.atLeast().toMillis() / 1e3)
                    .setAtMostSeconds(
                            stage.kind() == Stage.Kind.PROMOTION
                                    ? 0
                                    : stage.atMost().toMillis() / 1e3)
                    .setRows(stage.rows());
            if (i < review.stages().size()
                    && Double.isFinite(review.stages().get(i).expectedSeconds())) {
                planned.setExpectedSeconds(review.stages().get(i).expectedSeconds());
            }
        }
        review.findings().forEach(finding -> message.addFindingsBuilder()
                .setIsBlocking(finding.isBlocking())
                .setCheck(finding.check())
                .setSentence(finding.sentence()));
        return message.build();
    }
}
