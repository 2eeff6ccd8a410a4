package io.foresell.inference.serve;

import static io.foresell.inference.fixture.Cluster.packed;
import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.inference.InferenceServer;
import io.foresell.inference.fixture.Cluster;
import io.foresell.inference.fixture.FeatureStorePeer.Online;
import io.foresell.kit.Failure;
import io.foresell.kit.GrpcClient;
import io.foresell.kit.Telemetry;
import io.foresell.kit.WireSettings;
import io.foresell.proto.inference.v1.BulkHeader;
import io.foresell.proto.inference.v1.EntityKeys;
import io.foresell.proto.inference.v1.LoadedModel;
import io.foresell.proto.inference.v1.ScoreBulkRequest;
import io.foresell.proto.inference.v1.ScoreBulkResponse;
import io.grpc.Status;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** Many rows on one version, whatever is released, breaks or restarts meanwhile. */
final class BulkVersionTest extends RunningBulk {
    @Test
    void keepsItsVersionWhateverIsReleasedAndLetsItGoAfterwards() throws Exception {
        cluster.startServing();
        var stream = open();
        ScoreBulkResponse opened = stream.send(churn()).answer();
        assertThat(opened.getRowsCount()).isZero();
        assertThat(opened.getModel()).isEqualTo("churn");
        assertThat(opened.getDigest()).isEqualTo(cluster.loaded("churn", 1).getDigest());
        requireScores(stream.send(rows(0, 1024)).answer(), 1, 0, 1024);
        assertThat(cluster.loaded("churn", 1).getIsPinned()).isTrue();
        releaseAway();
        assertThat(cluster.score(packed("churn", 1, 1, "")).getRows(0).getModelVersion())
                .isEqualTo(3);
        LoadedModel held = cluster.loaded("churn", 1);
        assertThat(held.getIsPinned()).isTrue();
        assertThat(held.getWeight()).isZero();
        requireScores(stream.send(rows(1024, 300)).answer(), 1, 1024, 300);
        assertThat(cluster.metrics())
                .contains("inference_rows_total{model=\"churn\",service=\"inference\",version=\"1\"");
        stream.complete();
        assertThat(stream.end()).isEqualTo(Status.OK);
        Cluster.await("version gone", () -> cluster.loaded("churn", 1).equals(LoadedModel.getDefaultInstance()));
        assertThat(cluster.metrics()).doesNotContain("model=\"churn\",service=\"inference\",version=\"1\"");
    }

    @Test
    void aBrokenStreamGoesOnOnTheSameVersion() throws Exception {
        cluster.startServing();
        var stream = open();
        stream.send(churn()).send(rows(0, 500)).send(rows(500, 500));
        requireScores(stream.answers(2).get(1), 1, 0, 500);
        String token = stream.answer().getResumeToken();
        stream.cancel();
        releaseAway();
        var next = open();
        ScoreBulkResponse opened = next.send(resume(token)).answer();
        assertThat(opened.getFirstPosition()).isEqualTo(1000);
        assertThat(opened.getModelVersion()).isEqualTo(1);
        requireScores(next.send(rows(1000, 10)).answer(), 1, 1000, 10);
        next.complete();
        assertThat(next.end()).isEqualTo(Status.OK);
    }

    @Test
    void saysClearlyThatTheVersionIsGone() throws Exception {
        cluster.with("bulk.hold", "0s").startServing();
        var stream = open();
        String token = stream.send(churn()).answer().getResumeToken();
        stream.cancel();
        releaseAway();
        Cluster.await("version gone", () -> cluster.loaded("churn", 1).equals(LoadedModel.getDefaultInstance()));
        var next = open();
        next.send(resume(token));
        Failure failure = failure(next);
        assertThat(failure.code()).isEqualTo(Status.Code.FAILED_PRECONDITION);
        assertThat(failure.reason()).isEqualTo("BULK_VERSION_GONE");
        assertThat(failure.message()).contains("version 1 of 'churn'", "(expected: version 3 from the start)");
    }

    @Test
    void goesOnAfterARestartOfTheServer() throws Exception {
        cluster.startServing();
        var stream = open();
        String token = stream.send(churn()).send(rows(0, 700)).answers(2).get(1).getResumeToken();
        cluster.stopInference();
        cluster.startServing();
        var next = open();
        requireScores(next.send(resume(token)).send(rows(700, 5)).answers(2).get(1), 1, 700, 5);
    }

    @Test
    void onARouteSplitKeepsTheVersionOfMostSubjects() throws Exception {
        cluster.registry.release("churn", 2, 40, 3, 60);
        cluster.startServing();
        assertThat(open().send(churn()).answer().getModelVersion()).isEqualTo(3);
        assertThat(open().send(header(BulkHeader.newBuilder().setModel("churn").setVersion(2)))
                        .answer()
                        .getModelVersion())
                .isEqualTo(2);
    }

    @Test
    void aStreamThatSendsNothingEndsWithTheTokenToGoOn() throws Exception {
        cluster.features.put("c1", new Online(12, 70, "basic", 0, List.of()));
        cluster.with("bulk.idle-timeout", "1s").with("lookup.timeout", "20s").startServing();
        var silent = open(); // not even a header
        var stream = open();
        requireScores(stream.send(churn()).send(rows(0, 9)).answers(2).get(1), 1, 0, 9);
        CountDownLatch gate = cluster.features.hold();
        var busy = open();
        busy.send(churn())
                .send(ScoreBulkRequest.newBuilder()
                        .setEntityKeys(EntityKeys.newBuilder().addKeys("c1"))
                        .build());
        Failure failure = failure(stream);
        assertThat(failure.code()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(failure.reason()).isEqualTo("STREAM_IDLE");
        assertThat(failure.message()).isEqualTo("stream: nothing sent or read for 1 s (expected: rows, or the end)");
        assertThat(failure.metadata()).containsEntry("position", "9");
        assertThat(failure(silent).metadata()).doesNotContainKey("resume_token");
        Thread.sleep(1200);
        assertThat(busy.hasEnded()).as("the server is at work").isFalse();
        gate.countDown();
        assertThat(busy.answers(2).get(1).getRows(0).hasScored()).isTrue();
        var next = open();
        String token = failure.metadata().get("resume_token");
        requireScores(next.send(resume(token)).send(rows(9, 5)).answers(2).get(1), 1, 9, 5);
    }

    @Test
    void aDrainingServerGivesTheTokenToGoOnElsewhere() throws Exception {
        cluster.startServing();
        try (Telemetry telemetry = Telemetry.local("other");
                InferenceServer other = InferenceServer.start(cluster.config("other"), telemetry);
                GrpcClient client = GrpcClient.open(
                        "localhost:" + other.grpcPort(), WireSettings.local(0, 0), Telemetry.local("client"))) {
            Cluster.await("other serving", other::isServing);
            var stream = open(client.channel());
            stream.send(churn()).send(rows(0, 900));
            requireScores(stream.answers(2).get(1), 1, 0, 900);
            CompletableFuture<Void> closing = CompletableFuture.runAsync(other::close);
            Failure failure = failure(stream);
            closing.get(20, TimeUnit.SECONDS);
            assertThat(failure.code()).isEqualTo(Status.Code.UNAVAILABLE);
            assertThat(failure.reason()).isEqualTo("DRAINING");
            assertThat(failure.retryAfter()).isNotNull();
            assertThat(failure.metadata()).containsEntry("position", "900");
            var next = open();
            String token = failure.metadata().get("resume_token");
            requireScores(next.send(resume(token)).send(rows(900, 9)).answers(2).get(1), 1, 900, 9);
        }
    }
}
