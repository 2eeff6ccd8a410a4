package io.foresell.inference;

import static io.foresell.inference.fixture.Cluster.packed;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.ListenableFuture;
import io.foresell.inference.admit.CallAdmission;
import io.foresell.inference.fixture.Cluster;
import io.foresell.inference.fixture.FeatureStorePeer.Online;
import io.foresell.inference.fixture.TestPackages;
import io.foresell.kit.Caller;
import io.foresell.kit.Failure;
import io.foresell.kit.FailureStatus;
import io.foresell.kit.GrpcClient;
import io.foresell.proto.inference.v1.EntityKeys;
import io.foresell.proto.inference.v1.InferenceServiceGrpc;
import io.foresell.proto.inference.v1.InferenceServiceGrpc.InferenceServiceBlockingStub;
import io.foresell.proto.inference.v1.PackedRows;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoreResponse;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.MetadataUtils;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** More calls than the server may take, over real sockets: what is admitted is answered, the rest is refused and told when to come back. */
final class OverloadTest {
    private static final int LIMIT = 8;
    private static final ScoreRequest ENTITY = ScoreRequest.newBuilder()
            .setModel("churn")
            .setEntityKeys(EntityKeys.newBuilder().addKeys("c1"))
            .build();

    @TempDir
    private Path folder;

    private Cluster cluster;

    @BeforeEach
    void makeCluster() {
        cluster = new Cluster(folder);
        cluster.registry.publish("churn", 1, TestPackages.logistic("churn", 0));
        cluster.registry.release("churn", 1, 100);
        cluster.features.put("c1", new Online(12, 70, "basic", 0, List.of()));
        cluster.with("admit.min-calls", "" + LIMIT).with("grpc.max-concurrent-calls", "" + LIMIT);
    }

    @AfterEach
    void closeCluster() {
        cluster.close();
    }

    @Test
    void atTwiceTheLimitHalfIsAnsweredAndHalfRefused() throws Exception {
        cluster.startServing();
        for (int round = 0; round < 3; round++) {
            CountDownLatch gate = cluster.features.hold();
            List<ListenableFuture<ScoreResponse>> calls = new ArrayList<>();
            for (int i = 0; i < 2 * LIMIT; i++) {
                calls.add(InferenceServiceGrpc.newFutureStub(cluster.channel())
                        .withDeadlineAfter(20, TimeUnit.SECONDS)
                        .score(ENTITY));
            }
            // Nothing is answered yet: whoever is done was refused, without waiting for anybody.
            Cluster.await(
                    "refusals",
                    () -> calls.stream().filter(call -> call.isDone()).count() == LIMIT);
            gate.countDown();
            int answered = 0;
            for (ListenableFuture<ScoreResponse> call : calls) {
                answered += isAnswered(call) ? 1 : 0;
            }
            assertThat(answered).isEqualTo(LIMIT);
            Cluster.await("places given back", () -> metric("grpc_server_calls_in_flight") == 0);
        }
        assertThat(metric("admission_refused_total{reason=\"TOO_MANY_CALLS\"")).isEqualTo(3.0 * LIMIT);
        assertThat(cluster.score(packed("churn", 1, 1, "")).getRowsCount()).isEqualTo(1);
    }

    @Test
    void whatAConnectionSendsAboveItsShareWaitsAtTheCallerAndTakesNobodysPlace() throws Exception {
        cluster.with("admit.max-calls-per-connection", "" + LIMIT).with("grpc.max-concurrent-calls", "" + 2 * LIMIT);
        cluster.startServing();
        CountDownLatch gate = cluster.features.hold();
        List<ListenableFuture<ScoreResponse>> greedy = new ArrayList<>();
        assertThat(cluster.list().getModelsCount()).isEqualTo(1); // the connection has heard what it may send
        for (int i = 0; i < 5 * LIMIT; i++) {
            greedy.add(InferenceServiceGrpc.newFutureStub(cluster.channel())
                    .withDeadlineAfter(20, TimeUnit.SECONDS)
                    .score(ENTITY));
        }
        Cluster.await("its share taken", () -> metric("grpc_server_calls_in_flight") == LIMIT);
        try (GrpcClient other = cluster.open()) {
            ListenableFuture<ScoreResponse> call = InferenceServiceGrpc.newFutureStub(other.channel())
                    .withDeadlineAfter(20, TimeUnit.SECONDS)
                    .score(ENTITY);
            Cluster.await("another's call", () -> metric("grpc_server_calls_in_flight") == LIMIT + 1);
            gate.countDown();
            assertThat(isAnswered(call)).isTrue();
        }
        for (ListenableFuture<ScoreResponse> call : greedy) {
            assertThat(isAnswered(call)).isTrue();
        }
        assertThat(metric("admission_refused_total")).isZero();
    }

