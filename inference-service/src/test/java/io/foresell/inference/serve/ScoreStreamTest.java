package io.foresell.inference.serve;

import static io.foresell.inference.fixture.Cluster.packed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.foresell.inference.fixture.Cluster;
import io.foresell.inference.fixture.FeatureStorePeer.Online;
import io.foresell.inference.fixture.StreamCaller;
import io.foresell.inference.fixture.TestPackages;
import io.foresell.proto.inference.v1.EntityKeys;
import io.foresell.proto.inference.v1.InferenceServiceGrpc;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoreStreamRequest;
import io.foresell.proto.inference.v1.ScoreStreamResponse;
import io.foresell.proto.inference.v1.ScoreStreamResponse.OutcomeCase;
import io.foresell.proto.inference.v1.ScoreViolation;
import io.grpc.Status;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Many requests over one stream: each answered under its id, none ending the others. */
final class ScoreStreamTest {
    @TempDir
    private Path folder;

    private Cluster cluster;

    @BeforeEach
    void startCluster() {
        cluster = new Cluster(folder);
        cluster.registry.publish("churn", 1, TestPackages.logistic("churn", 0));
        cluster.registry.release("churn", 1, 100);
        cluster.features.put("c1", new Online(12, 70, "basic", 0, List.of()));
    }

    @AfterEach
    void closeCluster() {
        cluster.close();
    }

    private InferenceServiceGrpc.InferenceServiceStub stub() {
        return InferenceServiceGrpc.newStub(cluster.channel()).withDeadlineAfter(30, TimeUnit.SECONDS);
    }

    private StreamCaller<ScoreStreamRequest, ScoreStreamResponse> open() {
        return StreamCaller.open(stub()::scoreStream);
    }

    private static ScoreStreamRequest row(String id, float tenure) {
        return message(id, packed("churn", tenure, 70, "basic"));
    }

    private static ScoreStreamRequest message(String id, ScoreRequest.Builder request) {
        return ScoreStreamRequest.newBuilder().setId(id).setRequest(request).build();
    }

    private static ScoreRequest.Builder entity(String key) {
        return ScoreRequest.newBuilder()
                .setModel("churn")
                .setEntityKeys(EntityKeys.newBuilder().addKeys(key));
    }

    @Test
    void answersRowsInTheOrderOfArrivalUnderTheirIds() throws Exception {
        cluster.startServing();
        var stream = open();
        for (int i = 0; i < 500; i++) {
            stream.send(row("r" + i, i % 50));
        }
        stream.complete();
        Set<String> predictionIds = new HashSet<>();
        String before = "";
        for (int i = 0; i < 500; i++) {
            ScoreStreamResponse answer = stream.answer();
            assertThat(answer.getId()).isEqualTo("r" + i);
            assertThat(answer.getResponse().getReleaseRevision()).isEqualTo(1);
            assertThat(answer.getResponse().getRows(0).getScore())
                    .isCloseTo(TestPackages.expected(0, i % 50, 70, "basic"), within(1e-5));
            String predictionId = answer.getResponse().getRows(0).getPredictionId();
            assertThat(predictionId).hasSize(26).isGreaterThan(before);
            predictionIds.add(predictionId);
            before = predictionId;
        }
        assertThat(predictionIds).hasSize(500);
        assertThat(stream.end()).isEqualTo(Status.OK);
    }

    @Test
    void aBadRequestIsAnsweredAndTheStreamGoesOn() throws Exception {
        cluster.startServing();
        var stream = open();
        stream.send(message("a", packed("chrun", 1, 1, "")))
                .send(message("b", packed("churn", Float.POSITIVE_INFINITY, 1, "")))
                .send(ScoreStreamRequest.getDefaultInstance())
                .send(row("x".repeat(2000), 1))
                .send(message("e", entity("nobody")))
                .send(row("f", 1));
        assertThat(stream.answer().getError().getReason()).isEqualTo("MODEL_NOT_FOUND");
        ScoreStreamResponse infinite = stream.answer();
        assertThat(infinite.getId()).isEqualTo("b");
        assertThat(infinite.getError().getCode()).isEqualTo(Status.Code.INVALID_ARGUMENT.value());
        assertThat(infinite.getError().getReason()).isEqualTo("NUMBER_NOT_FINITE");
        assertThat(infinite.getError().getMetadataMap()).containsEntry("value", "Infinity");
        assertThat(infinite.getError().getDomain()).isEqualTo("inference");
        assertThat(infinite.getError().getViolationsList())
                .extracting(ScoreViolation::getField)
                .containsExactly("packed_rows.numbers[0]");
        assertThat(stream.answer().getError().getReason()).isEqualTo("MODEL_REQUIRED");
        ScoreStreamResponse tooLong = stream.answer();
        assertThat(tooLong.getId()).isEqualTo("x".repeat(128));
        assertThat(tooLong.getError().getMessage()).contains("2000 characters", "at most 128");
        Set<String> last = new HashSet<>();
        for (ScoreStreamResponse answer : stream.answers(2)) {
            last.add(answer.getId());
            assertThat(answer.getOutcomeCase())
                    .isEqualTo(answer.getId().equals("e") ? OutcomeCase.ERROR : OutcomeCase.RESPONSE);
        }
        assertThat(last).containsExactlyInAnyOrder("e", "f");
        stream.complete();
        assertThat(stream.end()).isEqualTo(Status.OK);
    }

