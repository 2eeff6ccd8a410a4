package io.foresell.training;

import static io.foresell.training.TestService.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowable;

import com.google.protobuf.Duration;
import io.foresell.kit.Failure;
import io.foresell.proto.registry.v1.DegradationLadder;
import io.foresell.proto.registry.v1.DriftGate;
import io.foresell.proto.registry.v1.ErrorGate;
import io.foresell.proto.registry.v1.FlipGate;
import io.foresell.proto.registry.v1.GetRolloutRequest;
import io.foresell.proto.registry.v1.LatencyGate;
import io.foresell.proto.registry.v1.ListReleasesRequest;
import io.foresell.proto.registry.v1.ListRolloutEventsRequest;
import io.foresell.proto.registry.v1.OutcomeGate;
import io.foresell.proto.registry.v1.PlanRolloutRequest;
import io.foresell.proto.registry.v1.PlanRolloutResponse;
import io.foresell.proto.registry.v1.PromoteRolloutRequest;
import io.foresell.proto.registry.v1.Release;
import io.foresell.proto.registry.v1.ReplicaStanding;
import io.foresell.proto.registry.v1.RollBackRolloutRequest;
import io.foresell.proto.registry.v1.Rollout;
import io.foresell.proto.registry.v1.RolloutEvent;
import io.foresell.proto.registry.v1.RolloutGates;
import io.foresell.proto.registry.v1.RolloutPhase;
import io.foresell.proto.registry.v1.RolloutPlan;
import io.foresell.proto.registry.v1.RolloutServiceGrpc;
import io.foresell.proto.registry.v1.RolloutShadow;
import io.foresell.proto.registry.v1.RolloutStep;
import io.foresell.proto.registry.v1.Route;
import io.foresell.proto.registry.v1.SetReleaseRequest;
import io.foresell.proto.registry.v1.StartRolloutRequest;
import io.foresell.store.embedded.EmbeddedStore;
import io.grpc.Status;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.io.TempDir;

/** Rollouts over the wire: a real service on a real store that asks a replica on a real socket. */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
final class RolloutServiceTest {
    private static final Duration NONE = Duration.getDefaultInstance();

    private final EmbeddedStore store = EmbeddedStore.inMemory();
    private final FakeReplica replica = new FakeReplica();

    @TempDir
    static Path scratch;

    private TestService service;

    @BeforeAll
    void start() {
        service = new TestService(
                store.uri(),
                scratch,
                TestService.NO_TRAINER,
                Map.of("rollout.inference-targets", replica.address(), "rollout.interval", "100ms"));
        replica.releases = model -> releases(model).get(0);
    }

    @AfterAll
    void stop() {
        service.close();
        replica.close();
        store.close();
    }

    private List<Release> releases(String model) {
        return service.registry()
                .listReleases(ListReleasesRequest.newBuilder().setModel(model).build())
                .getReleasesList();
    }

