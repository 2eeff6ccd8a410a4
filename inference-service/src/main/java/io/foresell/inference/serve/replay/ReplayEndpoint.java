package io.foresell.inference.serve.replay;

import io.foresell.inference.load.RecordedVersions;
import io.foresell.inference.load.RecordedVersions.Recorded;
import io.foresell.inference.route.ModelSlot;
import io.foresell.inference.route.ReleaseTerms;
import io.foresell.inference.route.RouteBoard;
import io.foresell.inference.route.ServedVersion;
import io.foresell.inference.route.WeightedVersion;
import io.foresell.inference.serve.Calls;
import io.foresell.inference.serve.RowScoring;
import io.foresell.inference.serve.log.RecordProtos;
import io.foresell.kit.Failure;
import io.foresell.kit.FailureStatus;
import io.foresell.kit.GrpcClient;
import io.foresell.kit.ServiceException;
import io.foresell.model.PackageException;
import io.foresell.model.Rows;
import io.foresell.model.kernel.Kernels;
import io.foresell.proto.inference.v1.ScoredRow;
import io.foresell.proto.prediction.v1.GetPredictionRequest;
import io.foresell.proto.prediction.v1.LoggedPrediction;
import io.foresell.proto.prediction.v1.PredictionLogServiceGrpc;
import io.foresell.proto.prediction.v1.PredictionLogServiceGrpc.PredictionLogServiceBlockingStub;
import io.foresell.proto.prediction.v1.PredictionRecord;
import io.foresell.proto.prediction.v1.ReplayPredictionRequest;
import io.foresell.proto.prediction.v1.ReplayPredictionResponse;
import io.foresell.proto.prediction.v1.ReplayServiceGrpc;
import io.grpc.Context;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ArrayBlockingQueue;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Replays recorded predictions, one at a time, on a thread of their own; a few may wait, others are refused. */
public final class ReplayEndpoint extends ReplayServiceGrpc.ReplayServiceImplBase implements AutoCloseable {
    private static final int QUEUE_LENGTH = 16;
    private static final int MAX_REASONS = 20;
    private static final int DEFAULT_LABELS = 5;

    private final PredictionLogServiceBlockingStub log;
    private final RouteBoard board;
    private final RecordedVersions versions; // used by the lane's thread only
    private final ThreadPoolExecutor lane = new ThreadPoolExecutor(
            1, 1, 0, TimeUnit.SECONDS, new ArrayBlockingQueue<>(QUEUE_LENGTH), ReplayEndpoint::thread);

    /** Makes the service; it owns {@code versions}. */
    public ReplayEndpoint(GrpcClient featureStore, RouteBoard board, RecordedVersions versions) {
        this.log = PredictionLogServiceGrpc.newBlockingStub(featureStore.channel());
        this.board = board;
        this.versions = versions;
    }

    private static Thread thread(Runnable task) {
        Thread thread = new Thread(task, "replay-lane");
        thread.setDaemon(true);
        return thread;
    }

    @Override
    public void replayPrediction(ReplayPredictionRequest request, StreamObserver<ReplayPredictionResponse> responses) {
        check(request);
        Calls.ignoreCancellation(responses);
        try {
            lane.execute(Context.current()
                    .wrap(() -> Calls.guarded(responses, () -> {
                        Calls.requireTimeLeft();
                        ReplayPredictionResponse response = replay(request);
                        responses.onNext(response);
                        responses.onCompleted();
                    })));
        } catch (RejectedExecutionException e) {
            throw new ServiceException(
                    Failure.exhausted(
                            "TOO_MANY_REPLAYS",
                            "replays waiting: %d (expected: below %d)".formatted(QUEUE_LENGTH, QUEUE_LENGTH),
                            Duration.ofSeconds(1)),
                    e);
        }
    }

    private static void check(ReplayPredictionRequest request) {
        if (request.getReasonCount() < 0 || request.getReasonCount() > MAX_REASONS) {
            throw new ServiceException(Failure.invalid(
                    "REASON_COUNT_OUT_OF_RANGE", "reason_count", request.getReasonCount(), "0.." + MAX_REASONS));
        }
        if (!List.of("", "en", "zh").contains(request.getLanguage())) {
            throw new ServiceException(
                    Failure.invalid("LANGUAGE_UNKNOWN", "language", request.getLanguage(), "en or zh"));
        }
    }

