package io.foresell.feature.serve;

import io.foresell.feature.measure.LiveMetrics;
import io.foresell.feature.measure.MetricsQuery;
import io.foresell.feature.prediction.OutcomeReports.Report;
import io.foresell.feature.prediction.OutcomeReports.Reported;
import io.foresell.feature.prediction.PackageFacts;
import io.foresell.feature.prediction.Prediction;
import io.foresell.feature.prediction.PredictionLog;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.prediction.v1.AppendPredictionsRequest;
import io.foresell.proto.prediction.v1.AppendPredictionsResponse;
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
import io.foresell.proto.prediction.v1.OutcomeError;
import io.foresell.proto.prediction.v1.PredictionLogServiceGrpc;
import io.foresell.proto.prediction.v1.ReportOutcomesRequest;
import io.foresell.proto.prediction.v1.ReportOutcomesResponse;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.ArrayList;
import java.util.List;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The prediction log's gRPC service. Errors thrown here become statuses in the server's interceptor. Thread-safe. */
public final class PredictionLogGrpc extends PredictionLogServiceGrpc.PredictionLogServiceImplBase {
    private static final Logger log = LoggerFactory.getLogger(PredictionLogGrpc.class);
    private static final int MAX_RECORDS = 1000;
    private static final int MAX_PACKAGES = 100;
    private static final int MAX_PAGE_SIZE = 1000;
    private static final int DEFAULT_PAGE_SIZE = 100;
    private static final int METRICS_AT_ONCE = 2;

    private final PredictionLog predictions;
    private final LiveMetrics metrics;
    private final CallSlots metricSlots = new CallSlots("GetLiveMetrics calls", METRICS_AT_ONCE);

    public PredictionLogGrpc(PredictionLog predictions, LiveMetrics metrics) {
        this.predictions = predictions;
        this.metrics = metrics;
    }

    private static <T> void answer(StreamObserver<T> observer, T response) {
        observer.onNext(response);
        observer.onCompleted();
    }

    @Override
    public void appendPredictions(
            AppendPredictionsRequest request, StreamObserver<AppendPredictionsResponse> observer) {
        requireRange("records", request.getRecordsCount(), MAX_RECORDS);
        if (request.getPackagesCount() > MAX_PACKAGES) {
            throw new ServiceException(Failure.invalid(
                    "COUNT_OUT_OF_RANGE", "packages", request.getPackagesCount(), "0.." + MAX_PACKAGES));
        }
        List<Prediction> records = new ArrayList<>();
        for (int i = 0; i < request.getRecordsCount(); i++) {
            records.add(PredictionProtos.fromProto(request.getRecords(i), i, predictions.nowMillis()));
        }
        List<PackageFacts> packages = new ArrayList<>();
        for (int i = 0; i < request.getPackagesCount(); i++) {
            packages.add(PredictionProtos.fromProto(request.getPackages(i), i));
        }
        PredictionLog.Appended appended = predictions.append(records, packages);
        answer(
                observer,
                AppendPredictionsResponse.newBuilder()
                        .setAcceptedCount(appended.acceptedCount())
                        .setDuplicateCount(appended.duplicateCount())
                        .setRefusedCount(appended.refusedCount())
                        .addAllUnknownDigests(appended.unknownDigests())
                        .build());
    }

    @Override
    public void reportOutcomes(ReportOutcomesRequest request, StreamObserver<ReportOutcomesResponse> observer) {
        requireRange("outcomes", request.getOutcomesCount(), MAX_RECORDS);
        ReportOutcomesResponse.Builder response = ReportOutcomesResponse.newBuilder();
        List<Report> reports = new ArrayList<>();
        List<Integer> indices = new ArrayList<>();
        for (int i = 0; i < request.getOutcomesCount(); i++) {
            try {
                reports.add(OutcomeProtos.fromProto(request.getOutcomes(i), predictions.nowMillis()));
                indices.add(i);
            } catch (ServiceException e) {
                response.addErrors(error(i, e.failure()));
            }
        }
        Reported reported = predictions.report(reports);
        for (int i = 0; i < reports.size(); i++) {
            Failure refusal = reported.refusals().get(i);
            if (refusal != null) {
                response.addErrors(error(indices.get(i), refusal));
            }
        }
        answer(
                observer,
                response.setAcceptedCount(reported.acceptedCount())
                        .setDuplicateCount(reported.duplicateCount())
                        .setLabelledPredictionCount(reported.labelledCount())
                        .setPendingCount(reported.pendingCount())
                        .build());
    }

