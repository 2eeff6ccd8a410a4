package io.foresell.kit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foresell.kit.WireSettings.Security;
import io.foresell.kit.WireSettings.Tls;
import io.foresell.kit.identity.ApiKey;
import io.foresell.kit.tls.TestAuthority;
import io.foresell.kit.tls.TlsIdentity.ClientCertificate;
import io.foresell.proto.inference.v1.InferenceServiceGrpc;
import io.foresell.proto.inference.v1.InferenceServiceGrpc.InferenceServiceBlockingStub;
import io.foresell.proto.inference.v1.ListLoadedModelsRequest;
import io.foresell.proto.inference.v1.LoadedModel;
import io.foresell.proto.inference.v1.ScoreBulkRequest;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoreStreamRequest;
import io.foresell.proto.inference.v1.ScoreStreamResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.reflection.v1.ServerReflectionGrpc;
import io.grpc.reflection.v1.ServerReflectionRequest;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who may do what on a real server, with API keys and certificates. */
final class AccessTest {
    private static final Duration ROTATION = Duration.ofMillis(50);

    @TempDir
    private Path folder;

    private final ServiceProcess.Resources resources = new ServiceProcess.Resources();
    private final ApiKey churn = ApiKey.generate(new SecureRandom());
    private final ApiKey all = ApiKey.generate(new SecureRandom());
    private final ApiKey expired = ApiKey.generate(new SecureRandom());
    private final Echoing service = new Echoing();
    private Path access;

    @BeforeEach
    void writeAccess() throws IOException {
        access = folder.resolve("access");
        TestAuthority.replace(
                access,
                String.join(
                        "\n",
                        "# who may do what",
                        churn.line("crm", "score:churn,view:churn", null),
                        all.line("boss", "admin", "2999-01-01T00:00:00Z"),
                        expired.line("old", "admin", "2020-01-01T00:00:00Z"),
                        "certificate inference uri=spiffe://test/inference grants=score"));
    }

    @AfterEach
    void close() {
        resources.close();
    }

    private Security asking() {
        return new Security(Optional.of(access), Optional.empty(), Optional.empty(), ROTATION);
    }

    private GrpcServer start(Optional<Tls> tls) {
        return resources.add(GrpcServer.start(
                "test",
                WireSettings.local(0, 0).with(tls, asking()),
                Telemetry.local("test"),
                GrpcServer.Threads.POOL,
                List.of(service),
                Echoing.RIGHTS));
    }

    private InferenceServiceBlockingStub stub(GrpcServer server, Optional<Tls> tls, String token) throws IOException {
        return InferenceServiceGrpc.newBlockingStub(client(server, tls, token).channel());
    }

    private GrpcClient client(GrpcServer server, Optional<Tls> tls, String token) throws IOException {
        Optional<Path> file = Optional.empty();
        if (!token.isEmpty()) {
            file = Optional.of(folder.resolve("token-" + token.hashCode()));
            TestAuthority.replace(file.get(), token + "\n");
        }
        WireSettings wire =
                WireSettings.local(0, 0).with(tls, new Security(Optional.empty(), Optional.empty(), file, ROTATION));
        return resources.add(GrpcClient.open("localhost:" + server.port(), wire, Telemetry.local("client")));
    }

    private static ScoreRequest model(String name) {
        return ScoreRequest.newBuilder().setModel(name).build();
    }

    private static Failure refused(Runnable call) {
        try {
            call.run();
        } catch (StatusRuntimeException e) {
            return FailureStatus.fromStatus(e);
        }
        throw new AssertionError("the call was answered");
    }

    @Test
    void aKeyOpensItsModelsAndNoOthers() throws Exception {
        var stub = stub(start(Optional.empty()), Optional.empty(), churn.text());
        assertThat(stub.score(model("churn")).getModel()).isEqualTo("key:crm");
        Failure existing = refused(() -> stub.score(model("upsell")));
        Failure absent = refused(() -> stub.score(model("nothing")));
        assertThat(existing.code()).isEqualTo(Status.Code.PERMISSION_DENIED);
        assertThat(existing.reason()).isEqualTo("NOT_ALLOWED");
        assertThat(existing.message().replace("upsell", "nothing")).isEqualTo(absent.message());
        assertThat(stub.listLoadedModels(ListLoadedModelsRequest.getDefaultInstance())
                        .getModelsList())
                .extracting(LoadedModel::getModel)
                .containsExactly("churn");
    }

    @Test
    void adminMayEverythingAndIsToldMore() throws Exception {
        var stub = stub(start(Optional.empty()), Optional.empty(), all.text());
        assertThat(stub.score(model("churn")).getModel()).isEqualTo("key:boss");
        assertThat(stub.listLoadedModels(ListLoadedModelsRequest.getDefaultInstance())
                        .getModelsCount())
                .isEqualTo(2);
        assertThat(refused(() -> stub.score(model("nothing"))).message()).contains("churn");
    }

