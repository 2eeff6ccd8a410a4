package io.foresell.benchmarks.wire;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foresell.benchmarks.load.LoadGenerator;
import io.foresell.benchmarks.load.LoadResult;
import io.foresell.benchmarks.load.ReplyListener;
import io.foresell.benchmarks.load.Schedule;
import io.foresell.benchmarks.own.ChildJvm;
import io.foresell.kit.Failure;
import io.foresell.kit.GrpcServer;
import io.foresell.kit.ServiceException;
import io.foresell.kit.ServiceProcess;
import io.foresell.kit.Telemetry;
import io.foresell.kit.WireSettings;
import io.foresell.proto.inference.v1.InferenceServiceGrpc;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoreResponse;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerStreamTracer;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.stub.StreamObserver;
import java.net.SocketAddress;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The client of our own against a real server of grpc-java. */
final class WireSubjectTest {
    private static final String SCORE = InferenceServiceGrpc.getScoreMethod().getFullMethodName();

    private final ServiceProcess.Resources resources = new ServiceProcess.Resources();
    private final AtomicInteger callCount = new AtomicInteger();

    @AfterEach
    void close() {
        resources.close();
    }

    /** A model's name says what becomes of its call. */
    private final class Behaving extends InferenceServiceGrpc.InferenceServiceImplBase {
        private final Queue<StreamObserver<ScoreResponse>> held = new ArrayDeque<>();

        @Override
        public synchronized void score(ScoreRequest request, StreamObserver<ScoreResponse> answer) {
            callCount.incrementAndGet();
            switch (request.getModel()) {
                case "refused" -> answer.onError(
                        new ServiceException(Failure.exhausted("TOO_MANY_CALLS", "too many", Duration.ofMillis(100))));
                case "wrong" -> answer.onError(
                        new ServiceException(Failure.invalid("ROW_COUNT", "row_count", 0, "1..4096")));
                case "last" -> {
                    held.forEach(Behaving::end);
                    held.clear();
                    end(answer);
                }
                case "held" -> held.add(answer);
                default -> {
                    answer.onNext(ScoreResponse.newBuilder()
                            .setModel("x".repeat(Math.max(0, request.getModel().length() - 10)))
                            .build());
                    answer.onCompleted();
                }
            }
        }

        private static void end(StreamObserver<ScoreResponse> answer) {
            answer.onNext(ScoreResponse.getDefaultInstance());
            answer.onCompleted();
        }
    }

    private int server() {
        return resources
                .add(GrpcServer.start(
                        "test",
                        WireSettings.local(0, 0),
                        resources.add(Telemetry.local("test")),
                        GrpcServer.Threads.NETWORK,
                        List.of(new Behaving())))
                .port();
    }

    private static WireSubject subject(int port, String... models) {
        List<ScoreRequest> requests = List.of(models).stream()
                .map(model -> ScoreRequest.newBuilder().setModel(model).build())
                .toList();
        return new WireSubject("wire", "localhost:" + port, SCORE, requests, 1);
    }

    private static LoadResult atRate(WireSubject subject, double rate, int maxInFlight, long millis)
            throws InterruptedException {
        return LoadGenerator.atRate(
                subject, new Schedule(rate, maxInFlight, Duration.ofMillis(millis)), ReplyListener.NONE);
    }

    @Test
    void answersRefusalsAndFailuresAreToldApart() throws InterruptedException {
        LoadResult result = atRate(subject(server(), "ok", "refused", "wrong", "ok"), 1000, 64, 400);
        assertThat(result.answeredCount()).isEqualTo(200);
        assertThat(result.refusedCount()).isEqualTo(100);
        assertThat(result.failedCount()).isEqualTo(100);
        assertThat(result.firstFailure()).startsWith("INVALID_ARGUMENT: row_count: 0");
        assertThat(callCount).hasValue(400);
    }

