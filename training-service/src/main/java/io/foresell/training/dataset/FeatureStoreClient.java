package io.foresell.training.dataset;

import io.foresell.kit.Failure;
import io.foresell.kit.FailureStatus;
import io.foresell.kit.ServiceException;
import io.foresell.proto.feature.v1.FeatureStoreServiceGrpc;
import io.foresell.proto.feature.v1.ListDefinitionsRequest;
import io.foresell.proto.feature.v1.StoredDefinition;
import io.foresell.proto.feature.v1.StreamTrainingSetResponse;
import io.grpc.Channel;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import io.grpc.stub.BlockingClientCall;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Streams training sets from the feature store; the store sends the next block only when the last one was taken. */
public final class FeatureStoreClient implements TrainingSetSource {
    private static final Logger log = LoggerFactory.getLogger(FeatureStoreClient.class);
    private static final long POLL_MILLIS = 200;

    private final Channel channel;
    private final Duration callTimeout;
    private final Duration streamTimeout;

    /**
     * Uses a channel it does not own.
     *
     * @param callTimeout deadline of the small calls
     * @param streamTimeout deadline of a whole training set
     */
    public FeatureStoreClient(Channel channel, Duration callTimeout, Duration streamTimeout) {
        this.channel = channel;
        this.callTimeout = callTimeout;
        this.streamTimeout = streamTimeout;
    }

    @Override
    public TrainingSet read(TrainingSetQuery query, ReadListener listener, BooleanSupplier isCancelled) {
        try {
            return stream(query, definitions(), listener, isCancelled);
        } catch (StatusException e) {
            throw failure(new StatusRuntimeException(e.getStatus(), e.getTrailers()));
        } catch (StatusRuntimeException e) {
            throw failure(e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while reading the training set");
        }
    }

    private List<StoredDefinition> definitions() throws StatusException {
        return FeatureStoreServiceGrpc.newBlockingV2Stub(channel)
                .withDeadlineAfter(callTimeout.toMillis(), TimeUnit.MILLISECONDS)
                .listDefinitions(ListDefinitionsRequest.getDefaultInstance())
                .getDefinitionsList();
    }

    private TrainingSet stream(
            TrainingSetQuery query,
            List<StoredDefinition> definitions,
            ReadListener listener,
            BooleanSupplier isCancelled)
            throws StatusException, InterruptedException {
        BlockingClientCall<?, StreamTrainingSetResponse> call = FeatureStoreServiceGrpc.newBlockingV2Stub(channel)
                .withDeadlineAfter(streamTimeout.toMillis(), TimeUnit.MILLISECONDS)
                .streamTrainingSet(FeatureBlockProtos.request(query));
        try {
            StreamTrainingSetResponse first = next(call, isCancelled);
            if (first == null) {
                return new TrainingSetBuilder(FeatureBlockProtos.info(query, "", definitions), query.task()).build();
            }
            TrainingSetBuilder builder = new TrainingSetBuilder(
                    FeatureBlockProtos.info(query, first.getFeatureSetHash(), definitions), query.task());
            for (StreamTrainingSetResponse block = first; block != null; block = next(call, isCancelled)) {
                builder.add(FeatureBlockProtos.block(block));
                listener.read(builder.rowCount(), first.getTotalRowCount());
            }
            return builder.build();
        } finally {
            call.cancel("done", null);
        }
    }

    private static @Nullable StreamTrainingSetResponse next(
            BlockingClientCall<?, StreamTrainingSetResponse> call, BooleanSupplier isCancelled)
            throws StatusException, InterruptedException {
        while (!isCancelled.getAsBoolean()) {
            try {
                return call.read(POLL_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                log.trace("waiting for the next block", e);
            }
        }
        throw new CancellationException("cancelled while reading the training set");
    }

    private static ServiceException failure(StatusRuntimeException error) {
        Failure failure = FailureStatus.fromStatus(error);
        return switch (failure.code()) {
            case UNAVAILABLE, DEADLINE_EXCEEDED -> new ServiceException(
                    Failure.unavailable(
                            "FEATURE_STORE_UNAVAILABLE", "feature store: " + failure.message(), Duration.ofSeconds(5)),
                    error);
            default -> new ServiceException(failure, error);
        };
    }
}
