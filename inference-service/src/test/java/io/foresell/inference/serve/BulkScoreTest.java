package io.foresell.inference.serve;

import static io.foresell.inference.fixture.Cluster.packed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.foresell.inference.InferenceServer;
import io.foresell.inference.fixture.Cluster;
import io.foresell.inference.fixture.FeatureStorePeer.Online;
import io.foresell.inference.fixture.StreamCaller;
import io.foresell.inference.fixture.TestPackages;
import io.foresell.kit.Caller;
import io.foresell.kit.Failure;
import io.foresell.kit.FailureStatus;
import io.foresell.kit.GrpcClient;
import io.foresell.kit.Telemetry;
import io.foresell.kit.WireSettings;
import io.foresell.proto.inference.v1.BulkHeader;
import io.foresell.proto.inference.v1.BulkRow;
import io.foresell.proto.inference.v1.EntityKeys;
import io.foresell.proto.inference.v1.InferenceServiceGrpc;
import io.foresell.proto.inference.v1.LoadedModel;
import io.foresell.proto.inference.v1.NamedRow;
import io.foresell.proto.inference.v1.NamedRows;
import io.foresell.proto.inference.v1.PackedRows;
import io.foresell.proto.inference.v1.ScoreBulkRequest;
import io.foresell.proto.inference.v1.ScoreBulkResponse;
import io.foresell.proto.inference.v1.Value;
import io.grpc.Channel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many rows on one version, whatever is released, breaks or restarts meanwhile. */
final class BulkScoreTest {
    @TempDir
    private Path folder;

    private Cluster cluster;
    private final List<StreamCaller<?, ?>> opened = new ArrayList<>();

    @BeforeEach
    void makeCluster() {
        cluster = new Cluster(folder);
        for (int version = 1; version <= 4; version++) {
            cluster.registry.publish("churn", version, TestPackages.logistic("churn", version - 1));
        }
        cluster.registry.publish("weekly", 1, TestPackages.sequence("weekly"));
        cluster.registry.release("churn", 1, 100);
        cluster.registry.release("weekly", 1, 100);
    }

    @AfterEach
    void closeCluster() {
        opened.forEach(StreamCaller::cancel); // or closing waits for them
        cluster.close();
    }

    private StreamCaller<ScoreBulkRequest, ScoreBulkResponse> open() {
        return open(cluster.channel());
    }

    private StreamCaller<ScoreBulkRequest, ScoreBulkResponse> open(Channel channel) {
        StreamCaller<ScoreBulkRequest, ScoreBulkResponse> stream = StreamCaller.open(
                InferenceServiceGrpc.newStub(channel).withDeadlineAfter(60, TimeUnit.SECONDS)::scoreBulk);
        opened.add(stream);
        return stream;
    }

    private static ScoreBulkRequest header(BulkHeader.Builder header) {
        return ScoreBulkRequest.newBuilder().setHeader(header).build();
    }

    private static ScoreBulkRequest churn() {
        return header(BulkHeader.newBuilder().setModel("churn"));
    }

    private static ScoreBulkRequest resume(String token) {
        return header(BulkHeader.newBuilder().setResumeToken(token));
    }

    private static float tenure(long position) {
        return position % 60;
    }

    /** Returns consecutive rows of an endless file. */
    private static ScoreBulkRequest rows(long from, int count) {
        PackedRows.Builder rows = PackedRows.newBuilder().setRowCount(count);
        for (long position = from; position < from + count; position++) {
            rows.addNumbers(tenure(position)).addNumbers(70).addTexts("basic");
        }
        return ScoreBulkRequest.newBuilder().setPackedRows(rows).build();
    }

    private static void requireScores(ScoreBulkResponse answer, int version, long from, int count) {
        assertThat(answer.getModelVersion()).isEqualTo(version);
        assertThat(answer.getFirstPosition()).isEqualTo(from);
        assertThat(answer.getRowsCount()).isEqualTo(count);
        for (int i = 0; i < count; i++) {
            assertThat(answer.getRows(i).getScored().getModelVersion()).isEqualTo(version);
            assertThat(answer.getRows(i).getScored().getScore())
                    .isCloseTo(TestPackages.expected(version - 1, tenure(from + i), 70, "basic"), within(1e-5));
        }
    }

