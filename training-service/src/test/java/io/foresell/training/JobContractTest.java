package io.foresell.training;

import static io.foresell.training.TestService.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.MongoCollection;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.registry.v1.GetVersionRequest;
import io.foresell.proto.registry.v1.ListVersionsRequest;
import io.foresell.proto.registry.v1.ModelVersion;
import io.foresell.proto.training.v1.CancelJobRequest;
import io.foresell.proto.training.v1.GetJobRequest;
import io.foresell.proto.training.v1.Job;
import io.foresell.proto.training.v1.JobState;
import io.foresell.proto.training.v1.ListJobsRequest;
import io.foresell.proto.training.v1.PublishRule;
import io.foresell.proto.training.v1.StartJobRequest;
import io.foresell.proto.training.v1.TrainingSpec;
import io.foresell.proto.training.v1.WatchJobRequest;
import io.foresell.proto.training.v1.WatchJobResponse;
import io.foresell.store.embedded.EmbeddedStore;
import io.foresell.training.job.Trainer;
import io.grpc.Status;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.bson.Document;
import org.bson.conversions.Bson;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What jobs promise on the wire, on a real store and registry; the fitting is scripted. Each test has a store of its own. */
final class JobContractTest {
    @TempDir
    Path scratch;

    private final EmbeddedStore store = EmbeddedStore.inMemory();
    private final MongoClient mongo = MongoClients.create(store.uri());
    private final List<TestService> services = new ArrayList<>();

    private TestService start(Trainer trainer) {
        return start(trainer, Map.of("jobs.lease", "2s"));
    }

    private TestService start(Trainer trainer, Map<String, String> settings) {
        TestService service = new TestService(store.uri(), scratch, trainer, settings);
        services.add(service);
        return service;
    }

    @AfterEach
    void stop() {
        services.forEach(TestService::close);
        mongo.close();
        store.close();
    }

    private static TrainingSpec.Builder spec(PublishRule publish) {
        TrainingSpec.Builder spec = TrainingSpec.newBuilder()
                .setModel("churn")
                .setFeatureSet("customer_features")
                .setLabelView("churned")
                .setPublish(publish);
        spec.addCandidatesBuilder().getLogisticRegressionBuilder().setInversePenalty(0.5);
        spec.addCandidatesBuilder().getBoostedTreesBuilder().setTreeCount(20);
        return spec;
    }

    private static Job start(TestService service, String requestId) {
        return service.training()
                .startJob(StartJobRequest.newBuilder()
                        .setSpec(spec(PublishRule.PUBLISH_RULE_BEST))
                        .setRequestId(requestId)
                        .build())
                .getJob();
    }

    private static Job get(TestService service, String id) {
        return service.training()
                .getJob(GetJobRequest.newBuilder().setJobId(id).build())
                .getJob();
    }

    private static Job cancel(TestService service, String id) {
        return service.training()
                .cancelJob(CancelJobRequest.newBuilder().setJobId(id).build())
                .getJob();
    }

    private static Iterator<WatchJobResponse> watch(TestService service, String id) {
        return service.training()
                .watchJob(WatchJobRequest.newBuilder().setJobId(id).build());
    }

    private static Job end(TestService service, String id) {
        Iterator<WatchJobResponse> watch = watch(service, id);
        Job last = Job.getDefaultInstance();
        while (watch.hasNext()) {
            last = watch.next().getJob();
        }
        return last;
    }

    private static void await(String what, Supplier<Boolean> condition) throws InterruptedException {
        long untilNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(15);
        while (!condition.get()) {
            assertThat(System.nanoTime()).as(what).isLessThan(untilNanos);
            Thread.sleep(25);
        }
    }

