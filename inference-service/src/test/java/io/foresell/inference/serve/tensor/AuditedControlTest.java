package io.foresell.inference.serve.tensor;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.util.JsonFormat;
import io.foresell.inference.fixture.AuditPeer;
import io.foresell.inference.fixture.Cluster;
import io.foresell.inference.fixture.TestPackages;
import io.foresell.kit.Failure;
import io.foresell.kit.FailureStatus;
import io.foresell.kit.identity.ApiKey;
import io.foresell.proto.openinference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import io.foresell.proto.openinference.ModelReadyRequest;
import io.foresell.proto.openinference.ModelRepositoryParameter;
import io.foresell.proto.openinference.RepositoryModelLoadRequest;
import io.foresell.proto.openinference.RepositoryModelUnloadRequest;
import io.foresell.proto.registry.v1.ReportActionRequest;
import io.foresell.proto.registry.v1.ReportedAction;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Who loads and unloads models is in the registry's audit log, whatever happens to the registry, the process and the disk. */
final class AuditedControlTest {
    private static final SecureRandom RANDOM = new SecureRandom();
    private static final ApiKey BOSS = ApiKey.generate(RANDOM);
    private static final ApiKey RELEASER = ApiKey.generate(RANDOM);
    private static final ApiKey SHOP = ApiKey.generate(RANDOM);

    @TempDir
    private Path folder;

    private Cluster cluster;
    private AuditPeer audit;

    @BeforeEach
    void makeCluster() {
        cluster = new Cluster(folder);
        audit = cluster.registry.audit;
        cluster.registry.publish("churn", 1, TestPackages.logistic("churn", 0));
        cluster.registry.release("churn", 1, 100);
    }

    @AfterEach
    void closeCluster() {
        cluster.close();
    }

    private void askWhoCalls() throws Exception {
        Path access = Files.writeString(
                folder.resolve("access"),
                String.join(
                        "\n",
                        BOSS.line("boss", "admin", null),
                        RELEASER.line("releaser", "release:churn", null),
                        SHOP.line("shop", "score", null)));
        cluster.with("auth.access-file", access.toString());
    }

    private GRPCInferenceServiceBlockingStub as(ApiKey key) {
        Metadata headers = new Metadata();
        headers.put(Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER), "Bearer " + key.text());
        return cluster.tensors().withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private static void load(GRPCInferenceServiceBlockingStub stub, String model) {
        var unused = stub.repositoryModelLoad(
                RepositoryModelLoadRequest.newBuilder().setModelName(model).build());
    }

    private static void unload(GRPCInferenceServiceBlockingStub stub, String model) {
        var unused = stub.repositoryModelUnload(
                RepositoryModelUnloadRequest.newBuilder().setModelName(model).build());
    }

    private static Failure failureOf(Runnable call) {
        try {
            call.run();
            throw new AssertionError("answered");
        } catch (StatusRuntimeException e) {
            return FailureStatus.fromStatus(e);
        }
    }

    private static ModelRepositoryParameter text(String value) {
        return ModelRepositoryParameter.newBuilder().setStringParam(value).build();
    }

    private boolean isReady() {
        return cluster.tensors()
                .modelReady(ModelReadyRequest.newBuilder().setName("churn").build())
                .getReady();
    }

    private void awaitReports(int count) {
        Cluster.await(count + " reports", () -> audit.reports().size() >= count);
    }

    /** Fills the outbox as a server would have that ran without the registry. */
    private void fill(int count) throws Exception {
        Path outbox = Files.createDirectories(cluster.cacheFolder().resolve("audit"));
        for (int i = 1; i <= count; i++) {
            Files.writeString(
                    outbox.resolve("%012d.json".formatted(i)),
                    JsonFormat.printer()
                            .print(ReportActionRequest.newBuilder()
                                    .setReportId("report-" + i)
                                    .setHappenedAtMillis(i)
                                    .setPlace("inference-0")
                                    .setCaller("key:boss")
                                    .setAction(ReportedAction.REPORTED_ACTION_MODEL_LOAD)
                                    .setModel("churn")
                                    .setOutcome("OK")));
        }
    }

