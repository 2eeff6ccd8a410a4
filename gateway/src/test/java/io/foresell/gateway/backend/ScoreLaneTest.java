package io.foresell.gateway.backend;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.google.common.util.concurrent.ListenableFuture;
import com.google.protobuf.Duration;
import com.google.rpc.BadRequest;
import com.google.rpc.ErrorInfo;
import com.google.rpc.RetryInfo;
import io.foresell.proto.inference.v1.InferenceServiceGrpc;
import io.foresell.proto.inference.v1.InferenceServiceGrpc.InferenceServiceImplBase;
import io.foresell.proto.inference.v1.ScoreError;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoreResponse;
import io.foresell.proto.inference.v1.ScoreStreamRequest;
import io.foresell.proto.inference.v1.ScoreStreamResponse;
import io.foresell.proto.inference.v1.ScoreViolation;
import io.grpc.ConnectivityState;
import io.grpc.Context;
import io.grpc.Contexts;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.StatusProto;
import io.grpc.stub.StreamObserver;
import io.netty.channel.EventLoop;
import io.netty.channel.nio.NioEventLoopGroup;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A lane against a real server on a real socket, which answers as the model's name says. */
class ScoreLaneTest {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final Context.Key<String> SHOWN = Context.key("shown");

    private final NioEventLoopGroup threads = new NioEventLoopGroup(1);
    private final EventLoop thread = threads.next();
    private final Scripted service = new Scripted();
    private Server server;
    private ManagedChannel channel;
    private ScoreLane lane;

    @BeforeEach
    void start() throws Exception {
        server = NettyServerBuilder.forPort(0)
                .addService(service)
                .intercept(new Showing())
                .build()
                .start();
        channel = NettyChannelBuilder.forAddress("localhost", server.getPort())
                .eventLoopGroup(thread)
                .channelType(NioSocketChannel.class)
                .directExecutor()
                .usePlaintext()
                .build();
        lane = new ScoreLane(thread, channel);
        awaitConnection();
    }

    @AfterEach
    void stop() throws Exception {
        lane.close();
        server.shutdownNow();
        assertTrue(channel.awaitTermination(10, SECONDS));
        assertTrue(server.awaitTermination(10, SECONDS));
        threads.shutdownGracefully(0, 5, SECONDS).sync();
    }

    @Test
    void answersEachRequestWithItsOwnAnswer() throws Exception {
        for (int burst = 0; burst < 50; burst++) {
            List<ListenableFuture<ScoreResponse>> answers = ask("m", 200, "", 10);
            for (int i = 0; i < answers.size(); i++) {
                assertEquals(i, answers.get(i).get(10, SECONDS).getReleaseRevision());
            }
        }
        assertEquals(0, service.calls.get());
        assertTrue(service.streams.get() <= 8, () -> service.streams.get() + " streams");
    }

    @Test
    void sendsWhatNoStreamHasAPlaceForAsCalls() throws Exception {
        service.isHeld = true;
        List<ListenableFuture<ScoreResponse>> answers = ask("m", 8 * LaneStream.WINDOW + 5, "", 10);
        awaitUntil(() -> service.calls.get() == 5);
        service.release();
        for (ListenableFuture<ScoreResponse> answer : answers) {
            assertNotNull(answer.get(10, SECONDS));
        }
        assertEquals(8, service.streams.get());
    }

    /** A draining or dying replica: what has no answer was not scored, and is asked again. */
    @Test
    void losesNothingWhenStreamsEnd() throws Exception {
        for (int burst = 0; burst < 20; burst++) {
            List<ListenableFuture<ScoreResponse>> answers = ask("end-after-7", 100, "", 10);
            for (int i = 0; i < answers.size(); i++) {
                assertEquals(i, answers.get(i).get(10, SECONDS).getReleaseRevision());
            }
        }
        assertTrue(service.calls.get() > 0, "nothing was asked again");
    }

    @Test
    void goesOnByCallsWhereStreamsAreRefused() throws Exception {
        service.refusal = Status.UNIMPLEMENTED;
        for (ListenableFuture<ScoreResponse> answer : ask("m", 20, "", 10)) {
            assertNotNull(answer.get(10, SECONDS));
        }
        int tried = service.streams.get();
        for (ListenableFuture<ScoreResponse> answer : ask("m", 20, "", 10)) {
            assertNotNull(answer.get(10, SECONDS));
        }
        assertEquals(tried, service.streams.get(), "streams are tried again at once");
        assertEquals(40, service.calls.get());
    }