    private Failure failure(StreamCaller<?, ?> stream) throws Exception {
        return FailureStatus.fromStatus(stream.failure());
    }

    /** Releases two other versions one after the other, so that nothing but a pin keeps the first. */
    private void releaseAway() {
        cluster.registry.release("churn", 2, 100);
        cluster.awaitRevision("churn", 2);
        cluster.registry.release("churn", 3, 100);
        cluster.awaitRevision("churn", 3);
    }

    @Test
    void keepsItsVersionWhateverIsReleasedAndLetsItGoAfterwards() throws Exception {
        cluster.startServing();
        var stream = open();
        ScoreBulkResponse opened = stream.send(churn()).answer();
        assertThat(opened.getRowsCount()).isZero();
        assertThat(opened.getModel()).isEqualTo("churn");
        assertThat(opened.getDigest()).isEqualTo(cluster.loaded("churn", 1).getDigest());
        requireScores(stream.send(rows(0, 1024)).answer(), 1, 0, 1024);
        assertThat(cluster.loaded("churn", 1).getIsPinned()).isTrue();
        releaseAway();
        assertThat(cluster.score(packed("churn", 1, 1, "")).getRows(0).getModelVersion())
                .isEqualTo(3);
        LoadedModel held = cluster.loaded("churn", 1);
        assertThat(held.getIsPinned()).isTrue();
        assertThat(held.getWeight()).isZero();
        requireScores(stream.send(rows(1024, 300)).answer(), 1, 1024, 300);
        assertThat(cluster.metrics())
                .contains("inference_rows_total{model=\"churn\",service=\"inference\",version=\"1\"");
        stream.complete();
        assertThat(stream.end()).isEqualTo(Status.OK);
        Cluster.await("version gone", () -> cluster.loaded("churn", 1).equals(LoadedModel.getDefaultInstance()));
        assertThat(cluster.metrics()).doesNotContain("model=\"churn\",service=\"inference\",version=\"1\"");
    }

    @Test
    void aBrokenStreamGoesOnOnTheSameVersion() throws Exception {
        cluster.startServing();
        var stream = open();
        stream.send(churn()).send(rows(0, 500)).send(rows(500, 500));
        requireScores(stream.answers(2).get(1), 1, 0, 500);
        String token = stream.answer().getResumeToken();
        stream.cancel();
        releaseAway();
        var next = open();
        ScoreBulkResponse opened = next.send(resume(token)).answer();
        assertThat(opened.getFirstPosition()).isEqualTo(1000);
        assertThat(opened.getModelVersion()).isEqualTo(1);
        requireScores(next.send(rows(1000, 10)).answer(), 1, 1000, 10);
        next.complete();
        assertThat(next.end()).isEqualTo(Status.OK);
    }

    @Test
    void saysClearlyThatTheVersionIsGone() throws Exception {
        cluster.with("bulk.hold", "0s").startServing();
        var stream = open();
        String token = stream.send(churn()).answer().getResumeToken();
        stream.cancel();
        releaseAway();
        Cluster.await("version gone", () -> cluster.loaded("churn", 1).equals(LoadedModel.getDefaultInstance()));
        var next = open();
        next.send(resume(token));
        Failure failure = failure(next);
        assertThat(failure.code()).isEqualTo(Status.Code.FAILED_PRECONDITION);
        assertThat(failure.reason()).isEqualTo("BULK_VERSION_GONE");
        assertThat(failure.message()).contains("version 1 of 'churn'", "(expected: version 3 from the start)");
    }

    @Test
    void goesOnAfterARestartOfTheServer() throws Exception {
        cluster.startServing();
        var stream = open();
        String token = stream.send(churn()).send(rows(0, 700)).answers(2).get(1).getResumeToken();
        cluster.stopInference();
        cluster.startServing();
        var next = open();
        requireScores(next.send(resume(token)).send(rows(700, 5)).answers(2).get(1), 1, 700, 5);
    }

