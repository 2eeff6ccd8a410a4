package io.foresell.training;

import static io.foresell.training.TestService.assertRefused;
import static org.assertj.core.api.Assertions.assertThat;

import com.mongodb.client.MongoClient;
import com.mongodb.client.MongoClients;
import com.mongodb.client.model.Filters;
import com.mongodb.client.model.Updates;
import io.foresell.proto.registry.v1.GetVersionRequest;
import io.foresell.proto.registry.v1.ModelVersion;
import io.foresell.proto.registry.v1.Route;
import io.foresell.proto.registry.v1.SetReleaseRequest;
import io.foresell.proto.training.v1.DeleteScheduleRequest;
import io.foresell.proto.training.v1.GetJobLogRequest;
import io.foresell.proto.training.v1.GetJobRequest;
import io.foresell.proto.training.v1.Job;
import io.foresell.proto.training.v1.JobState;
import io.foresell.proto.training.v1.ListJobsRequest;
import io.foresell.proto.training.v1.ListSchedulesRequest;
import io.foresell.proto.training.v1.Schedule;
import io.foresell.proto.training.v1.ScheduleServiceGrpc;
import io.foresell.proto.training.v1.SetScheduleRequest;
import io.foresell.proto.training.v1.StartJobRequest;
import io.foresell.proto.training.v1.TrainingSpec;
import io.foresell.store.embedded.EmbeddedStore;
import io.grpc.Status;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Date;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What schedules, gates and the queue promise on the wire, on a real store and registry; the fitting is scripted. */
final class ScheduleContractTest {
    @TempDir
    Path scratch;

    private final EmbeddedStore store = EmbeddedStore.inMemory();
    private final MongoClient mongo = MongoClients.create(store.uri());
    private final List<TestService> services = new ArrayList<>();

    private TestService start(ScriptedTrainer trainer) {
        TestService service = new TestService(store.uri(), scratch, trainer, Map.of("jobs.lease", "2s"));
        services.add(service);
        return service;
    }

    @AfterEach
    void stop() {
        services.forEach(TestService::close);
        mongo.close();
        store.close();
    }

    private static TrainingSpec.Builder spec() {
        TrainingSpec.Builder spec = TrainingSpec.newBuilder()
                .setModel("churn")
                .setFeatureSet("customer_features")
                .setLabelView("churned");
        spec.addCandidatesBuilder().getLogisticRegressionBuilder();
        return spec;
    }

