package io.foresell.training.rollout.observe;

import io.foresell.kit.FailureStatus;
import io.foresell.proto.prediction.v1.GetLiveMetricsRequest;
import io.foresell.proto.prediction.v1.GetLiveMetricsResponse;
import io.foresell.proto.prediction.v1.PredictionLogServiceGrpc;
import io.foresell.proto.prediction.v1.PredictionMetrics;
import io.foresell.proto.prediction.v1.VersionMetrics;
import io.grpc.Channel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.TimeUnit;

/** Reads outcomes from the prediction log. Uses a channel it does not own. */
public final class PredictionLogClient implements Outcomes {
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
