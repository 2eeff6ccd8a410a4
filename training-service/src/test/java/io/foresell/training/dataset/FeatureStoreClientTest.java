package io.foresell.training.dataset;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foresell.kit.ServiceException;
import io.foresell.model.Task;
import io.foresell.proto.feature.v1.Aggregation;
import io.foresell.proto.feature.v1.Column;
import io.foresell.proto.feature.v1.Definition;
import io.foresell.proto.feature.v1.FeatureBlock;
import io.foresell.proto.feature.v1.FeatureColumn;
import io.foresell.proto.feature.v1.FeatureRef;
import io.foresell.proto.feature.v1.FeatureSet;
import io.foresell.proto.feature.v1.FeatureStoreServiceGrpc;
import io.foresell.proto.feature.v1.FeatureView;
import io.foresell.proto.feature.v1.ListDefinitionsRequest;
import io.foresell.proto.feature.v1.ListDefinitionsResponse;
import io.foresell.proto.feature.v1.NumberColumn;
import io.foresell.proto.feature.v1.StoredDefinition;
import io.foresell.proto.feature.v1.StreamTrainingSetRequest;
import io.foresell.proto.feature.v1.StreamTrainingSetResponse;
import io.foresell.proto.feature.v1.TextColumn;
import io.grpc.ManagedChannel;
import io.grpc.Server;
import io.grpc.Status;
import io.grpc.inprocess.InProcessChannelBuilder;
import io.grpc.inprocess.InProcessServerBuilder;
import io.grpc.stub.StreamObserver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Against a real gRPC server in this process that plays the feature store. */
final class FeatureStoreClientTest {
    private static final TrainingSetQuery QUERY = new TrainingSetQuery("weekly", "left", null, 0, 0);

    private final PlayedStore store = new PlayedStore();
    private Server server;
    private ManagedChannel channel;
    private FeatureStoreClient client;

    @BeforeEach
    void start() throws Exception {
        server = InProcessServerBuilder.forName("store")
                .addService(store)
                .build()
                .start();
        channel = InProcessChannelBuilder.forName("store").build();
        client = new FeatureStoreClient(channel, Duration.ofSeconds(5), Duration.ofSeconds(20));
    }

    @AfterEach
    void stop() throws Exception {
        channel.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
        server.shutdownNow().awaitTermination(5, TimeUnit.SECONDS);
    }

    @Test
    void readsAllBlocksWithTheirWording() {
        store.blocks.add(
                block(3, 5).setFeatureSetHash("abc").setTotalRowCount(5).build());
        store.blocks.add(block(2, 5).build());
        List<Long> heard = new ArrayList<>();

        TrainingSet set = client.read(QUERY, (rows, total) -> heard.add(rows * 100 + total), () -> false);

        assertThat(set.rowCount()).isEqualTo(5);
        assertThat(TrainingFold.all(set).meanLabel() * set.rowCount()).isEqualTo(2);
        assertThat(set.fields()).extracting("name").containsExactly("orders", "plan");
        assertThat(set.info())
                .isEqualTo(new FeatureSetInfo(
                        "weekly", "abc", "left", "customer", java.util.Map.of("orders", "Orders a week")));
        assertThat(heard).containsExactly(305L, 505L);
    }

    @Test
    void readsTextLabelsAsClassesAndRowsWithoutLabels() {
        store.blocks.add(block(2, 5)
                .clearLabelNumbers()
                .addLabelTexts("gone")
                .addLabelTexts("here")
                .build());
        assertThat(client.read(QUERY, (rows, total) -> {}, () -> false).classes())
                .containsExactly("gone", "here");

        store.blocks.clear();
        store.blocks.add(block(2, 5).clearLabelNumbers().build());
        assertThat(client.read(QUERY, (rows, total) -> {}, () -> false).task()).isEqualTo(Task.CLUSTERS);
    }

    @Test
    void refusesASequenceThatChangesItsLength() {
        store.blocks.add(block(1, 5).build());
        store.blocks.add(block(1, 6).build());

        assertThatThrownBy(() -> client.read(QUERY, (rows, total) -> {}, () -> false))
                .hasMessageContaining("TRAINING_SET_INCONSISTENT");
    }