    @Test
    void saysWhoOrderedWhatAndWhyAndWhatCameOfIt() throws Exception {
        askWhoCalls();
        cluster.startServing();
        var unloaded = as(RELEASER)
                .repositoryModelUnload(RepositoryModelUnloadRequest.newBuilder()
                        .setModelName("churn")
                        .putParameters("reason", text("scores are\nwrong"))
                        .putParameters("actor", text("ann"))
                        .build());
        assertThat(unloaded.getIsUnloaded()).isTrue();
        var loaded = as(RELEASER)
                .repositoryModelLoad(RepositoryModelLoadRequest.newBuilder()
                        .setModelName("churn")
                        .putParameters("reason", text("fixed"))
                        .build());
        assertThat(loaded.getIsLoaded()).isTrue();
        unload(as(BOSS), "simple");
        assertThat(failureOf(() -> unload(as(BOSS), "nope")).code()).isEqualTo(Status.Code.NOT_FOUND);

        awaitReports(4);
        assertThat(audit.lines())
                .containsExactly(
                        "key:releaser UNLOAD churn OK",
                        "key:releaser LOAD churn OK",
                        "key:boss UNLOAD simple OK",
                        "key:boss UNLOAD nope MODEL_NOT_FOUND");
        ReportActionRequest first = audit.reports().get(0);
        assertThat(first.getReason()).isEqualTo("scores are wrong");
        assertThat(first.getActor()).isEqualTo("ann");
        assertThat(first.getFrom()).isEqualTo("release 1: 1 at 100 %");
        assertThat(first.getTo()).isEqualTo("unloaded");
        assertThat(first.getPlace()).isNotEmpty();
        assertThat(first.getHappenedAtMillis()).isPositive();
        assertThat(audit.reports().get(1).getFrom()).isEqualTo("unloaded");
        assertThat(audit.reports().get(2).getFrom()).isEqualTo("test model");
        assertThat(audit.reports()).extracting(ReportActionRequest::getReportId).doesNotHaveDuplicates();
        Cluster.await(
                "none left", () -> cluster.metrics().contains("audit_delivered_total{service=\"inference\"} 4.0"));
        assertThat(cluster.readyz()).isEqualTo("ready\n");
    }

    @Test
    void refusedAttemptsOfThoseWhoAreKnownAreThereToo() throws Exception {
        askWhoCalls();
        cluster.with("open-inference.model-control", "false").startServing();
        assertThat(failureOf(() -> unload(as(RELEASER), "upsell")).reason()).isEqualTo("NOT_ALLOWED");
        awaitReports(1);
        assertThat(failureOf(() -> load(as(SHOP), "churn")).reason()).isEqualTo("NOT_ALLOWED");
        awaitReports(2);
        assertThat(failureOf(() -> unload(as(RELEASER), "../\nx")).reason()).isEqualTo("NOT_ALLOWED");
        awaitReports(3);
        assertThat(failureOf(() -> unload(cluster.tensors(), "churn")).reason()).isEqualTo("CREDENTIAL_MISSING");
        assertThat(failureOf(() -> unload(as(RELEASER), "churn")).reason()).isEqualTo("MODEL_CONTROL_OFF");
        awaitReports(4);
        assertThat(audit.lines())
                .containsExactly(
                        "key:releaser UNLOAD upsell NOT_ALLOWED",
                        "key:shop LOAD  NOT_ALLOWED",
                        "key:releaser UNLOAD (not a name) NOT_ALLOWED",
                        "key:releaser UNLOAD churn MODEL_CONTROL_OFF");
    }

    @Test
    void ordersAreCarriedOutWithoutTheRegistryAndToldWhenItIsBack() {
        cluster.startServing();
        cluster.registry.stop();
        unload(cluster.tensors(), "churn");
        assertThat(isReady()).isFalse();
        load(cluster.tensors(), "churn");
        assertThat(isReady()).isTrue();
        unload(cluster.tensors(), "simple");
        Cluster.await("a problem", () -> cluster.readyz().contains("UNAVAILABLE"));
        assertThat(cluster.readyz()).startsWith("ready\n").contains("notice: audit: 3 orders and refused attempts not");
        assertThat(cluster.metrics()).contains("audit_undelivered_entries{service=\"inference\"} 3.0");

        cluster.registry.restart();
        awaitReports(3);
        assertThat(audit.lines())
                .containsExactly(
                        "unverified UNLOAD churn OK", "unverified LOAD churn OK", "unverified UNLOAD simple OK");
        Cluster.await("none left", () -> cluster.readyz().equals("ready\n"));
        assertThat(cluster.metrics())
                .contains("audit_undelivered_entries{service=\"inference\"} 0.0")
                .contains("audit_undelivered_age_seconds{service=\"inference\"} 0.0");
        assertThat(cluster.cacheFolder().resolve("audit")).isEmptyDirectory();
    }

