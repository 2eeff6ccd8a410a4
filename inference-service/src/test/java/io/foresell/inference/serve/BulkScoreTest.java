package io.foresell.inference.serve;

import static io.foresell.inference.fixture.Cluster.packed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.foresell.inference.fixture.FeatureStorePeer.Online;
import io.foresell.inference.fixture.StreamCaller;
import io.foresell.inference.fixture.TestPackages;
import io.foresell.kit.Caller;
import io.foresell.kit.Failure;
import io.foresell.proto.inference.v1.BulkHeader;
import io.foresell.proto.inference.v1.BulkRow;
import io.foresell.proto.inference.v1.EntityKeys;
import io.foresell.proto.inference.v1.InferenceServiceGrpc;
import io.foresell.proto.inference.v1.NamedRow;
import io.foresell.proto.inference.v1.NamedRows;
import io.foresell.proto.inference.v1.PackedRows;
import io.foresell.proto.inference.v1.ScoreBulkRequest;
import io.foresell.proto.inference.v1.ScoreBulkResponse;
import io.foresell.proto.inference.v1.Value;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.stub.MetadataUtils;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What becomes of the rows of bulk streams, and how fast they may come. */
final class BulkScoreTest extends RunningBulk {
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
}