    private static OutcomeError error(int index, Failure failure) {
        return OutcomeError.newBuilder()
                .setIndex(index)
                .setReason(failure.reason())
                .setMessage(failure.message())
                .build();
    }

    @Override
    public void getPrediction(GetPredictionRequest request, StreamObserver<GetPredictionResponse> observer) {
        PredictionProtos.requirePredictionId("prediction_id", request.getPredictionId());
        answer(
                observer,
                GetPredictionResponse.newBuilder()
                        .setPrediction(PredictionProtos.toProto(predictions.get(request.getPredictionId())))
                        .build());
    }

    @Override
    public void listPredictions(ListPredictionsRequest request, StreamObserver<ListPredictionsResponse> observer) {
        int size = request.getPageSize() == 0 ? DEFAULT_PAGE_SIZE : request.getPageSize();
        requireRange("page_size", size, MAX_PAGE_SIZE);
        if (request.getModel().isEmpty() && request.getSubject().isEmpty()) {
            throw new ServiceException(Failure.invalid("FILTER_REQUIRED", "model", "", "a model or a subject"));
        }
        if (!request.getPageToken().isEmpty()) {
            PredictionProtos.requirePredictionId("page_token", request.getPageToken());
        }
        List<Prediction> found = predictions.list(
                request.getModel(),
                request.getSubject(),
                request.getFromMillis(),
                request.getUntilMillis(),
                request.getPageToken(),
                size + 1);
        ListPredictionsResponse.Builder response = ListPredictionsResponse.newBuilder();
        found.stream().limit(size).forEach(prediction -> response.addPredictions(PredictionProtos.toProto(prediction)));
        if (found.size() > size) {
            response.setNextPageToken(found.get(size - 1).id());
        }
        answer(observer, response.build());
    }

    @Override
    public void getLiveMetrics(GetLiveMetricsRequest request, StreamObserver<GetLiveMetricsResponse> observer) {
        MetricsQuery query = LiveMetricsProtos.fromProto(request, predictions.nowMillis());
        Context context = Context.current();
        CallSlots.Slot slot = metricSlots.take();
        try {
            answer(observer, LiveMetricsProtos.toProto(query, metrics.measure(query, () -> requireWanted(context))));
        } finally {
            slot.close();
        }
    }

    private static void requireWanted(Context context) {
        if (context.isCancelled()) {
            throw Status.CANCELLED.withDescription("the caller went away").asRuntimeException();
        }
    }

    @Override
    public void erasePredictions(ErasePredictionsRequest request, StreamObserver<ErasePredictionsResponse> observer) {
        PredictionProtos.requireLength("subject", request.getSubject(), 1, PredictionProtos.MAX_SUBJECT_LENGTH);
        PredictionProtos.requireLength("entity", request.getEntity(), 0, 128);
        PredictionLog.Erased erased = predictions.erase(request.getEntity(), request.getSubject());
        log.info("subject erased predictions={} outcomes={}", erased.predictionCount(), erased.outcomeCount());
        answer(
                observer,
                ErasePredictionsResponse.newBuilder()
                        .setPredictionCount(erased.predictionCount())
                        .setOutcomeCount(erased.outcomeCount())
                        .build());
    }

    @Override
    public void getPredictionLogStatus(
            GetPredictionLogStatusRequest request, StreamObserver<GetPredictionLogStatusResponse> observer) {
        PredictionLog.Status status = predictions.status();
        answer(
                observer,
                GetPredictionLogStatusResponse.newBuilder()
                        .setPredictionCount(status.predictionCount())
                        .setPredictionBytes(status.predictionBytes())
                        .setRetentionDays(status.retentionDays())
                        .setOldestMillis(status.oldestMillis())
                        .setNewestMillis(status.newestMillis())
                        .build());
    }

    private static void requireRange(String field, int count, int max) {
        if (count < 1 || count > max) {
            throw new ServiceException(Failure.invalid("COUNT_OUT_OF_RANGE", field, count, "1.." + max));
        }
    }
}