    @Test
    void keepsTheStoresOwnRefusal() {
        store.error = Status.NOT_FOUND.withDescription("feature_set: 'weekly' not found");

        assertThatThrownBy(() -> client.read(QUERY, (rows, total) -> {}, () -> false))
                .isInstanceOfSatisfying(
                        ServiceException.class,
                        e -> assertThat(e.failure().code()).isEqualTo(Status.Code.NOT_FOUND))
                .hasMessageContaining("weekly");
    }

    @Test
    void saysThatTheStoreIsAway() {
        server.shutdownNow();

        assertThatThrownBy(() -> client.read(QUERY, (rows, total) -> {}, () -> false))
                .isInstanceOfSatisfying(ServiceException.class, e -> {
                    assertThat(e.failure().code()).isEqualTo(Status.Code.UNAVAILABLE);
                    assertThat(e.failure().reason()).isEqualTo("FEATURE_STORE_UNAVAILABLE");
                });
    }

    @Test
    void cancelsWhileTheStoreIsSilent() throws Exception {
        store.isSilent = true;
        long start = System.nanoTime();

        assertThatThrownBy(
                        () -> client.read(QUERY, (rows, total) -> {}, () -> System.nanoTime() - start > 300_000_000L))
                .isInstanceOf(CancellationException.class);

        assertThat(store.cancelled.await(5, TimeUnit.SECONDS)).isTrue();
    }

    private static StreamTrainingSetResponse.Builder block(int rows, int weeks) {
        FeatureBlock.Builder block = FeatureBlock.newBuilder().setRowCount(rows);
        NumberColumn.Builder orders = NumberColumn.newBuilder().setWidth(weeks);
        TextColumn.Builder plans = TextColumn.newBuilder().addDictionary("basic");
        StreamTrainingSetResponse.Builder response = StreamTrainingSetResponse.newBuilder();
        for (int row = 0; row < rows; row++) {
            block.addEntityKeys("c" + row).addAsOfMillis(row).addOldestValueMillis(0);
            for (int week = 0; week < weeks; week++) {
                orders.addValues(week);
            }
            plans.addCodes(row - 1 < 0 ? -1 : 0);
            response.addLabelNumbers(row % 2);
        }
        block.addColumns(FeatureColumn.newBuilder().setName("orders").setNumbers(orders));
        block.addColumns(FeatureColumn.newBuilder().setName("plan").setTexts(plans));
        return response.setBlock(block);
    }

    /** Answers with what the test put in. */
    private static final class PlayedStore extends FeatureStoreServiceGrpc.FeatureStoreServiceImplBase {
        private final List<StreamTrainingSetResponse> blocks = new ArrayList<>();
        private final CountDownLatch cancelled = new CountDownLatch(1);
        private Status error = Status.OK;
        private boolean isSilent;

        @Override
        public void listDefinitions(ListDefinitionsRequest request, StreamObserver<ListDefinitionsResponse> responses) {
            FeatureView view = FeatureView.newBuilder()
                    .setName("activity")
                    .addAggregations(Aggregation.newBuilder().setName("orders").setDescription("Orders a week"))
                    .addColumns(Column.newBuilder().setName("plan"))
                    .build();
            FeatureSet set = FeatureSet.newBuilder()
                    .setName("weekly")
                    .setEntity("customer")
                    .addFeatures(FeatureRef.newBuilder().setView("activity").setFeature("orders"))
                    .addFeatures(FeatureRef.newBuilder().setView("activity").setFeature("plan"))
                    .build();
            responses.onNext(ListDefinitionsResponse.newBuilder()
                    .addDefinitions(stored(Definition.newBuilder().setFeatureView(view)))
                    .addDefinitions(stored(Definition.newBuilder().setFeatureSet(set)))
                    .build());
            responses.onCompleted();
        }

        private static StoredDefinition stored(Definition.Builder definition) {
            return StoredDefinition.newBuilder().setDefinition(definition).build();
        }

        @Override
        public void streamTrainingSet(
                StreamTrainingSetRequest request, StreamObserver<StreamTrainingSetResponse> responses) {
            io.grpc.Context.current().addListener(context -> cancelled.countDown(), Runnable::run);
            if (isSilent) {
                return;
            }
            blocks.forEach(responses::onNext);
            if (error.isOk()) {
                responses.onCompleted();
            } else {
                responses.onError(error.asRuntimeException());
            }
        }
    }
}
