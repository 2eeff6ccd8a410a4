package io.foresell.training.rollout.observe;

import com.google.errorprone.annotations.concurrent.GuardedBy;
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
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Reads outcomes and recorded rows from the prediction log. Uses a channel it does not own. */
public final class PredictionLogClient implements Outcomes, RecordedRows {
    private static final int PAGE = 500;
    private static final int MAX_PAGES = 200; // of other versions or without features, too

    private static final Duration DEADLINE = Duration.ofSeconds(20); // it computes when asked

    private static final Duration READING = Duration.ofSeconds(2); // of one look; more parts are read at the next
    private static final int MOST_QUESTIONS = 64; // of rollouts under way; who asks again after that begins anew

    private record Question(String model, int champion, int candidate, String name, Instant since) {}

    private final Channel channel;

    @GuardedBy("this")
    private final Map<Question, OutcomeParts> asked =
            new LinkedHashMap<>(16, 0.75f, true); // least recently asked first

    public PredictionLogClient(Channel channel) {
        this.channel = channel;
    }

    @Override
    public Answer since(String model, int champion, int candidate, String name, Instant since) {
        Question question = new Question(model, champion, candidate, name, since);
        long untilNanos = System.nanoTime() + READING.toNanos();
        try {
            return parts(question).read((partCount, part) -> read(question, partCount, part), untilNanos);
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

    private synchronized OutcomeParts parts(Question question) {
        OutcomeParts parts = asked.computeIfAbsent(question, first -> new OutcomeParts());
        if (asked.size() > MOST_QUESTIONS) {
            asked.remove(asked.keySet().iterator().next());
        }
        return parts;
    }

    private OutcomeParts.Part read(Question question, int partCount, int part) {
        GetLiveMetricsResponse metrics = PredictionLogServiceGrpc.newBlockingStub(channel)
                .withDeadlineAfter(DEADLINE.toMillis(), TimeUnit.MILLISECONDS)
                .getLiveMetrics(GetLiveMetricsRequest.newBuilder()
                        .setModel(question.model())
                        .addVersions(Math.min(question.champion(), question.candidate()))
                        .addVersions(Math.max(question.champion(), question.candidate()))
                        .setFromMillis(question.since().toEpochMilli())
                        .setOutcomeName(question.name())
                        .setIsFirstPerSubject(true)
                        .setIsOldestFirst(true)
                        .setWithoutDrift(true)
                        .setPartCount(partCount)
                        .setPart(part)
                        .build());
        return new OutcomeParts.Part(
                totals(metrics, question.champion()), totals(metrics, question.candidate()), metrics.getIsTruncated());
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
