package io.foresell.inference.serve;

import static io.foresell.kit.identity.Role.RELEASE;
import static io.foresell.kit.identity.Role.REPLICATE;
import static io.foresell.kit.identity.Role.SCORE;
import static io.foresell.kit.identity.Role.TRAIN;
import static io.foresell.kit.identity.Role.VIEW;

import io.foresell.kit.AccessTable;
import io.foresell.proto.inference.v1.BulkHeader;
import io.foresell.proto.inference.v1.GetReleaseStatisticsResponse;
import io.foresell.proto.inference.v1.InferenceServiceGrpc;
import io.foresell.proto.inference.v1.ListLoadedModelsResponse;
import io.foresell.proto.inference.v1.ReleaseStatisticsServiceGrpc;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.openinference.GRPCInferenceServiceGrpc;
import io.foresell.proto.openinference.ModelConfigRequest;
import io.foresell.proto.openinference.ModelInferRequest;
import io.foresell.proto.openinference.ModelMetadataRequest;
import io.foresell.proto.openinference.ModelReadyRequest;
import io.foresell.proto.openinference.ModelStatisticsResponse;
import io.foresell.proto.openinference.RepositoryIndexResponse;
import io.foresell.proto.openinference.RepositoryModelLoadRequest;
import io.foresell.proto.openinference.RepositoryModelUnloadRequest;
import io.foresell.proto.prediction.v1.ReplayServiceGrpc;
import java.util.function.Predicate;

/** Who may do what here. */
public final class InferenceAccess {
    /** One entry for each method. */
    public static final AccessTable TABLE =
            watching(openInference(own(AccessTable.builder()))).build();

    private InferenceAccess() {}

    private static AccessTable.Builder own(AccessTable.Builder table) {
        return table.model(InferenceServiceGrpc.getScoreMethod(), ScoreRequest::getModel, SCORE)
                .model(
                        InferenceServiceGrpc.getScoreStreamMethod(),
                        message -> message.getRequest().getModel(),
                        SCORE)
                .model(
                        InferenceServiceGrpc.getScoreBulkMethod(),
                        part -> part.hasHeader() ? model(part.getHeader()) : null,
                        SCORE)
                .filtered(
                        InferenceServiceGrpc.getListLoadedModelsMethod(),
                        request -> null,
                        InferenceAccess::loaded,
                        VIEW,
                        SCORE,
                        RELEASE,
                        REPLICATE);
    }

    /** A stream that goes on names its model in its token, and need not name it again. */
    private static String model(BulkHeader header) {
        return header.getResumeToken().isEmpty()
                ? header.getModel()
                : ResumeToken.parse(header.getResumeToken()).model();
    }

    /** Live and ready are for probes; both say nothing of models. */
    private static AccessTable.Builder openInference(AccessTable.Builder table) {
        return table.open(GRPCInferenceServiceGrpc.getServerLiveMethod())
                .open(GRPCInferenceServiceGrpc.getServerReadyMethod())
                .signedIn(GRPCInferenceServiceGrpc.getServerMetadataMethod())
                .model(GRPCInferenceServiceGrpc.getModelReadyMethod(), ModelReadyRequest::getName, VIEW, SCORE, RELEASE)
                .model(
                        GRPCInferenceServiceGrpc.getModelMetadataMethod(),
                        ModelMetadataRequest::getName,
                        VIEW,
                        SCORE,
                        RELEASE)
                .model(
                        GRPCInferenceServiceGrpc.getModelConfigMethod(),
                        ModelConfigRequest::getName,
                        VIEW,
                        SCORE,
                        RELEASE)
                .model(GRPCInferenceServiceGrpc.getModelInferMethod(), ModelInferRequest::getModelName, SCORE)
                .model(GRPCInferenceServiceGrpc.getModelStreamInferMethod(), ModelInferRequest::getModelName, SCORE)
                .filtered(
                        GRPCInferenceServiceGrpc.getModelStatisticsMethod(),
                        request -> request.getName().isEmpty() ? null : request.getName(),
                        InferenceAccess::statistics,
                        VIEW,
                        SCORE,
                        RELEASE)
                .filtered(
                        GRPCInferenceServiceGrpc.getRepositoryIndexMethod(),
                        request -> null,
                        InferenceAccess::index,
                        VIEW,
                        SCORE,
                        RELEASE)
                .model(
                        GRPCInferenceServiceGrpc.getRepositoryModelLoadMethod(),
                        RepositoryModelLoadRequest::getModelName,
                        RELEASE)
                .model(
                        GRPCInferenceServiceGrpc.getRepositoryModelUnloadMethod(),
                        RepositoryModelUnloadRequest::getModelName,
                        RELEASE);
    }

    /** A training service steers rollouts by the statistics. A replay shows the features of a person, so who asks needs its role on all models. */
    private static AccessTable.Builder watching(AccessTable.Builder table) {
        return table.filtered(
                        ReleaseStatisticsServiceGrpc.getGetReleaseStatisticsMethod(),
                        request -> request.getModel().isEmpty() ? null : request.getModel(),
                        InferenceAccess::released,
                        VIEW,
                        TRAIN,
                        RELEASE)
                .everyModel(ReplayServiceGrpc.getReplayPredictionMethod(), TRAIN, RELEASE);
    }

    private static GetReleaseStatisticsResponse released(
            GetReleaseStatisticsResponse answer, Predicate<String> mayKnow) {
        return answer.toBuilder()
                .clearModels()
                .addAllModels(answer.getModelsList().stream()
                        .filter(model -> mayKnow.test(model.getModel()))
                        .toList())
                .build();
    }

    private static ListLoadedModelsResponse loaded(ListLoadedModelsResponse answer, Predicate<String> mayKnow) {
        return answer.toBuilder()
                .clearModels()
                .addAllModels(answer.getModelsList().stream()
                        .filter(model -> mayKnow.test(model.getModel()))
                        .toList())
                .build();
    }

    private static ModelStatisticsResponse statistics(ModelStatisticsResponse answer, Predicate<String> mayKnow) {
        return answer.toBuilder()
                .clearModelStats()
                .addAllModelStats(answer.getModelStatsList().stream()
                        .filter(model -> mayKnow.test(model.getName()))
                        .toList())
                .build();
    }

    private static RepositoryIndexResponse index(RepositoryIndexResponse answer, Predicate<String> mayKnow) {
        return answer.toBuilder()
                .clearModels()
                .addAllModels(answer.getModelsList().stream()
                        .filter(model -> mayKnow.test(model.getName()))
                        .toList())
                .build();
    }
}