    @Test
    void endsARequestWhoseTimeHasPassedAndLeavesItsStream() throws Exception {
        assertNotNull(ask("m", 1, "", 10).get(0).get(10, SECONDS));
        service.isHeld = true;
        ListenableFuture<ScoreResponse> late = ask("m", 1, "", 0.1).get(0);
        assertEquals(Status.Code.DEADLINE_EXCEEDED, failure(late).getStatus().getCode());

        service.isHeld = false; // the first stream holds what it has
        assertNotNull(ask("m", 1, "", 10).get(0).get(10, SECONDS));
        assertEquals(2, service.streams.get());
    }

    @Test
    void saysAnErrorAsACallWould() throws Exception {
        StatusRuntimeException error = failure(ask("wrong", 1, "", 10).get(0));

        assertEquals(Status.Code.INVALID_ARGUMENT, error.getStatus().getCode());
        assertEquals("row_count: 0", error.getStatus().getDescription());
        com.google.rpc.Status said = StatusProto.fromStatusAndTrailers(error.getStatus(), error.getTrailers());
        assertEquals(3, said.getDetailsCount());
        ErrorInfo info = said.getDetails(0).unpack(ErrorInfo.class);
        assertEquals("ROW_COUNT", info.getReason());
        assertEquals("inference", info.getDomain());
        assertEquals("0", info.getMetadataOrThrow("value"));
        assertEquals(
                "row_count",
                said.getDetails(1)
                        .unpack(BadRequest.class)
                        .getFieldViolations(0)
                        .getField());
        assertEquals(
                Duration.newBuilder().setNanos(250_000_000).build(),
                said.getDetails(2).unpack(RetryInfo.class).getRetryDelay());
    }

    @Test
    void keepsCallersApart() throws Exception {
        for (String caller : List.of("Bearer a", "Bearer b", "")) {
            assertEquals(
                    caller, ask("who", 1, caller, 10).get(0).get(10, SECONDS).getModel());
        }
        assertEquals(3, service.streams.get());
    }

    @Test
    void hasAsManyStreamsAsCallersItRemembers() throws Exception {
        for (int caller = 0; caller < 200; caller++) {
            assertNotNull(ask("m", 1, "Bearer " + caller, 10).get(0).get(10, SECONDS));
        }
        awaitUntil(() -> service.open.get() <= 64);
        assertEquals(200, service.streams.get());
    }

    /** More callers than are remembered: who waits for a service that is silent is told in time all the same. */
    @Test
    void endsRequestsInTimeHoweverManyCallersCome() throws Exception {
        service.isHeld = true;
        ListenableFuture<ScoreResponse> late = ask("m", 1, "Bearer 0", 0.5).get(0);
        for (int caller = 1; caller < 100; caller++) {
            ask("m", 1, "Bearer " + caller, 0.5);
        }
        assertEquals(Status.Code.DEADLINE_EXCEEDED, failure(late).getStatus().getCode());
    }

    private List<ListenableFuture<ScoreResponse>> ask(String model, int count, String authorization, double seconds)
            throws Exception {
        return thread.submit(() -> {
                    long untilNanos = System.nanoTime() + (long) (seconds * 1e9);
                    List<ListenableFuture<ScoreResponse>> answers = new ArrayList<>();
                    for (int i = 0; i < count; i++) {
                        ScoreRequest request = ScoreRequest.newBuilder()
                                .setModel(model)
                                .setVersion(i)
                                .build();
                        answers.add(lane.score(
                                request, authorization, untilNanos, () -> InferenceServiceGrpc.newFutureStub(channel)
                                        .score(request)));
                    }
                    return answers;
                })
                .get(10, SECONDS);
    }

    private static StatusRuntimeException failure(ListenableFuture<ScoreResponse> answer) {
        ExecutionException error = assertThrows(ExecutionException.class, () -> answer.get(10, SECONDS));
        return (StatusRuntimeException) error.getCause();
    }

