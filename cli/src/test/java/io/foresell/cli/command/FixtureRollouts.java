package io.foresell.cli.command;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.registry.v1.GateVerdict;
import io.foresell.proto.registry.v1.GetRolloutRequest;
import io.foresell.proto.registry.v1.GetRolloutResponse;
import io.foresell.proto.registry.v1.HoldRolloutRequest;
import io.foresell.proto.registry.v1.HoldRolloutResponse;
import io.foresell.proto.registry.v1.ListRolloutEventsRequest;
import io.foresell.proto.registry.v1.ListRolloutEventsResponse;
import io.foresell.proto.registry.v1.ListRolloutsRequest;
import io.foresell.proto.registry.v1.ListRolloutsResponse;
import io.foresell.proto.registry.v1.PlanRolloutRequest;
import io.foresell.proto.registry.v1.PlanRolloutResponse;
import io.foresell.proto.registry.v1.PromoteRolloutRequest;
import io.foresell.proto.registry.v1.PromoteRolloutResponse;
import io.foresell.proto.registry.v1.RollBackRolloutRequest;
import io.foresell.proto.registry.v1.RollBackRolloutResponse;
import io.foresell.proto.registry.v1.Rollout;
import io.foresell.proto.registry.v1.RolloutEvent;
import io.foresell.proto.registry.v1.RolloutPhase;
import io.foresell.proto.registry.v1.RolloutPlan;
import io.foresell.proto.registry.v1.RolloutServiceGrpc;
import io.foresell.proto.registry.v1.StartRolloutRequest;
import io.foresell.proto.registry.v1.StartRolloutResponse;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;

/** A rollout that goes one step on at every look. */
final class FixtureRollouts extends RolloutServiceGrpc.RolloutServiceImplBase {
    private final List<RolloutEvent> events = new ArrayList<>(); // guarded by this
    private Rollout rollout = Rollout.getDefaultInstance(); // guarded by this

    @Override
    public void planRollout(PlanRolloutRequest request, StreamObserver<PlanRolloutResponse> caller) {
        boolean isKnown = request.getPlan().getCandidate() <= 2;
        FixtureServer.answer(caller, () -> {
            PlanRolloutResponse.Builder response = PlanRolloutResponse.newBuilder()
                    .setIsFeasible(isKnown)
                    .setChampion(1)
                    .setPlan(request.getPlan());
            response.addStagesBuilder()
                    .setName("shadow")
                    .setAtLeastSeconds(600)
                    .setAtMostSeconds(7200)
                    .setRows(1000);
            response.addStagesBuilder()
                    .setName("step 5 %")
                    .setWeight(5)
                    .setAtLeastSeconds(60)
                    .setAtMostSeconds(259_200)
                    .setRows(500)
                    .setExpectedSeconds(840);
            response.addStagesBuilder().setName("promotion").setWeight(100);
            if (!isKnown) {
                response.addFindingsBuilder()
                        .setIsBlocking(true)
                        .setCheck("candidate")
                        .setSentence("version 9 does not exist (expected: 1..2)");
            }
            return response.build();
        });
    }

    @Override
    public synchronized void startRollout(StartRolloutRequest request, StreamObserver<StartRolloutResponse> caller) {
        rollout = standing(request.getPlan(), RolloutPhase.ROLLOUT_PHASE_SHADOW, "waits for sample: 10 of 1,000 rows");
        note(request.getActor(), "started", request.getReason());
        Rollout begun = rollout;
        FixtureServer.answer(
                caller,
                () -> StartRolloutResponse.newBuilder().setRollout(begun).build());
    }

    private void note(String actor, String action, String reason) {
        events.add(
                0,
                RolloutEvent.newBuilder()
                        .setSequence(events.size() + 1)
                        .setRolloutId("churn-1")
                        .setActor(actor)
                        .setAction(action)
                        .setReason(reason)
                        .addAllReplicas(rollout.getReplicasList())
                        .build());
    }

