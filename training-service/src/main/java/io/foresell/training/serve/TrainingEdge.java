package io.foresell.training.serve;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.training.v1.CancelJobRequest;
import io.foresell.proto.training.v1.CancelJobResponse;
import io.foresell.proto.training.v1.GetJobLogRequest;
import io.foresell.proto.training.v1.GetJobLogResponse;
import io.foresell.proto.training.v1.GetJobRequest;
import io.foresell.proto.training.v1.GetJobResponse;
import io.foresell.proto.training.v1.ListJobsRequest;
import io.foresell.proto.training.v1.ListJobsResponse;
import io.foresell.proto.training.v1.StartJobRequest;
import io.foresell.proto.training.v1.StartJobResponse;
import io.foresell.proto.training.v1.TrainingServiceGrpc;
import io.foresell.proto.training.v1.TrainingSpec;
import io.foresell.proto.training.v1.WatchJobRequest;
import io.foresell.proto.training.v1.WatchJobResponse;
import io.foresell.training.job.Job;
import io.foresell.training.job.TrainingJobs;
import io.foresell.training.registry.StoreFailures;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.MeterRegistry;

/** Training jobs on the wire. Handlers may block. */
public final class TrainingEdge extends TrainingServiceGrpc.TrainingServiceImplBase {
    private final TrainingJobs jobs;
    private final Watchers watchers;

    public TrainingEdge(TrainingJobs jobs, int maxWatchers, MeterRegistry meters) {
        this.jobs = jobs;
        this.watchers = new Watchers("jobs", maxWatchers, meters);
    }

    /** Ends all watches and admits no more. */
    public void drain() {
        watchers.drain();
    }

    @Override
    public void startJob(StartJobRequest request, StreamObserver<StartJobResponse> caller) {
        Answers.unary(caller, () -> StartJobResponse.newBuilder()
                .setJob(TrainingProtos.ofJob(started(request)))
                .build());
    }

    private Job started(StartJobRequest request) {
        TrainingSpec spec = request.getSpec();
        SpecProtos.toSpec(spec); // refuses what cannot run
        if (spec.getRetrain().getDrift().getReferenceUntilTime().isEmpty()) {
            return jobs.start(spec.getModel(), spec.toByteString(), request.getRequestId(), "");
        }
        throw new ServiceException(Failure.invalid(
                "SPEC_INVALID",
                "retrain.drift.reference_until_time",
                spec.getRetrain().getDrift().getReferenceUntilTime(),
                "nothing: a schedule sets it"));
    }

    @Override
    public void getJob(GetJobRequest request, StreamObserver<GetJobResponse> caller) {
        Answers.unary(caller, () -> GetJobResponse.newBuilder()
                .setJob(TrainingProtos.ofJob(jobs.get(request.getJobId())))
                .build());
    }

    @Override
    public void listJobs(ListJobsRequest request, StreamObserver<ListJobsResponse> caller) {
        Answers.unary(caller, () -> ListJobsResponse.newBuilder()
                .addAllJobs(jobs.list(request.getModel(), request.getSchedule()).stream()
                        .map(TrainingProtos::ofJob)
                        .toList())
                .build());
    }

    @Override
    public void getJobLog(GetJobLogRequest request, StreamObserver<GetJobLogResponse> caller) {
        Answers.unary(caller, () -> GetJobLogResponse.newBuilder()
                .setLog(jobs.log(request.getJobId()))
                .build());
    }

    @Override
    public void watchJob(WatchJobRequest request, StreamObserver<WatchJobResponse> caller) {
        try {
            var call = (ServerCallStreamObserver<WatchJobResponse>) caller;
            new JobWatch(jobs, watchers, call).start(request.getJobId());
        } catch (RuntimeException e) {
            caller.onError(StoreFailures.translated(e));
        }
    }

    @Override
    public void cancelJob(CancelJobRequest request, StreamObserver<CancelJobResponse> caller) {
        Answers.unary(caller, () -> CancelJobResponse.newBuilder()
                .setJob(TrainingProtos.ofJob(jobs.cancel(request.getJobId())))
                .build());
    }
}