    @Test
    void onARouteSplitKeepsTheVersionOfMostSubjects() throws Exception {
        cluster.registry.release("churn", 2, 40, 3, 60);
        cluster.startServing();
        assertThat(open().send(churn()).answer().getModelVersion()).isEqualTo(3);
        assertThat(open().send(header(BulkHeader.newBuilder().setModel("churn").setVersion(2)))
                        .answer()
                        .getModelVersion())
                .isEqualTo(2);
    }

    @Test
    void aBadRowIsAnsweredInItsPlaceAndTheOthersAreScored() throws Exception {
        cluster.startServing();
        NamedRows.Builder named = NamedRows.newBuilder();
        for (int row = 0; row < 200; row++) {
            Value value = row % 50 == 7
                    ? Value.newBuilder().setText("x").build()
                    : Value.newBuilder().setNumber(row).build();
            named.addRows(NamedRow.newBuilder().putValues(row == 100 ? "tenur" : "tenure", value));
        }
        var stream = open();
        stream.send(churn()).answer();
        List<BulkRow> rows = stream.send(
                        ScoreBulkRequest.newBuilder().setNamedRows(named).build())
                .answer()
                .getRowsList();
        for (int row = 0; row < 200; row++) {
            if (row == 100) {
                assertThat(rows.get(row).getError().getReason()).isEqualTo("INPUT_UNKNOWN");
                assertThat(rows.get(row).getError().getMessage()).contains("rows[100]", "nearest is 'tenure'");
            } else if (row % 50 == 7) {
                assertThat(rows.get(row).getError().getReason()).isEqualTo("INPUT_TYPE");
                assertThat(rows.get(row).getError().getMessage()).contains("rows[%d]".formatted(row));
            } else {
                assertThat(rows.get(row).getScored().getScore())
                        .isCloseTo(TestPackages.expected(0, row, Float.NaN, ""), within(1e-5));
            }
        }
        PackedRows.Builder packed = PackedRows.newBuilder().setRowCount(3);
        for (float tenure : new float[] {1, Float.POSITIVE_INFINITY, 3}) {
            packed.addNumbers(tenure).addNumbers(70).addTexts("");
        }
        ScoreBulkResponse second = stream.send(
                        ScoreBulkRequest.newBuilder().setPackedRows(packed).build())
                .answer();
        assertThat(second.getRowsList()).extracting(BulkRow::hasScored).containsExactly(true, false, true);
        assertThat(second.getRows(1).getError().getReason()).isEqualTo("NUMBER_NOT_FINITE");
        assertThat(second.getFirstPosition()).isEqualTo(200);
    }