    @Test
    void jobRunsIsWatchedAndPublishesTheBest() throws Exception {
        ScriptedTrainer trainer = ScriptedTrainer.waiting();
        TestService service = start(trainer);
        Job queued = start(service, "");
        assertThat(queued.getState()).isEqualTo(JobState.JOB_STATE_QUEUED);
        assertThat(queued.getSpec())
                .isEqualTo(spec(PublishRule.PUBLISH_RULE_BEST).build());
        Iterator<WatchJobResponse> watch = watch(service, queued.getId());
        Job running = watch.next().getJob();
        while (!running.hasProgress()) {
            running = watch.next().getJob();
        }
        assertThat(running.getState()).isEqualTo(JobState.JOB_STATE_RUNNING);
        assertThat(running.getProgress().getLoss()).isEqualTo(0.4);
        assertThat(running.getProgress().getIterationCount()).isEqualTo(10);
        trainer.finish.countDown();
        Job ended = running;
        while (watch.hasNext()) {
            ended = watch.next().getJob();
        }
        assertThat(ended.getState()).isEqualTo(JobState.JOB_STATE_SUCCEEDED);
        assertThat(ended.getAttempt()).isEqualTo(1);
        assertThat(ended.getProgress().getFraction()).isEqualTo(1);
        assertThat(ended.getEndedAtMillis()).isGreaterThanOrEqualTo(ended.getStartedAtMillis());
        assertThat(ended.getResultsList())
                .extracting(result -> result.getVersion())
                .containsExactly(0, 1);
        assertThat(ended.getResults(1).getIsBest()).isTrue();
        assertThat(ended.getResults(1).getEvaluation().getMetricsMap()).containsEntry("roc_auc", 0.81);
        assertThat(get(service, queued.getId())).isEqualTo(ended);
        ModelVersion version = service.registry()
                .getVersion(GetVersionRequest.newBuilder()
                        .setModel("churn")
                        .setVersion(1)
                        .build())
                .getVersion();
        assertThat(version.getJobId()).isEqualTo(queued.getId());
        assertThat(service.telemetry
                        .meters()
                        .get("training_jobs")
                        .tag("state", "succeeded")
                        .counter()
                        .count())
                .isEqualTo(1);
    }

    @Test
    void publishesAllWithTheBestLastOrNone() {
        TestService service = start(ScriptedTrainer.quick());
        Job all = service.training()
                .startJob(StartJobRequest.newBuilder()
                        .setSpec(spec(PublishRule.PUBLISH_RULE_ALL))
                        .build())
                .getJob();
        assertThat(end(service, all.getId()).getResultsList())
                .extracting(result -> result.getVersion())
                .containsExactly(1, 2);
        Job none = service.training()
                .startJob(StartJobRequest.newBuilder()
                        .setSpec(spec(PublishRule.PUBLISH_RULE_NONE))
                        .build())
                .getJob();
        assertThat(end(service, none.getId()).getResultsList())
                .extracting(result -> result.getVersion())
                .containsExactly(0, 0);
        assertThat(service.registry()
                        .listVersions(ListVersionsRequest.newBuilder()
                                .setModel("churn")
                                .build())
                        .getVersionsCount())
                .isEqualTo(2);
        assertThat(service.training()
                        .listJobs(ListJobsRequest.newBuilder().setModel("churn").build())
                        .getJobsList())
                .extracting(Job::getId)
                .containsExactly(none.getId(), all.getId());
        assertThat(service.training()
                        .listJobs(ListJobsRequest.newBuilder().setModel("other").build())
                        .getJobsList())
                .isEmpty();
    }

    @Test
    void cancelsQueuedAndRunningButNotEndedJobs() throws Exception {
        ScriptedTrainer trainer = ScriptedTrainer.waiting();
        TestService service = start(trainer);
        Job running = start(service, "");
        assertThat(trainer.begun.await(10, TimeUnit.SECONDS)).isTrue();
        Job queued = start(service, "");

        assertThat(cancel(service, queued.getId()).getState()).isEqualTo(JobState.JOB_STATE_CANCELLED);
        cancel(service, running.getId());
        assertThat(end(service, running.getId()).getState()).isEqualTo(JobState.JOB_STATE_CANCELLED);
        trainer.finish.countDown();
        Job succeeded = end(service, start(service, "").getId());
        assertThat(cancel(service, succeeded.getId())).isEqualTo(succeeded);
        assertThat(succeeded.getState()).isEqualTo(JobState.JOB_STATE_SUCCEEDED);
        assertRefused(Status.Code.NOT_FOUND, "JOB_NOT_FOUND", () -> cancel(service, "job-0"));
        assertRefused(Status.Code.NOT_FOUND, "JOB_NOT_FOUND", () -> get(service, "job-0"));
        assertRefused(Status.Code.NOT_FOUND, "JOB_NOT_FOUND", () -> watch(service, "job-0")
                .next());
    }

