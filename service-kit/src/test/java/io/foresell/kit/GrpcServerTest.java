package io.foresell.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import com.google.protobuf.Any;
import com.google.rpc.ErrorInfo;
import io.foresell.proto.inference.v1.InferenceServiceGrpc;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoreResponse;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.protobuf.StatusProto;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.reflection.v1.ServerReflectionResponse;
import io.grpc.stub.MetadataUtils;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** The promises of {@link GrpcServer} and {@link GrpcClient}, over a real socket. */
final class GrpcServerTest {
    private final ServiceProcess.Resources resources = new ServiceProcess.Resources();
    private final BehavingService service = new BehavingService();

    @AfterEach
    void closeAll() {
        service.release();
        resources.close();
    }

    private GrpcServer start(WireSettings wire, Telemetry telemetry) {
        return resources.add(GrpcServer.start("test", wire, telemetry, GrpcServer.Threads.POOL, List.of(service)));
    }

    private InferenceServiceGrpc.InferenceServiceBlockingStub stub(GrpcServer server, WireSettings wire) {
        GrpcClient client =
                resources.add(GrpcClient.open("localhost:" + server.port(), wire, Telemetry.local("client")));
        return InferenceServiceGrpc.newBlockingStub(client.channel());
    }

    private static ScoreRequest model(String name) {
        return ScoreRequest.newBuilder().setModel(name).build();
    }

    @Test
    void answersAFailureWithReasonValueAndExpectation() throws Exception {
        WireSettings wire = WireSettings.local(0, 0);
        var stub = stub(start(wire, Telemetry.local("test")), wire);
        assertThatThrownBy(() -> stub.score(model("thrown"))).satisfies(error -> {
            StatusRuntimeException status = (StatusRuntimeException) error;
            assertThat(status.getStatus().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT);
            assertThat(status.getStatus().getDescription()).isEqualTo("row_count: 5000 (expected: 1..4096)");
            Any detail = StatusProto.fromThrowable(status).getDetails(0);
            assertThat(detail.unpack(ErrorInfo.class).getReason()).isEqualTo("ROW_COUNT");
            Failure failure = FailureStatus.fromStatus(status);
            assertThat(failure.violations()).singleElement().extracting("field").isEqualTo("row_count");
            assertThat(failure.metadata()).containsEntry("value", "5000");
        });
    }

    @Test
    void whatIsSaidOfALongNameStillReachesTheCaller() {
        WireSettings wire = WireSettings.local(0, 0);
        var stub = stub(start(wire, Telemetry.local("test")), wire);
        assertThatThrownBy(() -> stub.score(model("unknown" + "\u6F22".repeat(20_000))))
                .satisfies(error -> assertThat(FailureStatus.fromStatus((StatusRuntimeException) error)
                                .reason())
                        .isEqualTo("MODEL_NOT_FOUND"));
    }

