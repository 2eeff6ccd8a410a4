package io.foresell.feature;

import static io.foresell.feature.Definitions.aggregation;
import static io.foresell.feature.Definitions.churn;
import static io.foresell.feature.Definitions.column;
import static io.foresell.feature.Definitions.definition;
import static io.foresell.feature.Definitions.orders;
import static io.foresell.feature.Definitions.profile;
import static io.foresell.feature.Definitions.set;
import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.proto.feature.v1.AggregateFunction;
import io.foresell.proto.feature.v1.FeatureBlock;
import io.foresell.proto.feature.v1.GetFeaturesRequest;
import io.foresell.proto.feature.v1.GetFeaturesResponse;
import io.foresell.proto.feature.v1.KnownTimeRule;
import io.foresell.proto.feature.v1.SourceRow;
import io.foresell.proto.feature.v1.ValueType;
import io.foresell.proto.feature.v1.ViewStatus;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an entity is known by now, and what every view holds. */
abstract class GetFeaturesContract extends RunningFeatureStore {
    @Test
    void servesTheNewestRowHoweverLateTheOthersArrive() {
        store.define(definition(profile()), set("all", "profile.age", "profile.plan", "profile.since", "profile.vip"));
        String header = "id,at,seen,age,plan,since,vip\n";
        store.ingestCsv("profile", "1", header + "a,2024-05-10,2024-05-10,30,paid,2024-05-22,y");
        store.ingestCsv("profile", "2", header + "a,2024-05-01,2024-05-20,99,free,,n");

        GetFeaturesResponse response = store.features("all", "a", "ghost", "a");

        FeatureBlock block = response.getBlock();
        assertThat(block.getEntityKeysList()).containsExactly("a", "a");
        assertThat(response.getUnknownEntityKeysList()).containsExactly("ghost");
        assertThat(block.getColumns(0).getNumbers().getValuesList()).containsExactly(30.0, 30.0);
        assertThat(block.getColumns(1).getTexts().getDictionaryList()).containsExactly("paid");
        assertThat(block.getColumns(1).getTexts().getCodesList()).containsExactly(0, 0);
        assertThat(block.getColumns(2).getNumbers().getValues(0)).isEqualTo(10.0);
        assertThat(block.getColumns(3).getNumbers().getValues(0)).isEqualTo(1.0);
        assertThat(block.getOldestValueMillis(0)).isEqualTo(millis("2024-05-10T00:00:00Z"));
        assertThat(block.getAsOfMillis(0)).isEqualTo(millis(NOW));
    }

    @Test
    void servesARowOnlyOnceItsTimeHasCome() {
        store.define(
                definition(profile()
                        .setKnownTime(KnownTimeRule.KNOWN_TIME_RULE_EVENT_TIME)
                        .clearKnownTimeColumn()
                        .setKnownTimeDelay(
                                com.google.protobuf.Duration.newBuilder().setSeconds(86_400))),
                set("all", "profile.age"));
        StringBuilder future = new StringBuilder("id,at,age,plan,since,vip");
        for (int day = 1; day <= 20; day++) {
            future.append("\nmany,2024-06-%02d,%d,free,,".formatted(day, day));
        }
        store.ingestCsv("profile", "1", "id,at,age,plan,since,vip\na,2024-05-01,30,free,,\na,2024-06-01,31,free,,");
        store.ingestCsv("profile", "2", future.toString());

        double before = number(store.features("all", "a"));
        List<String> unknown = store.features("all", "many").getUnknownEntityKeysList();
        clock.set("2024-06-02T00:00:00Z");
        double after = number(store.features("all", "a"));
        clock.set("2024-06-12T12:00:00Z");
        double many = number(store.features("all", "many"));

        assertThat(before).isEqualTo(30);
        assertThat(after).isEqualTo(31);
        assertThat(unknown).containsExactly("many");
        assertThat(many).isEqualTo(11);
    }

    private static double number(GetFeaturesResponse response) {
        return response.getBlock().getColumns(0).getNumbers().getValues(0);
    }