    @Test
    void cancelAndWatchWorkThroughAnotherReplica() throws Exception {
        ScriptedTrainer trainer = ScriptedTrainer.waiting();
        TestService first = start(trainer);
        Job job = start(first, "");
        assertThat(trainer.begun.await(10, TimeUnit.SECONDS)).isTrue();
        TestService second = start(TestService.NO_TRAINER);
        Iterator<WatchJobResponse> watch = watch(second, job.getId());
        assertThat(watch.next().getJob().getState()).isEqualTo(JobState.JOB_STATE_RUNNING);
        cancel(second, job.getId());
        Job last = Job.getDefaultInstance();
        while (watch.hasNext()) {
            last = watch.next().getJob();
        }
        assertThat(last.getState()).isEqualTo(JobState.JOB_STATE_CANCELLED);
    }

    @Test
    void sameRequestIdIsTheSameJob() {
        TestService service = start(ScriptedTrainer.quick());
        Job job = start(service, "monday");
        assertThat(start(service, "monday").getId()).isEqualTo(job.getId());
        assertThat(start(service, "tuesday").getId()).isNotEqualTo(job.getId());
        assertThat(start(service, "").getId()).isNotEqualTo(start(service, "").getId());
        assertRefused(Status.Code.ALREADY_EXISTS, "REQUEST_ID_EXISTS", () -> service.training()
                .startJob(StartJobRequest.newBuilder()
                        .setSpec(spec(PublishRule.PUBLISH_RULE_NONE))
                        .setRequestId("monday")
                        .build()));
    }

    @Test
    void refusesAJobWhenTheQueueIsFull() throws Exception {
        ScriptedTrainer trainer = ScriptedTrainer.waiting();
        TestService service = start(trainer, Map.of("jobs.queue-size", "2"));
        start(service, "");
        assertThat(trainer.begun.await(10, TimeUnit.SECONDS)).isTrue();
        Job waiting = start(service, "");
        start(service, "");
        Failure failure = assertRefused(Status.Code.RESOURCE_EXHAUSTED, "QUEUE_FULL", () -> start(service, ""));
        assertThat(failure.retryAfter()).isPositive();
        cancel(service, waiting.getId());
        assertThat(start(service, "").getState()).isEqualTo(JobState.JOB_STATE_QUEUED);
    }

    @Test
    void jobOfASilentOwnerIsTakenUpWhenItsLeaseIsOver() {
        ScriptedTrainer trainer = ScriptedTrainer.quick();
        TestService service = start(trainer);
        insertRunning(service, "job-silent", 1, 0, Duration.ofSeconds(2));
        Job ended = end(service, "job-silent");
        assertThat(ended.getState()).isEqualTo(JobState.JOB_STATE_SUCCEEDED);
        assertThat(ended.getAttempt()).isEqualTo(2);
        assertThat(ended.getStartedAtMillis() - ended.getCreatedAtMillis()).isGreaterThanOrEqualTo(2_000);
    }

    @Test
    void jobLostTwiceIsGivenUp() {
        TestService service = start(ScriptedTrainer.quick());
        insertRunning(service, "job-lost", 2, 1, Duration.ZERO);
        Job ended = end(service, "job-lost");
        assertThat(ended.getState()).isEqualTo(JobState.JOB_STATE_FAILED);
        assertThat(ended.getFailureReason()).isEqualTo("ATTEMPTS_EXHAUSTED");
        assertThat(ended.getAttempt()).isEqualTo(2);
    }

    /** Inserts a job that a process which is gone was working on. */
    private void insertRunning(TestService service, String id, int attempt, int lossCount, Duration leaseLeft) {
        Job done = end(service, start(service, "").getId());
        Document lost = jobs().find(Filters.eq("_id", done.getId())).first();
        lost.append("_id", id)
                .append("state", "RUNNING")
                .append("owner", "gone")
                .append("attempt", attempt)
                .append("loss_count", lossCount)
                .append("created_at", Date.from(Instant.now()))
                .append("lease_until", Date.from(Instant.now().plus(leaseLeft)));
        lost.remove("ended_at");
        jobs().insertOne(lost);
    }

