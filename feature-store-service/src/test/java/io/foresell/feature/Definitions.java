package io.foresell.feature;

import io.foresell.proto.feature.v1.AggregateFunction;
import io.foresell.proto.feature.v1.Aggregation;
import io.foresell.proto.feature.v1.Column;
import io.foresell.proto.feature.v1.Definition;
import io.foresell.proto.feature.v1.FeatureRef;
import io.foresell.proto.feature.v1.FeatureSet;
import io.foresell.proto.feature.v1.FeatureView;
import io.foresell.proto.feature.v1.KnownTimeRule;
import io.foresell.proto.feature.v1.LabelView;
import io.foresell.proto.feature.v1.ValueType;
import io.foresell.proto.feature.v1.ViewKind;
import java.time.Duration;
import java.util.List;

/** Definitions that tests share. */
final class Definitions {
    private Definitions() {}

    static Definition definition(FeatureView.Builder view) {
        return Definition.newBuilder().setFeatureView(view).build();
    }

    static Definition definition(LabelView.Builder label) {
        return Definition.newBuilder().setLabelView(label).build();
    }

    static Column.Builder column(String name, ValueType type) {
        return Column.newBuilder().setName(name).setType(type);
    }

    /** Customers: key id, time at, known time seen; columns age (0..120), plan (free, paid), since, vip. */
    static FeatureView.Builder profile() {
        return FeatureView.newBuilder()
                .setName("profile")
                .setEntity("customer")
                .setKind(ViewKind.VIEW_KIND_SNAPSHOT)
                .setEntityKeyColumn("id")
                .setEventTimeColumn("at")
                .setKnownTime(KnownTimeRule.KNOWN_TIME_RULE_COLUMN)
                .setKnownTimeColumn("seen")
                .addColumns(column("age", ValueType.VALUE_TYPE_NUMBER).setMin(0).setMax(120))
                .addColumns(column("plan", ValueType.VALUE_TYPE_TEXT).addAllCategories(List.of("free", "paid")))
                .addColumns(column("since", ValueType.VALUE_TYPE_TIMESTAMP))
                .addColumns(column("vip", ValueType.VALUE_TYPE_BOOLEAN));
    }

    /** Orders: key id, time at, event id order_id; columns amount, kind. Known at their event time. */
    static FeatureView.Builder orders() {
        return FeatureView.newBuilder()
                .setName("orders")
                .setEntity("customer")
                .setKind(ViewKind.VIEW_KIND_EVENTS)
                .setEntityKeyColumn("id")
                .setEventTimeColumn("at")
                .setEventIdColumn("order_id")
                .setKnownTime(KnownTimeRule.KNOWN_TIME_RULE_EVENT_TIME)
                .addColumns(column("amount", ValueType.VALUE_TYPE_NUMBER))
                .addColumns(column("kind", ValueType.VALUE_TYPE_TEXT))
                .addAggregations(aggregation("order_count", AggregateFunction.AGGREGATE_FUNCTION_COUNT, "", 30, 1))
                .addAggregations(aggregation("spent", AggregateFunction.AGGREGATE_FUNCTION_SUM, "amount", 30, 1))
                .addAggregations(aggregation("weekly_spent", AggregateFunction.AGGREGATE_FUNCTION_SUM, "amount", 7, 4))
                .addAggregations(
                        aggregation("days_since", AggregateFunction.AGGREGATE_FUNCTION_RECENCY_DAYS, "", 365, 1));
    }

    static Aggregation.Builder aggregation(
            String name, AggregateFunction function, String column, int windowDays, int buckets) {
        return Aggregation.newBuilder()
                .setName(name)
                .setFunction(function)
                .setColumn(column)
                .setWindow(com.google.protobuf.Duration.newBuilder()
                        .setSeconds(Duration.ofDays(windowDays).toSeconds()))
                .setBuckets(buckets);
    }

    /** Churn: key id, time at, label left (yes/no). */
    static LabelView.Builder churn() {
        return LabelView.newBuilder()
                .setName("churn")
                .setEntity("customer")
                .setEntityKeyColumn("id")
                .setEventTimeColumn("at")
                .setColumn("left")
                .setType(ValueType.VALUE_TYPE_BOOLEAN);
    }

    /** A feature set of "view.feature" names. */
    static Definition set(String name, String... features) {
        FeatureSet.Builder set = FeatureSet.newBuilder().setName(name).setEntity("customer");
        for (String feature : features) {
            int dot = feature.indexOf('.');
            set.addFeatures(
                    FeatureRef.newBuilder().setView(feature.substring(0, dot)).setFeature(feature.substring(dot + 1)));
        }
        return Definition.newBuilder().setFeatureSet(set).build();
    }
}
