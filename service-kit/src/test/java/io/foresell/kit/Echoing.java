package io.foresell.kit;

import io.foresell.kit.identity.Role;
import io.foresell.proto.inference.v1.InferenceServiceGrpc;
import io.foresell.proto.inference.v1.ListLoadedModelsRequest;
import io.foresell.proto.inference.v1.ListLoadedModelsResponse;
import io.foresell.proto.inference.v1.LoadedModel;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoreResponse;
import io.foresell.proto.inference.v1.ScoreStreamRequest;
import io.foresell.proto.inference.v1.ScoreStreamResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.concurrent.CountDownLatch;

/** Knows churn and upsell, answers with the caller's name in the digest of the answer. */
final class Echoing extends InferenceServiceGrpc.InferenceServiceImplBase {
    static final AccessTable RIGHTS = AccessTable.builder()
            .model(InferenceServiceGrpc.getScoreMethod(), ScoreRequest::getModel, Role.SCORE)
            .model(
                    InferenceServiceGrpc.getScoreStreamMethod(),
                    message -> message.getRequest().getModel(),
                    Role.SCORE)
            .everyModel(InferenceServiceGrpc.getScoreBulkMethod(), Role.TRAIN)
            .filtered(
                    InferenceServiceGrpc.getListLoadedModelsMethod(),
                    message -> null,
                    (answer, mayKnow) -> answer.toBuilder()
                            .clearModels()
                            .addAllModels(answer.getModelsList().stream()
                                    .filter(model -> mayKnow.test(model.getModel()))
                                    .toList())
                            .build(),
                    Role.VIEW,
                    Role.SCORE)
            .build();

    final CountDownLatch streamCancelled = new CountDownLatch(1);

    @Override
    public void score(ScoreRequest request, StreamObserver<ScoreResponse> answer) {
        if (!request.getModel().equals("churn")) {
            throw new ServiceException(Failure.notFound("model", request.getModel(), "churn"));
        }
        answer.onNext(ScoreResponse.newBuilder().setModel(Caller.verified()).build());
        answer.onCompleted();
    }

    @Override
    public StreamObserver<ScoreStreamRequest> scoreStream(StreamObserver<ScoreStreamResponse> answer) {
        ((ServerCallStreamObserver<ScoreStreamResponse>) answer).setOnCancelHandler(streamCancelled::countDown);
        return new StreamObserver<>() {
            @Override
            public void onNext(ScoreStreamRequest request) {
                answer.onNext(
                        ScoreStreamResponse.newBuilder().setId(request.getId()).build());
            }

            @Override
            public void onError(Throwable error) {}

            @Override
            public void onCompleted() {
                answer.onCompleted();
            }
        };
    }

    @Override
    public void listLoadedModels(ListLoadedModelsRequest request, StreamObserver<ListLoadedModelsResponse> answer) {
        answer.onNext(ListLoadedModelsResponse.newBuilder()
                .addModels(LoadedModel.newBuilder().setModel("churn"))
                .addModels(LoadedModel.newBuilder().setModel("upsell"))
                .build());
        answer.onCompleted();
    }
}