    private MongoCollection<Document> jobs() {
        return mongo.getDatabase("test").getCollection("jobs");
    }

    @Test
    void outcomeOfAnOwnerThatLostItsLeaseIsDropped() throws Exception {
        ScriptedTrainer trainer = ScriptedTrainer.waiting();
        TestService service = start(trainer);
        Job job = start(service, "");
        assertThat(trainer.begun.await(10, TimeUnit.SECONDS)).isTrue();
        Bson taken = Updates.combine(
                Updates.set("owner", "other"),
                Updates.set("attempt", 2),
                Updates.set("lease_until", Date.from(Instant.now().plusSeconds(60))));
        jobs().updateOne(Filters.eq("_id", job.getId()), taken);
        trainer.finish.countDown();
        await("dropped", () -> get(service, job.getId()).getAttempt() == 2);
        assertThat(get(service, job.getId()).getState()).isEqualTo(JobState.JOB_STATE_RUNNING);
        assertRefused(Status.Code.NOT_FOUND, "MODEL_NOT_FOUND", () -> service.registry()
                .listVersions(ListVersionsRequest.newBuilder().setModel("churn").build()));
    }

    @Test
    void plannedStopGivesTheJobBack() throws Exception {
        ScriptedTrainer first = ScriptedTrainer.waiting();
        TestService stopped = new TestService(store.uri(), scratch, first, Map.of());
        Job job = start(stopped, "");
        assertThat(first.begun.await(10, TimeUnit.SECONDS)).isTrue();
        stopped.close();

        long restartNanos = System.nanoTime();
        TestService second = start(ScriptedTrainer.quick());
        Job ended = end(second, job.getId());
        assertThat(ended.getState()).isEqualTo(JobState.JOB_STATE_SUCCEEDED);
        assertThat(ended.getAttempt()).isEqualTo(2);
        assertThat(System.nanoTime() - restartNanos).isLessThan(TimeUnit.SECONDS.toNanos(8)); // no lease to wait for
    }

    @Test
    void whateverAJobDiesOfTheServiceLives() {
        Map<String, Throwable> deaths = Map.of(
                "OUT_OF_MEMORY", new OutOfMemoryError("native"),
                "LIBRARY_MISSING", new NoClassDefFoundError("org/nd4j/Nothing"),
                "INTERNAL", new IllegalStateException("a bug"),
                "ONE_CLASS", new ServiceException(Failure.precondition("ONE_CLASS", "classes: 1 (expected: 2)")));
        deaths.forEach((reason, death) -> {
            TestService service = start((spec, run, listener, isStopped) -> {
                throw sneaky(death);
            });
            Job ended = end(service, start(service, "").getId());
            assertThat(ended.getState()).isEqualTo(JobState.JOB_STATE_FAILED);
            assertThat(ended.getFailureReason()).isEqualTo(reason);
            assertThat(ended.getFailure()).isNotEmpty().doesNotContain("a bug");
            assertThat(end(service, start(service, "").getId()).getState()).isEqualTo(JobState.JOB_STATE_FAILED);
            services.remove(service);
            service.close();
        });
    }

    @SuppressWarnings("unchecked")
    private static <E extends Throwable> RuntimeException sneaky(Throwable error) throws E {
        throw (E) error;
    }

    @Test
    void notServingWhileTheStoreIsAwayAndServesAgain() throws Exception {
        TestService service = start(ScriptedTrainer.quick());
        assertThat(service.server.isServing()).isTrue();
        int port = store.port();
        store.close();
        await("not serving", () -> !service.server.isServing());
        Failure failure = assertRefused(Status.Code.UNAVAILABLE, "STORE_UNAVAILABLE", () -> get(service, "job-1"));
        assertThat(failure.retryAfter()).isPositive();
        try (EmbeddedStore back = EmbeddedStore.open(scratch.resolve("store"), port)) {
            assertThat(back.port()).isEqualTo(port);
            await("serving", service.server::isServing);
            assertThat(end(service, start(service, "").getId()).getState()).isEqualTo(JobState.JOB_STATE_SUCCEEDED);
            services.remove(service);
            service.close();
        }
    }
}
