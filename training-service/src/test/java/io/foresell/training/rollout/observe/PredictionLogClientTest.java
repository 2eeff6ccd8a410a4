package io.foresell.training.rollout.observe;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.foresell.proto.prediction.v1.GetLiveMetricsRequest;
import io.foresell.proto.prediction.v1.GetLiveMetricsResponse;
import io.foresell.proto.prediction.v1.ListPredictionsRequest;
import io.foresell.proto.prediction.v1.ListPredictionsResponse;
import io.foresell.proto.prediction.v1.LoggedPrediction;
import io.foresell.proto.prediction.v1.NumberSummary;
import io.foresell.proto.prediction.v1.PredictionKind;
import io.foresell.proto.prediction.v1.PredictionLogServiceGrpc;
import io.foresell.proto.prediction.v1.PredictionMetrics;
import io.foresell.proto.prediction.v1.PredictionRecord;
import io.foresell.proto.prediction.v1.RecordedFeatures;
import io.foresell.proto.prediction.v1.VersionMetrics;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What is read from the prediction log, and what is made of its failures. */
final class PredictionLogClientTest {
    private static final Instant SINCE = Instant.parse("2026-01-01T00:00:00Z");

    private final Log log = new Log();
    private Server server;
    private ManagedChannel channel;
    private PredictionLogClient client;

    @BeforeEach
    void start() throws IOException {
        String name = InProcessServerBuilder.generateName();
        server = InProcessServerBuilder.forName(name)
                .directExecutor()
                .addService(log)
                .build()
                .start();
        channel = InProcessChannelBuilder.forName(name).directExecutor().build();
        client = new PredictionLogClient(channel);
    }

    @AfterEach
    void stop() {
        channel.shutdownNow();
        server.shutdownNow();
    }

    @Test
    void readsFirstOutcomesOfEachSubject() {
        Outcomes.Answer answer = client.since("churn", 1, 2, "revenue", SINCE);
        assertThat(answer.failure()).isEmpty();
        assertThat(answer.champion()).isEqualTo(new OutcomeTotals(90, 40, 3.5, 0.2));
        assertThat(answer.candidate()).isEqualTo(OutcomeTotals.NONE);
        assertThat(log.asked.getIsFirstPerSubject()).isTrue();
        assertThat(log.asked.getOutcomeName()).isEqualTo("revenue");
        assertThat(log.asked.getFromMillis()).isEqualTo(SINCE.toEpochMilli());
        assertThat(log.asked.getVersionsList()).containsExactly(1, 2);
    }

    @Test
    void saysWhyNothingIsKnown() {
        log.status = Status.NOT_FOUND;
        assertThat(client.since("churn", 1, 2, "", SINCE).failure())
                .isEqualTo("no prediction of the model was recorded yet");
        log.status = Status.UNAVAILABLE.withDescription("away");
        assertThat(client.since("churn", 1, 2, "", SINCE).failure()).startsWith("prediction log: UNAVAILABLE");
    }

    /** 3,000,000 predictions, of which the log reads 200,000 at once: sixteen parts, and their sums. */
    @Test
    void readsManyPredictionsInPartsOfTheirSubjects() {
        log.predictionCount = 3_000_000;
        Outcomes.Answer answer = client.since("churn", 1, 2, "", SINCE);
        assertThat(answer.failure()).isEmpty();
        assertThat(answer.champion().subjectCount()).isEqualTo(16 * 90);
        assertThat(answer.champion().count()).isEqualTo(16 * 40);
        assertThat(answer.champion().mean()).isEqualTo(3.5);
        assertThat(log.parts).startsWith("1/0", "4/0", "16/0", "16/1").endsWith("16/15");
        assertThat(log.asked.getIsOldestFirst()).isTrue();

        log.parts.clear();
        assertThat(client.since("churn", 1, 2, "", SINCE)).as("nothing new").isEqualTo(answer);
        assertThat(log.parts).as("does not begin with all at once again").hasSize(16);
    }

