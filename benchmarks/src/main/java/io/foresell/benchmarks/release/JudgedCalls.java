package io.foresell.benchmarks.release;

import io.foresell.benchmarks.load.Reply;
import io.foresell.benchmarks.load.Subject;
import io.foresell.proto.inference.v1.InferenceServiceGrpc;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoreResponse;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ClientCall;
import io.grpc.Grpc;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/** Asks for the same rows over and over and has a history judge each answer. Any status but OK and RESOURCE_EXHAUSTED is a failure. */
public final class JudgedCalls implements Subject {
    private final Channel channel;
    private final ScoreRequest request;
    private final ReleaseHistory history;

    public JudgedCalls(Channel channel, AskedRows rows, ReleaseHistory history) {
        this.channel = channel;
        this.request = rows.request();
        this.history = history;
    }

    @Override
    public String name() {
        return "Score by row";
    }

    @Override
    public int requestBytes() {
        return request.getSerializedSize();
    }

    @Override
    public CompletableFuture<Reply> call() {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        CallOptions options =
                CallOptions.DEFAULT.withExecutor(Runnable::run).withDeadlineAfter(MAX_CALL_SECONDS, TimeUnit.SECONDS);
        ClientCall<ScoreRequest, ScoreResponse> call = channel.newCall(InferenceServiceGrpc.getScoreMethod(), options);
        long sentNanos = System.nanoTime();
        ClientCalls.asyncUnaryCall(call, request, new StreamObserver<>() {
            @Override
            public void onNext(ScoreResponse answer) {
                // The address tells replicas apart; a call that was repeated is its last one's.
                String replica = String.valueOf(call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
                history.answered(replica, sentNanos, answer);
                reply.complete(Reply.ANSWERED);
            }

            @Override
            public void onError(Throwable error) {
                Status status = Status.fromThrowable(error);
                String cause = status.getCode() + ": " + status.getDescription();
                reply.complete(
                        status.getCode() == Status.Code.RESOURCE_EXHAUSTED
                                ? Reply.refused(cause)
                                : Reply.failed(cause));
            }

            @Override
            public void onCompleted() {}
        });
        return reply;
    }
}
