package io.foresell.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.proto.registry.v1.ListVersionsRequest;
import io.foresell.proto.registry.v1.ModelVersion;
import io.foresell.proto.training.v1.GetJobRequest;
import io.foresell.proto.training.v1.Job;
import io.foresell.proto.training.v1.JobState;
import io.foresell.proto.training.v1.PublishRule;
import io.foresell.proto.training.v1.StartJobRequest;
import io.foresell.proto.training.v1.TrainingSpec;
import io.foresell.store.embedded.EmbeddedStore;
import io.foresell.training.registry.GateJudge;
import io.foresell.training.registry.ModelRegistry;
import io.foresell.training.registry.RegistryConfig;
import io.foresell.training.registry.StagedPackage;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process dies when it has published one of two packages; the next one neither trains nor publishes that again. */
final class PublishOnceTest {
    @TempDir
    Path scratch;

    /** Runs a service that dies without a word as soon as it has published. */
    public static void main(String[] arguments) throws InterruptedException {
        TestService service = new TestService(
                arguments[0], Path.of(arguments[1]), ScriptedTrainer.quick(), Map.of("jobs.lease", "2s"));
        Counter published = service.telemetry
                .meters()
                .get("registry_publish")
                .tag("outcome", "ok")
                .counter();
        Thread death = new Thread(() -> {
            while (published.count() < 1) {
                Thread.onSpinWait();
            }
            Runtime.getRuntime().halt(9);
        });
        death.setDaemon(true);
        death.start();
        TrainingSpec.Builder spec = TrainingSpec.newBuilder()
                .setModel("churn")
                .setFeatureSet("customer_features")
                .setLabelView("churned")
                .setPublish(PublishRule.PUBLISH_RULE_ALL);
        spec.addCandidatesBuilder().getLogisticRegressionBuilder();
        spec.addCandidatesBuilder().getBoostedTreesBuilder().setTreeCount(20);
        Job job = service.training()
                .startJob(StartJobRequest.newBuilder().setSpec(spec).build())
                .getJob();
        System.out.println(job.getId());
        Thread.sleep(Long.MAX_VALUE);
    }

    private String startAndDie(String uri) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        PublishOnceTest.class.getName(),
                        uri,
                        scratch.toString()))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            String said = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
            assertThat(process.waitFor()).isEqualTo(9);
            return said.strip();
        } finally {
            process.destroyForcibly();
        }
    }

    private static Job get(TestService service, String id) {
        return service.training()
                .getJob(GetJobRequest.newBuilder().setJobId(id).build())
                .getJob();
    }

    private static List<ModelVersion> versions(TestService service) {
        return service.registry()
                .listVersions(ListVersionsRequest.newBuilder().setModel("churn").build())
                .getVersionsList();
    }

    @Test
    void nothingIsTrainedOrPublishedTwice() throws Exception {
        try (EmbeddedStore store = EmbeddedStore.inMemory()) {
            String id = startAndDie(store.uri());
            ScriptedTrainer trainer = ScriptedTrainer.quick();
            try (TestService next = new TestService(store.uri(), scratch.resolve("elsewhere"), trainer, Map.of())) {
                Job job = get(next, id);
                assertThat(job.getState()) // on a slow machine the next one may be done before it is asked
                        .isIn(JobState.JOB_STATE_RUNNING, JobState.JOB_STATE_SUCCEEDED);
                int before = versions(next).size();
                assertThat(before).isBetween(1, 2);
                for (int i = 0; i < 200 && job.getState() == JobState.JOB_STATE_RUNNING; i++) {
                    Thread.sleep(50);
                    job = get(next, id);
                }
                assertThat(job.getState()).as(job.getFailure()).isEqualTo(JobState.JOB_STATE_SUCCEEDED);
                assertThat(job.getAttempt()).isEqualTo(2);
                assertThat(trainer.runs).hasValue(0);
                assertThat(job.getResultsList())
                        .extracting(result -> result.getVersion())
                        .containsExactly(1, 2);
                assertThat(versions(next)).hasSize(2).allMatch(version -> version.getJobId()
                        .equals(id));
            }
        }
    }

    @Test
    void aCandidateOfAJobIsPublishedOnceHoweverItsBytesDiffer() throws Exception {
        try (EmbeddedStore store = EmbeddedStore.inMemory();
                var mongo = com.mongodb.client.MongoClients.create(store.uri())) {
            ModelRegistry registry = new ModelRegistry(
                    mongo.getDatabase("test"),
                    RegistryConfig.read(io.foresell.kit.Settings.of(Map.of()), scratch),
                    Clock.systemUTC(),
                    new SimpleMeterRegistry());
            StagedPackage first = staged(registry, "a", 1);
            StagedPackage second = staged(registry, "a", 2);
            assertThat(registry.publications()
                            .publish(first, "job-1", "a", GateJudge.NO_GATES)
                            .version())
                    .isEqualTo(1);
            assertThat(registry.publications().publish(second, "job-1", "a", GateJudge.NO_GATES))
                    .satisfies(again -> assertThat(again.version()).isEqualTo(1))
                    .satisfies(again -> assertThat(again.digest()).isEqualTo(first.digest()));
            assertThat(registry.publications()
                            .publish(second, "job-2", "a", GateJudge.NO_GATES)
                            .version())
                    .isEqualTo(2);
            assertThat(registry.publications()
                            .publish(staged(registry, "b", 3), "job-1", "b", GateJudge.NO_GATES)
                            .version())
                    .isEqualTo(3);
            assertThat(registry.publications().isStaged(second)).isTrue();
        }
    }

    private StagedPackage staged(ModelRegistry registry, String candidate, double coefficient) throws IOException {
        Path file = scratch.resolve(candidate + coefficient);
        return registry.publications()
                .stage("churn", Files.write(file, TestPackages.ofCandidate("churn", candidate, coefficient)));
    }
}