    private RolloutServiceGrpc.RolloutServiceBlockingStub rollouts() {
        return RolloutServiceGrpc.newBlockingStub(service.channel).withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    private void publish(TestService on, String model) {
        for (int version = 1; version <= 2; version++) {
            String digest =
                    on.publish(model, TestPackages.sound(model, version)).getDigest();
            replica.digests.put("%s@%d".formatted(model, version), digest);
        }
        on.registry()
                .setRelease(SetReleaseRequest.newBuilder()
                        .setModel(model)
                        .addRoutes(Route.newBuilder().setVersion(1).setWeight(100))
                        .setActor("ann")
                        .build());
        replica.errors = 0;
        replica.degraded = 0;
        replica.champion = 1;
        replica.drift = 0;
        replica.isRefusing = false;
    }

    private static RolloutPlan plan(String model) {
        return RolloutPlan.newBuilder()
                .setModel(model)
                .setCandidate(2)
                .setShadow(RolloutShadow.newBuilder().setAtLeast(NONE))
                .addSteps(RolloutStep.newBuilder().setWeight(20).setAtLeast(NONE))
                .addSteps(RolloutStep.newBuilder().setWeight(50).setAtLeast(NONE))
                .setHoldOut(5)
                .setGates(RolloutGates.newBuilder()
                        .setErrors(ErrorGate.getDefaultInstance())
                        .setLatency(LatencyGate.getDefaultInstance())
                        .setDrift(DriftGate.getDefaultInstance())
                        .setFlips(FlipGate.getDefaultInstance()))
                .build();
    }

    private Rollout begin(RolloutPlan plan) {
        return rollouts()
                .startRollout(StartRolloutRequest.newBuilder()
                        .setPlan(plan)
                        .setActor("ann")
                        .setReason("better")
                        .build())
                .getRollout();
    }

    private Rollout await(String model, Predicate<Rollout> isThere) throws InterruptedException {
        Rollout rollout = Rollout.getDefaultInstance();
        for (int i = 0; i < 600; i++) {
            rollout = rollouts()
                    .getRollout(GetRolloutRequest.newBuilder().setModel(model).build())
                    .getRollout();
            if (isThere.test(rollout)) {
                return rollout;
            }
            Thread.sleep(50);
        }
        throw new AssertionError("still " + rollout);
    }

    private List<RolloutEvent> events(String model) {
        return rollouts()
                .listRolloutEvents(
                        ListRolloutEventsRequest.newBuilder().setModel(model).build())
                .getEventsList();
    }

    @Test
    void aGoodCandidateIsPromotedWithProof() throws Exception {
        publish(service, "good");
        begin(plan("good"));
        Rollout promoted = await("good", rollout -> rollout.getPhase() == RolloutPhase.ROLLOUT_PHASE_PROMOTED);
        assertThat(promoted.getReplicasList()).hasSize(1).allMatch(ReplicaStanding::getIsServing);
        List<RolloutEvent> events = events("good");
        assertThat(events)
                .extracting(RolloutEvent::getAction)
                .containsExactly("promoted", "promotion", "step 50 %", "step 20 %", "shadow", "started");
        assertThat(events.get(0).getReplicas(0).getCandidateDigest()).isEqualTo(replica.digests.get("good@2"));
        assertThat(events.get(2).getGatesList())
                .as("the evidence for step 50 %")
                .hasSizeGreaterThan(4);
        List<Release> releases = releases("good");
        assertThat(releases).hasSize(5);
        assertThat(releases.get(0).getRoutesList())
                .containsExactly(Route.newBuilder().setVersion(2).setWeight(100).build());
        assertThat(releases.get(0).hasHoldOut()).isFalse();
        assertThat(releases.get(1).getHoldOut().getPercent()).isEqualTo(5);
        assertThat(releases.get(3).getRoutes(1).getShadowPercent()).isEqualTo(100);
        assertThat(releases.get(2).getReason()).startsWith("[good-1.2] all gates of the shadow pass");
        assertRefused(Status.Code.FAILED_PRECONDITION, "ROLLOUT_ENDED", () -> rollouts()
                .promoteRollout(PromoteRolloutRequest.newBuilder()
                        .setModel("good")
                        .setActor("ann")
                        .setReason("more")
                        .build()));
    }

    @Test
    void whatDriftsErrsOrDoesNotLoadIsTakenBack() throws Exception {
        publish(service, "bad");
        replica.drift = 0.5;
        begin(plan("bad"));
        assertThat(rolledBack("bad").getWhy()).contains("drift").contains("surely");
        replica.drift = 0;
        replica.isRefusing = true;
        begin(plan("bad"));
        assertThat(rolledBack("bad").getWhy()).contains("replicas").contains("GOLDEN_ROWS_DIFFER");
        replica.isRefusing = false;
        replica.errors = 4_000;
        begin(plan("bad"));
        Rollout erring = rolledBack("bad");
        assertThat(erring.getWhy())
                .contains("errors: 20.0 % of 20,000 calls failed or were degraded against 0.00 % of 20,000");
        assertThat(erring.getId()).isEqualTo("bad-3");
        assertThat(releases("bad").get(0).getRoutesList())
                .containsExactly(Route.newBuilder().setVersion(1).setWeight(100).build());
    }

    /** Version 2 answers everybody; another one stands in for it. */
    private void releaseWithLadder(String model, int fallback) {
        service.registry()
                .setRelease(SetReleaseRequest.newBuilder()
                        .setModel(model)
                        .addRoutes(Route.newBuilder().setVersion(2).setWeight(100))
                        .addRoutes(Route.newBuilder().setVersion(fallback))
                        .setLadder(ladder(fallback))
                        .setActor("ann")
                        .build());
    }

    private static DegradationLadder ladder(int fallback) {
        return DegradationLadder.newBuilder()
                .setFallbackVersion(fallback)
                .setLastKnownMaxAge(Duration.newBuilder().setSeconds(600))
                .build();
    }

    @Test
    void theLadderStaysOverAllStagesAndWhatItAnswersIsNoSuccessOfTheCandidate() throws Exception {
        publish(service, "hurried");
        String third =
                service.publish("hurried", TestPackages.sound("hurried", 3)).getDigest();
        replica.digests.put("hurried@3", third);
        replica.champion = 2;
        RolloutPlan plan = plan("hurried").toBuilder().setCandidate(3).build();
        releaseWithLadder("hurried", 1);
        begin(plan);
        await("hurried", rollout -> rollout.getPhase() == RolloutPhase.ROLLOUT_PHASE_PROMOTED);
        List<Release> stages = releases("hurried").subList(0, 4);
        assertThat(stages).extracting(Release::getLadder).containsOnly(ladder(1));
        assertThat(stages.get(0).getRoutesList())
                .containsExactly(
                        Route.newBuilder().setVersion(1).build(),
                        Route.newBuilder().setVersion(3).setWeight(100).build());

        releaseWithLadder("hurried", 1);
        replica.degraded = 4_000;
        begin(plan);
        assertThat(rolledBack("hurried").getWhy())
                .contains("errors: 20.0 % of 20,000 calls failed or were degraded against 0.00 % of 20,000");
        assertThat(releases("hurried").get(0).getLadder()).isEqualTo(ladder(1));

        releaseWithLadder("hurried", 3);
        Throwable refused = catchThrowable(() -> begin(plan));
        assertThat(refused).hasMessageContaining("ladder: version 3 is the fallback of release");
    }

    private Rollout rolledBack(String model) throws InterruptedException {
        return await(model, rollout -> rollout.getPhase() == RolloutPhase.ROLLOUT_PHASE_ROLLED_BACK);
    }

    @Test
    void anotherPackageUnderTheSameNumberIsTakenBack() throws Exception {
        publish(service, "lonely");
        begin(plan("lonely").toBuilder()
                .setSteps(0, RolloutStep.newBuilder().setWeight(20))
                .build());
        await("lonely", rollout -> rollout.getPhase() == RolloutPhase.ROLLOUT_PHASE_STEP);
        replica.digests.put("lonely@2", "other");
        Rollout back = rolledBack("lonely");
        assertThat(back.getWhy()).contains("serves version 2 as other");

        assertThat(releases("lonely").get(0).getActor()).isEqualTo("foresell-rollout");
    }

    @Test
    void rollsBackWithInferenceAway() {
        String nobody;
        try (FakeReplica gone = new FakeReplica()) {
            nobody = gone.address();
        }
        try (EmbeddedStore own = EmbeddedStore.inMemory();
                TestService alone = new TestService(
                        own.uri(),
                        scratch,
                        TestService.NO_TRAINER,
                        Map.of("rollout.inference-targets", nobody, "rollout.interval", "10m"))) {
            publish(alone, "away");
            var stub = RolloutServiceGrpc.newBlockingStub(alone.channel).withDeadlineAfter(20, TimeUnit.SECONDS);
            PlanRolloutResponse plan = stub.planRollout(
                    PlanRolloutRequest.newBuilder().setPlan(plan("away")).build());
            assertThat(plan.getIsFeasible()).isTrue();
            assertThat(plan.getFindings(0).getSentence()).contains("not reached");
            stub.startRollout(StartRolloutRequest.newBuilder()
                    .setPlan(plan("away"))
                    .setActor("ann")
                    .build());
            Rollout rolledBack = stub.rollBackRollout(RollBackRolloutRequest.newBuilder()
                            .setModel("away")
                            .setActor("bob")
                            .setReason("at night")
                            .build())
                    .getRollout();
            assertThat(rolledBack.getPhase()).isEqualTo(RolloutPhase.ROLLOUT_PHASE_ROLLED_BACK);
            assertThat(rolledBack.getWhy()).isEqualTo("at night");
        }
    }

    @Test
    void aPlanSaysEverythingThatForbidsIt() {
        publish(service, "planned");
        RolloutPlan plan = plan("planned");
        PlanRolloutResponse feasible = rollouts()
                .planRollout(PlanRolloutRequest.newBuilder().setPlan(plan).build());
        assertThat(feasible.getIsFeasible()).isTrue();
        assertThat(feasible.getChampion()).isEqualTo(1);
        assertThat(feasible.getStagesList()).hasSize(4);
        assertThat(feasible.getPlan().getSteps(0).getRows())
                .as("defaults are filled in")
                .isEqualTo(1_000);
        assertThat(finding(plan.toBuilder().setModel("plannt").build())).contains("nearest: planned");
        assertThat(finding(plan.toBuilder().setCandidate(9).build()))
                .contains("version 9 does not exist (expected: 1..2)");
        assertThat(finding(plan.toBuilder().setCandidate(1).build())).contains("serves already");
        assertRefused(
                Status.Code.FAILED_PRECONDITION,
                "ROLLOUT_INFEASIBLE",
                () -> begin(plan.toBuilder().setCandidate(9).build()));
        assertThat(releases("planned")).as("nothing was done").hasSize(1);
        assertRefused(Status.Code.NOT_FOUND, "ROLLOUT_NOT_FOUND", () -> rollouts()
                .getRollout(GetRolloutRequest.newBuilder().setModel("planned").build()));
    }

    private String finding(RolloutPlan plan) {
        PlanRolloutResponse response = rollouts()
                .planRollout(PlanRolloutRequest.newBuilder().setPlan(plan).build());
        assertThat(response.getIsFeasible()).isFalse();
        return response.getFindings(0).getSentence();
    }

    @Test
    void everyFieldAtFaultIsNamed() {
        RolloutPlan plan = RolloutPlan.newBuilder()
                .setModel("No")
                .addSteps(RolloutStep.newBuilder().setWeight(50).setRows(-1))
                .addSteps(RolloutStep.newBuilder()
                        .setWeight(20)
                        .setAtLeast(Duration.newBuilder().setSeconds(60))
                        .setAtMost(Duration.newBuilder().setSeconds(5)))
                .setHoldOut(80)
                .setGates(RolloutGates.newBuilder()
                        .setErrors(ErrorGate.newBuilder().setMaxExcess(0))
                        .setFlips(FlipGate.getDefaultInstance())
                        .setOutcome(OutcomeGate.newBuilder().setMargin(2)))
                .setAlpha(0.9)
                .build();
        Failure failure = assertRefused(Status.Code.INVALID_ARGUMENT, "SPEC_INVALID", () -> begin(plan));
        assertThat(failure.violations())
                .extracting(Failure.FieldViolation::field)
                .containsExactlyInAnyOrder(
                        "model",
                        "candidate",
                        "steps[0].rows",
                        "steps[1].weight",
                        "steps[1].at_most",
                        "hold_out",
                        "gates.errors.max_excess",
                        "gates.flips",
                        "gates.outcome.margin",
                        "alpha");
    }
}