    @Test
    void aggregatesEventsOfManyBuckets() {
        store.define(
                definition(orders()),
                set("all", "orders.order_count", "orders.spent", "orders.weekly_spent", "orders.days_since"));
        List<SourceRow> rows = new ArrayList<>();
        for (int hour = 0; hour < 1000; hour++) {
            String at = Instant.parse(NOW).minusSeconds(3600L * hour).toString();
            rows.add(StoreClient.row(hour + 1, "a", at, "o" + hour, "2", "web"));
        }
        store.ingest(
                StoreClient.requests(List.of("orders"), "o", List.of("id", "at", "order_id", "amount", "kind"), rows));

        FeatureBlock block = store.features("all", "a").getBlock();

        assertThat(block.getColumns(0).getNumbers().getValuesList()).containsExactly(720.0);
        assertThat(block.getColumns(1).getNumbers().getValuesList()).containsExactly(1440.0);
        assertThat(block.getColumns(2).getNumbers().getWidth()).isEqualTo(4);
        assertThat(block.getColumns(2).getNumbers().getValuesList()).containsExactly(336.0, 336.0, 336.0, 336.0);
        assertThat(block.getColumns(3).getNumbers().getValuesList()).containsExactly(0.0);
    }

    @Test
    void namesStaleFeaturesAndUnknownSets() {
        com.google.protobuf.Duration day =
                com.google.protobuf.Duration.newBuilder().setSeconds(86_400).build();
        store.define(
                definition(profile().setFreshnessLimit(day)),
                definition(orders().setFreshnessLimit(day)),
                set("all", "profile.age", "orders.spent"));
        store.ingestCsv(
                "profile",
                "1",
                "id,at,seen,age,plan,since,vip\na,2024-05-31 12:00,2024-05-31 12:00,30,,,\nb,2024-05-01,2024-05-01,30,,,");
        store.ingestCsv("orders", "2", "id,at,order_id,amount,kind\na,2023-05-01,1,5,web");

        GetFeaturesResponse response = store.features("all", "b", "a");

        assertThat(response.getStaleMap().get(0).getFeaturesList()).containsExactly("age");
        assertThat(response.getStaleMap().get(1).getFeaturesList()).containsExactly("spent");
        assertFailure(failure(() -> store.features("al", "a")), Status.Code.NOT_FOUND, "FEATURE_SET_NOT_FOUND");
        assertFailure(
                failure(() -> store.features("all", new String[0])),
                Status.Code.INVALID_ARGUMENT,
                "COUNT_OUT_OF_RANGE");
        String[] tooMany = new String[4097];
        Arrays.fill(tooMany, "a");
        StatusRuntimeException limit = failure(() -> store.features("all", tooMany));
        assertFailure(limit, Status.Code.INVALID_ARGUMENT, "COUNT_OUT_OF_RANGE");
        assertThat(limit.getMessage()).contains("entity_keys: 4097 (expected: 1..4096)");
    }

    @Test
    void refusesFeaturesOfAnotherMeaningThanTheCallerWasBuiltFor() {
        store.define(definition(profile()), set("all", "profile.age"));
        store.ingestCsv("profile", "1", "id,at,seen,age,plan,since,vip\na,2024-05-01,2024-05-01,30,,,");
        String hash = store.features("all", "a").getFeatureSetHash();
        GetFeaturesRequest pinned = GetFeaturesRequest.newBuilder()
                .setFeatureSet("all")
                .setFeatureSetHash(hash)
                .addEntityKeys("a")
                .build();
        assertThat(store.blocking().getFeatures(pinned).getBlock().getRowCount())
                .isEqualTo(1);

        store.define(definition(profile().addColumns(column("city", ValueType.VALUE_TYPE_TEXT))));

        assertFailure(
                failure(() -> store.blocking().getFeatures(pinned)),
                Status.Code.FAILED_PRECONDITION,
                "FEATURE_SET_CHANGED");
    }

    @Test
    void countsWhatEveryViewHolds() {
        store.define(
                definition(orders().addAggregations(
                                aggregation("kinds", AggregateFunction.AGGREGATE_FUNCTION_DISTINCT, "kind", 30, 1))),
                definition(churn()));
        store.ingestCsv(
                "orders",
                "o",
                "id,at,order_id,amount,kind\na,2024-05-03,1,5,web\na,2024-05-01,2,5,web\nb,2024-05-02,3,5,web\nc,2024-05-02,3,x,web");

        assertThat(store.status("orders"))
                .isEqualTo(ViewStatus.newBuilder()
                        .setView("orders")
                        .setEntityCount(2)
                        .setRowCount(3)
                        .setQuarantinedCount(1)
                        .setNewestEventMillis(millis("2024-05-03T00:00:00Z"))
                        .build());
        assertThat(store.status("churn").getNewestEventMillis()).isZero();
    }
}
