package io.foresell.cli.command;

import io.foresell.kit.Failure;
import io.foresell.kit.FailureStatus;
import io.foresell.kit.ServiceException;
import io.foresell.proto.training.v1.CancelJobRequest;
import io.foresell.proto.training.v1.CancelJobResponse;
import io.foresell.proto.training.v1.CandidateResult;
import io.foresell.proto.training.v1.GetJobRequest;
import io.foresell.proto.training.v1.GetJobResponse;
import io.foresell.proto.training.v1.Job;
import io.foresell.proto.training.v1.JobProgress;
import io.foresell.proto.training.v1.JobState;
import io.foresell.proto.training.v1.ListJobsRequest;
import io.foresell.proto.training.v1.ListJobsResponse;
import io.foresell.proto.training.v1.StartJobRequest;
import io.foresell.proto.training.v1.StartJobResponse;
import io.foresell.proto.training.v1.TrainingServiceGrpc.TrainingServiceImplBase;
import io.foresell.proto.training.v1.WatchJobRequest;
import io.foresell.proto.training.v1.WatchJobResponse;
import io.grpc.Status;
import io.grpc.stub.StreamObserver;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.AtomicInteger;

/** Jobs that end as soon as they are watched. */
final class FixtureTraining extends TrainingServiceImplBase {
    final AtomicInteger watchFailures = new AtomicInteger();
    private final Map<String, Job> jobs = new LinkedHashMap<>();

    @Override
    public void startJob(StartJobRequest request, StreamObserver<StartJobResponse> observer) {
        FixtureServer.answer(observer, () -> {
            Job job = Job.newBuilder()
                    .setId("job-" + (jobs.size() + 1))
                    .setSpec(request.getSpec())
                    .setState(JobState.JOB_STATE_QUEUED)
                    .build();
            jobs.put(job.getId(), job);
            return StartJobResponse.newBuilder().setJob(job).build();
        });
    }

    private Job known(String id) {
        Job job = jobs.get(id);
        if (job == null) {
            throw new ServiceException(Failure.notFound("job", id, "one of " + jobs.keySet()));
        }
        return job;
    }

    @Override
    public void watchJob(WatchJobRequest request, StreamObserver<WatchJobResponse> observer) {
        try {
            Job job = known(request.getJobId());
            observer.onNext(WatchJobResponse.newBuilder().setJob(running(job)).build());
            if (watchFailures.getAndDecrement() > 0) {
                observer.onError(
                        Status.UNAVAILABLE.withDescription("restarting").asRuntimeException());
                return;
            }
            Job ended = ended(job);
            jobs.put(job.getId(), ended);
            observer.onNext(WatchJobResponse.newBuilder().setJob(ended).build());
            observer.onCompleted();
        } catch (ServiceException e) {
            observer.onError(FailureStatus.toStatus(e, "fixture"));
        }
    }

    private Job running(Job job) {
        return job.toBuilder()
                .setState(JobState.JOB_STATE_RUNNING)
                .setProgress(JobProgress.newBuilder()
                        .setStage("fit logistic_regression (fold 2 of 5)")
                        .setFraction(0.4)
                        .setLoss(0.4321)
                        .setIteration(3)
                        .setIterationCount(10)
                        .setSecondsLeft(12))
                .build();
    }

    private Job ended(Job job) {
        if (job.getSpec().getModel().equals("one_class")) {
            return job.toBuilder()
                    .setState(JobState.JOB_STATE_FAILED)
                    .setFailureReason("LABEL_ONE_CLASS")
                    .setFailure("label: 1 class (expected: 2)")
                    .build();
        }
        return job.toBuilder()
                .setState(JobState.JOB_STATE_SUCCEEDED)
                .addResults(CandidateResult.newBuilder()
                        .setCandidate("logistic_regression")
                        .setEvaluation(FixtureRegistry.evaluation(0.8452))
                        .setVersion(1))
                .addResults(CandidateResult.newBuilder()
                        .setCandidate("boosted_trees")
                        .setEvaluation(FixtureRegistry.evaluation(0.8471))
                        .setVersion(2)
                        .addAllGates(job.getSpec().hasGates() ? List.of(FixtureRegistry.gate()) : List.of())
                        .setIsBest(true))
                .build();
    }

    @Override
    public void listJobs(ListJobsRequest request, StreamObserver<ListJobsResponse> observer) {
        FixtureServer.answer(
                observer,
                () -> ListJobsResponse.newBuilder().addAllJobs(jobs.values()).build());
    }

    @Override
    public void getJob(GetJobRequest request, StreamObserver<GetJobResponse> observer) {
        FixtureServer.answer(observer, () -> GetJobResponse.newBuilder()
                .setJob(known(request.getJobId()))
                .build());
    }

    @Override
    public void cancelJob(CancelJobRequest request, StreamObserver<CancelJobResponse> observer) {
        FixtureServer.answer(observer, () -> CancelJobResponse.newBuilder()
                .setJob(known(request.getJobId()).toBuilder().setState(JobState.JOB_STATE_CANCELLED))
                .build());
    }
}