    @Test
    void whatIsNotFoundNamesNothingElseToThoseWhoMayNotKnowAll() throws Exception {
        ApiKey some = ApiKey.generate(new SecureRandom());
        TestAuthority.replace(access, some.line("shop", "score:up*", null));
        var stub = stub(start(Optional.empty()), Optional.empty(), some.text());
        Failure failure = refused(() -> stub.score(model("upper")));
        assertThat(failure.code()).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(failure.message()).doesNotContain("churn");
        assertThat(failure.metadata().toString()).doesNotContain("churn");
    }

    @Test
    void whoIsNotKnownGetsNothingButHealth() throws Exception {
        GrpcServer server = start(Optional.empty());
        server.setServing(true);
        String other = ApiKey.generate(new SecureRandom()).text();
        String forged = churn.text().substring(0, churn.text().length() - 1) + "!";
        for (String token : List.of(other, forged, expired.text(), "nonsense", "a.b.c")) {
            Failure failure = refused(() -> {
                try {
                    var unused = stub(server, Optional.empty(), token).score(model("churn"));
                } catch (IOException e) {
                    throw new java.io.UncheckedIOException(e);
                }
            });
            assertThat(failure.code()).as(token).isEqualTo(Status.Code.UNAUTHENTICATED);
            assertThat(failure.reason()).isEqualTo("CREDENTIAL_REFUSED");
        }
        GrpcClient nobody = client(server, Optional.empty(), "");
        var stub = InferenceServiceGrpc.newBlockingStub(nobody.channel());
        assertThat(refused(() -> stub.score(model("churn"))).reason()).isEqualTo("CREDENTIAL_MISSING");
        assertThat(HealthGrpc.newBlockingStub(nobody.channel())
                        .check(HealthCheckRequest.getDefaultInstance())
                        .getStatusValue())
                .isEqualTo(1);
        assertThat(reflected(nobody)).contains("UNAUTHENTICATED");
        assertThat(reflected(client(server, Optional.empty(), churn.text()))).contains("ok");
    }

    private static String reflected(GrpcClient client) throws InterruptedException {
        BlockingQueue<String> ends = new LinkedBlockingQueue<>();
        StreamObserver<ServerReflectionRequest> asking =
                ServerReflectionGrpc.newStub(client.channel()).serverReflectionInfo(observer(ends, answer -> {}));
        asking.onNext(ServerReflectionRequest.newBuilder().setListServices("").build());
        asking.onCompleted();
        return String.valueOf(ends.poll(5, TimeUnit.SECONDS));
    }

    private static <A> StreamObserver<A> observer(BlockingQueue<String> ends, java.util.function.Consumer<A> each) {
        return new StreamObserver<>() {
            @Override
            public void onNext(A answer) {
                each.accept(answer);
            }

            @Override
            public void onError(Throwable error) {
                ends.add(
                        FailureStatus.fromStatus((StatusRuntimeException) error).code() + " "
                                + FailureStatus.fromStatus((StatusRuntimeException) error)
                                        .reason());
            }

            @Override
            public void onCompleted() {
                ends.add("ok");
            }
        };
    }

    @Test
    void aStreamIsAskedForEveryMessageAndEndsWithTheKey() throws Exception {
        GrpcServer server = start(Optional.empty());
        var stub = InferenceServiceGrpc.newStub(
                client(server, Optional.empty(), churn.text()).channel());
        BlockingQueue<String> ends = new LinkedBlockingQueue<>();
        BlockingQueue<String> answers = new LinkedBlockingQueue<>();
        var stream = stub.scoreStream(observer(ends, (ScoreStreamResponse answer) -> answers.add(answer.getId())));
        stream.onNext(message("1", "churn"));
        assertThat(answers.poll(5, TimeUnit.SECONDS)).isEqualTo("1");
        stream.onNext(message("2", "upsell"));
        assertThat(ends.poll(5, TimeUnit.SECONDS)).isEqualTo("PERMISSION_DENIED NOT_ALLOWED");
        assertThat(service.streamCancelled.await(5, TimeUnit.SECONDS)).isTrue();
        assertThat(answers).isEmpty();

        var second = stub.scoreStream(observer(ends, (ScoreStreamResponse answer) -> answers.add(answer.getId())));
        second.onNext(message("1", "churn"));
        assertThat(answers.poll(5, TimeUnit.SECONDS)).isEqualTo("1");
        TestAuthority.replace(access, all.line("boss", "admin", null));
        for (int i = 0; i < 200 && ends.isEmpty(); i++) {
            second.onNext(message("3", "churn"));
            Thread.sleep(20);
        }
        assertThat(ends.poll(5, TimeUnit.SECONDS)).isEqualTo("UNAUTHENTICATED CREDENTIAL_ENDED");
    }

