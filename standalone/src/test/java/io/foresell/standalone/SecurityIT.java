package io.foresell.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.kit.identity.ApiKey;
import io.foresell.kit.sign.SigningKey;
import io.foresell.proto.openinference.GRPCInferenceServiceGrpc;
import io.foresell.proto.openinference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import io.foresell.proto.openinference.InferTensorContents;
import io.foresell.proto.openinference.ModelInferRequest;
import io.foresell.proto.openinference.ModelMetadataRequest;
import io.foresell.proto.openinference.RepositoryModelUnloadRequest;
import io.foresell.proto.openinference.ServerLiveRequest;
import io.foresell.standalone.process.Authority;
import io.foresell.standalone.process.Buyers;
import io.foresell.standalone.process.ChildProcess;
import io.foresell.standalone.process.Command;
import io.foresell.standalone.process.Standalone;
import io.grpc.Grpc;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.TlsChannelCredentials;
import io.grpc.stub.MetadataUtils;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A cluster with TLS, keys and signed packages: who may do what over gRPC and REST, and rotation while calls run. */
final class SecurityIT {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final String ROW = "{\"visits\": 3}";

    @TempDir
    private Path folder;

    private final ApiKey boss = ApiKey.generate(RANDOM);
    private final ApiKey trainer = ApiKey.generate(RANDOM);
    private final ApiKey shop = ApiKey.generate(RANDOM);
    private final ApiKey other = ApiKey.generate(RANDOM);
    private final ApiKey replica = ApiKey.generate(RANDOM);
    private final ApiKey trainingService = ApiKey.generate(RANDOM);
    private final SigningKey signer = SigningKey.generate();
    private Authority authority;
    private int httpsPort;

    private void access(ApiKey... shops) throws Exception {
        List<String> lines = new ArrayList<>(List.of(
                boss.line("boss", "admin", null),
                trainer.line("trainer", "train", null),
                other.line("other", "score:other,view:other", null),
                replica.line("replica", "replicate", null),
                trainingService.line("training", "train", null)));
        for (ApiKey key : shops) {
            lines.add(key.line("shop", "score:leaving,view:leaving", null));
        }
        Authority.replace(folder.resolve("access"), String.join("\n", lines));
    }

    private Path settings() throws Exception {
        authority = new Authority();
        Path tls = Files.createDirectories(folder.resolve("tls"));
        authority.write(tls, "first");
        access(shop);
        Authority.replace(folder.resolve("replica.token"), replica.text());
        Authority.replace(folder.resolve("training.token"), trainingService.text());
        Authority.replace(folder.resolve("signing.pem"), signer.secretPem());
        Authority.replace(folder.resolve("trusted.pem"), signer.openPem());
        httpsPort = ChildProcess.freePort();
        return Files.writeString(
                folder.resolve("security.properties"),
                """
                auth.access-file=%1$s/access
                auth.rotation=100ms
                inference/auth.token-file=%1$s/replica.token
                training/auth.token-file=%1$s/training.token
                tls.certificate=%1$s/tls/cert.pem
                tls.private-key=%1$s/tls/key.pem
                tls.trust=%1$s/tls/trust.pem
                tls.client-certificate=optional
                training/packages.signing-key=%1$s/signing.pem
                inference/packages.trusted-keys=%1$s/trusted.pem
                gateway/quarkus.http.ssl-port=%2$d
                gateway/quarkus.tls.key-store.pem.0.cert=%1$s/tls/cert.pem
                gateway/quarkus.tls.key-store.pem.0.key=%1$s/tls/key.pem
                gateway/quarkus.tls.reload-period=1s
                """
                        .formatted(folder, httpsPort));
    }

    private Command as(Standalone cluster, String token) {
        return cluster.command()
                .with(Map.of(
                        "FORESELL_TOKEN",
                        token,
                        "FORESELL_TLS_TRUST",
                        folder.resolve("tls/trust.pem").toString()));
    }

    private static void assertRefused(Command.Result result, String words) {
        assertThat(result.exitCode()).as(result.toString()).isEqualTo(1);
        assertThat(result.err()).contains(words);
    }

