package io.foresell.inference;

import static io.foresell.inference.fixture.Tensors.floats;
import static io.foresell.inference.fixture.Tensors.numbers;
import static io.foresell.inference.fixture.Tensors.request;
import static io.foresell.inference.fixture.Tensors.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import com.google.common.util.concurrent.Futures;
import com.google.common.util.concurrent.ListenableFuture;
import io.foresell.inference.fixture.Cluster;
import io.foresell.inference.fixture.FeatureStorePeer;
import io.foresell.inference.fixture.StreamCaller;
import io.foresell.kit.Failure;
import io.foresell.proto.inference.v1.BulkHeader;
import io.foresell.proto.inference.v1.EntityKeys;
import io.foresell.proto.inference.v1.InferenceServiceGrpc;
import io.foresell.proto.inference.v1.LoadState;
import io.foresell.proto.inference.v1.LoadedModel;
import io.foresell.proto.inference.v1.PackedRows;
import io.foresell.proto.inference.v1.ScoreBulkRequest;
import io.foresell.proto.inference.v1.ScoreBulkResponse;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoreResponse;
import io.foresell.proto.inference.v1.ScoreStreamRequest;
import io.foresell.proto.inference.v1.ScoreStreamResponse;
import io.foresell.proto.openinference.ModelInferRequest;
import io.foresell.proto.openinference.ModelMetadataRequest;
import io.foresell.proto.openinference.ModelReadyRequest;
import io.foresell.proto.openinference.ModelStreamInferResponse;
import io.foresell.proto.openinference.RepositoryIndexRequest;
import io.foresell.proto.openinference.RepositoryIndexResponse.ModelIndex;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** Calls for more models than memory has room for. */
final class ParkedModelsTest extends RunningParkedModels {
    @Test
    void answersForAllModelsWithinTheBudget() {
        cluster.startServing();
        requireWithinBudget();
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < MODELS; i++) {
                requireScored(i, cluster.score(row(i)));
                assertThat(state(i)).isEqualTo(LoadState.LOAD_STATE_READY);
                requireWithinBudget();
            }
        }
        LoadedModel first = cluster.loaded(model(0), 1);
        assertThat(first.getState()).isEqualTo(LoadState.LOAD_STATE_PARKED);
        assertThat(first.getWeight()).isEqualTo(100);
        assertThat(first.getReleaseRevision()).isEqualTo(1);
        assertThat(first.getResidency().getMemoryBytes()).isBetween(20_000L, BUDGET);
        assertThat(first.getResidency().getHitCount()).isEqualTo(3);
        assertThat(first.getResidency().getLoadOnDemandCount()).isBetween(2L, 3L);
        assertThat(first.getResidency().getParkingCount()).isBetween(2L, 3L);
        assertThat(cluster.metrics())
                .contains(
                        "model_memory_bytes",
                        "model_parkings_total",
                        "models_parked{service=\"inference\"} 5.0",
                        "model_demand_wait_seconds");
        assertThat(cluster.server().isServing()).isTrue();
        // What a rollout asks for as proof: a parked version is in force.
        var served = cluster.statistics(model(0));
        assertThat(served.getReleaseRevision()).isEqualTo(1);
        assertThat(served.getVersions(0).getIsParked()).isTrue();
        assertThat(served.getVersions(0).getDigest()).isEqualTo(first.getDigest());
        assertThat(served.getWindows(0).getVersions(0).getRowCount()).isEqualTo(3);
    }

    @Test
    void loadsOnceForAThousandCallers() throws Exception {
        cluster.with("grpc.max-concurrent-calls", "4000")
                .with("models.max-waiting-calls", "2000")
                .with("admit.min-calls", "4000");
        cluster.startServing();
        int model = parked();
        List<ListenableFuture<ScoreResponse>> answers = new ArrayList<>();
        var stub = InferenceServiceGrpc.newFutureStub(cluster.channel()).withDeadlineAfter(20, TimeUnit.SECONDS);
        for (int i = 0; i < 1000; i++) {
            answers.add(stub.score(row(model).build()));
        }
        for (ScoreResponse answer : Futures.allAsList(answers).get(20, TimeUnit.SECONDS)) {
            requireScored(model, answer);
        }
        assertThat(cluster.loaded(model(model), 1).getResidency().getLoadOnDemandCount())
                .isEqualTo(1);
        assertThat(cluster.list().getMemory().getWaitingCallCount()).isZero();
    }

    @Test
    void waitsOverEveryMethod() throws Exception {
        cluster.startServing();
        int model = parked();
        StreamCaller<ScoreStreamRequest, ScoreStreamResponse> stream = StreamCaller.open(
                InferenceServiceGrpc.newStub(cluster.channel()).withDeadlineAfter(20, TimeUnit.SECONDS)::scoreStream);
        stream.send(ScoreStreamRequest.newBuilder()
                .setId("a")
                .setRequest(row(model))
                .build());
        requireScored(model, stream.answer().getResponse());
        stream.complete();
        assertThat(stream.end().isOk()).isTrue();

        int next = parked();
        StreamCaller<ScoreBulkRequest, ScoreBulkResponse> bulk = StreamCaller.open(
                InferenceServiceGrpc.newStub(cluster.channel()).withDeadlineAfter(20, TimeUnit.SECONDS)::scoreBulk);
        bulk.send(ScoreBulkRequest.newBuilder()
                .setHeader(BulkHeader.newBuilder().setModel(model(next)))
                .build());
        assertThat(bulk.answer().getModel()).isEqualTo(model(next));
        bulk.send(ScoreBulkRequest.newBuilder()
                .setPackedRows(PackedRows.newBuilder()
                        .setRowCount(1)
                        .addNumbers(12)
                        .addNumbers(70)
                        .addTexts("basic"))
                .build());
        assertThat(bulk.answer().getRows(0).getScored().getScore()).isCloseTo(expected(next), within(1e-5));
        bulk.complete();
        assertThat(bulk.end().isOk()).isTrue();

        next = parked();
        assertThat(cluster.tensors()
                        .modelReady(ModelReadyRequest.newBuilder()
                                .setName(model(next))
                                .build())
                        .getReady())
                .isTrue();
        int asked = next;
        assertThat(cluster.tensors()
                        .repositoryIndex(RepositoryIndexRequest.newBuilder()
                                .setReady(true)
                                .build())
                        .getModelsList())
                .filteredOn(index -> index.getName().equals(model(asked)))
                .extracting(ModelIndex::getState, ModelIndex::getReason)
                .containsExactly(org.assertj.core.api.Assertions.tuple("READY", "parked: loaded when asked for"));
        assertThat(floats(cluster.tensors().modelInfer(tensors(next)), "score").get(0))
                .isCloseTo((float) expected(next), within(1e-5f));

        next = parked();
        StreamCaller<ModelInferRequest, ModelStreamInferResponse> tensors =
                StreamCaller.open(cluster.tensorStreams().withDeadlineAfter(20, TimeUnit.SECONDS)::modelStreamInfer);
        tensors.send(tensors(next));
        assertThat(floats(tensors.answer().getInferResponse(), "score").get(0))
                .isCloseTo((float) expected(next), within(1e-5f));
        tensors.complete();
        assertThat(tensors.end().isOk()).isTrue();

        next = parked();
        assertThat(cluster.tensors()
                        .modelMetadata(ModelMetadataRequest.newBuilder()
                                .setName(model(next))
                                .build())
                        .getInputsCount())
                .isEqualTo(3);
        requireWithinBudget();
    }

    @Test
    void refusesAtOnceWhatHasNoRoomInTimeAndServesTheRest() {
        cluster.with("models.min-residence", "30s");
        cluster.startServing();
        int model = parked();
        long startNanos = System.nanoTime();
        Failure failure = cluster.failureOf(row(model)); // with 10 s left
        assertThat(System.nanoTime() - startNanos).isLessThan(TimeUnit.SECONDS.toNanos(9));
        assertThat(failure.code()).isEqualTo(Status.Code.RESOURCE_EXHAUSTED);
        assertThat(failure.reason()).isEqualTo("MODEL_MEMORY_FULL");
        assertThat(failure.retryAfter()).isBetween(Duration.ofSeconds(1), Duration.ofSeconds(31));
        for (int i = 0; i < MODELS; i++) {
            if (state(i) == LoadState.LOAD_STATE_READY) {
                requireScored(i, cluster.score(row(i)));
            }
        }
        assertThat(cluster.loaded(model(model), 1).getResidency().getLoadOnDemandCount())
                .isZero();
        requireWithinBudget();
    }

    @Test
    void waitsWithEntitiesAndLargeBatches() {
        cluster.features.put(
                "c-1", new FeatureStorePeer.Online(12, 70, "basic", System.currentTimeMillis(), List.of()));
        cluster.startServing();
        int model = parked();
        requireScored(
                model,
                cluster.score(ScoreRequest.newBuilder()
                        .setModel(model(model))
                        .setEntityKeys(EntityKeys.newBuilder().addKeys("c-1"))));
        int next = parked();
        PackedRows.Builder rows = PackedRows.newBuilder().setRowCount(1000);
        for (int i = 0; i < 1000; i++) {
            rows.addNumbers(12).addNumbers(70).addTexts("basic");
        }
        ScoreResponse large =
                cluster.score(ScoreRequest.newBuilder().setModel(model(next)).setPackedRows(rows));
        assertThat(large.getRowsCount()).isEqualTo(1000);
        requireScored(next, large);
    }

    private static ModelInferRequest tensors(int model) {
        return request(model(model), numbers("tenure", 12), numbers("spend", 70), texts("plan", "basic"))
                .build();
    }

    @Test
    void parksNoneThatACallOrABulkStreamHolds() throws Exception {
        cluster.features.put(
                "c-1", new FeatureStorePeer.Online(12, 70, "basic", System.currentTimeMillis(), List.of()));
        cluster.with("lookup.timeout", "30s");
        cluster.startServing();
        requireScored(0, cluster.score(row(0)));
        CountDownLatch held = cluster.features.hold();
        ListenableFuture<ScoreResponse> waiting = InferenceServiceGrpc.newFutureStub(cluster.channel())
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .score(ScoreRequest.newBuilder()
                        .setModel(model(0))
                        .setEntityKeys(EntityKeys.newBuilder().addKeys("c-1"))
                        .build());
        cluster.features.awaitRequest();
        StreamCaller<ScoreBulkRequest, ScoreBulkResponse> bulk = StreamCaller.open(
                InferenceServiceGrpc.newStub(cluster.channel()).withDeadlineAfter(20, TimeUnit.SECONDS)::scoreBulk);
        bulk.send(ScoreBulkRequest.newBuilder()
                .setHeader(BulkHeader.newBuilder().setModel(model(1)))
                .build());
        assertThat(bulk.answer().getModel()).isEqualTo(model(1));
        for (int i = 2; i < MODELS; i++) {
            requireScored(i, cluster.score(row(i)));
            assertThat(state(0)).isEqualTo(LoadState.LOAD_STATE_READY);
            assertThat(state(1)).isEqualTo(LoadState.LOAD_STATE_READY);
            requireWithinBudget();
        }
        held.countDown();
        requireScored(0, waiting.get(20, TimeUnit.SECONDS));
        bulk.complete();
        assertThat(bulk.end().isOk()).isTrue();
        for (int i = 2; i < MODELS; i++) {
            requireScored(i, cluster.score(row(i)));
        }
        assertThat(state(0)).isEqualTo(LoadState.LOAD_STATE_PARKED);
        Cluster.await("the bulk stream's model parked", () -> {
            IntStream.range(2, MODELS).forEach(i -> cluster.score(row(i)));
            return state(1) == LoadState.LOAD_STATE_PARKED;
        });
    }
}