    @Test
    void aClosedLoopGoesOnForMoreThanAWindowOfBytesEachWay() throws InterruptedException {
        WireSubject subject = subject(server(), "m".repeat(30_000));
        LoadGenerator.requireAnswer(subject);
        LoadResult result = LoadGenerator.saturate(subject, 16, Duration.ofMillis(500));
        assertThat(result.failedCount()).isZero();
        assertThat(result.answeredCount()).isGreaterThan(3 * (1 << 20) / 30_000);
    }

    @Test
    void callsAboveWhatTheServerAdmitsWaitForAPlace() throws Exception {
        Server server = NettyServerBuilder.forPort(0)
                .directExecutor()
                .maxConcurrentCallsPerConnection(2)
                .addService(new Behaving())
                .build()
                .start();
        resources.add(() -> server.shutdownNow());
        WireSubject subject = subject(server.getPort(), "held", "last");
        LoadGenerator.requireAnswer(subject(server.getPort(), "ok"));
        LoadResult result = atRate(subject, 2000, 100, 100);
        assertThat(result.answeredCount()).isEqualTo(200);
    }

    @Test
    void severalConnectionsTakeTheCallsInTurn() throws Exception {
        Map<SocketAddress, Integer> calls = new ConcurrentHashMap<>(); // by connection
        Server server = NettyServerBuilder.forPort(0)
                .directExecutor()
                .addService(new Behaving())
                .addStreamTracerFactory(new ServerStreamTracer.Factory() {
                    @Override
                    public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
                        return new ServerStreamTracer() {
                            @Override
                            public void serverCallStarted(ServerStreamTracer.ServerCallInfo<?, ?> call) {
                                calls.merge(
                                        Objects.requireNonNull(
                                                call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR)),
                                        1,
                                        Integer::sum);
                            }
                        };
                    }
                })
                .build()
                .start();
        resources.add(() -> server.shutdownNow());
        List<ScoreRequest> requests =
                List.of(ScoreRequest.newBuilder().setModel("ok").build());
        WireSubject subject = new WireSubject("wire", "localhost:" + server.getPort(), SCORE, requests, 3);
        assertThat(atRate(subject, 1000, 64, 90).answeredCount()).isEqualTo(90);
        assertThat(calls.values()).containsExactly(30, 30, 30);
    }

    @Test
    void aConnectionThatEndsFailsItsCallsAndTheNextOneOpensAnother() throws Exception {
        Server server = NettyServerBuilder.forPort(ChildJvm.freePort())
                .directExecutor()
                .addService(new Behaving())
                .build()
                .start();
        int port = server.getPort();
        WireSubject subject = subject(port, "held", "held", "held", "held", "held", "last");
        LoadResult result;
        try {
            Thread killer = new Thread(() -> {
                while (callCount.get() < 5) {
                    Thread.onSpinWait();
                }
                server.shutdownNow();
            });
            killer.start();
            result = atRate(subject, 100, 5, 50);
            killer.join();
        } finally {
            server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        }
        assertThat(result.failedCount()).isEqualTo(5);
        Server next = NettyServerBuilder.forPort(port)
                .directExecutor()
                .addService(new Behaving())
                .build()
                .start();
        resources.add(() -> next.shutdownNow());
        assertThat(atRate(subject, 120, 6, 50).answeredCount()).isEqualTo(6);
    }

    @Test
    void aRequestThatOutgrowsTheFirstWindowIsRefused() {
        assertThatThrownBy(() -> subject(1, "m".repeat(60_000)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessage("request: 60004 bytes (expected: at most 60000)");
    }

    @Test
    void whereNobodyListensEveryCallFails() throws Exception {
        int port = ChildJvm.freePort();
        LoadResult result = atRate(subject(port, "ok"), 100, 5, 50);
        assertThat(result.failedCount()).isEqualTo(5);
        assertThat(result.firstFailure()).contains("ConnectException");
    }
}
