package io.foresell.feature.serve;

import io.foresell.feature.asof.FeaturePlan;
import io.foresell.feature.trainingset.TrainingBlock;
import io.foresell.feature.trainingset.TrainingSetReader;
import io.foresell.proto.feature.v1.StreamTrainingSetResponse;
import io.grpc.Context;
import io.grpc.Status;
import io.grpc.stub.ServerCallStreamObserver;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Sends a training set as fast as the caller takes it, and stops when the caller goes away. Used by one thread. */
final class TrainingSetCall implements TrainingSetReader.Sink {
    private static final long PAUSE_NANOS = TimeUnit.MICROSECONDS.toNanos(500);

    private final FeaturePlan plan;
    private final ServerCallStreamObserver<StreamTrainingSetResponse> answer;
    private final Context context = Context.current();
    private String featureSetHash = "";
    private long rowCount;

    TrainingSetCall(FeaturePlan plan, ServerCallStreamObserver<StreamTrainingSetResponse> answer) {
        this.plan = plan;
        this.answer = answer;
    }

    @Override
    public void begin(String hash, long totalRowCount) {
        featureSetHash = hash;
        rowCount = totalRowCount;
    }

    @Override
    public void accept(TrainingBlock block) {
        awaitReady();
        answer.onNext(FeatureProtos.toProto(plan, block)
                .setFeatureSetHash(featureSetHash)
                .setTotalRowCount(rowCount)
                .build());
        featureSetHash = "";
        rowCount = 0;
    }

    /** The call's own callbacks wait while this thread is in the call, so readiness is asked for, not signalled. */
    private void awaitReady() {
        while (!answer.isReady()) {
            requireWanted();
            LockSupport.parkNanos(PAUSE_NANOS);
        }
        requireWanted();
    }

    private void requireWanted() {
        if (context.isCancelled()) {
            throw Status.CANCELLED.withDescription("the caller went away").asRuntimeException();
        }
    }
}