    private void awaitConnection() throws InterruptedException {
        CountDownLatch connected = new CountDownLatch(1);
        Runnable look = new Runnable() {
            @Override
            public void run() {
                ConnectivityState state = channel.getState(true);
                if (state == ConnectivityState.READY) {
                    connected.countDown();
                } else {
                    channel.notifyWhenStateChanged(state, this);
                }
            }
        };
        look.run();
        assertTrue(connected.await(10, SECONDS));
    }

    private static void awaitUntil(java.util.function.BooleanSupplier isSo) throws InterruptedException {
        long until = System.nanoTime() + SECONDS.toNanos(10);
        while (!isSo.getAsBoolean()) {
            assertTrue(System.nanoTime() < until, "did not come in 10 s");
            Thread.sleep(5);
        }
    }

    private static final class Showing implements ServerInterceptor {
        @Override
        public <Q, A> ServerCall.Listener<Q> interceptCall(
                ServerCall<Q, A> call, Metadata headers, ServerCallHandler<Q, A> next) {
            String shown = headers.get(AUTHORIZATION);
            return Contexts.interceptCall(
                    Context.current().withValue(SHOWN, shown == null ? "" : shown), call, headers, next);
        }
    }

    private static final class Scripted extends InferenceServiceImplBase {
        private final AtomicInteger calls = new AtomicInteger();
        private final AtomicInteger streams = new AtomicInteger();
        private final AtomicInteger open = new AtomicInteger();
        private final ConcurrentLinkedQueue<Runnable> held = new ConcurrentLinkedQueue<>();
        private volatile boolean isHeld;
        private volatile Status refusal = Status.OK;

        void release() {
            isHeld = false;
            for (Runnable answer = held.poll(); answer != null; answer = held.poll()) {
                answer.run();
            }
        }

        @Override
        public void score(ScoreRequest request, StreamObserver<ScoreResponse> out) {
            calls.incrementAndGet();
            out.onNext(answer(request));
            out.onCompleted();
        }

        private static ScoreResponse answer(ScoreRequest request) {
            return ScoreResponse.newBuilder()
                    .setModel(request.getModel().equals("who") ? SHOWN.get() : request.getModel())
                    .setReleaseRevision(request.getVersion())
                    .build();
        }

        @Override
        public StreamObserver<ScoreStreamRequest> scoreStream(StreamObserver<ScoreStreamResponse> out) {
            streams.incrementAndGet();
            open.incrementAndGet();
            if (!refusal.isOk()) {
                out.onError(refusal.asRuntimeException());
            }
            return new StreamObserver<>() {
                private int answered;
                private boolean isEnded = !refusal.isOk();

                @Override
                public synchronized void onNext(ScoreStreamRequest message) {
                    if (isEnded) {
                        return;
                    }
                    ScoreRequest request = message.getRequest();
                    if (request.getModel().equals("end-after-7") && answered == 7) {
                        isEnded = true;
                        out.onError(Status.UNAVAILABLE.asRuntimeException());
                        return;
                    }
                    answered++;
                    Context context = Context.current();
                    Runnable answer = () -> context.run(() -> {
                        synchronized (this) {
                            out.onNext(outcome(message));
                        }
                    });
                    if (isHeld) {
                        held.add(answer);
                    } else {
                        answer.run();
                    }
                }

                @Override
                public void onError(Throwable error) {
                    open.decrementAndGet();
                }

                @Override
                public void onCompleted() {
                    open.decrementAndGet();
                    out.onCompleted();
                }
            };
        }

        private static ScoreStreamResponse outcome(ScoreStreamRequest message) {
            ScoreStreamResponse.Builder outcome =
                    ScoreStreamResponse.newBuilder().setId(message.getId());
            if (!message.getRequest().getModel().equals("wrong")) {
                return outcome.setResponse(answer(message.getRequest())).build();
            }
            return outcome.setError(ScoreError.newBuilder()
                            .setCode(Status.Code.INVALID_ARGUMENT.value())
                            .setReason("ROW_COUNT")
                            .setDomain("inference")
                            .setMessage("row_count: 0")
                            .putMetadata("value", "0")
                            .addViolations(ScoreViolation.newBuilder()
                                    .setField("row_count")
                                    .setDescription("0 (expected: 1)"))
                            .setRetryAfterSeconds(0.25))
                    .build();
        }
    }
}