    @Test
    void whatWasNotDeliveredSurvivesARestart() {
        cluster.startServing();
        cluster.registry.stop();
        unload(cluster.tensors(), "churn");
        load(cluster.tensors(), "churn");
        cluster.stopInference();
        cluster.startServing();
        unload(cluster.tensors(), "churn");
        assertThat(cluster.metrics()).contains("audit_undelivered_entries{service=\"inference\"} 3.0");
        cluster.registry.restart();
        awaitReports(3);
        assertThat(audit.lines())
                .containsExactly(
                        "unverified UNLOAD churn OK", "unverified LOAD churn OK", "unverified UNLOAD churn OK");
    }

    @Test
    void whatIsClosedAtOnceIsDeliveredFirst() {
        cluster.startServing();
        audit.refuse(Status.UNAVAILABLE);
        unload(cluster.tensors(), "churn");
        Cluster.await("an attempt", () -> audit.callCount() > 0);
        audit.refuse(Status.OK);
        cluster.stopInference();
        assertThat(audit.lines()).containsExactly("unverified UNLOAD churn OK");
    }

    @Test
    void isSentUntilItIsTakenWhateverTheRegistrySays() {
        cluster.startServing();
        audit.refuse(Status.PERMISSION_DENIED.withDescription("no grant"));
        unload(cluster.tensors(), "churn");
        Cluster.await("two attempts", () -> audit.callCount() > 1);
        assertThat(cluster.readyz()).contains("PERMISSION_DENIED no grant");
        audit.loseAnswer();
        audit.refuse(Status.OK);
        awaitReports(1);
        Cluster.await("none left", () -> cluster.readyz().equals("ready\n"));
        load(cluster.tensors(), "churn");
        awaitReports(2);
        assertThat(audit.lines()).containsExactly("unverified UNLOAD churn OK", "unverified LOAD churn OK");
    }

    @Test
    void isRefusedWhenTooManyWaitAndCarriedOutWhenTheyAreGone() throws Exception {
        fill(1_000);
        audit.refuse(Status.UNAVAILABLE);
        cluster.startServing();
        Failure full = failureOf(() -> unload(cluster.tensors(), "churn"));
        assertThat(full.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(full.reason()).isEqualTo("AUDIT_OUTBOX_FULL");
        assertThat(full.retryAfter()).isNotNull();
        assertThat(isReady()).isTrue();
        audit.refuse(Status.OK);
        awaitReports(1_000);
        Cluster.await("room", () -> cluster.readyz().equals("ready\n"));
        unload(cluster.tensors(), "churn");
        awaitReports(1_001);
        assertThat(audit.reports().subList(0, 1_000))
                .extracting(ReportActionRequest::getHappenedAtMillis)
                .isSorted();
        assertThat(audit.lines().get(1_000)).isEqualTo("unverified UNLOAD churn OK");
    }

    @Test
    void whoMayNotGiveOrdersCannotKeepThoseFromItWhoMay() throws Exception {
        askWhoCalls();
        fill(500);
        audit.refuse(Status.UNAVAILABLE);
        cluster.startServing();
        assertThat(failureOf(() -> unload(as(SHOP), "churn")).reason()).isEqualTo("NOT_ALLOWED");
        assertThat(cluster.metrics())
                .contains("audit_failed_total{service=\"inference\"} 1.0")
                .contains("audit_undelivered_entries{service=\"inference\"} 500.0");
        unload(as(RELEASER), "churn");
        assertThat(cluster.metrics()).contains("audit_undelivered_entries{service=\"inference\"} 501.0");
    }

    @Test
    void nothingIsDoneThatCannotBeWrittenDown() throws Exception {
        cluster.startServing();
        Path outbox = cluster.cacheFolder().resolve("audit");
        Files.delete(outbox);
        Failure unwritable = failureOf(() -> unload(cluster.tensors(), "churn"));
        assertThat(unwritable.code()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(unwritable.reason()).isEqualTo("AUDIT_UNWRITABLE");
        assertThat(isReady()).isTrue();
        assertThat(cluster.metrics()).contains("audit_failed_total{service=\"inference\"} 1.0");
        Files.createDirectory(outbox);
        unload(cluster.tensors(), "churn");
        awaitReports(1);
        assertThat(audit.lines()).isEqualTo(List.of("unverified UNLOAD churn OK"));
    }
}