    private static Rollout standing(RolloutPlan plan, RolloutPhase phase, String why) {
        Rollout.Builder rollout = Rollout.newBuilder()
                .setId("churn-1")
                .setPlan(plan)
                .setChampion(1)
                .setPhase(phase)
                .setWhy(why);
        rollout.addGatesBuilder()
                .setGate("errors")
                .setVerdict(GateVerdict.GATE_VERDICT_PASS)
                .setSentence("0.00 % of 800 calls failed against 0.00 % of 15,000");
        rollout.addGatesBuilder()
                .setGate("sample")
                .setVerdict(GateVerdict.GATE_VERDICT_WAIT)
                .setSentence("10 of 1,000 rows");
        rollout.addReplicasBuilder()
                .setAddress("10.0.0.1:9003")
                .setIsReached(true)
                .setReleaseRevision(3)
                .setCandidateDigest("abcdef".repeat(10) + "abcd")
                .setIsServing(true);
        rollout.addVersionsBuilder()
                .setVersion(1)
                .setWeight(95)
                .setRowCount(15_000)
                .setMedianMillis(0.4);
        rollout.addVersionsBuilder().setVersion(2).setWeight(5).setRowCount(800).setSubjectCount(612);
        return rollout.build();
    }

    @Override
    public synchronized void getRollout(GetRolloutRequest request, StreamObserver<GetRolloutResponse> caller) {
        Rollout seen = rollout;
        rollout = switch (rollout.getPhase()) {
            case ROLLOUT_PHASE_SHADOW -> standing(rollout.getPlan(), RolloutPhase.ROLLOUT_PHASE_STEP, "waits for time");
            case ROLLOUT_PHASE_STEP -> standing(rollout.getPlan(), RolloutPhase.ROLLOUT_PHASE_PROMOTED, "all serve");
            default -> rollout;
        };
        if (rollout.getPhase() == RolloutPhase.ROLLOUT_PHASE_PROMOTED
                && seen.getPhase() == RolloutPhase.ROLLOUT_PHASE_STEP) {
            note("foresell-rollout", "promoted", "all serve");
        }
        FixtureServer.answer(caller, () -> {
            if (seen.getId().isEmpty()) {
                throw new ServiceException(Failure.notFound("rollout", request.getModel(), "a model with a rollout"));
            }
            return GetRolloutResponse.newBuilder().setRollout(seen).build();
        });
    }

    @Override
    public synchronized void listRollouts(ListRolloutsRequest request, StreamObserver<ListRolloutsResponse> caller) {
        Rollout seen = rollout;
        FixtureServer.answer(
                caller,
                () -> seen.getId().isEmpty()
                        ? ListRolloutsResponse.getDefaultInstance()
                        : ListRolloutsResponse.newBuilder().addRollouts(seen).build());
    }

    @Override
    public synchronized void promoteRollout(
            PromoteRolloutRequest request, StreamObserver<PromoteRolloutResponse> caller) {
        rollout = standing(rollout.getPlan(), RolloutPhase.ROLLOUT_PHASE_STEP, request.getReason());
        Rollout seen = rollout;
        FixtureServer.answer(
                caller,
                () -> PromoteRolloutResponse.newBuilder().setRollout(seen).build());
    }

    @Override
    public synchronized void rollBackRollout(
            RollBackRolloutRequest request, StreamObserver<RollBackRolloutResponse> caller) {
        rollout = standing(rollout.getPlan(), RolloutPhase.ROLLOUT_PHASE_ROLLED_BACK, request.getReason());
        Rollout seen = rollout;
        FixtureServer.answer(
                caller,
                () -> RollBackRolloutResponse.newBuilder().setRollout(seen).build());
    }

    @Override
    public synchronized void holdRollout(HoldRolloutRequest request, StreamObserver<HoldRolloutResponse> caller) {
        Rollout seen = rollout.toBuilder().setIsHeld(!request.getIsReleased()).build();
        rollout = seen;
        FixtureServer.answer(
                caller, () -> HoldRolloutResponse.newBuilder().setRollout(seen).build());
    }

    @Override
    public synchronized void listRolloutEvents(
            ListRolloutEventsRequest request, StreamObserver<ListRolloutEventsResponse> caller) {
        List<RolloutEvent> seen = List.copyOf(events);
        FixtureServer.answer(
                caller,
                () -> ListRolloutEventsResponse.newBuilder().addAllEvents(seen).build());
    }
}
