package io.foresell.training.serve;

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
import io.foresell.proto.registry.v1.RolloutServiceGrpc;
import io.foresell.proto.registry.v1.StartRolloutRequest;
import io.foresell.proto.registry.v1.StartRolloutResponse;
import io.foresell.training.rollout.Rollouts;
import io.grpc.stub.StreamObserver;

/** Rollouts on the wire. Handlers may block. */
public final class RolloutEdge extends RolloutServiceGrpc.RolloutServiceImplBase {
    private final Rollouts rollouts;

    public RolloutEdge(Rollouts rollouts) {
        this.rollouts = rollouts;
    }

    @Override
    public void planRollout(PlanRolloutRequest request, StreamObserver<PlanRolloutResponse> caller) {
        Answers.unary(
                caller, () -> RolloutProtos.ofReview(rollouts.review(RolloutPlanProtos.toPlan(request.getPlan()))));
    }

    @Override
    public void startRollout(StartRolloutRequest request, StreamObserver<StartRolloutResponse> caller) {
        Answers.unary(caller, () -> StartRolloutResponse.newBuilder()
                .setRollout(message(rollouts.start(
                        RolloutPlanProtos.toPlan(request.getPlan()), request.getActor(), request.getReason())))
                .build());
    }

    @Override
    public void getRollout(GetRolloutRequest request, StreamObserver<GetRolloutResponse> caller) {
        Answers.unary(caller, () -> GetRolloutResponse.newBuilder()
                .setRollout(message(rollouts.get(request.getModel())))
                .build());
    }

    @Override
    public void listRollouts(ListRolloutsRequest request, StreamObserver<ListRolloutsResponse> caller) {
        Answers.unary(caller, () -> ListRolloutsResponse.newBuilder()
                .addAllRollouts(rollouts.list().stream().map(this::message).toList())
                .build());
    }

    @Override
    public void promoteRollout(PromoteRolloutRequest request, StreamObserver<PromoteRolloutResponse> caller) {
        Answers.unary(caller, () -> PromoteRolloutResponse.newBuilder()
                .setRollout(message(rollouts.promote(
                        request.getModel(), request.getIsToEnd(), request.getActor(), request.getReason())))
                .build());
    }

    @Override
    public void rollBackRollout(RollBackRolloutRequest request, StreamObserver<RollBackRolloutResponse> caller) {
        Answers.unary(caller, () -> RollBackRolloutResponse.newBuilder()
                .setRollout(message(rollouts.rollBack(request.getModel(), request.getActor(), request.getReason())))
                .build());
    }

    @Override
    public void holdRollout(HoldRolloutRequest request, StreamObserver<HoldRolloutResponse> caller) {
        Answers.unary(caller, () -> HoldRolloutResponse.newBuilder()
                .setRollout(message(
                        request.getIsReleased()
                                ? rollouts.resume(request.getModel(), request.getActor(), request.getReason())
                                : rollouts.hold(request.getModel(), request.getActor(), request.getReason())))
                .build());
    }

    @Override
    public void listRolloutEvents(ListRolloutEventsRequest request, StreamObserver<ListRolloutEventsResponse> caller) {
        Answers.unary(caller, () -> ListRolloutEventsResponse.newBuilder()
                .addAllEvents(rollouts.events(request.getModel()).stream()
                        .map(RolloutProtos::ofEvent)
                        .toList())
                .build());
    }

    private Rollout message(io.foresell.training.rollout.Rollout rollout) {
        return RolloutProtos.ofRollout(rollout, rollouts.lookFailure(rollout.model()));
    }
}
