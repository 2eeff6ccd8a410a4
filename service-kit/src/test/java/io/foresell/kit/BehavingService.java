package io.foresell.kit;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.proto.inference.v1.InferenceServiceGrpc;
import io.foresell.proto.inference.v1.ListLoadedModelsRequest;
import io.foresell.proto.inference.v1.ListLoadedModelsResponse;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoreResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** A service whose model name says how it behaves. */
final class BehavingService extends InferenceServiceGrpc.InferenceServiceImplBase {
    private final CountDownLatch entered = new CountDownLatch(1);
    private final CountDownLatch release = new CountDownLatch(1);

    /** Waits until a slow call is at work. */
    void awaitSlowCall() throws InterruptedException {
        assertThat(entered.await(5, TimeUnit.SECONDS)).isTrue();
    }

    /** Lets slow calls end. */
    void release() {
        release.countDown();
    }

    @Override
    public void score(ScoreRequest request, StreamObserver<ScoreResponse> answer) {
        switch (request.getModel()) {
            case "thrown" -> throw new ServiceException(Failure.invalid("ROW_COUNT", "row_count", 5000, "1..4096"));
            case "passed" -> answer.onError(new ServiceException(
                    Failure.unavailable("DRAINING", "the server drains", Duration.ofMillis(1500))));
            case "peer" -> answer.onError(new ServiceException(
                    Failure.unavailable("STORE_AWAY", "store: away", Duration.ofSeconds(1)),
                    Status.DEADLINE_EXCEEDED.asRuntimeException()));
            case "bug" -> throw new IllegalStateException("secret detail");
            case "slow" -> awaitRelease();
            default -> {
                if (request.getModel().startsWith("unknown")) {
                    throw new ServiceException(Failure.notFound("model", request.getModel(), "a loaded model"));
                }
            }
        }
        answer.onNext(ScoreResponse.newBuilder().setModel(request.getModel()).build());
        answer.onCompleted();
    }

    private void awaitRelease() {
        entered.countDown();
        try {
            assertThat(release.await(10, TimeUnit.SECONDS)).isTrue();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    @Override
    public void listLoadedModels(ListLoadedModelsRequest request, StreamObserver<ListLoadedModelsResponse> answer) {
        answer.onNext(ListLoadedModelsResponse.getDefaultInstance());
        answer.onCompleted();
    }
}
