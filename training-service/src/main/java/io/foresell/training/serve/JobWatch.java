package io.foresell.training.serve;

import io.foresell.kit.ServiceException;
import io.foresell.proto.training.v1.WatchJobResponse;
import io.foresell.training.job.Job;
import io.foresell.training.job.TrainingJobs;
import io.grpc.stub.ServerCallStreamObserver;
import org.jspecify.annotations.Nullable;

/** One watcher of one job. Nothing is queued: a slow watcher is sent the latest state when it can take it again. */
final class JobWatch implements Watchers.Watch {
    private final TrainingJobs jobs;
    private final Watchers watchers;
    private final ServerCallStreamObserver<WatchJobResponse> caller;
    private TrainingJobs.@Nullable Subscription subscription; // guarded by this
    private @Nullable Job sent; // guarded by this
    private boolean hasEnded; // guarded by this

    JobWatch(TrainingJobs jobs, Watchers watchers, ServerCallStreamObserver<WatchJobResponse> caller) {
        this.jobs = jobs;
        this.watchers = watchers;
        this.caller = caller;
    }

    synchronized void start(String jobId) {
        caller.setOnCancelHandler(this::leave);
        Job job = jobs.get(jobId);
        watchers.add(this);
        subscription = jobs.watch(jobId, this::offer);
        send(job);
    }

    private synchronized void offer(Job job) {
        if (!hasEnded && caller.isReady() && !job.equals(sent)) {
            send(job);
        }
    }

    private void send(Job job) {
        sent = job;
        caller.onNext(
                WatchJobResponse.newBuilder().setJob(TrainingProtos.ofJob(job)).build());
        if (job.state().hasEnded()) {
            leave();
            caller.onCompleted();
        }
    }

    private synchronized void leave() {
        hasEnded = true;
        watchers.remove(this);
        if (subscription != null) {
            subscription.close();
        }
    }

    @Override
    public synchronized void end(ServiceException reason) {
        if (!hasEnded) {
            leave();
            caller.onError(reason);
        }
    }
}
