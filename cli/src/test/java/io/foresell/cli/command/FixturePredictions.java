package io.foresell.cli.command;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.inference.v1.Reason;
import io.foresell.proto.inference.v1.ScoredRow;
import io.foresell.proto.prediction.v1.CountedOutcome;
import io.foresell.proto.prediction.v1.Drift;
import io.foresell.proto.prediction.v1.ErasePredictionsRequest;
import io.foresell.proto.prediction.v1.ErasePredictionsResponse;
import io.foresell.proto.prediction.v1.GetLiveMetricsRequest;
import io.foresell.proto.prediction.v1.GetLiveMetricsResponse;
import io.foresell.proto.prediction.v1.GetPredictionLogStatusRequest;
import io.foresell.proto.prediction.v1.GetPredictionLogStatusResponse;
import io.foresell.proto.prediction.v1.GetPredictionRequest;
import io.foresell.proto.prediction.v1.GetPredictionResponse;
import io.foresell.proto.prediction.v1.ListPredictionsRequest;
import io.foresell.proto.prediction.v1.ListPredictionsResponse;
import io.foresell.proto.prediction.v1.LoggedPrediction;
import io.foresell.proto.prediction.v1.NumberSummary;
import io.foresell.proto.prediction.v1.Outcome;
import io.foresell.proto.prediction.v1.OutcomeError;
import io.foresell.proto.prediction.v1.PredictionLogServiceGrpc.PredictionLogServiceImplBase;
import io.foresell.proto.prediction.v1.PredictionMetrics;
import io.foresell.proto.prediction.v1.PredictionRecord;
import io.foresell.proto.prediction.v1.Range95;
import io.foresell.proto.prediction.v1.ReplayPredictionRequest;
import io.foresell.proto.prediction.v1.ReplayPredictionResponse;
import io.foresell.proto.prediction.v1.ReplayServiceGrpc.ReplayServiceImplBase;
import io.foresell.proto.prediction.v1.ReportOutcomesRequest;
import io.foresell.proto.prediction.v1.ReportOutcomesResponse;
import io.foresell.proto.prediction.v1.VersionMetrics;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Knows one prediction; takes every outcome but those of the value 13. */
final class FixturePredictions extends PredictionLogServiceImplBase {
    static final String ID = "01HX0000000000000000000001";

    final List<Outcome> outcomes = new CopyOnWriteArrayList<>();
    volatile GetLiveMetricsRequest lastMetrics = GetLiveMetricsRequest.getDefaultInstance();
    volatile boolean isReplayedAlike = true;

    private static LoggedPrediction prediction() {
        return LoggedPrediction.newBuilder()
                .setRecord(PredictionRecord.newBuilder()
                        .setPredictionId(ID)
                        .setModel("churn")
                        .setModelVersion(2)
                        .setDigest("ab".repeat(32))
                        .setSubject("C-1")
                        .setScoredAtMillis(1_700_000_000_000L)
                        .setAnswer(ScoredRow.newBuilder().setScore(0.25)))
                .addOutcomes(CountedOutcome.newBuilder().setName("label").setNumber(1))
                .build();
    }

    @Override
    public void reportOutcomes(ReportOutcomesRequest request, StreamObserver<ReportOutcomesResponse> observer) {
        FixtureServer.answer(observer, () -> {
            ReportOutcomesResponse.Builder response = ReportOutcomesResponse.newBuilder();
            for (int i = 0; i < request.getOutcomesCount(); i++) {
                if (request.getOutcomes(i).getNumber() == 13) {
                    response.addErrors(OutcomeError.newBuilder()
                            .setIndex(i)
                            .setReason("OUTCOME_CONTRADICTS")
                            .setMessage("13 (expected: 1)"));
                } else {
                    outcomes.add(request.getOutcomes(i));
                    response.setAcceptedCount(response.getAcceptedCount() + 1);
                }
            }
            return response.setLabelledPredictionCount(response.getAcceptedCount())
                    .setPendingCount(1)
                    .build();
        });
    }

    @Override
    public void getPrediction(GetPredictionRequest request, StreamObserver<GetPredictionResponse> observer) {
        FixtureServer.answer(observer, () -> {
            if (!request.getPredictionId().equals(ID)) {
                throw new ServiceException(Failure.notFound("prediction", request.getPredictionId(), "a recorded one"));
            }
            return GetPredictionResponse.newBuilder()
                    .setPrediction(prediction())
                    .build();
        });
    }

    @Override
    public void listPredictions(ListPredictionsRequest request, StreamObserver<ListPredictionsResponse> observer) {
        FixtureServer.answer(observer, () -> ListPredictionsResponse.newBuilder()
                .addPredictions(prediction())
                .build());
    }

    @Override
    public void getLiveMetrics(GetLiveMetricsRequest request, StreamObserver<GetLiveMetricsResponse> observer) {
        lastMetrics = request;
        FixtureServer.answer(observer, () -> GetLiveMetricsResponse.newBuilder()
                .setModel(request.getModel())
                .setTask("binary")
                .addVersions(VersionMetrics.newBuilder()
                        .setVersion(2)
                        .setMetrics(PredictionMetrics.newBuilder()
                                .setPredictionCount(1200)
                                .setLabelledCount(300)
                                .setScores(NumberSummary.newBuilder()
                                        .setCount(1200)
                                        .setMean(0.25))
                                .setOutcomes(
                                        NumberSummary.newBuilder().setCount(300).setMean(0.3))
                                .setRocAuc(0.81)
                                .setRocAucRange(
                                        Range95.newBuilder().setLow(0.78).setHigh(0.84)))
                        .addInputDrifts(Drift.newBuilder()
                                .setInput("tenure")
                                .setStabilityIndex(0.41)
                                .setChanceIndex(0.01)
                                .setReference("package")))
                .build());
    }

    @Override
    public void erasePredictions(ErasePredictionsRequest request, StreamObserver<ErasePredictionsResponse> observer) {
        FixtureServer.answer(observer, () -> ErasePredictionsResponse.newBuilder()
                .setPredictionCount(3)
                .setOutcomeCount(1)
                .build());
    }

    @Override
    public void getPredictionLogStatus(
            GetPredictionLogStatusRequest request, StreamObserver<GetPredictionLogStatusResponse> observer) {
        FixtureServer.answer(observer, () -> GetPredictionLogStatusResponse.newBuilder()
                .setPredictionCount(1234)
                .setPredictionBytes(2 << 20)
                .setRetentionDays(400)
                .build());
    }

    /** The replays of the inference service. */
    final class Replays extends ReplayServiceImplBase {
        @Override
        public void replayPrediction(
                ReplayPredictionRequest request, StreamObserver<ReplayPredictionResponse> observer) {
            FixtureServer.answer(observer, () -> {
                ReplayPredictionResponse.Builder response = ReplayPredictionResponse.newBuilder()
                        .setRecorded(prediction())
                        .setReplayed(ScoredRow.newBuilder()
                                .setScore(0.25)
                                .addReasons(Reason.newBuilder()
                                        .setContribution(0.5)
                                        .setSentence("12 months raise the risk")))
                        .setIsAnswerSame(isReplayedAlike)
                        .setAreReasonsSame(true)
                        .setPackageSource("registry");
                if (!isReplayedAlike) {
                    response.addDifferences("score: 0.25 then, 0.26 now");
                }
                return response.build();
            });
        }
    }
}
