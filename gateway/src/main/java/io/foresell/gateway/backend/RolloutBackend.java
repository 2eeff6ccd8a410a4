package io.foresell.gateway.backend;

import io.foresell.gateway.config.GatewayConfig;
import io.foresell.proto.registry.v1.GetRolloutRequest;
import io.foresell.proto.registry.v1.ListRolloutEventsRequest;
import io.foresell.proto.registry.v1.ListRolloutEventsResponse;
import io.foresell.proto.registry.v1.Rollout;
import io.foresell.proto.registry.v1.RolloutServiceGrpc.RolloutServiceBlockingStub;
import io.grpc.StatusRuntimeException;
import io.quarkus.grpc.GrpcClient;
import jakarta.enterprise.context.ApplicationScoped;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/** Asks what rollouts do and did; calls block the calling thread. Thread-safe. */
@ApplicationScoped
public class RolloutBackend {
    private final RolloutServiceBlockingStub rollouts;
    private final Duration limit;

    RolloutBackend(@GrpcClient("training") RolloutServiceBlockingStub rollouts, GatewayConfig config) {
        this.rollouts = rollouts;
        this.limit = config.deadline().list();
    }

    /** Returns the rollout of a model that is under way, else the last one. */
    public Rollout rollout(String model) {
        return call(stub -> stub.getRollout(
                        GetRolloutRequest.newBuilder().setModel(model).build()))
                .getRollout();
    }

    /** Lists what rollouts of a model did and why, newest first. */
    public ListRolloutEventsResponse events(String model) {
        return call(stub -> stub.listRolloutEvents(
                ListRolloutEventsRequest.newBuilder().setModel(model).build()));
    }

    private <A> A call(Function<RolloutServiceBlockingStub, A> question) {
        try {
            return question.apply(rollouts.withDeadlineAfter(limit.toNanos(), TimeUnit.NANOSECONDS));
        } catch (StatusRuntimeException e) {
            throw new BackendException(Backend.TRAINING, limit, e);
        }
    }
}
