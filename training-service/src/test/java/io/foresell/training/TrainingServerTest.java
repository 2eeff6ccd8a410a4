package io.foresell.training;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.kit.Telemetry;
import io.foresell.kit.WireSettings;
import io.foresell.proto.registry.v1.GetVersionRequest;
import io.foresell.proto.registry.v1.ModelRegistryServiceGrpc;
import io.foresell.proto.registry.v1.ModelVersion;
import io.foresell.proto.registry.v1.Route;
import io.foresell.proto.registry.v1.SetReleaseRequest;
import io.foresell.proto.training.v1.CandidateResult;
import io.foresell.proto.training.v1.Job;
import io.foresell.proto.training.v1.JobState;
import io.foresell.proto.training.v1.StartJobRequest;
import io.foresell.proto.training.v1.TrainingServiceGrpc;
import io.foresell.proto.training.v1.TrainingSpec;
import io.foresell.proto.training.v1.WatchJobRequest;
import io.foresell.proto.training.v1.WatchJobResponse;
import io.foresell.store.embedded.EmbeddedStore;
import io.grpc.ManagedChannel;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.nio.file.Path;
import java.util.Iterator;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The whole service as it is embedded: feature store over gRPC in, real training, versions out. */
final class TrainingServerTest {
    @TempDir
    Path scratch;

    private static Job run(ManagedChannel channel, String labelView) {
        return run(channel, labelView, false);
    }

    private static Job run(ManagedChannel channel, String labelView, boolean meetsChampion) {
        TrainingSpec.Builder spec = TrainingSpec.newBuilder()
                .setModel("churn")
                .setFeatureSet("customer_features")
                .setLabelView(labelView)
                .setSeed(3);
        spec.addCandidatesBuilder().getLogisticRegressionBuilder();
        spec.addCandidatesBuilder().getBoostedTreesBuilder().setTreeCount(20);
        if (meetsChampion) {
            spec.getGatesBuilder().getChampionBuilder();
        }
        var training = TrainingServiceGrpc.newBlockingStub(channel);
        Job job = training.startJob(StartJobRequest.newBuilder().setSpec(spec).build())
                .getJob();
        Iterator<WatchJobResponse> watch = training.watchJob(
                WatchJobRequest.newBuilder().setJobId(job.getId()).build());
        while (watch.hasNext()) {
            job = watch.next().getJob();
        }
        return job;
    }

    @Test
    void trainsJudgesAndPublishesOrSaysWhyNot() throws Exception {
        try (EmbeddedStore store = EmbeddedStore.inMemory();
                Telemetry telemetry = Telemetry.local(TrainingServer.NAME);
                TestFeatureStore features = new TestFeatureStore();
                TrainingServer server = TrainingServer.start(
                        TrainingConfig.local(WireSettings.local(0, 0), store.uri(), features.target(), scratch),
                        telemetry)) {
            ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", server.grpcPort())
                    .usePlaintext()
                    .build();
            try {
                Job job = run(channel, "churned");
                assertThat(job.getState()).as(job.getFailure()).isEqualTo(JobState.JOB_STATE_SUCCEEDED);
                assertThat(job.getResultsCount()).isEqualTo(2);
                var best = job.getResultsList().stream()
                        .filter(result -> result.getIsBest())
                        .findFirst()
                        .orElseThrow();
                assertThat(best.getVersion()).isEqualTo(1);
                assertThat(best.getEvaluation().getMetricsOrThrow("roc_auc")).isBetween(0.75, 0.95);
                assertThat(best.getEvaluation().getBaselineMetricsOrThrow("roc_auc"))
                        .isEqualTo(0.5);
                ModelVersion version = ModelRegistryServiceGrpc.newBlockingStub(channel)
                        .getVersion(GetVersionRequest.newBuilder()
                                .setModel("churn")
                                .setVersion(1)
                                .build())
                        .getVersion();
                assertThat(version.getJobId()).isEqualTo(job.getId());
                assertThat(version.getFeatureSetHash()).isEqualTo("hash");
                assertThat(version.getEvaluation().getMetricsMap())
                        .isEqualTo(best.getEvaluation().getMetricsMap());

                requireChampionMet(channel, best.getCandidate());

                Job oneClass = run(channel, "always");
                assertThat(oneClass.getState()).isEqualTo(JobState.JOB_STATE_FAILED);
                assertThat(oneClass.getFailureReason()).isEqualTo("LABEL_ONE_CLASS");
                assertThat(oneClass.getFailure()).contains("expected");

                features.stop();
                Job away = run(channel, "churned");
                assertThat(away.getState()).isEqualTo(JobState.JOB_STATE_FAILED);
                assertThat(away.getFailureReason()).isEqualTo("FEATURE_STORE_UNAVAILABLE");
            } finally {
                channel.shutdownNow();
            }
        }
    }

    /** The process of a training gets the champion's package: the same spec again is as good, which is not better. */
    private static void requireChampionMet(ManagedChannel channel, String candidate) {
        ModelRegistryServiceGrpc.newBlockingStub(channel)
                .setRelease(SetReleaseRequest.newBuilder()
                        .setModel("churn")
                        .addRoutes(Route.newBuilder().setVersion(1).setWeight(100))
                        .setActor("test")
                        .build());
        Job job = run(channel, "churned", true);
        assertThat(job.getState()).as(job.getFailure()).isEqualTo(JobState.JOB_STATE_SUCCEEDED);
        CandidateResult again = job.getResultsList().stream()
                .filter(CandidateResult::getIsBest)
                .findFirst()
                .orElseThrow();
        assertThat(again.getVersion()).isEqualTo(2);
        assertThat(again.getIsEligible()).isFalse();
        assertThat(again.getEvaluation().getChampion().getWay()).isEqualTo("repeated");
        assertThat(again.getGates(0).getValue())
                .startsWith("lead +0.000 (95 %: +0.000 to +0.000, p = 1.000)")
                .contains("churn@1 on the same 600 rows")
                .endsWith("candidate %s is the same, so both are one".formatted(candidate));
    }
}