    @Test
    void everyoneMayDoWhatIsGrantedAndRotationFailsNoCall() throws Exception {
        Path settings = settings();
        try (Standalone cluster = Standalone.start(folder, "--settings", settings.toString())) {
            cluster.awaitReady();
            train(cluster);
            grpc(cluster);
            openInference(cluster);
            rest(cluster);
            rotate(cluster);
            audit(cluster);
            signatures(cluster);
            assertThat(cluster.process().output())
                    .as("inference may ask whom the feature store erased")
                    .doesNotContain("is not known, asking again cause=\"PERMISSION_DENIED");
        }
    }

    private void train(Standalone cluster) throws Exception {
        Buyers.csv(folder);
        Path spec = Buyers.spec(folder);
        Command command = as(cluster, trainer.text());
        command.run(Buyers.define(folder)).succeeded();
        command.run(Buyers.ingest(folder)).succeeded();
        command.run("train", spec.toString()).succeeded(); // a process of its own, which reads features by key over TLS
        assertRefused(command.run("release", "leaving@1"), "key:trainer: not allowed");
        assertRefused(as(cluster, "").run("release", "leaving@1"), "authorization: missing");
        as(cluster, boss.text())
                .run("release", "leaving@1", "--reason", "first")
                .succeeded();
    }

    private void grpc(Standalone cluster) {
        as(cluster, shop.text()).run("score", "leaving", "--row", ROW).succeeded();
        assertRefused(as(cluster, other.text()).run("score", "leaving", "--row", ROW), "key:other: not allowed");
        assertRefused(as(cluster, other.text()).run("score", "no_such", "--row", ROW), "key:other: not allowed");
        assertRefused(as(cluster, shop.text()).run("audit"), "key:shop: not allowed");
        assertRefused(as(cluster, "fsk_0123456789abcdef_x").run("score", "leaving", "--row", ROW), "unknown");
        Command.Result plain = cluster.command().run("score", "leaving", "--row", ROW);
        assertThat(plain.exitCode()).as("without TLS").isNotZero();
    }

    /** The Open Inference Protocol over gRPC asks for the same rights. */
    private void openInference(Standalone cluster) throws Exception {
        TlsChannelCredentials.Builder trusting = TlsChannelCredentials.newBuilder();
        trusting.trustManager(folder.resolve("tls/trust.pem").toFile());
        ManagedChannel channel = Grpc.newChannelBuilderForAddress(
                        "localhost", cluster.inferencePort(), trusting.build())
                .build();
        try {
            assertThat(codeOf(channel, shop.text(), this::infer)).isEqualTo(Status.Code.OK);
            assertThat(codeOf(channel, other.text(), this::infer)).isEqualTo(Status.Code.PERMISSION_DENIED);
            assertThat(codeOf(channel, trainer.text(), this::infer)).isEqualTo(Status.Code.PERMISSION_DENIED);
            assertThat(codeOf(channel, "nonsense", this::infer)).isEqualTo(Status.Code.UNAUTHENTICATED);
            assertThat(codeOf(channel, "", this::infer)).isEqualTo(Status.Code.UNAUTHENTICATED);
            assertThat(codeOf(channel, other.text(), this::metadata)).isEqualTo(Status.Code.PERMISSION_DENIED);
            assertThat(codeOf(channel, shop.text(), this::metadata)).isEqualTo(Status.Code.OK);
            assertThat(codeOf(channel, shop.text(), this::unload)).isEqualTo(Status.Code.PERMISSION_DENIED);
            assertThat(codeOf(channel, replica.text(), this::unload)).isEqualTo(Status.Code.PERMISSION_DENIED);
            assertThat(codeOf(channel, "", stub -> stub.serverLive(ServerLiveRequest.getDefaultInstance())))
                    .as("probes")
                    .isEqualTo(Status.Code.OK);
        } finally {
            channel.shutdownNow();
        }
    }

