package io.foresell.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.kit.GrpcClient;
import io.foresell.kit.Telemetry;
import io.foresell.kit.WireSettings;
import io.foresell.proto.feature.v1.FeatureStoreServiceGrpc;
import io.foresell.proto.feature.v1.GetStoreStatusRequest;
import io.foresell.proto.feature.v1.ViewStatus;
import io.foresell.proto.training.v1.Job;
import io.foresell.proto.training.v1.JobState;
import io.foresell.proto.training.v1.ListJobsRequest;
import io.foresell.proto.training.v1.TrainingServiceGrpc;
import io.foresell.standalone.company.DemoCompany;
import io.foresell.standalone.company.DemoSettings;
import io.foresell.standalone.company.Planted;
import io.foresell.standalone.process.Standalone;
import java.nio.file.Path;
import java.time.Duration;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** SIGKILL in the middle of ingest and in the middle of training: nothing acknowledged is lost, the job is taken up again. */
final class KillIT {
    private static final int CUSTOMER_COUNT = 300;
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    @TempDir
    Path folder;

    @Test
    void survivesKillsDuringIngestAndDuringTraining() throws Exception {
        String[] demo = {"--demo", "--customers", "" + CUSTOMER_COUNT};
        try (Standalone standalone = Standalone.start(folder, demo)) {
            standalone.process().awaitOutput("$ foresell ingest orders", PATIENCE);
            Thread.sleep(300);
            standalone.process().kill();

            standalone.startAgain(demo);
            standalone.process().awaitOutput("$ foresell train", PATIENCE);
            awaitRunning(standalone);
            standalone.process().kill();

            standalone.startAgain(demo);
            standalone.awaitReady();
            assertThat(standalone.process().output())
                    .contains("$ foresell jobs watch")
                    .doesNotContain("foresell ingest");
            assertStoreIsExact(standalone);
            assertThat(jobs(standalone)).singleElement().satisfies(job -> {
                assertThat(job.getState()).isEqualTo(JobState.JOB_STATE_SUCCEEDED);
                assertThat(job.getAttempt()).isGreaterThan(1);
            });
        }
    }

    private static void awaitRunning(Standalone standalone) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (jobs(standalone).stream()
                .noneMatch(job -> job.getState() == JobState.JOB_STATE_RUNNING
                        && job.getProgress().getStage().contains("fit"))) {
            assertThat(System.nanoTime()).isLessThan(end);
            Thread.sleep(50);
        }
    }

    private static List<Job> jobs(Standalone standalone) {
        try (Telemetry telemetry = Telemetry.local("test");
                GrpcClient client = GrpcClient.open(
                        "localhost:" + standalone.trainingPort(), WireSettings.local(0, 0), telemetry)) {
            return TrainingServiceGrpc.newBlockingStub(client.channel())
                    .listJobs(ListJobsRequest.getDefaultInstance())
                    .getJobsList();
        }
    }

    private void assertStoreIsExact(Standalone standalone) {
        Map<String, ViewStatus> status = new HashMap<>();
        try (Telemetry telemetry = Telemetry.local("test");
                GrpcClient client = GrpcClient.open(
                        "localhost:" + standalone.featureStorePort(), WireSettings.local(0, 0), telemetry)) {
            FeatureStoreServiceGrpc.newBlockingStub(client.channel())
                    .getStoreStatus(GetStoreStatusRequest.getDefaultInstance())
                    .getViewsList()
                    .forEach(view -> status.put(view.getView(), view));
        }
        Planted planted = DemoCompany.generate(
                new DemoSettings(20, LocalDate.now(ZoneOffset.UTC), CUSTOMER_COUNT), folder.resolve("again"));
        planted.files().forEach((file, facts) -> {
            String view = file.equals("churn_labels.csv") ? "churn" : file.replace(".csv", "");
            assertThat(status.get(view).getRowCount())
                    .as(file)
                    .isEqualTo(facts.rowCount() - facts.duplicateCount() - facts.quarantinedCount());
            assertThat(status.get(view).getQuarantinedCount()).as(file).isEqualTo(facts.quarantinedCount());
        });
    }
}