    @Test
    void aRequestThatWaitsHoldsUpNoOther() throws Exception {
        cluster.startServing();
        CountDownLatch gate = cluster.features.hold();
        var stream = open();
        stream.send(message("waits", entity("c1"))).send(row("quick", 1));
        assertThat(stream.answer().getId()).isEqualTo("quick");
        stream.complete();
        gate.countDown();
        assertThat(stream.answer().getId()).isEqualTo("waits");
        assertThat(stream.end()).isEqualTo(Status.OK);
    }

    @Test
    void readsOnlyAWindowOfRequestsThatWait() throws Exception {
        cluster.startServing();
        CountDownLatch gate = cluster.features.hold();
        var stream = open();
        for (int i = 0; i < 3 * ScoreStream.WINDOW; i++) {
            stream.send(message("w" + i, entity("c1")));
        }
        Cluster.await("window full", () -> inFlight() == ScoreStream.WINDOW);
        Thread.sleep(100);
        assertThat(inFlight()).isEqualTo(ScoreStream.WINDOW);
        gate.countDown();
        assertThat(stream.answers(3 * ScoreStream.WINDOW)).extracting("id").doesNotHaveDuplicates();
        stream.complete();
        assertThat(stream.end()).isEqualTo(Status.OK);
    }

    private double inFlight() {
        return cluster.metrics()
                .lines()
                .filter(line -> line.startsWith("grpc_server_calls_in_flight"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' '))))
                .sum();
    }

    @Test
    void aCallerThatDoesNotReadIsNotRead() throws Exception {
        cluster.startServing();
        var stream = StreamCaller.<ScoreStreamRequest, ScoreStreamResponse>openUnread(stub()::scoreStream);
        // Without flow control the server would take them all; with it, the caller is told to wait long before.
        int sent = 0;
        long quietSince = System.nanoTime();
        while (sent < 200_000 && System.nanoTime() - quietSince < 1_000_000_000L) {
            if (stream.isReady()) {
                stream.send(row("padding".repeat(10) + sent, 1));
                sent++;
                quietSince = System.nanoTime();
            } else {
                Thread.sleep(1);
            }
        }
        assertThat(sent).isLessThan(200_000);
        stream.read(sent);
        assertThat(stream.answers(sent)).hasSize(sent);
        stream.complete();
        assertThat(stream.end()).isEqualTo(Status.OK);
    }

    @Test
    void requestsAboveTheLimitAreRefusedUnderTheirIds() throws Exception {
        cluster.with("grpc.max-concurrent-calls", "4")
                .with("admit.min-calls", "4")
                .startServing();
        CountDownLatch gate = cluster.features.hold();
        var stream = open();
        for (int i = 0; i < 10; i++) {
            stream.send(message("q" + i, entity("c1")));
        }
        for (ScoreStreamResponse refused : stream.answers(6)) {
            assertThat(refused.getError().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED.value());
            assertThat(refused.getError().getReason()).isEqualTo("TOO_MANY_CALLS");
            assertThat(refused.getError().getRetryAfterSeconds()).isBetween(0.05, 0.25);
        }
        gate.countDown();
        assertThat(stream.answers(4)).allMatch(ScoreStreamResponse::hasResponse);
        stream.complete();
        assertThat(stream.end()).isEqualTo(Status.OK);
    }

    @Test
    void streamsAboveTheirNumberAreRefused() throws Exception {
        cluster.with("admit.max-streams", "1").startServing();
        var first = open();
        first.send(row("a", 1)).answer();
        assertThat(open().end().getCode()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        first.cancel();
        Cluster.await("place free", () -> {
            var next = open();
            next.send(row("b", 1));
            next.complete();
            try {
                return next.end().isOk();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