    private ReplayPredictionResponse replay(ReplayPredictionRequest request) {
        LoggedPrediction logged = fetch(request.getPredictionId());
        PredictionRecord record = logged.getRecord();
        if (!record.hasFeatures()) {
            throw new ServiceException(Failure.precondition(
                            "FEATURES_NOT_RECORDED",
                            "prediction '%s': recorded without features (expected: a model whose features are recorded)"
                                    .formatted(record.getPredictionId()))
                    .with("model", record.getModel()));
        }
        Recorded version = find(record);
        int reasonCount = request.getReasonCount() == 0 ? record.getReasonCount() : request.getReasonCount();
        String language = request.getLanguage().isEmpty() ? record.getLanguage() : request.getLanguage();
        Rows row = row(record, version.served());
        ScoredRow replayed = RowScoring.score(
                        version.served(),
                        bands(record),
                        row,
                        reasonCount,
                        language,
                        record.getLabelCount() == 0 ? DEFAULT_LABELS : record.getLabelCount(),
                        record.getReasonLabel())
                .get(0);
        return compare(logged, version, replayed, reasonCount, language);
    }

    private static ReleaseTerms.@Nullable Bands bands(PredictionRecord record) {
        return record.hasMediumFrom() ? new ReleaseTerms.Bands(record.getMediumFrom(), record.getHighFrom()) : null;
    }

    private static ReplayPredictionResponse compare(
            LoggedPrediction logged, Recorded version, ScoredRow replayed, int reasonCount, String language) {
        PredictionRecord record = logged.getRecord();
        List<String> ofAnswers = Comparison.ofAnswers(record.getAnswer(), replayed);
        ReplayPredictionResponse.Builder response = ReplayPredictionResponse.newBuilder()
                .setRecorded(logged)
                .setReplayed(replayed.toBuilder().clearPredictionId())
                .setIsAnswerSame(ofAnswers.isEmpty())
                .setEngine(version.served().scorer().engine())
                .setKernels(Kernels.best().name())
                .setPackageSource(version.source());
        List<String> differences = new ArrayList<>(ofAnswers);
        boolean areReasonsComparable = record.getReasonCount() > 0
                && record.getReasonCount() == reasonCount
                && record.getLanguage().equals(language);
        if (areReasonsComparable) {
            List<String> ofReasons = Comparison.ofReasons(record.getAnswer(), replayed);
            response.setAreReasonsSame(ofReasons.isEmpty());
            differences.addAll(ofReasons);
        }
        return response.addAllDifferences(differences).build();
    }

    private LoggedPrediction fetch(String predictionId) {
        try {
            return log.getPrediction(GetPredictionRequest.newBuilder()
                            .setPredictionId(predictionId)
                            .build())
                    .getPrediction();
        } catch (StatusRuntimeException e) {
            throw new ServiceException(FailureStatus.fromStatus(e), e);
        }
    }

    private Recorded find(PredictionRecord record) {
        ModelSlot slot = board.current().slot(record.getModel());
        for (WeightedVersion route : slot == null ? List.<WeightedVersion>of() : slot.routes()) {
            if (route.served().digest().equals(record.getDigest())) {
                return new Recorded(route.served(), "memory");
            }
        }
        try {
            return versions.load(record.getModel(), record.getModelVersion(), record.getDigest());
        } catch (PackageException e) {
            throw new ServiceException(
                    Failure.precondition(
                            "PACKAGE_REFUSED",
                            "package %s: %s (expected: one that this server runs)"
                                    .formatted(record.getDigest(), e.getMessage())),
                    e);
        }
    }

    private static Rows row(PredictionRecord record, ServedVersion served) {
        Rows row = RecordProtos.row(record.getFeatures());
        try {
            row.requireShape(served.modelPackage().signature());
            return row;
        } catch (IllegalArgumentException e) {
            throw new ServiceException(
                    Failure.dataLoss("RECORD_CORRUPTED", String.valueOf(e.getMessage()))
                            .with("prediction_id", record.getPredictionId()),
                    e);
        }
    }

    @Override
    public void close() {
        lane.shutdownNow();
        try {
            if (lane.awaitTermination(2, TimeUnit.SECONDS)) {
                versions.close();
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
