package io.foresell.feature;

import static io.foresell.feature.Definitions.churn;
import static io.foresell.feature.Definitions.definition;
import static io.foresell.feature.Definitions.orders;
import static io.foresell.feature.Definitions.profile;
import static io.foresell.feature.Definitions.set;
import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.feature.database.MongoSettings;
import io.foresell.feature.trainingset.TrainingSetLimits;
import io.foresell.kit.Telemetry;
import io.foresell.kit.WireSettings;
import io.foresell.proto.feature.v1.FeatureBlock;
import io.foresell.proto.feature.v1.SourceRow;
import io.foresell.proto.feature.v1.StreamTrainingSetRequest;
import io.foresell.proto.feature.v1.StreamTrainingSetResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Training sets without a label view: a row for every entity. */
abstract class UnlabelledSetContract extends RunningFeatureStore {
    @Test
    void streamsEveryEntityAsFarAsItWasKnownWithoutALabelView() {
        store.define(
                definition(profile()),
                definition(orders()),
                definition(churn()),
                set("all", "profile.age", "profile.plan", "orders.spent", "orders.days_since"));
        String header = "id,at,seen,age,plan,since,vip\n";
        store.ingestCsv(
                "profile",
                "1",
                header + "late,2024-01-01,2024-03-01,50,paid,,\nb,2024-01-01,2024-01-01,30,free,,\n"
                        + "future,2024-03-02,2024-03-02,20,,,");
        store.ingestCsv("profile", "2", header + "b,2024-01-01,2024-02-15,40,,,");
        store.ingestCsv(
                "orders",
                "o",
                "id,at,order_id,amount,kind\nc,2024-02-08,1,5,web\nb,2024-02-01,2,7,web\nb,2024-02-12,3,9,web");
        store.ingestCsv("churn", "c", "id,at,left\nonly_a_label,2024-01-01,no");
        StreamTrainingSetRequest.Builder request = StreamTrainingSetRequest.newBuilder()
                .setFeatureSet("all")
                .setUntilMillis(millis("2024-02-10T00:00:00Z"));

        StreamTrainingSetResponse then = store.trainingSet(request.build()).get(0);
        clock.set("2024-02-16T00:00:00Z");
        StreamTrainingSetResponse now =
                store.trainingSet(request.clearUntilMillis().build()).get(0);

        FeatureBlock block = then.getBlock();
        assertThat(block.getEntityKeysList()).containsExactly("b", "c");
        assertThat(block.getRowCount()).isEqualTo(2);
        assertThat(block.getAsOfMillisList()).containsOnly(millis("2024-02-10T00:00:00Z"));
        assertThat(block.getColumns(0).getNumbers().getValuesList()).containsExactly(30.0, Double.NaN);
        assertThat(block.getColumns(1).getTexts().getCodesList()).containsExactly(0, -1);
        assertThat(block.getColumns(2).getNumbers().getValuesList()).containsExactly(7.0, 5.0);
        assertThat(block.getColumns(3).getNumbers().getValuesList()).containsExactly(9.0, 2.0);
        assertThat(then.getLabelNumbersCount() + then.getLabelTextsCount()).isZero();
        assertThat(then.getFeatureSetHash()).isNotEmpty();
        assertThat(then.getTotalRowCount()).isEqualTo(4);
        assertThat(now.getBlock().getEntityKeysList()).containsExactly("b", "c");
        assertThat(now.getBlock().getColumns(0).getNumbers().getValues(0)).isEqualTo(40.0);
        assertThat(now.getBlock().getColumns(2).getNumbers().getValuesList()).containsExactly(16.0, 5.0);
    }

    @Test
    void streamsManyEntitiesInTheOrderOfTheirKeys() {
        store.define(definition(orders()), set("all", "orders.order_count", "orders.weekly_spent"));
        List<SourceRow> rows = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 2500; i++) {
            String key = "key" + (i * 7919L) % 2500;
            String at = i % 5 == 0 ? "2024-06-01T00:00:00" : "2024-05-01T00:00:00";
            rows.add(StoreClient.row(i + 2, key, at, "o" + i, Integer.toString(i), "web"));
            if (i % 5 != 0) {
                expected.add(key);
            }
        }
        expected.sort(null);
        clock.set("2024-06-02T00:00:00Z");
        store.ingest(
                StoreClient.requests(List.of("orders"), "o", List.of("id", "at", "order_id", "amount", "kind"), rows));

        List<StreamTrainingSetResponse> blocks = store.trainingSet(StreamTrainingSetRequest.newBuilder()
                .setFeatureSet("all")
                .setUntilMillis(millis("2024-05-20T00:00:00Z"))
                .build());

        List<String> keys = new ArrayList<>();
        blocks.forEach(block -> keys.addAll(block.getBlock().getEntityKeysList()));
        assertThat(keys).isEqualTo(expected);
        assertThat(blocks).hasSize(2);
        assertThat(blocks.get(0).getTotalRowCount()).isEqualTo(2500);
        assertThat(blocks.get(1).getBlock().getColumns(0).getNumbers().getValuesList())
                .containsOnly(1.0);
    }

    @Test
    void refusesRowsWithoutLabelsWhereThereAreNoneOrTooMany() {
        store.define(definition(orders()), set("all", "orders.order_count"));
        StreamTrainingSetRequest.Builder request =
                StreamTrainingSetRequest.newBuilder().setFeatureSet("all");

        assertFailure(
                failure(() -> store.trainingSet(request.build())), Status.Code.FAILED_PRECONDITION, "NO_ENTITIES");
        store.ingestCsv("orders", "o", "id,at,order_id,amount,kind\na,2024-05-03,1,5,web");
        StatusRuntimeException early = failure(() -> store.trainingSet(
                request.setUntilMillis(millis("2024-05-01T00:00:00Z")).build()));
        assertFailure(early, Status.Code.FAILED_PRECONDITION, "NO_ENTITIES");
        assertThat(early.getMessage()).contains("'customer'").contains("2024-05-01T00:00:00Z: 0 of 1");
        assertFailure(
                failure(() -> store.trainingSet(request.setFromMillis(1).build())),
                Status.Code.INVALID_ARGUMENT,
                "TIME_WITHOUT_LABELS");
    }

    @Test
    void refusesMoreEntitiesThanItOrdersInMemory() {
        FeatureStoreConfig defaults = FeatureStoreConfig.of(
                WireSettings.local(0, 0), MongoSettings.of(mongoUri(), "few_" + System.nanoTime()));
        FeatureStoreConfig narrow = new FeatureStoreConfig(
                defaults.wire(), defaults.mongo(), 100, 1, 1, new TrainingSetLimits(2, 1000), defaults.predictions());
        FeatureStoreServer server =
                resources.add(FeatureStoreServer.start(narrow, resources.add(Telemetry.local("test")), clock));
        StoreClient few = resources.add(new StoreClient(server.grpcPort()));
        few.define(definition(orders()), set("all", "orders.order_count"));
        String header = "id,at,order_id,amount,kind\n";
        few.ingestCsv("orders", "o", header + "b,2024-05-03,1,5,web\na,2024-05-03,2,5,web");
        assertThat(few.trainingSet("all", "").get(0).getBlock().getEntityKeysList())
                .containsExactly("a", "b");

        few.ingestCsv("orders", "p", header + "c,2024-05-03,3,5,web");

        assertFailure(failure(() -> few.trainingSet("all", "")), Status.Code.FAILED_PRECONDITION, "TOO_MANY_ENTITIES");
    }
}
