package io.foresell.inference.serve.tensor;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.foresell.kit.ServiceException;
import io.foresell.proto.openinference.ModelInferRequest;
import io.foresell.proto.openinference.ModelInferResponse;
import io.foresell.proto.openinference.ModelStreamInferResponse;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream of requests: the next one is taken when the one before is answered and the client has room for answers, so a
 * stream holds one request at a time. An error is told in its answer; the stream goes on.
 */
final class InferStream implements StreamObserver<ModelInferRequest> {
    private static final Logger log = LoggerFactory.getLogger(InferStream.class);

    private final ServerCallStreamObserver<ModelStreamInferResponse> responses;
    private final OpenInferenceEndpoint endpoint;

    @GuardedBy("this")
    private boolean isAsked; // for the next request, which has not come yet

    @GuardedBy("this")
    private boolean isAnswering;

    @GuardedBy("this")
    private boolean isHalfClosed;

    private InferStream(ServerCallStreamObserver<ModelStreamInferResponse> responses, OpenInferenceEndpoint endpoint) {
        this.responses = responses;
        this.endpoint = endpoint;
    }

    static InferStream open(
            ServerCallStreamObserver<ModelStreamInferResponse> responses, OpenInferenceEndpoint endpoint) {
        InferStream stream = new InferStream(responses, endpoint);
        responses.disableAutoRequest();
        responses.setOnCancelHandler(() -> {});
        responses.setOnReadyHandler(stream::takeNext);
        return stream;
    }

    /** Called when there is room, or when a request was answered. */
    private void takeNext() {
        synchronized (this) {
            if (isAsked || isAnswering || isHalfClosed || !responses.isReady()) {
                return;
            }
            isAsked = true;
        }
        responses.request(1);
    }

    @Override
    public void onNext(ModelInferRequest request) {
        synchronized (this) {
            isAsked = false;
            isAnswering = true;
        }
        Inference inference;
        try {
            inference = endpoint.begin(request);
        } catch (ServiceException e) {
            answered(failed(request, e));
            return;
        }
        if (!inference.isHeavy()) {
            answered(run(request, inference));
            return;
        }
        try {
            endpoint.onHeavyLane(inference, () -> answered(run(request, inference)));
        } catch (ServiceException e) {
            answered(failed(request, e));
        }
    }

    private static ModelStreamInferResponse run(ModelInferRequest request, Inference inference) {
        try {
            return ModelStreamInferResponse.newBuilder()
                    .setInferResponse(inference.run())
                    .build();
        } catch (ServiceException e) {
            return failed(request, e);
        } catch (RuntimeException | Error e) {
            log.error("stream request failed model={}", request.getModelName(), e);
            return failed(request, "internal error, see the log of inference");
        }
    }

    private static ModelStreamInferResponse failed(ModelInferRequest request, ServiceException error) {
        return failed(request, error.failure().message());
    }

    /** The id says which request it was. */
    private static ModelStreamInferResponse failed(ModelInferRequest request, String message) {
        return ModelStreamInferResponse.newBuilder()
                .setErrorMessage(message)
                .setInferResponse(ModelInferResponse.newBuilder()
                        .setModelName(request.getModelName())
                        .setModelVersion(request.getModelVersion())
                        .setId(request.getId()))
                .build();
    }

    private void answered(ModelStreamInferResponse response) {
        boolean isLast;
        synchronized (this) {
            responses.onNext(response);
            isAnswering = false;
            isLast = isHalfClosed;
        }
        if (isLast) {
            responses.onCompleted();
        } else {
            takeNext();
        }
    }

    @Override
    public void onError(Throwable cancelled) {
        log.debug("stream ended by the client", cancelled);
    }

    @Override
    public void onCompleted() {
        boolean isIdle;
        synchronized (this) {
            isHalfClosed = true;
            isIdle = !isAnswering;
        }
        if (isIdle) {
            responses.onCompleted();
        }
    }
}