    private static boolean isAnswered(ListenableFuture<ScoreResponse> call) throws Exception {
        try {
            assertThat(call.get(20, TimeUnit.SECONDS).getRowsCount()).isEqualTo(1);
            return true;
        } catch (ExecutionException e) {
            Failure failure = FailureStatus.fromStatus((StatusRuntimeException) e.getCause());
            assertThat(failure.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
            assertThat(failure.reason()).isEqualTo("TOO_MANY_CALLS");
            assertThat(failure.message()).isEqualTo("calls in flight: 8 (expected: below 8)");
            assertThat(failure.retryAfter()).isBetween(Duration.ofMillis(50), Duration.ofMillis(250));
            return false;
        }
    }

    private double metric(String start) {
        return cluster.metrics()
                .lines()
                .filter(line -> line.startsWith(start))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    @Test
    void questionsAboutTheServerAreAnsweredInAStorm() {
        cluster.startServing();
        CountDownLatch gate = cluster.features.hold();
        for (int i = 0; i < LIMIT; i++) {
            var unused = InferenceServiceGrpc.newFutureStub(cluster.channel())
                    .withDeadlineAfter(20, TimeUnit.SECONDS)
                    .score(ENTITY);
        }
        Cluster.await("full", () -> metric("grpc_server_calls_in_flight") == LIMIT);
        assertThat(failure(stub(), ENTITY).reason()).isEqualTo("TOO_MANY_CALLS");
        assertThat(cluster.list().getModelsCount()).isEqualTo(1);
        gate.countDown();
    }

    private InferenceServiceBlockingStub stub(String... headersAndValues) {
        Metadata headers = new Metadata();
        for (int i = 0; i < headersAndValues.length; i += 2) {
            headers.put(
                    Metadata.Key.of(headersAndValues[i], Metadata.ASCII_STRING_MARSHALLER), headersAndValues[i + 1]);
        }
        return cluster.stub()
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private static Failure failure(InferenceServiceBlockingStub stub, ScoreRequest request) {
        try {
            throw new AssertionError("answered " + stub.score(request));
        } catch (StatusRuntimeException e) {
            return FailureStatus.fromStatus(e);
        }
    }

    @Test
    void callsThatCanWaitLeaveHalfOfThePlaces() {
        cluster.startServing();
        String priority = CallAdmission.PRIORITY.name();
        ScoreRequest row = packed("churn", 1, 1, "").build();
        assertThat(stub(priority, "bulk").score(row).getRowsCount()).isEqualTo(1);
        CountDownLatch gate = cluster.features.hold();
        for (int i = 0; i < LIMIT / 2; i++) {
            var unused = InferenceServiceGrpc.newFutureStub(cluster.channel())
                    .withDeadlineAfter(20, TimeUnit.SECONDS)
                    .score(ENTITY);
        }
        Cluster.await("half full", () -> metric("grpc_server_calls_in_flight") == LIMIT / 2);
        assertThat(failure(stub(priority, "bulk"), row).reason()).isEqualTo("LOW_PRIORITY");
        assertThat(stub(priority, "online").score(row).getRowsCount()).isEqualTo(1);
        assertThat(stub().score(row).getRowsCount()).isEqualTo(1);
        Failure unknown = failure(stub(priority, "urgent"), row);
        assertThat(unknown.code()).isEqualTo(Status.Code.INVALID_ARGUMENT);
        assertThat(unknown.reason()).isEqualTo("PRIORITY_UNKNOWN");
        gate.countDown();
    }

    @Test
    void holdsACallerToItsRowsASecond() {
        cluster.with("admit.quotas", "crm:1:100").startServing();
        String caller = Caller.HEADER.name();
        PackedRows.Builder rows = PackedRows.newBuilder().setRowCount(60);
        for (int row = 0; row < 60; row++) {
            rows.addNumbers(row).addNumbers(1).addTexts("");
        }
        ScoreRequest sixty =
                ScoreRequest.newBuilder().setModel("churn").setPackedRows(rows).build();
        assertThat(stub(caller, "crm").score(sixty).getRowsCount()).isEqualTo(60);
        assertThat(stub(caller, "crm").score(sixty).getRowsCount()).isEqualTo(60); // on credit: known only when read
        Failure failure = failure(stub(caller, "crm"), packed("churn", 1, 1, "").build());
        assertThat(failure.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(failure.reason()).isEqualTo("QUOTA_EXCEEDED");
        assertThat(failure.retryAfter()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(22));
        assertThat(stub(caller, "shop").score(sixty).getRowsCount()).isEqualTo(60);
        assertThat(metric("admission_refused_total{reason=\"QUOTA_EXCEEDED\"")).isEqualTo(1);
    }

    @Test
    void aNameWithoutQuotaDoesNotEscapeTheDefault() {
        cluster.with("admit.rows-per-second", "2").startServing();
        String caller = Caller.HEADER.name();
        ScoreRequest row = packed("churn", 1, 1, "").build();
        int refused = 0;
        for (int i = 0; i < 40; i++) {
            try {
                stub(caller, "name" + i).score(row);
            } catch (StatusRuntimeException e) {
                assertThat(FailureStatus.fromStatus(e).reason()).isEqualTo("QUOTA_EXCEEDED");
                refused++;
            }
        }
        assertThat(refused).isPositive();
    }
}