    private static Status.Code codeOf(
            ManagedChannel channel, String token, Consumer<GRPCInferenceServiceBlockingStub> call) {
        Metadata headers = new Metadata();
        if (!token.isEmpty()) {
            headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + token);
        }
        try {
            call.accept(GRPCInferenceServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(10, TimeUnit.SECONDS)
                    .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers)));
            return Status.Code.OK;
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode();
        }
    }

    private void infer(GRPCInferenceServiceBlockingStub stub) {
        var unused = stub.modelInfer(ModelInferRequest.newBuilder()
                .setModelName("leaving")
                .addInputs(ModelInferRequest.InferInputTensor.newBuilder()
                        .setName("visits")
                        .setDatatype("FP32")
                        .addShape(1)
                        .setContents(InferTensorContents.newBuilder().addFp32Contents(3)))
                .build());
    }

    private void metadata(GRPCInferenceServiceBlockingStub stub) {
        var unused = stub.modelMetadata(
                ModelMetadataRequest.newBuilder().setName("leaving").build());
    }

    private void unload(GRPCInferenceServiceBlockingStub stub) {
        var unused = stub.repositoryModelUnload(RepositoryModelUnloadRequest.newBuilder()
                .setModelName("leaving")
                .build());
    }

    private int ask(String method, String address, String token, String body) throws Exception {
        HttpClient http =
                HttpClient.newBuilder().sslContext(authority.trusting()).build();
        HttpRequest.Builder request = HttpRequest.newBuilder(URI.create(address))
                .method(method, HttpRequest.BodyPublishers.ofString(body))
                .header("Content-Type", "application/json");
        if (!token.isEmpty()) {
            request.header("Authorization", "Bearer " + token);
        }
        return http.send(request.build(), HttpResponse.BodyHandlers.ofString()).statusCode();
    }

    private void rest(Standalone cluster) throws Exception {
        String secure = "https://localhost:" + httpsPort;
        String plain = "http://localhost:" + cluster.gatewayPort();
        for (String gateway : List.of(secure, plain)) {
            String score = gateway + "/v1/models/leaving/entities/B1/score";
            assertThat(ask("GET", score, shop.text(), "")).isEqualTo(200);
            assertThat(ask("GET", score, other.text(), "")).isEqualTo(403);
            assertThat(ask("GET", score, "nonsense", "")).isEqualTo(401);
            assertThat(ask("GET", score, "", "")).isEqualTo(401);
        }
        assertThat(ask("GET", plain + "/v1/models", shop.text(), "")).isEqualTo(200);
        assertThat(ask("GET", plain + "/v2/health/ready", "", "")).isEqualTo(200);
        assertThat(ask("GET", plain + "/v2/models/leaving", shop.text(), "")).isEqualTo(200);
        assertThat(ask("GET", plain + "/v2/models/leaving", other.text(), "")).isEqualTo(403);
        String unload = plain + "/v2/repository/models/leaving/unload";
        assertThat(ask("POST", unload, shop.text(), "{}")).isEqualTo(403);
        assertThat(ask("POST", unload, boss.text(), "{\"parameters\": {\"reason\": \"to see it go\"}}"))
                .isEqualTo(200);
        assertThat(ask("POST", plain + "/v2/repository/models/leaving/load", boss.text(), "{}"))
                .isEqualTo(200);
    }

    /** Certificates twice, and the shop's key: the new one is let in first, then sent, then the old one is taken away. */
    private void rotate(Standalone cluster) throws Exception {
        ApiKey next = ApiKey.generate(RANDOM);
        AtomicReference<String> sent = new AtomicReference<>(shop.text());
        AtomicBoolean isRunning = new AtomicBoolean(true);
        AtomicInteger answered = new AtomicInteger();
        List<String> failed = new CopyOnWriteArrayList<>();
        String score = "http://localhost:%d/v1/models/leaving/entities/B1/score".formatted(cluster.gatewayPort());
        Thread commands = new Thread(() -> {
            while (isRunning.get()) { // each opens a connection of its own
                Command.Result result = as(cluster, sent.get()).run("score", "leaving", "--row", ROW);
                if (result.exitCode() != 0) {
                    failed.add(result.toString());
                }
                answered.incrementAndGet();
            }
        });
        Thread requests = new Thread(() -> {
            while (isRunning.get()) {
                try {
                    int status = ask("GET", score, sent.get(), "");
                    if (status != 200) {
                        failed.add("REST " + status);
                    }
                } catch (Exception e) {
                    failed.add(e.toString());
                }
            }
        });
        commands.start();
        requests.start();
        for (int i = 0; i < 2; i++) {
            authority.write(folder.resolve("tls"), "rotated-" + i);
            Thread.sleep(1_000);
        }
        access(shop, next);
        Thread.sleep(1_000);
        sent.set(next.text());
        Thread.sleep(1_000);
        isRunning.set(false);
        commands.join();
        requests.join();
        assertThat(failed).isEmpty();
        assertThat(answered.get()).isPositive();
        access(next);
        Command old = as(cluster, shop.text());
        Command.Result result = old.run("score", "leaving", "--row", ROW);
        for (int i = 0; i < 50 && result.exitCode() == 0; i++) {
            Thread.sleep(100);
            result = old.run("score", "leaving", "--row", ROW);
        }
        assertRefused(result, "unknown, expired or revoked");
    }

    private void audit(Standalone cluster) throws Exception {
        Command.Result log = as(cluster, boss.text()).run("audit").succeeded();
        // Inference tells a moment after it answered.
        for (int i = 0; i < 100 && !log.out().contains("RepositoryModelLoad"); i++) {
            Thread.sleep(100);
            log = as(cluster, boss.text()).run("audit").succeeded();
        }
        assertThat(log.out()).contains("key:trainer", "NOT_ALLOWED", "key:boss", "SetRelease", "first", "is sound");
        List<String> reported = log.out()
                .lines()
                .filter(line -> line.contains("as key:replica"))
                .map(line -> line.replaceAll(" +", " "))
                .toList();
        assertThat(reported).hasSize(5);
        // Who may release nothing is refused before the request is read.
        assertThat(reported.get(0)).contains("key:shop RepositoryModelUnload unloaded NOT_ALLOWED");
        assertThat(reported.get(1)).contains("key:replica RepositoryModelUnload unloaded NOT_ALLOWED");
        assertThat(reported.get(2)).contains("key:shop RepositoryModelUnload unloaded NOT_ALLOWED");
        assertThat(reported.get(3))
                .contains("key:boss RepositoryModelUnload leaving release 1: 1 at 100 % unloaded to see it go OK");
        assertThat(reported.get(4)).contains("key:boss RepositoryModelLoad leaving unloaded loaded OK");
    }

    private void signatures(Standalone cluster) throws Exception {
        Command admin = as(cluster, boss.text());
        String trusted = folder.resolve("trusted.pem").toString();
        admin.run("package", "verify", "leaving@1", "--trusted", trusted).succeeded();

        Authority.replace(folder.resolve("signing.pem"), SigningKey.generate().secretPem()); // nobody trusts this one
        Thread.sleep(1_000);
        Path spec = Buyers.spec(folder, "logistic_regression: {inverse_penalty: 3}");
        as(cluster, trainer.text()).run("train", spec.toString()).succeeded();
        assertThat(admin.run("release", "leaving@2", "--wait", "5").exitCode()).isEqualTo(3);
        assertThat(admin.run("models", "loaded").succeeded().out()).contains("PACKAGE_UNTRUSTED");
        assertThat(admin.run("--json", "score", "leaving", "--row", ROW)
                        .succeeded()
                        .out())
                .contains("\"modelVersion\": 1");
        assertThat(admin.run("package", "verify", "leaving@2", "--trusted", trusted)
                        .exitCode())
                .isEqualTo(1);

        Path key = Files.writeString(folder.resolve("officer.pem"), signer.secretPem());
        admin.run("package", "sign", "leaving@2", "--key", key.toString()).succeeded();
        admin.run("package", "verify", "leaving@2", "--trusted", trusted).succeeded();
        admin.run("release", "leaving@2", "--wait", "60").succeeded();
    }
}
