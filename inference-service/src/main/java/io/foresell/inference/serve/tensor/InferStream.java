package io.foresell.inference.serve.tensor;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.foresell.inference.serve.OpenStreams.Drainable;
import io.foresell.inference.serve.ParkedModels;
import io.foresell.kit.Admission.Place;
import io.foresell.kit.Failure;
import io.foresell.kit.FailureStatus;
import io.foresell.kit.ServiceException;
import io.foresell.proto.openinference.InferParameter;
import io.foresell.proto.openinference.ModelInferRequest;
import io.foresell.proto.openinference.ModelInferResponse;
import io.foresell.proto.openinference.ModelStreamInferResponse;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One stream of requests: the next one is taken when the one before is answered and the client has room for answers, so a
 * stream holds one request at a time. Each is admitted by itself. An error is told in its answer; the stream goes on.
 */
final class InferStream implements StreamObserver<ModelInferRequest>, Drainable {
    private static final Logger log = LoggerFactory.getLogger(InferStream.class);

    private final ServerCallStreamObserver<ModelStreamInferResponse> responses;
    private final OpenInferenceEndpoint endpoint;

    @GuardedBy("this")
    private boolean isAsked; // for the next request, which has not come yet

    @GuardedBy("this")
    private boolean isAnswering;

    @GuardedBy("this")
    private long answeredCount;

    @GuardedBy("this")
    private boolean isHalfClosed;

    @GuardedBy("this")
    private boolean isDraining;

    @GuardedBy("this")
    private boolean isEnded;

    InferStream(ServerCallStreamObserver<ModelStreamInferResponse> responses, OpenInferenceEndpoint endpoint) {
        this.responses = responses;
        this.endpoint = endpoint;
    }

    /** Takes over flow control; must happen before gRPC's call of the method returns. */
    void start() {
        responses.disableAutoRequest();
        responses.setOnCancelHandler(this::cancelled);
        responses.setOnReadyHandler(this::takeNext);
    }

    /** Called when there is room, or when a request was answered. */
    private void takeNext() {
        synchronized (this) {
            boolean isOver = isEnded || isDraining || isHalfClosed;
            if (isOver || isAsked || isAnswering || !responses.isReady()) {
                return;
            }
            isAsked = true;
        }
        responses.request(1);
    }

    @Override
    public void onNext(ModelInferRequest request) {
        synchronized (this) {
            if (isEnded) {
                return; // drained meanwhile: without an answer it was not run
            }
            isAsked = false;
            isAnswering = true;
        }
        Place place;
        try {
            place = endpoint.enter();
        } catch (ServiceException e) {
            answered(failed(request, e));
            return;
        }
        if (!isPutOff(place, request)) {
            infer(place, request);
        }
    }

    /** Puts a request off while its model is parked; returns false when it is not. */
    private boolean isPutOff(Place place, ModelInferRequest request) {
        try {
            return endpoint.parked()
                    .defer(
                            request.getModelName(),
                            () -> infer(place, request),
                            error -> finish(place, failed(request, error)));
        } catch (ServiceException e) {
            finish(place, failed(request, e));
            return true;
        }
    }

    private void infer(Place place, ModelInferRequest request) {
        ModelStreamInferResponse response;
        try {
            Inference inference = endpoint.begin(request);
            if (inference.isHeavy()) {
                endpoint.onHeavyLane(inference, () -> finish(place, run(request, inference)));
                return;
            }
            response = run(request, inference);
        } catch (ServiceException e) {
            if (ParkedModels.hasLeft(e) && isPutOff(place, request)) {
                return;
            }
            response = failed(request, e);
        } catch (RuntimeException | Error e) {
            response = failed(request, e);
        }
        finish(place, response);
    }

    private ModelStreamInferResponse run(ModelInferRequest request, Inference inference) {
        try {
            return ModelStreamInferResponse.newBuilder()
                    .setInferResponse(inference.run())
                    .build();
        } catch (RuntimeException | Error e) {
            return failed(request, e);
        }
    }

    private void finish(Place place, ModelStreamInferResponse response) {
        place.leave();
        answered(response);
    }

    /** The id says which request it was, the parameters what the status of a call would say. */
    private ModelStreamInferResponse failed(ModelInferRequest request, Throwable error) {
        Failure failure = FailureStatus.toFailure(error, endpoint.domain());
        if (failure.code() == Status.Code.INTERNAL) {
            log.error("stream request failed model={}", request.getModelName(), error);
        }
        ModelInferResponse.Builder response = ModelInferResponse.newBuilder()
                .setModelName(request.getModelName())
                .setModelVersion(request.getModelVersion())
                .setId(request.getId())
                .putParameters(
                        "error_reason",
                        InferParameter.newBuilder()
                                .setStringParam(failure.reason())
                                .build());
        Duration retryAfter = failure.retryAfter();
        if (retryAfter != null) {
            response.putParameters(
                    "retry_after_millis",
                    InferParameter.newBuilder()
                            .setInt64Param(retryAfter.toMillis())
                            .build());
        }
        return ModelStreamInferResponse.newBuilder()
                .setErrorMessage(failure.message())
                .setInferResponse(response)
                .build();
    }

    private void answered(ModelStreamInferResponse response) {
        synchronized (this) {
            isAnswering = false;
            if (isEnded) {
                return;
            }
            responses.onNext(response);
            answeredCount++;
            endIfDone();
        }
        takeNext();
    }

    @GuardedBy("this")
    private void endIfDone() {
        if (isEnded || isAnswering || !(isHalfClosed || isDraining)) {
            return;
        }
        end();
        if (isHalfClosed) {
            responses.onCompleted();
        } else {
            responses.onError(new ServiceException(Failure.unavailable(
                            "DRAINING",
                            "server: draining, %d requests answered (expected: the others at another server)"
                                    .formatted(answeredCount),
                            Duration.ofMillis(100))
                    .with("answered_count", Long.toString(answeredCount))));
        }
    }

    @GuardedBy("this")
    private void end() {
        isEnded = true;
        endpoint.ended(this);
    }

    @Override
    public synchronized void drain() {
        isDraining = true;
        endIfDone();
    }

    private synchronized void cancelled() {
        if (!isEnded) {
            end();
        }
    }

    @Override
    public void onError(Throwable error) {
        cancelled();
    }

    @Override
    public synchronized void onCompleted() {
        isHalfClosed = true;
        endIfDone();
    }
}
