package io.foresell.benchmarks;

import io.foresell.proto.inference.v1.InferenceServiceGrpc;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoreResponse;
import io.grpc.Channel;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** Calls {@code Score} with the given requests in turn. */
final class GrpcSubject implements Subject {
    private final String name;
    private final InferenceServiceGrpc.InferenceServiceStub stub;
    private final List<ScoreRequest> requests;
    private final AtomicInteger next = new AtomicInteger();

    GrpcSubject(String name, Channel channel, List<ScoreRequest> requests) {
        this.name = name;
        this.stub = InferenceServiceGrpc.newStub(channel);
        this.requests = List.copyOf(requests);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public CompletableFuture<?> call() {
        CompletableFuture<ScoreResponse> answer = new CompletableFuture<>();
        stub.score(requests.get(Math.floorMod(next.getAndIncrement(), requests.size())), new StreamObserver<>() {
            @Override
            public void onNext(ScoreResponse response) {
                answer.complete(response);
            }

            @Override
            public void onError(Throwable error) {
                answer.completeExceptionally(error);
            }

            @Override
            public void onCompleted() {}
        });
        return answer;
    }
}
