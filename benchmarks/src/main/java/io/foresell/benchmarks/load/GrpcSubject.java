package io.foresell.benchmarks.load;

import com.google.protobuf.MessageLite;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.MethodDescriptor;
import io.grpc.Status;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;

/** Calls one method with the given requests in turn. RESOURCE_EXHAUSTED is a refusal, any other status but OK a failure. */
public final class GrpcSubject<Q extends MessageLite, A> implements Subject {
    private final String name;
    private final List<Channel> channels;
    private final MethodDescriptor<Q, A> method;
    private final List<Q> requests;
    private final Function<A, String> version;
    private final AtomicInteger next = new AtomicInteger();

    /**
     * Makes a subject.
     *
     * @param channels 1 or more, called over in turn
     * @param requests 1 or more
     * @param version reads the version that answered; empty where nobody asks for it
     */
    public GrpcSubject(
            String name,
            List<Channel> channels,
            MethodDescriptor<Q, A> method,
            List<Q> requests,
            Function<A, String> version) {
        this.name = name;
        this.channels = List.copyOf(channels);
        this.method = method;
        this.requests = List.copyOf(requests);
        this.version = version;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int requestBytes() {
        return requests.get(0).getSerializedSize();
    }

    @Override
    public CompletableFuture<Reply> call() {
        CompletableFuture<Reply> reply = new CompletableFuture<>();
        // Answers are counted on the network thread: a hand-over to a pool would be measured with every subject.
        CallOptions options =
                CallOptions.DEFAULT.withExecutor(Runnable::run).withDeadlineAfter(MAX_CALL_SECONDS, TimeUnit.SECONDS);
        int turn = next.getAndIncrement();
        Q request = requests.get(Math.floorMod(turn, requests.size()));
        Channel channel = channels.get(Math.floorMod(turn, channels.size()));
        ClientCalls.asyncUnaryCall(channel.newCall(method, options), request, new StreamObserver<>() {
            @Override
            public void onNext(A answer) {
                reply.complete(Reply.answered(version.apply(answer)));
            }

            @Override
            public void onError(Throwable error) {
                reply.complete(of(Status.fromThrowable(error)));
            }

            @Override
            public void onCompleted() {}
        });
        return reply;
    }

    private static Reply of(Status status) {
        String cause = status.getCode() + ": " + status.getDescription();
        return status.getCode() == Status.Code.RESOURCE_EXHAUSTED ? Reply.refused(cause) : Reply.failed(cause);
    }
}
