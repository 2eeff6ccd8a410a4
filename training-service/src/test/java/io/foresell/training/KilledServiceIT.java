package io.foresell.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.proto.training.v1.GetJobRequest;
import io.foresell.proto.training.v1.Job;
import io.foresell.proto.training.v1.JobState;
import io.foresell.proto.training.v1.StartJobRequest;
import io.foresell.proto.training.v1.TrainingSpec;
import io.foresell.store.embedded.EmbeddedStore;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A process is killed while it trains; another one finishes its job. */
final class KilledServiceIT {
    @TempDir
    Path scratch;

    /** Runs a service that trains without end, and prints the job it works on. */
    public static void main(String[] arguments) throws InterruptedException {
        ScriptedTrainer trainer = ScriptedTrainer.waiting();
        TestService service = new TestService(arguments[0], Path.of(arguments[1]), trainer, Map.of("jobs.lease", "3s"));
        TrainingSpec.Builder spec = TrainingSpec.newBuilder()
                .setModel("churn")
                .setFeatureSet("customer_features")
                .setLabelView("churned");
        spec.addCandidatesBuilder().getLogisticRegressionBuilder();
        Job job = service.training()
                .startJob(StartJobRequest.newBuilder().setSpec(spec).build())
                .getJob();
        trainer.begun.await();
        System.out.println("working on " + job.getId());
        Thread.sleep(Long.MAX_VALUE);
    }

    @Test
    void jobOfAKilledProcessIsTakenUpAgain() throws Exception {
        try (EmbeddedStore store = EmbeddedStore.inMemory()) {
            String jobId = startAndKill(store.uri());
            ScriptedTrainer trainer = ScriptedTrainer.quick();
            try (TestService next = new TestService(store.uri(), scratch, trainer, Map.of())) {
                Job job = get(next, jobId);
                assertThat(job.getState()).isEqualTo(JobState.JOB_STATE_RUNNING);
                for (int i = 0; i < 200 && job.getState() == JobState.JOB_STATE_RUNNING; i++) {
                    Thread.sleep(50);
                    job = get(next, jobId);
                }
                assertThat(job.getState()).isEqualTo(JobState.JOB_STATE_SUCCEEDED);
                assertThat(job.getAttempt()).isEqualTo(2);
                assertThat(job.getResults(0).getVersion()).isEqualTo(1);
            }
        }
    }

    private static Job get(TestService service, String id) {
        return service.training()
                .getJob(GetJobRequest.newBuilder().setJobId(id).build())
                .getJob();
    }

    private String startAndKill(String uri) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(List.of(
                        ProcessHandle.current().info().command().orElse("java"),
                        "-Xmx256m",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        KilledServiceIT.class.getName(),
                        uri,
                        scratch.toString()))
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        try (BufferedReader out = process.inputReader()) {
            String line = out.readLine();
            while (line != null && !line.startsWith("working on ")) {
                line = out.readLine();
            }
            assertThat(line).isNotNull();
            return line.substring("working on ".length());
        } finally {
            process.destroyForcibly().waitFor();
        }
    }
}
