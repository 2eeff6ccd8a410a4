package io.foresell.inference.lookup;

import io.foresell.kit.FailureStatus;
import io.foresell.kit.GrpcClient;
import io.foresell.kit.ServiceException;
import io.foresell.proto.feature.v1.FeatureStoreServiceGrpc;
import io.foresell.proto.feature.v1.FeatureStoreServiceGrpc.FeatureStoreServiceStub;
import io.foresell.proto.feature.v1.GetFeaturesRequest;
import io.foresell.proto.feature.v1.GetFeaturesResponse;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;

/** Asks the feature store without blocking; answers arrive on the channel's network thread. Thread-safe. */
final class FeatureStoreClient implements SharedLookups.Store {
    private static final long RECONNECT_NANOS = TimeUnit.SECONDS.toNanos(1);

    private final GrpcClient featureStore;
    private final FeatureStoreServiceStub stub;
    private final AtomicLong lastReconnectNanos = new AtomicLong(System.nanoTime() - RECONNECT_NANOS);

    FeatureStoreClient(GrpcClient featureStore) {
        this.featureStore = featureStore;
        this.stub = FeatureStoreServiceGrpc.newStub(featureStore.channel()).withExecutor(Runnable::run);
    }

    /**
     * Returns the rows of the known entities by key. The deadline is the lesser of the timeout and what the caller has left.
     *
     * @param entityKeys unique keys
     * @return fails with {@link ServiceException} carrying the store's failure
     */
    @Override
    public CompletableFuture<Map<String, FeatureRow>> rows(
            FeatureSetRef set, Set<String> entityKeys, Duration timeout) {
        CompletableFuture<Map<String, FeatureRow>> answer = new CompletableFuture<>();
        // The caller's deadline is in the gRPC context, and the call takes the lesser of both.
        stub.withDeadlineAfter(timeout.toNanos(), TimeUnit.NANOSECONDS)
                .getFeatures(
                        GetFeaturesRequest.newBuilder()
                                .setFeatureSet(set.name())
                                .setFeatureSetHash(set.hash())
                                .addAllEntityKeys(entityKeys)
                                .build(),
                        new Answer(answer));
        return answer;
    }

    private final class Answer implements StreamObserver<GetFeaturesResponse> {
        private final CompletableFuture<Map<String, FeatureRow>> answer;
        private Map<String, FeatureRow> rows = new LinkedHashMap<>(); // calls on one observer are serialised

        Answer(CompletableFuture<Map<String, FeatureRow>> answer) {
            this.answer = answer;
        }

        @Override
        public void onNext(GetFeaturesResponse response) {
            try {
                rows = FeatureProtos.rows(response);
            } catch (RuntimeException e) {
                answer.completeExceptionally(e);
            }
        }

        @Override
        public void onError(Throwable error) {
            StatusRuntimeException status = error instanceof StatusRuntimeException known
                    ? known
                    : Status.fromThrowable(error).asRuntimeException();
            if (status.getStatus().getCode() == Status.Code.UNAVAILABLE) {
                reconnectSoon();
            }
            answer.completeExceptionally(new ServiceException(FailureStatus.fromStatus(status), error));
        }

        @Override
        public void onCompleted() {
            answer.complete(rows);
        }
    }

    /** The channel's own wait between attempts grows to two minutes; while callers ask, one attempt a second is fair. */
    private void reconnectSoon() {
        long now = System.nanoTime();
        long last = lastReconnectNanos.get();
        if (now - last >= RECONNECT_NANOS
                && lastReconnectNanos.compareAndSet(last, now)
                && featureStore.channel() instanceof ManagedChannel channel) {
            channel.resetConnectBackoff();
        }
    }
}