    @Test
    void scoresEntitiesAndNamesThoseThatAreUnknown() throws Exception {
        cluster.features.put("c1", new Online(12, 70, "basic", 0, List.of("spend")));
        cluster.features.put("c2", new Online(24, 70, "gold", 0, List.of()));
        cluster.startServing();
        var stream = open();
        ScoreBulkResponse answer = stream.send(churn())
                .send(ScoreBulkRequest.newBuilder()
                        .setEntityKeys(EntityKeys.newBuilder().addAllKeys(List.of("c2", "no", "", "c1", "c2")))
                        .build())
                .answers(2)
                .get(1);
        assertThat(answer.getRowsList())
                .extracting(row -> row.getScored().getEntityKey())
                .containsExactly("c2", "", "", "c1", "c2");
        assertThat(answer.getRows(0).getScored().getScore())
                .isCloseTo(TestPackages.expected(0, 24, 70, "gold"), within(1e-5));
        assertThat(answer.getRows(3).getScored().getStaleFeaturesList()).containsExactly("spend");
        assertThat(answer.getRows(1).getError().getReason()).isEqualTo("ENTITY_NOT_FOUND");
        assertThat(answer.getRows(1).getError().getMessage()).contains("'no'");
        assertThat(answer.getRows(2).getError().getReason()).isEqualTo("ENTITY_KEY_EMPTY");
        assertThat(cluster.metrics()).contains("feature_cache_size{service=\"inference\"} 0.0");
        cluster.features.close();
        stream.send(ScoreBulkRequest.newBuilder()
                .setEntityKeys(EntityKeys.newBuilder().addKeys("c1"))
                .build());
        Failure away = failure(stream);
        assertThat(away.code()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(away.reason()).isEqualTo("FEATURE_STORE_UNAVAILABLE");
    }

    @Test
    void refusesWhatIsNoBulkStream() throws Exception {
        cluster.startServing();
        assertThat(reasonAfter(rows(0, 1))).isEqualTo("PART_UNEXPECTED");
        assertThat(reasonAfter(churn(), churn())).isEqualTo("PART_UNEXPECTED");
        assertThat(reasonAfter(churn(), ScoreBulkRequest.getDefaultInstance())).isEqualTo("PART_UNEXPECTED");
        assertThat(reasonAfter(header(BulkHeader.newBuilder()))).isEqualTo("MODEL_REQUIRED");
        assertThat(reasonAfter(header(BulkHeader.newBuilder().setModel("chrun"))))
                .isEqualTo("MODEL_NOT_FOUND");
        assertThat(reasonAfter(header(BulkHeader.newBuilder().setModel("churn").setVersion(9))))
                .isEqualTo("VERSION_NOT_FOUND");
        assertThat(reasonAfter(header(BulkHeader.newBuilder().setModel("churn").setVersion(-1))))
                .isEqualTo("VERSION_INVALID");
        assertThat(reasonAfter(churn(), rows(0, 1025))).isEqualTo("ROW_COUNT_OUT_OF_RANGE");
        assertThat(reasonAfter(churn(), rows(0, 0))).isEqualTo("ROW_COUNT_OUT_OF_RANGE");
        assertThat(reasonAfter(header(BulkHeader.newBuilder().setModel("churn").setReasonCount(99)), rows(0, 1)))
                .isEqualTo("REASON_COUNT_OUT_OF_RANGE");
        assertThat(reasonAfter(header(BulkHeader.newBuilder().setModel("churn").setReasonLabel("x")), rows(0, 1)))
                .isEqualTo("LABEL_UNKNOWN");
        assertThat(reasonAfter(
                        header(BulkHeader.newBuilder().setModel("weekly")),
                        ScoreBulkRequest.newBuilder()
                                .setEntityKeys(EntityKeys.newBuilder().addKeys("c1"))
                                .build()))
                .isEqualTo("ENTITY_KEYS_UNSUPPORTED");
        String token = open().send(churn()).answer().getResumeToken();
        assertThat(reasonAfter(resume(token.substring(1)))).isEqualTo("RESUME_TOKEN_INVALID");
        assertThat(reasonAfter(resume("x".repeat(100_000)))).isEqualTo("RESUME_TOKEN_INVALID");
        assertThat(reasonAfter(header(BulkHeader.newBuilder().setModel("weekly").setResumeToken(token))))
                .isEqualTo("RESUME_TOKEN_OF_OTHER_MODEL");
    }

    private String reasonAfter(ScoreBulkRequest... messages) throws Exception {
        var stream = open();
        for (ScoreBulkRequest message : messages) {
            stream.send(message);
        }
        return failure(stream).reason();
    }

    @Test
    void aCallerThatDoesNotReadIsNotRead() throws Exception {
        cluster.startServing();
        var stream = StreamCaller.<ScoreBulkRequest, ScoreBulkResponse>openUnread(
                InferenceServiceGrpc.newStub(cluster.channel()).withDeadlineAfter(60, TimeUnit.SECONDS)::scoreBulk);
        stream.send(churn());
        int sent = 0;
        long quietSince = System.nanoTime();
        while (sent < 1000 && System.nanoTime() - quietSince < 1_000_000_000L) {
            if (stream.isReady()) {
                stream.send(rows(1024L * sent, 1024));
                sent++;
                quietSince = System.nanoTime();
            } else {
                Thread.sleep(1);
            }
        }
        assertThat(sent).isLessThan(200);
        stream.read(sent + 1);
        requireScores(stream.answers(sent + 1).get(sent), 1, 1024L * (sent - 1), 1024);
    }

    @Test
    void aStreamThatSendsNothingEndsWithTheTokenToGoOn() throws Exception {
        cluster.features.put("c1", new Online(12, 70, "basic", 0, List.of()));
        cluster.with("bulk.idle-timeout", "1s").with("lookup.timeout", "20s").startServing();
        var silent = open(); // not even a header
        var stream = open();
        requireScores(stream.send(churn()).send(rows(0, 9)).answers(2).get(1), 1, 0, 9);
        CountDownLatch gate = cluster.features.hold();
        var busy = open();
        busy.send(churn())
                .send(ScoreBulkRequest.newBuilder()
                        .setEntityKeys(EntityKeys.newBuilder().addKeys("c1"))
                        .build());
        Failure failure = failure(stream);
        assertThat(failure.code()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(failure.reason()).isEqualTo("STREAM_IDLE");
        assertThat(failure.message()).isEqualTo("stream: nothing sent or read for 1 s (expected: rows, or the end)");
        assertThat(failure.metadata()).containsEntry("position", "9");
        assertThat(failure(silent).metadata()).doesNotContainKey("resume_token");
        Thread.sleep(1200);
        assertThat(busy.hasEnded()).as("the server is at work").isFalse();
        gate.countDown();
        assertThat(busy.answers(2).get(1).getRows(0).hasScored()).isTrue();
        var next = open();
        String token = failure.metadata().get("resume_token");
        requireScores(next.send(resume(token)).send(rows(9, 5)).answers(2).get(1), 1, 9, 5);
    }

    @Test
    void rowsAreChargedAndWaitForTheQuota() throws Exception {
        cluster.with("admit.quotas", "crm:150:150")
                .with("bulk.idle-timeout", "1s")
                .startServing();
        Metadata headers = new Metadata();
        headers.put(Caller.HEADER, "crm");
        StreamCaller<ScoreBulkRequest, ScoreBulkResponse> stream =
                StreamCaller.open(InferenceServiceGrpc.newStub(cluster.channel())
                        .withDeadlineAfter(60, TimeUnit.SECONDS)
                        .withInterceptors(MetadataUtils.newAttachHeadersInterceptor(headers))::scoreBulk);
        long startNanos = System.nanoTime();
        stream.send(churn());
        for (int message = 0; message < 2; message++) {
            stream.send(rows(300L * message, 300));
        }
        requireScores(stream.answers(3).get(2), 1, 300, 300);
        // 301 tokens before the last message, 150 at once and half of those left: the others take time, and are no idle
        // end.
        assertThat(System.nanoTime() - startNanos).isGreaterThan(TimeUnit.SECONDS.toNanos(1));
        stream.complete();
        assertThat(stream.end()).isEqualTo(Status.OK);
    }

    @Test
    void aDrainingServerGivesTheTokenToGoOnElsewhere() throws Exception {
        cluster.startServing();
        try (Telemetry telemetry = Telemetry.local("other");
                InferenceServer other = InferenceServer.start(cluster.config("other"), telemetry);
                GrpcClient client = GrpcClient.open(
                        "localhost:" + other.grpcPort(), WireSettings.local(0, 0), Telemetry.local("client"))) {
            Cluster.await("other serving", other::isServing);
            var stream = open(client.channel());
            stream.send(churn()).send(rows(0, 900));
            requireScores(stream.answers(2).get(1), 1, 0, 900);
            CompletableFuture<Void> closing = CompletableFuture.runAsync(other::close);
            Failure failure = failure(stream);
            closing.get(20, TimeUnit.SECONDS);
            assertThat(failure.code()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(failure.reason()).isEqualTo("DRAINING");
            assertThat(failure.retryAfter()).isNotNull();
            assertThat(failure.metadata()).containsEntry("position", "900");
            var next = open();
            String token = failure.metadata().get("resume_token");
            requireScores(next.send(resume(token)).send(rows(900, 9)).answers(2).get(1), 1, 900, 9);
        }
    }
}