    /** So many that even the finest parts are not read whole: the oldest predictions of each are, and these stay the same. */
    @Test
    void readsTheOldestOfTheFinestParts() {
        log.predictionCount = 1_000_000_000;
        Outcomes.Answer answer = client.since("churn", 1, 2, "", SINCE);
        assertThat(answer.failure()).isEmpty();
        assertThat(answer.champion().count()).isEqualTo(64 * 40);
    }

    @Test
    void takesUpWhereItFailed() {
        log.predictionCount = 3_000_000;
        log.failsAt = "16/3";
        assertThat(client.since("churn", 1, 2, "", SINCE).failure()).startsWith("prediction log: UNAVAILABLE");
        log.failsAt = "";
        log.parts.clear();
        assertThat(client.since("churn", 1, 2, "", SINCE).failure()).isEmpty();
        assertThat(log.parts).startsWith("16/3");
    }

    @Test
    void readsRecordedRowsOfOneVersionPageByPage() {
        List<RecordedRow> rows = client.newest("churn", 1, 10);
        assertThat(rows).hasSize(4);
        assertThat(rows.get(0).number(0)).isEqualTo(1.5f);
        assertThat(rows.get(0).number(1)).isNaN();
        assertThat(rows.get(0).text(0)).isEqualTo("gold");
        assertThat(client.newest("churn", 1, 3)).hasSize(3);
    }

    private static final class Log extends PredictionLogServiceGrpc.PredictionLogServiceImplBase {
        GetLiveMetricsRequest asked = GetLiveMetricsRequest.getDefaultInstance();
        Status status = Status.OK;
        long predictionCount = 1000;
        String failsAt = "";
        final List<String> parts = new ArrayList<>();

        @Override
        public void getLiveMetrics(GetLiveMetricsRequest request, StreamObserver<GetLiveMetricsResponse> caller) {
            asked = request;
            String part = Math.max(1, request.getPartCount()) + "/" + request.getPart();
            parts.add(part);
            if (!status.isOk() || part.equals(failsAt)) {
                caller.onError((status.isOk() ? Status.UNAVAILABLE : status).asRuntimeException());
                return;
            }
            PredictionMetrics metrics = PredictionMetrics.newBuilder()
                    .setSubjectCount(90)
                    .setLabelledMeanScore(0.2)
                    .setOutcomes(NumberSummary.newBuilder().setCount(40).setMean(3.5))
                    .build();
            caller.onNext(GetLiveMetricsResponse.newBuilder()
                    .setIsTruncated(predictionCount / Math.max(1, request.getPartCount()) > 200_000)
                    .setRowLimit(200_000)
                    .addVersions(VersionMetrics.newBuilder().setVersion(1).setMetrics(metrics))
                    .build());
            caller.onCompleted();
        }

        @Override
        public void listPredictions(ListPredictionsRequest request, StreamObserver<ListPredictionsResponse> caller) {
            boolean isFirst = request.getPageToken().isEmpty();
            ByteBuffer numbers = ByteBuffer.allocate(8).order(ByteOrder.LITTLE_ENDIAN);
            numbers.putFloat(1.5f).putFloat(Float.NaN).flip();
            PredictionRecord.Builder record = PredictionRecord.newBuilder()
                    .setModelVersion(1)
                    .setKind(PredictionKind.PREDICTION_KIND_ONLINE)
                    .setFeatures(RecordedFeatures.newBuilder()
                            .setNumbers(ByteString.copyFrom(numbers))
                            .addTexts("gold"));
            LoggedPrediction own =
                    LoggedPrediction.newBuilder().setRecord(record).build();
            LoggedPrediction other = LoggedPrediction.newBuilder()
                    .setRecord(record.clone().setModelVersion(2))
                    .build();
            LoggedPrediction shadow = LoggedPrediction.newBuilder()
                    .setRecord(record.clone().setKind(PredictionKind.PREDICTION_KIND_SHADOW))
                    .build();
            LoggedPrediction bare = LoggedPrediction.newBuilder()
                    .setRecord(record.clone().clearFeatures())
                    .build();
            caller.onNext(ListPredictionsResponse.newBuilder()
                    .addAllPredictions(List.of(own, other, shadow, bare, own))
                    .setNextPageToken(isFirst ? "more" : "")
                    .build());
            caller.onCompleted();
        }
    }
}
