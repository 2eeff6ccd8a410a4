package io.foresell.training.rollout.observe;

import io.foresell.kit.FailureStatus;
import io.foresell.kit.ServiceException;
import io.foresell.proto.prediction.v1.GetLiveMetricsRequest;
import io.foresell.proto.prediction.v1.GetLiveMetricsResponse;
import io.foresell.proto.prediction.v1.ListPredictionsRequest;
import io.foresell.proto.prediction.v1.ListPredictionsResponse;
import io.foresell.proto.prediction.v1.LoggedPrediction;
import io.foresell.proto.prediction.v1.PredictionKind;
import io.foresell.proto.prediction.v1.PredictionLogServiceGrpc;
import io.foresell.proto.prediction.v1.PredictionMetrics;
import io.foresell.proto.prediction.v1.RecordedFeatures;
import io.foresell.proto.prediction.v1.VersionMetrics;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Reads outcomes and recorded rows from the prediction log. Uses a channel it does not own. */
public final class PredictionLogClient implements Outcomes, RecordedRows {
    private static final int PAGE = 500;
    private static final int MAX_PAGES = 200; // of other versions or without features, too

    private static final Duration DEADLINE = Duration.ofSeconds(20); // it computes when asked

    private final Channel channel;

    public PredictionLogClient(Channel channel) {
        this.channel = channel;
    }

    @Override
    public Answer since(String model, int champion, int candidate, String name, Instant since) {
        try {
            GetLiveMetricsResponse metrics = PredictionLogServiceGrpc.newBlockingStub(channel)
                    .withDeadlineAfter(DEADLINE.toMillis(), TimeUnit.MILLISECONDS)
                    .getLiveMetrics(GetLiveMetricsRequest.newBuilder()
                            .setModel(model)
                            .addVersions(Math.min(champion, candidate))
                            .addVersions(Math.max(champion, candidate))
                            .setFromMillis(since.toEpochMilli())
                            .setOutcomeName(name)
                            .setIsFirstPerSubject(true)
                            .setWithoutDrift(true)
                            .build());
            if (metrics.getIsTruncated()) {
                return Answer.unknown("more than %,d predictions in this step: their outcomes are not read in full"
                        .formatted(metrics.getRowLimit()));
            }
            return new Answer(totals(metrics, champion), totals(metrics, candidate), "");
        } catch (StatusRuntimeException e) {
            return e.getStatus().getCode() == Status.Code.NOT_FOUND
                    ? Answer.unknown("no prediction of the model was recorded yet")
                    : Answer.unknown("prediction log: %s %s"
                            .formatted(
                                    e.getStatus().getCode(),
                                    FailureStatus.fromStatus(e).message())
                            .strip());
        }
    }

    @Override
    public List<RecordedRow> newest(String model, int version, int limit) {
        List<RecordedRow> rows = new ArrayList<>();
        String token = "";
        for (int page = 0; page < MAX_PAGES && rows.size() < limit; page++) {
            ListPredictionsResponse response;
            try {
                response = PredictionLogServiceGrpc.newBlockingStub(channel)
                        .withDeadlineAfter(DEADLINE.toMillis(), TimeUnit.MILLISECONDS)
                        .listPredictions(ListPredictionsRequest.newBuilder()
                                .setModel(model)
                                .setPageSize(PAGE)
                                .setPageToken(token)
                                .build());
            } catch (StatusRuntimeException e) {
                throw new ServiceException(FailureStatus.fromStatus(e), e);
            }
            response.getPredictionsList().stream()
                    .map(LoggedPrediction::getRecord)
                    .filter(record -> record.getModelVersion() == version && record.hasFeatures())
                    .filter(record -> record.getKind() == PredictionKind.PREDICTION_KIND_ONLINE
                            || record.getKind() == PredictionKind.PREDICTION_KIND_OPEN_INFERENCE)
                    .limit((long) limit - rows.size())
                    .map(record -> row(record.getFeatures()))
                    .forEach(rows::add);
            token = response.getNextPageToken();
            if (token.isEmpty()) {
                break;
            }
        }
        return rows;
    }

    private static RecordedRow row(RecordedFeatures features) {
        FloatBuffer numbers = features.getNumbers()
                .asReadOnlyByteBuffer()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer();
        float[] values = new float[numbers.remaining()];
        numbers.get(values);
        return new RecordedRow(values, features.getTextsList().toArray(new String[0]));
    }

    private static OutcomeTotals totals(GetLiveMetricsResponse metrics, int version) {
        for (VersionMetrics each : metrics.getVersionsList()) {
            if (each.getVersion() == version) {
                PredictionMetrics of = each.getMetrics();
                return new OutcomeTotals(
                        of.getSubjectCount(),
                        of.getOutcomes().getCount(),
                        of.getOutcomes().getMean(),
                        of.getLabelledMeanScore());
            }
        }
        return OutcomeTotals.NONE;
    }
}