    private static ScoreStreamRequest message(String id, String model) {
        return ScoreStreamRequest.newBuilder()
                .setId(id)
                .setRequest(model(model))
                .build();
    }

    @Test
    void aCallOnEveryModelNeedsARoleOnEveryModel() throws Exception {
        var stub = InferenceServiceGrpc.newStub(
                client(start(Optional.empty()), Optional.empty(), churn.text()).channel());
        BlockingQueue<String> ends = new LinkedBlockingQueue<>();
        stub.scoreBulk(observer(ends, answer -> {})).onNext(ScoreBulkRequest.getDefaultInstance());
        assertThat(ends.poll(5, TimeUnit.SECONDS)).isEqualTo("PERMISSION_DENIED NOT_ALLOWED");
    }

    @Test
    void aBadAccessFileTakesNoRightsAway() throws Exception {
        Telemetry telemetry = Telemetry.local("test");
        GrpcServer server = resources.add(GrpcServer.start(
                "test",
                WireSettings.local(0, 0).with(Optional.empty(), asking()),
                telemetry,
                GrpcServer.Threads.POOL,
                List.of(service),
                Echoing.RIGHTS));
        var stub = stub(server, Optional.empty(), churn.text());
        assertThat(stub.score(model("churn")).getModel()).isEqualTo("key:crm");
        TestAuthority.replace(access, churn.line("crm", "scoer:churn", null));
        for (int i = 0; i < 200 && telemetry.problems().isEmpty(); i++) {
            Thread.sleep(20);
        }
        assertThat(telemetry.problems())
                .singleElement()
                .asString()
                .contains("auth.access-file line 1")
                .contains("scoer:churn")
                .contains("expected: view, score");
        assertThat(stub.score(model("churn")).getModel()).isEqualTo("key:crm");
        assertThat(telemetry.meters().scrape()).contains("rotation_problems{service=\"test\"} 1");
    }

    @Test
    void aCertificateIsAnIdentityUnlessACredentialIsSent() throws Exception {
        TestAuthority authority = new TestAuthority("authority");
        Tls server = new Tls(
                authority.write(made("server"), authority.issue("server", Duration.ofHours(1))),
                ClientCertificate.REQUIRED);
        Tls inference = new Tls(
                authority.write(made("inference"), authority.issue("inference", Duration.ofHours(1))),
                ClientCertificate.NONE);
        Tls gateway = new Tls(
                authority.write(made("gateway"), authority.issue("gateway", Duration.ofHours(1))),
                ClientCertificate.NONE);
        GrpcServer started = start(Optional.of(server));
        assertThat(stub(started, Optional.of(inference), "")
                        .score(model("churn"))
                        .getModel())
                .isEqualTo("certificate:inference");
        assertThat(stub(started, Optional.of(inference), churn.text())
                        .score(model("churn"))
                        .getModel())
                .isEqualTo("key:crm");
        var known = stub(started, Optional.of(gateway), "");
        assertThat(refused(() -> known.score(model("churn"))).reason()).isEqualTo("CREDENTIAL_MISSING");
        var wrong = stub(started, Optional.of(inference), "nonsense");
        assertThat(refused(() -> wrong.score(model("churn"))).reason()).isEqualTo("CREDENTIAL_REFUSED");
    }

    private Path made(String name) throws IOException {
        return java.nio.file.Files.createDirectories(folder.resolve(name));
    }

    @Test
    void aMethodWithoutAnEntryStopsTheStart() {
        AccessTable empty = AccessTable.builder()
                .signedIn(InferenceServiceGrpc.getScoreMethod())
                .build();
        assertThatThrownBy(() -> GrpcServer.start(
                        "test",
                        WireSettings.local(0, 0),
                        Telemetry.local("test"),
                        GrpcServer.Threads.POOL,
                        List.of(service),
                        empty))
                .isInstanceOf(IllegalStateException.class)
                .hasMessageContaining("foresell.inference.v1.InferenceService/");
    }

    @Test
    void aMessageAboveTheLimitIsRefusedAndTheServerGoesOn() throws Exception {
        WireSettings local = WireSettings.local(0, 0);
        WireSettings wire = new WireSettings(
                0, 0, 512, 64 << 10, Duration.ZERO, local.drain(), local.callTimeout(), "", Optional.empty());
        GrpcServer server = resources.add(GrpcServer.start(
                "test", wire, Telemetry.local("test"), GrpcServer.Threads.POOL, List.of(service), Echoing.RIGHTS));
        var stub = stub(server, Optional.empty(), "");
        assertThat(refused(() -> stub.score(model("x".repeat(70_000)))).code())
                .isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(stub.score(model("churn")).getModel()).isEqualTo("unverified");
    }
}
