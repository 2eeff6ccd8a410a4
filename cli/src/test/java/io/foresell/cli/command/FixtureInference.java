package io.foresell.cli.command;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.inference.v1.DegradationCause;
import io.foresell.proto.inference.v1.DegradationRung;
import io.foresell.proto.inference.v1.InferenceServiceGrpc.InferenceServiceImplBase;
import io.foresell.proto.inference.v1.ListLoadedModelsRequest;
import io.foresell.proto.inference.v1.ListLoadedModelsResponse;
import io.foresell.proto.inference.v1.LoadState;
import io.foresell.proto.inference.v1.LoadedModel;
import io.foresell.proto.inference.v1.ModelInput;
import io.foresell.proto.inference.v1.Reason;
import io.foresell.proto.inference.v1.ScoreBulkRequest;
import io.foresell.proto.inference.v1.ScoreBulkResponse;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoreResponse;
import io.foresell.proto.inference.v1.ScoredRow;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;

/** Scores every row alike, and loads both versions at the second question. */
final class FixtureInference extends InferenceServiceImplBase {
    final AtomicInteger loadPolls = new AtomicInteger(2);
    volatile Status loadFailure = Status.OK;
    volatile ScoreRequest lastScore = ScoreRequest.getDefaultInstance();
    /** Messages of bulk streams in the order of arrival. */
    final List<ScoreBulkRequest> bulkMessages = new CopyOnWriteArrayList<>();
    /** How many bulk streams break behind their second message of rows. */
    final AtomicInteger bulkBreaks = new AtomicInteger();

    private final FixtureRegistry registry;

    FixtureInference(FixtureRegistry registry) {
        this.registry = registry;
    }

    @Override
    public void listLoadedModels(ListLoadedModelsRequest request, StreamObserver<ListLoadedModelsResponse> observer) {
        boolean isLoaded = loadPolls.decrementAndGet() <= 0;
        LoadState state = !loadFailure.isOk()
                ? LoadState.LOAD_STATE_FAILED
                : isLoaded ? LoadState.LOAD_STATE_READY : LoadState.LOAD_STATE_LOADING;
        ListLoadedModelsResponse.Builder response = ListLoadedModelsResponse.newBuilder()
                .setIsRegistryConnected(true)
                .setKernels("vector 512");
        for (int version = 1; version <= 2; version++) {
            response.addModels(LoadedModel.newBuilder()
                    .setModel("churn")
                    .setVersion(version)
                    .setState(state)
                    .setFailure(loadFailure.isOk() ? "" : String.valueOf(loadFailure.getDescription()))
                    .setEngine("compiled")
                    .addInputs(ModelInput.newBuilder().setName("tenure").setWidth(1))
                    .addInputs(ModelInput.newBuilder()
                            .setName("plan")
                            .setIsText(true)
                            .setWidth(1))
                    .addInputs(ModelInput.newBuilder().setName("weeks").setWidth(2))
                    .setReleaseRevision(registry.releases.size()));
        }
        FixtureServer.answer(observer, response::build);
    }

    @Override
    public StreamObserver<ScoreBulkRequest> scoreBulk(StreamObserver<ScoreBulkResponse> observer) {
        return new FixtureBulk(observer, bulkMessages, bulkBreaks);
    }

    @Override
    public void score(ScoreRequest request, StreamObserver<ScoreResponse> observer) {
        lastScore = request;
        FixtureServer.answer(observer, () -> {
            if (request.getEntityKeys().getKeysList().contains("nobody")) {
                throw new ServiceException(Failure.notFound("entity", "nobody", "a key that was ingested"));
            }
            ScoreResponse.Builder response =
                    ScoreResponse.newBuilder().setModel(request.getModel()).setReleaseRevision(4);
            int rowCount = request.getEntityKeys().getKeysCount()
                    + request.getNamedRows().getRowsCount();
            for (int i = 0; i < rowCount; i++) {
                ScoredRow.Builder row = ScoredRow.newBuilder()
                        .setEntityKey(
                                request.hasEntityKeys()
                                        ? request.getEntityKeys().getKeys(i)
                                        : "")
                        .setScore(0.8123)
                        .setModelVersion(2)
                        .setBand("high");
                if (row.getEntityKey().equals("unlike")) {
                    row.clearBand().setRefused(true).setRefuseBelow(0.9);
                }
                if (row.getEntityKey().equals("late")) {
                    row.getDegradationBuilder()
                            .setRung(DegradationRung.DEGRADATION_RUNG_LAST_KNOWN)
                            .setCause(DegradationCause.DEGRADATION_CAUSE_FEATURES_LATE)
                            .setChosenVersion(3)
                            .setAgeSeconds(12);
                }
                if (request.getReasonCount() > 0) {
                    row.addReasons(Reason.newBuilder()
                            .setFeature("Contract")
                            .setValue("Month-to-month")
                            .setContribution(0.93)
                            .setSentence("zh".equals(request.getLanguage()) ? "合同为按月" : "the contract is monthly"));
                }
                response.addRows(row);
            }
            return response.build();
        });
    }
}