    private static ScheduleServiceGrpc.ScheduleServiceBlockingStub schedules(TestService service) {
        return ScheduleServiceGrpc.newBlockingStub(service.channel).withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    private static Schedule set(TestService service, TrainingSpec.Builder spec) {
        return schedules(service)
                .setSchedule(SetScheduleRequest.newBuilder().setSpec(spec).build())
                .getSchedule();
    }

    private static Schedule only(TestService service) {
        return schedules(service)
                .listSchedules(ListSchedulesRequest.getDefaultInstance())
                .getSchedules(0);
    }

    private static List<Job> history(TestService service) {
        return service.training()
                .listJobs(ListJobsRequest.newBuilder().setSchedule("churn").build())
                .getJobsList();
    }

    /** Makes the schedule due now, as if its time had come. */
    private void makeDue() {
        mongo.getDatabase("test")
                .getCollection("job_schedules")
                .updateOne(Filters.eq("_id", "churn"), Updates.set("next_at", Date.from(Instant.now())));
    }

    private static void await(String what, BooleanSupplier condition) throws InterruptedException {
        long untilNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(20);
        while (!condition.getAsBoolean()) {
            assertThat(System.nanoTime()).as(what).isLessThan(untilNanos);
            Thread.sleep(25);
        }
    }

    private static Job start(TestService service, TrainingSpec.Builder spec) {
        return service.training()
                .startJob(StartJobRequest.newBuilder().setSpec(spec).build())
                .getJob();
    }

    private static Job get(TestService service, String id) {
        return service.training()
                .getJob(GetJobRequest.newBuilder().setJobId(id).build())
                .getJob();
    }

    private static Job end(TestService service, String id) throws InterruptedException {
        await("end of " + id, () -> get(service, id).getEndedAtMillis() > 0);
        return get(service, id);
    }

    @Test
    void aScheduleStartsOneJobWhenItsTimeHasComeHoweverManyLook() throws Exception {
        TrainingSpec.Builder daily = spec();
        daily.getRetrainBuilder().setEvery("1d");
        TestService first = start(ScriptedTrainer.quick());
        start(ScriptedTrainer.quick());
        Schedule set = set(first, daily);
        assertThat(set.getName()).isEqualTo("churn");
        assertThat(set.getNextAtMillis() - System.currentTimeMillis())
                .isBetween(TimeUnit.HOURS.toMillis(23), TimeUnit.HOURS.toMillis(24));
        makeDue();
        await("started", () -> only(first).getStartedCount() == 1);
        assertThat(history(first)).singleElement().satisfies(job -> {
            assertThat(job.getId()).isEqualTo(only(first).getLastJobId());
            assertThat(job.getSchedule()).isEqualTo("churn");
        });
        assertThat(end(first, only(first).getLastJobId()).getState()).isEqualTo(JobState.JOB_STATE_SUCCEEDED);
        assertThat(only(first).getNextAtMillis()).isGreaterThan(System.currentTimeMillis());
    }

    @Test
    void aRestartNeitherForgetsNorRepeats() throws Exception {
        TrainingSpec.Builder nightly = spec();
        nightly.getRetrainBuilder().setCron("0 3 * * *");
        TestService first = start(ScriptedTrainer.quick());
        set(first, nightly);
        long beforeMillis = System.currentTimeMillis();
        makeDue();
        await("started", () -> only(first).getStartedCount() == 1);
        long dueMillis = only(first).getLastAtMillis();
        services.remove(first);
        first.close();
        // As if it had died between starting the job and noting that.
        mongo.getDatabase("test")
                .getCollection("job_schedules")
                .updateOne(
                        Filters.eq("_id", "churn"),
                        Updates.combine(
                                Updates.set("next_at", Date.from(Instant.ofEpochMilli(dueMillis))),
                                Updates.set("started_count", 0)));
        TestService second = start(ScriptedTrainer.quick());
        await("noted", () -> only(second).getStartedCount() == 1);
        assertThat(history(second)).hasSize(1);
        assertThat(dueMillis).isGreaterThanOrEqualTo(beforeMillis);
        schedules(second)
                .deleteSchedule(
                        DeleteScheduleRequest.newBuilder().setName("churn").build());
        assertThat(schedules(second)
                        .listSchedules(ListSchedulesRequest.getDefaultInstance())
                        .getSchedulesCount())
                .isZero();
        assertThat(history(second)).as("jobs stay").hasSize(1);
        assertRefused(Status.Code.NOT_FOUND, "SCHEDULE_NOT_FOUND", () -> schedules(second)
                .deleteSchedule(
                        DeleteScheduleRequest.newBuilder().setName("churn").build()));
    }

    @Test
    void onDriftTheRowsOfTheNewestVersionAreCompared() throws Exception {
        TestService service = start(ScriptedTrainer.quick());
        end(service, start(service, spec()).getId());
        TrainingSpec.Builder onDrift = spec();
        onDrift.getRetrainBuilder().setEvery("7d").getDriftBuilder().setMaxPsi(0.1);
        set(service, onDrift);
        makeDue();
        await("started", () -> only(service).getStartedCount() == 1);
        Job job = end(service, only(service).getLastJobId());
        assertThat(job.getSpec().getRetrain().getDrift().getReferenceUntilTime())
                .isEqualTo("1970-01-01T00:00:00.001Z"); // the scripted package says no time
    }

    @Test
    void badSchedulesAreRefused() {
        TestService service = start(ScriptedTrainer.quick());
        assertRefused(Status.Code.INVALID_ARGUMENT, "SPEC_INVALID", () -> set(service, spec()));
        TrainingSpec.Builder both = spec();
        both.getRetrainBuilder().setEvery("1d").setCron("* * * * *");
        assertRefused(Status.Code.INVALID_ARGUMENT, "SPEC_INVALID", () -> set(service, both));
        TrainingSpec.Builder often = spec();
        often.getRetrainBuilder().setEvery("10s");
        assertRefused(Status.Code.INVALID_ARGUMENT, "SPEC_INVALID", () -> set(service, often));
        TrainingSpec.Builder wrong = spec();
        wrong.getRetrainBuilder().setCron("61 * * * *");
        assertThat(assertRefused(Status.Code.INVALID_ARGUMENT, "SPEC_INVALID", () -> set(service, wrong))
                        .message())
                .contains("retrain.cron")
                .contains("minute: '61'");
    }

    @Test
    void aVersionThatFailsAGateIsReleasedByForceOnly() throws Exception {
        TestService service = start(ScriptedTrainer.quick());
        TrainingSpec.Builder gated = spec();
        gated.getGatesBuilder().addMetricsBuilder().setMetric("roc_auc").setLimit(0.9);
        gated.getGatesBuilder().setMaxP99Micros(1e6).setNoLeaks(true);
        Job job = end(service, start(service, gated).getId());
        assertThat(job.getState()).isEqualTo(JobState.JOB_STATE_SUCCEEDED);
        ModelVersion version = service.registry()
                .getVersion(GetVersionRequest.newBuilder()
                        .setModel("churn")
                        .setVersion(job.getResults(0).getVersion())
                        .build())
                .getVersion();
        assertThat(version.getIsEligible()).isFalse();
        assertThat(version.getGatesList())
                .extracting(gate -> gate.getGate() + " " + gate.getIsHeld())
                .containsExactly("roc_auc false", "no leaks true", "p99 of one row true");
        assertThat(assertRefused(Status.Code.FAILED_PRECONDITION, "GATES_FAILED", () -> release(service, false, "go"))
                        .message())
                .contains("roc_auc: 0.750000 (expected: at least 0.900000)");
        assertRefused(Status.Code.INVALID_ARGUMENT, "REASON_MISSING", () -> release(service, true, " "));
        release(service, true, "the board wants it");
    }

    private static void release(TestService service, boolean isForced, String reason) {
        assertThat(service.registry()
                        .setRelease(SetReleaseRequest.newBuilder()
                                .setModel("churn")
                                .addRoutes(Route.newBuilder().setVersion(1).setWeight(100))
                                .setActor("test")
                                .setReason(reason)
                                .setIsForced(isForced)
                                .build())
                        .getRelease()
                        .getRevision())
                .isEqualTo(1);
    }

    @Test
    void greaterPriorityStartsFirst() throws Exception {
        ScriptedTrainer trainer = ScriptedTrainer.waiting();
        TestService service = start(trainer);
        start(service, spec());
        assertThat(trainer.begun.await(10, TimeUnit.SECONDS)).isTrue();
        Job usual = start(service, spec());
        Job urgent = start(service, spec().setPriority(10));
        trainer.finish.countDown();
        assertThat(end(service, urgent.getId()).getStartedAtMillis())
                .isLessThanOrEqualTo(end(service, usual.getId()).getStartedAtMillis());
        assertThat(service.training()
                        .getJobLog(GetJobLogRequest.newBuilder()
                                .setJobId(usual.getId())
                                .build())
                        .getLog())
                .as("inside there is no process to print")
                .isEmpty();
        assertRefused(Status.Code.INVALID_ARGUMENT, "SPEC_INVALID", () -> start(service, spec().setPriority(101)));
    }

    /** Documents of the first releases have no priority, resources or schedule. */
    @Test
    void jobsOfOlderReleasesAreReadAndRun() throws Exception {
        TestService service = start(ScriptedTrainer.quick());
        Job done = end(service, start(service, spec()).getId());
        var jobs = mongo.getDatabase("test").getCollection("jobs");
        var old = jobs.find(Filters.eq("_id", done.getId())).first();
        List.of("priority", "threads", "memory_mib", "schedule", "remark", "log", "staged", "ended_at")
                .forEach(old::remove);
        old.append("_id", "job-old").append("state", "QUEUED").append("attempt", 0);
        jobs.insertOne(old);
        assertThat(end(service, "job-old").getState()).isEqualTo(JobState.JOB_STATE_SUCCEEDED);
    }
}
