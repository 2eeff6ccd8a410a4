package io.foresell.training;

import static io.foresell.training.TestService.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.foresell.kit.WireSettings;
import io.foresell.kit.WireSettings.Security;
import io.foresell.kit.identity.ApiKey;
import io.foresell.kit.sign.PackageSignature;
import io.foresell.kit.sign.SigningKey;
import io.foresell.kit.sign.TrustedKeys;
import io.foresell.proto.registry.v1.AddSignatureRequest;
import io.foresell.proto.registry.v1.AuditEntry;
import io.foresell.proto.registry.v1.AuditReportServiceGrpc;
import io.foresell.proto.registry.v1.AuditServiceGrpc;
import io.foresell.proto.registry.v1.ListAuditEntriesRequest;
import io.foresell.proto.registry.v1.ListModelsRequest;
import io.foresell.proto.registry.v1.ListSignaturesRequest;
import io.foresell.proto.registry.v1.ListVersionsRequest;
import io.foresell.proto.registry.v1.Model;
import io.foresell.proto.registry.v1.ModelRegistryServiceGrpc;
import io.foresell.proto.registry.v1.ModelRegistryServiceGrpc.ModelRegistryServiceBlockingStub;
import io.foresell.proto.registry.v1.PackageSignatureServiceGrpc;
import io.foresell.proto.registry.v1.ReportActionRequest;
import io.foresell.proto.registry.v1.ReportedAction;
import io.foresell.proto.registry.v1.Route;
import io.foresell.proto.registry.v1.SetAliasRequest;
import io.foresell.proto.registry.v1.SetReleaseRequest;
import io.foresell.store.embedded.EmbeddedStore;
import io.grpc.Channel;
import io.grpc.ClientInterceptors;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A registry that asks who calls: rights by model, signatures of what it publishes, and the audit log. */
final class SecuredRegistryTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final ApiKey TRAINER = ApiKey.generate(RANDOM);
    private static final ApiKey RELEASER = ApiKey.generate(RANDOM);
    private static final ApiKey BOSS = ApiKey.generate(RANDOM);
    private static final ApiKey REPLICA = ApiKey.generate(RANDOM);
    private static final SigningKey SIGNER = SigningKey.generate();

    @TempDir
    private static Path folder;

    private static EmbeddedStore store;
    private static TestService service;

    @BeforeAll
    static void start() throws Exception {
        Path access = Files.writeString(
                folder.resolve("access"),
                String.join(
                        "\n",
                        TRAINER.line("trainer", "train:churn", null),
                        RELEASER.line("releaser", "release:churn", null),
                        REPLICA.line("inference", "replicate:churn", null),
                        BOSS.line("boss", "admin", null)));
        Path key = Files.writeString(folder.resolve("key.pem"), SIGNER.secretPem());
        store = EmbeddedStore.open(folder.resolve("store"));
        Security asking = new Security(Optional.of(access), Optional.empty(), Optional.empty(), Duration.ofMillis(50));
        service = new TestService(TestService.config(
                WireSettings.local(0, 0).with(Optional.empty(), asking),
                store.uri(),
                folder.resolve("scratch"),
                Map.of("packages.signing-key", key.toString())));
        while (!service.server.isServing()) {
            Thread.sleep(20);
        }
    }

    @AfterAll
    static void stop() throws Exception {
        service.close();
        store.close();
    }

    private static Channel as(ApiKey key) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + key.text());
        return ClientInterceptors.intercept(service.channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private static ModelRegistryServiceBlockingStub registry(ApiKey key) {
        return ModelRegistryServiceGrpc.newBlockingStub(as(key));
    }

    private static SetReleaseRequest release(String model, int version) {
        return SetReleaseRequest.newBuilder()
                .setModel(model)
                .addRoutes(Route.newBuilder().setVersion(version).setWeight(100))
                .setActor("ann")
                .setReason("it is better\nmuch better")
                .build();
    }

    private static List<AuditEntry> audit() {
        return AuditServiceGrpc.newBlockingStub(as(BOSS))
                .listAuditEntries(
                        ListAuditEntriesRequest.newBuilder().setLimit(1000).build())
                .getEntriesList();
    }

    @Test
    void everyActionAndEveryRefusedAttemptIsInTheChain() throws Exception {
        service.publish("churn", as(TRAINER), TestPackages.sound("churn", 1));
        int before = audit().size();
        registry(RELEASER).setRelease(release("churn", 1));
        assertRefused(Status.Code.NOT_FOUND, "VERSION_NOT_FOUND", () -> registry(RELEASER)
                .setRelease(release("churn", 9)));
        assertRefused(Status.Code.PERMISSION_DENIED, "NOT_ALLOWED", () -> registry(RELEASER)
                .setRelease(release("upsell", 1)));
        assertRefused(Status.Code.PERMISSION_DENIED, "NOT_ALLOWED", () -> registry(TRAINER)
                .setRelease(release("churn", 1)));
        assertRefused(Status.Code.UNAUTHENTICATED, "CREDENTIAL_MISSING", () -> service.registry()
                .setRelease(release("churn", 1)));
        registry(BOSS)
                .setAlias(SetAliasRequest.newBuilder()
                        .setModel("churn")
                        .setAlias("champion")
                        .setVersion(1)
                        .setActor("ann")
                        .build());

        List<AuditEntry> lines = audit();
        assertThat(lines.subList(before, lines.size()))
                .extracting(line -> "%s %s %s %s %s"
                        .formatted(
                                line.getCaller(), line.getAction(), line.getModel(), line.getTo(), line.getOutcome()))
                .containsExactly(
                        "key:releaser SetRelease churn 1 at 100 % OK",
                        "key:releaser SetRelease churn 9 at 100 % VERSION_NOT_FOUND",
                        "key:releaser SetRelease upsell 1 at 100 % NOT_ALLOWED",
                        "key:trainer SetRelease   NOT_ALLOWED",
                        "key:boss SetAlias churn champion at 1 OK");
        assertThat(lines.get(before).getReason()).isEqualTo("it is better\nmuch better");
        assertThat(lines.get(before + 1).getFrom()).startsWith("release 1: 1 at 100 %");
        assertChained(lines);
        assertRefused(Status.Code.PERMISSION_DENIED, "NOT_ALLOWED", () -> AuditServiceGrpc.newBlockingStub(as(RELEASER))
                .listAuditEntries(ListAuditEntriesRequest.getDefaultInstance()));
    }

    private static void assertChained(List<AuditEntry> lines) throws Exception {
        String previous = "0".repeat(64);
        for (int i = 0; i < lines.size(); i++) {
            assertThat(lines.get(i).getSequence()).isEqualTo(i + 1);
            assertThat(lines.get(i).getPreviousHash()).isEqualTo(previous);
            assertThat(lines.get(i).getHash()).isEqualTo(hash(lines.get(i)));
            previous = lines.get(i).getHash();
        }
    }

    private static ReportActionRequest.Builder report(String id) {
        return ReportActionRequest.newBuilder()
                .setReportId(id)
                .setHappenedAtMillis(1_700_000_000_000L)
                .setPlace("inference-0")
                .setCaller("key:boss")
                .setActor("ann")
                .setAction(ReportedAction.REPORTED_ACTION_MODEL_UNLOAD)
                .setModel("churn")
                .setFrom("release 1: 1 at 100 %")
                .setTo("unloaded")
                .setReason("it is wrong")
                .setOutcome("OK");
    }

    private static long reported(ApiKey key, ReportActionRequest.Builder report) {
        return AuditReportServiceGrpc.newBlockingStub(as(key))
                .reportAction(report.build())
                .getSequence();
    }

    @Test
    void whatHappenedAtAReplicaIsOneLineHoweverOftenItIsReported() throws Exception {
        List<Long> sequences = IntStream.range(0, 24)
                .parallel()
                .mapToObj(i -> reported(REPLICA, report("report-" + i % 3)))
                .toList();
        assertThat(sequences.subList(3, 24)).allMatch(sequences.subList(0, 3)::contains);
        assertThat(reported(REPLICA, report("report-1").setReason("another"))).isEqualTo(sequences.get(1));
        assertThat(reported(REPLICA, report("report-4").setModel("upsell").setOutcome("NOT_ALLOWED")))
                .as("an attempt on a model that the replica does not follow")
                .isGreaterThan(sequences.get(1));

        List<AuditEntry> lines = audit();
        assertThat(lines).filteredOn(line -> !line.getReportId().isEmpty()).hasSize(4);
        AuditEntry line = lines.get((int) (sequences.get(1) - 1));
        assertThat(line.toBuilder()
                        .clearAtMillis()
                        .clearHash()
                        .clearPreviousHash()
                        .build())
                .isEqualTo(AuditEntry.newBuilder()
                        .setSequence(sequences.get(1))
                        .setCaller("key:boss")
                        .setActor("ann")
                        .setAction("RepositoryModelUnload")
                        .setModel("churn")
                        .setFrom("release 1: 1 at 100 %")
                        .setTo("unloaded")
                        .setReason("it is wrong")
                        .setOutcome("OK")
                        .setReporter("key:inference")
                        .setPlace("inference-0")
                        .setHappenedAtMillis(1_700_000_000_000L)
                        .setReportId("report-1")
                        .build());
        assertChained(lines);
    }

    @Test
    void takesReportsOfReplicasOnlyAndOnlyWholeOnes() {
        assertRefused(Status.Code.PERMISSION_DENIED, "NOT_ALLOWED", () -> reported(RELEASER, report("report-9")));
        assertRefused(Status.Code.PERMISSION_DENIED, "NOT_ALLOWED", () -> reported(TRAINER, report("report-9")));
        for (ReportActionRequest.Builder wrong : List.of(
                report("short"),
                report("report 9"),
                report("report-9").setHappenedAtMillis(0),
                report("report-9").setPlace(""),
                report("report-9").setPlace("a\nb"),
                report("report-9").setCaller(""),
                report("report-9").setCaller("key:boss\u001b[2J"),
                report("report-9").setAction(ReportedAction.REPORTED_ACTION_UNSPECIFIED),
                report("report-9").setActionValue(99),
                report("report-9").setOutcome("all is well"))) {
            assertRefused(Status.Code.INVALID_ARGUMENT, "REPORT_INVALID", () -> reported(REPLICA, wrong));
        }
        assertThat(audit()).noneMatch(line -> line.getReportId().equals("report-9"));
    }

    /** As audit.proto says it, written a second time on purpose. */
    private static String hash(AuditEntry line) throws Exception {
        StringBuilder text = new StringBuilder(line.getPreviousHash() + "\n");
        for (Object field : List.of(
                line.getSequence(),
                line.getAtMillis(),
                line.getCaller(),
                line.getActor(),
                line.getAction(),
                line.getModel(),
                line.getFrom(),
                line.getTo(),
                line.getReason().replace("\n", "\\n"),
                line.getOutcome())) {
            text.append(field).append('\n');
        }
        if (!line.getReportId().isEmpty()) {
            text.append(line.getReporter()).append('\n').append(line.getPlace()).append('\n');
            text.append(line.getHappenedAtMillis()).append('\n');
            text.append(line.getReportId()).append('\n');
        }
        return HexFormat.of()
                .formatHex(java.security.MessageDigest.getInstance("SHA-256")
                        .digest(text.toString().getBytes(StandardCharsets.UTF_8)));
    }

    @Test
    void rightsAreByModelAndListsHoldNoOthers() {
        service.publish("churn", as(TRAINER), TestPackages.sound("churn", 2));
        service.publish("upsell", as(BOSS), TestPackages.sound("upsell", 1));
        assertRefused(
                Status.Code.PERMISSION_DENIED,
                "NOT_ALLOWED",
                () -> service.publish("upsell", as(TRAINER), TestPackages.sound("upsell", 2)));
        assertThat(registry(TRAINER)
                        .listModels(ListModelsRequest.getDefaultInstance())
                        .getModelsList())
                .extracting(Model::getName)
                .containsExactly("churn");
        for (String model : List.of("upsell", "nothing")) {
            assertRefused(Status.Code.PERMISSION_DENIED, "NOT_ALLOWED", () -> registry(TRAINER)
                    .listVersions(
                            ListVersionsRequest.newBuilder().setModel(model).build()));
        }
    }

    @Test
    void whatIsPublishedIsSignedAndMoreMaySign() throws Exception {
        byte[] bytes = TestPackages.sound("churn", 3);
        String digest = service.publish("churn", as(TRAINER), bytes).getDigest();
        TrustedKeys trusted = TrustedKeys.parse("trusted", SIGNER.openPem().getBytes(StandardCharsets.US_ASCII));
        assertThat(trusted.isTrusted(digest, signatures(digest))).isTrue();

        SigningKey officer = SigningKey.generate();
        PackageSignature more = officer.sign(digest);
        AddSignatureRequest request = AddSignatureRequest.newBuilder()
                .setModel("churn")
                .setDigest(digest)
                .setSignature(io.foresell.proto.registry.v1.PackageSignature.newBuilder()
                        .setKeyId(more.keyId())
                        .setSignature(ByteString.copyFrom(HexFormat.of().parseHex(more.hex()))))
                .build();
        assertRefused(Status.Code.PERMISSION_DENIED, "NOT_ALLOWED", () -> PackageSignatureServiceGrpc.newBlockingStub(
                        as(TRAINER))
                .addSignature(request));
        var unused = PackageSignatureServiceGrpc.newBlockingStub(as(BOSS)).addSignature(request);
        assertThat(signatures(digest)).extracting(PackageSignature::keyId).contains(SIGNER.id(), officer.id());
        assertRefused(
                Status.Code.INVALID_ARGUMENT, "SIGNATURE_INVALID", () -> PackageSignatureServiceGrpc.newBlockingStub(
                                as(BOSS))
                        .addSignature(request.toBuilder()
                                .setSignature(request.getSignature().toBuilder()
                                        .setSignature(ByteString.copyFromUtf8("short")))
                                .build()));
        assertRefused(Status.Code.NOT_FOUND, "PACKAGE_NOT_FOUND", () -> PackageSignatureServiceGrpc.newBlockingStub(
                        as(BOSS))
                .addSignature(request.toBuilder().setDigest("0".repeat(64)).build()));
    }

    private static List<PackageSignature> signatures(String digest) {
        return PackageSignatureServiceGrpc.newBlockingStub(as(BOSS))
                .listSignatures(ListSignaturesRequest.newBuilder()
                        .setModel("churn")
                        .setDigest(digest)
                        .build())
                .getSignaturesList()
                .stream()
                .map(found -> new PackageSignature(
                        found.getKeyId(),
                        HexFormat.of().formatHex(found.getSignature().toByteArray())))
                .toList();
    }
}