    @Test
    void tooMuchMetadataIsRefusedInWords() {
        WireSettings wire = WireSettings.local(0, 0);
        Metadata metadata = new Metadata();
        metadata.put(Metadata.Key.of("x", Metadata.ASCII_STRING_MARSHALLER), "v".repeat(20_000));
        var stub = stub(start(wire, Telemetry.local("test")), wire)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(metadata));
        assertThatThrownBy(() -> stub.score(model("ours"))).satisfies(error -> assertThat(
                        FailureStatus.fromStatus((StatusRuntimeException) error).reason())
                .isEqualTo("METADATA_TOO_LARGE"));
    }

    @Test
    void carriesRetryAfterBothWays() {
        WireSettings wire = WireSettings.local(0, 0);
        var stub = stub(start(wire, Telemetry.local("test")), wire);
        assertThatThrownBy(() -> stub.score(model("passed"))).satisfies(error -> {
            Failure failure = FailureStatus.fromStatus((StatusRuntimeException) error);
            assertThat(failure.code()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(failure.retryAfter()).isEqualTo(Duration.ofMillis(1500));
        });
    }

    @Test
    void aPeersStatusDoesNotHideOurFailure() {
        WireSettings wire = WireSettings.local(0, 0);
        var stub = stub(start(wire, Telemetry.local("test")), wire);
        assertThatThrownBy(() -> stub.score(model("peer"))).satisfies(error -> {
            Failure failure = FailureStatus.fromStatus((StatusRuntimeException) error);
            assertThat(failure.code()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(failure.reason()).isEqualTo("STORE_AWAY");
        });
    }

    @Test
    void hidesTheTextOfABug() {
        WireSettings wire = WireSettings.local(0, 0);
        var stub = stub(start(wire, Telemetry.local("test")), wire);
        assertThatThrownBy(() -> stub.score(model("bug"))).satisfies(error -> {
            StatusRuntimeException status = (StatusRuntimeException) error;
            assertThat(status.getStatus().getCode()).isEqualTo(Status.Code.INTERNAL);
            assertThat(status.getMessage()).doesNotContain("secret");
        });
    }

    @Test
    void refusesCallsAboveTheLimitAtOnce() throws Exception {
        WireSettings local = WireSettings.local(0, 0);
        WireSettings wire = new WireSettings(
                0,
                0,
                1,
                local.maxMessageBytes(),
                Duration.ZERO,
                local.drain(),
                local.callTimeout(),
                "",
                Optional.empty());
        GrpcServer server = start(wire, Telemetry.local("test"));
        var stub = stub(server, wire);
        CompletableFuture<ScoreResponse> slow = CompletableFuture.supplyAsync(() -> stub.score(model("slow")));
        service.awaitSlowCall();
        assertThatThrownBy(() -> stub.score(model("ok"))).satisfies(error -> assertThat(
                        ((StatusRuntimeException) error).getStatus().getCode())
                .isEqualTo(Status.Code.RESOURCE_EXHAUSTED));
        service.release();
        assertThat(slow.get(5, TimeUnit.SECONDS).getModel()).isEqualTo("slow");
        // The place is free again once the first call has ended; its completion may lag its answer.
        assertThat(eventually(() -> stub.score(model("ok")).getModel())).isEqualTo("ok");
    }

    private static <T> T eventually(java.util.function.Supplier<T> call) throws InterruptedException {
        for (int attempt = 0; ; attempt++) {
            try {
                return call.get();
            } catch (StatusRuntimeException e) {
                if (attempt == 50) {
                    throw e;
                }
                Thread.sleep(20);
            }
        }
    }

    @Test
    void requiresTheTokenExceptForHealth() {
        WireSettings open = WireSettings.local(0, 0);
        WireSettings wire = new WireSettings(
                0,
                0,
                10,
                open.maxMessageBytes(),
                Duration.ZERO,
                open.drain(),
                open.callTimeout(),
                "s3cret",
                Optional.empty());
        GrpcServer server = start(wire, Telemetry.local("test"));
        assertThatThrownBy(() -> stub(server, open).score(model("ok"))).satisfies(error -> assertThat(
                        ((StatusRuntimeException) error).getStatus().getCode())
                .isEqualTo(Status.Code.UNAUTHENTICATED));
        assertThat(stub(server, wire).score(model("ok")).getModel()).isEqualTo("ok");
        GrpcClient client = resources.add(GrpcClient.open("localhost:" + server.port(), open, Telemetry.local("c")));
        assertThat(HealthGrpc.newBlockingStub(client.channel())
                        .check(HealthCheckRequest.getDefaultInstance())
                        .getStatus())
                .isEqualTo(ServingStatus.NOT_SERVING);
    }

    @Test
    void healthFollowsServingAndReflectionListsTheService() throws Exception {
        WireSettings wire = WireSettings.local(0, 0);
        GrpcServer server = start(wire, Telemetry.local("test"));
        GrpcClient client = resources.add(GrpcClient.open("localhost:" + server.port(), wire, Telemetry.local("c")));
        var health = HealthGrpc.newBlockingStub(client.channel());
        HealthCheckRequest request = HealthCheckRequest.newBuilder()
                .setService("foresell.inference.v1.InferenceService")
                .build();
        assertThat(health.check(request).getStatus()).isEqualTo(ServingStatus.NOT_SERVING);
        server.setServing(true);
        assertThat(health.check(request).getStatus()).isEqualTo(ServingStatus.SERVING);

        BlockingQueue<ServerReflectionResponse> answers = new LinkedBlockingQueue<>();
        StreamObserver<ServerReflectionRequest> reflection = ServerReflectionGrpc.newStub(client.channel())
                .serverReflectionInfo(new StreamObserver<>() {
                    @Override
                    public void onNext(ServerReflectionResponse answer) {
                        answers.add(answer);
                    }

                    @Override
                    public void onError(Throwable error) {}

                    @Override
                    public void onCompleted() {}
                });
        reflection.onNext(
                ServerReflectionRequest.newBuilder().setListServices("").build());
        ServerReflectionResponse answer = answers.poll(5, TimeUnit.SECONDS);
        assertThat(answer).isNotNull();
        assertThat(answer.getListServicesResponse().getServiceList())
                .extracting("name")
                .contains("foresell.inference.v1.InferenceService", "grpc.health.v1.Health");
        reflection.onCompleted();
    }

    @Test
    void drainLetsACallInFlightFinishAndRefusesNewOnes() throws Exception {
        WireSettings wire = WireSettings.local(0, 0);
        GrpcServer server =
                GrpcServer.start("test", wire, Telemetry.local("test"), GrpcServer.Threads.POOL, List.of(service));
        var stub = stub(server, wire);
        CompletableFuture<ScoreResponse> slow = CompletableFuture.supplyAsync(() -> stub.score(model("slow")));
        service.awaitSlowCall();
        CompletableFuture<Void> closing = CompletableFuture.runAsync(server::close);
        Thread.sleep(200);
        assertThatThrownBy(() -> stub.score(model("ok"))).satisfies(error -> assertThat(
                        ((StatusRuntimeException) error).getStatus().getCode())
                .isEqualTo(Status.Code.UNAVAILABLE));
        service.release();
        assertThat(slow.get(5, TimeUnit.SECONDS).getModel()).isEqualTo("slow");
        closing.get(5, TimeUnit.SECONDS);
        server.setServing(true);
        assertThat(server.isServing()).isFalse();
    }

    @Test
    void namesThePortThatIsInUse() {
        WireSettings wire = WireSettings.local(0, 0);
        GrpcServer server = start(wire, Telemetry.local("test"));
        assertThatThrownBy(() -> start(WireSettings.local(server.port(), 0), Telemetry.local("test")))
                .hasMessageContaining("grpc.port: %d cannot be bound (expected: a free port)".formatted(server.port()));
    }

    @Test
    void givesACallADeadlineWhenItHasNone() {
        WireSettings local = WireSettings.local(0, 0);
        WireSettings wire = new WireSettings(
                0,
                0,
                10,
                local.maxMessageBytes(),
                Duration.ZERO,
                local.drain(),
                Duration.ofMillis(200),
                "",
                Optional.empty());
        var stub = stub(start(wire, Telemetry.local("test")), wire);
        assertThatThrownBy(() -> stub.score(model("slow"))).satisfies(error -> assertThat(
                        ((StatusRuntimeException) error).getStatus().getCode())
                .isEqualTo(Status.Code.DEADLINE_EXCEEDED));
    }

    @Test
    void measuresEveryCallByMethodAndTranslatedCode() {
        WireSettings wire = WireSettings.local(0, 0);
        Telemetry telemetry = resources.add(Telemetry.local("test"));
        var stub = stub(start(wire, telemetry), wire);
        assertThatThrownBy(() -> stub.score(model("thrown"))).isInstanceOf(StatusRuntimeException.class);
        assertThat(telemetry.meters().scrape())
                .contains("grpc_server_call_seconds_count{code=\"INVALID_ARGUMENT\","
                        + "method=\"foresell.inference.v1.InferenceService/Score\",service=\"test\"} 1");
    }
}
