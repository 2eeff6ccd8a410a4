package io.foresell.feature;

import static io.foresell.feature.Definitions.churn;
import static io.foresell.feature.Definitions.definition;
import static io.foresell.feature.Definitions.orders;
import static io.foresell.feature.Definitions.profile;
import static io.foresell.feature.Definitions.set;
import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.proto.feature.v1.FeatureBlock;
import io.foresell.proto.feature.v1.IngestResponse;
import io.foresell.proto.feature.v1.LabelView;
import io.foresell.proto.feature.v1.SourceRow;
import io.foresell.proto.feature.v1.StreamTrainingSetRequest;
import io.foresell.proto.feature.v1.StreamTrainingSetResponse;
import io.foresell.proto.feature.v1.ValueType;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Rows at the times of labels, as far as they were known then. */
abstract class TrainingSetContract extends RunningFeatureStore {
    @Test
    void hidesACorrectionUntilItWasKnown() {
        store.define(definition(profile()), definition(churn()), set("all", "profile.age"));
        String header = "id,at,seen,age,plan,since,vip\n";
        store.ingestCsv("profile", "1", header + "a,2024-01-01,2024-01-01,30,,,");
        store.ingestCsv("profile", "2", header + "a,2024-01-01,2024-03-01,40,,,");
        store.ingestCsv(
                "churn", "c", "id,at,left\na,2023-12-31,no\na,2024-01-01,no\na,2024-02-29,yes\na,2024-03-01,no");

        List<StreamTrainingSetResponse> blocks = store.trainingSet("all", "churn");

        FeatureBlock block = blocks.get(0).getBlock();
        assertThat(block.getColumns(0).getNumbers().getValuesList()).containsExactly(Double.NaN, 30.0, 30.0, 40.0);
        assertThat(blocks.get(0).getLabelNumbersList()).containsExactly(0.0, 0.0, 1.0, 0.0);
        assertThat(block.getOldestValueMillis(0)).isZero();
        assertThat(blocks.get(0).getTotalRowCount()).isEqualTo(4);
        assertThat(blocks.get(0).getFeatureSetHash())
                .isEqualTo(store.features("all", "a").getFeatureSetHash());
    }

    @Test
    void joinsFeaturesAndLabelsOfOneFileWithoutTimes() {
        LabelView.Builder label = churn().clearEventTimeColumn();
        store.define(
                definition(profile().clearEventTimeColumn().clearKnownTime().clearKnownTimeColumn()),
                definition(label),
                set("all", "profile.age", "profile.plan"));

        IngestResponse response = store.ingestCsv(
                List.of("profile", "churn"),
                "file",
                "id,age,plan,since,vip,left\nc,30,paid,,,yes\na,,free,,,no\nb,50,,,,no");

        assertThat(response.getViewsList())
                .allSatisfy(counts -> assertThat(counts.getAcceptedCount()).isEqualTo(3));
        FeatureBlock block = store.trainingSet("all", "churn").get(0).getBlock();
        assertThat(block.getEntityKeysList()).containsExactly("c", "a", "b");
        assertThat(block.getColumns(0).getNumbers().getValuesList()).containsExactly(30.0, Double.NaN, 50.0);
        assertThat(block.getColumns(1).getTexts().getDictionaryList()).containsExactly("paid", "free");
        assertThat(block.getColumns(1).getTexts().getCodesList()).containsExactly(0, 1, -1);
    }

    @Test
    void streamsManyLabelsInTheOrderOfTheFile() {
        store.define(
                definition(orders()), definition(churn()), set("all", "orders.order_count", "orders.weekly_spent"));
        List<SourceRow> labels = new ArrayList<>();
        List<String> expected = new ArrayList<>();
        for (int i = 0; i < 5000; i++) {
            String key = "key" + (i * 7919L) % 1999;
            labels.add(StoreClient.row(
                    i + 2, key, "2024-05-01T00:%02d:%02d".formatted(i / 60 % 60, i % 60), i % 2 == 0 ? "y" : "n"));
            expected.add(key);
        }
        store.ingest(StoreClient.requests(List.of("churn"), "c", List.of("id", "at", "left"), labels));

        List<StreamTrainingSetResponse> blocks = store.trainingSet("all", "churn");

        List<String> keys = new ArrayList<>();
        List<Double> numbers = new ArrayList<>();
        blocks.forEach(block -> {
            keys.addAll(block.getBlock().getEntityKeysList());
            numbers.addAll(block.getLabelNumbersList());
            assertThat(block.getBlock().getRowCount()).isBetween(1, 2048);
        });
        assertThat(blocks).hasSize(3);
        assertThat(keys).isEqualTo(expected);
        assertThat(numbers.subList(0, 4)).containsExactly(1.0, 0.0, 1.0, 0.0);
        assertThat(blocks.get(0).getTotalRowCount()).isEqualTo(5000);
        assertThat(blocks.get(1).getTotalRowCount()).isZero();
    }

    @Test
    void keepsLabelsWithinTheTimesAskedAndTakesCorrections() {
        store.define(
                definition(orders()),
                definition(churn().setType(ValueType.VALUE_TYPE_TEXT)),
                definition(churn().setName("two_class")
                        .setType(ValueType.VALUE_TYPE_TEXT)
                        .setPositiveText("left")),
                set("all", "orders.order_count"));
        String csv = "id,at,left\na,2024-01-01,left\na,2024-02-01,stayed\nb,2024-03-01,asked";
        store.ingestCsv(List.of("churn", "two_class"), "c", csv);
        store.ingestCsv(List.of("churn", "two_class"), "d", "id,at,left\na,2024-02-01,left");

        StreamTrainingSetResponse texts = store.trainingSet("all", "churn").get(0);
        StreamTrainingSetResponse some = store.trainingSet(StreamTrainingSetRequest.newBuilder()
                        .setFeatureSet("all")
                        .setLabelView("two_class")
                        .setFromMillis(millis("2024-02-01T00:00:00Z"))
                        .setUntilMillis(millis("2024-03-01T00:00:00Z"))
                        .build())
                .get(0);

        assertThat(texts.getLabelTextsList()).containsExactly("left", "asked", "left");
        assertThat(texts.getLabelNumbersList()).isEmpty();
        assertThat(some.getLabelNumbersList()).containsExactly(1.0);
    }

    @Test
    void refusesATrainingSetWithoutLabelsOrNames() {
        store.define(
                definition(orders()),
                definition(churn()),
                definition(churn().setName("sold_out").setEntity("product")),
                set("all", "orders.order_count"));

        assertFailure(failure(() -> store.trainingSet("all", "churn")), Status.Code.FAILED_PRECONDITION, "NO_LABELS");
        assertFailure(failure(() -> store.trainingSet("all", "orders")), Status.Code.NOT_FOUND, "LABEL_VIEW_NOT_FOUND");
        assertFailure(
                failure(() -> store.trainingSet("nothing", "churn")), Status.Code.NOT_FOUND, "FEATURE_SET_NOT_FOUND");
        assertFailure(
                failure(() -> store.trainingSet("all", "sold_out")), Status.Code.INVALID_ARGUMENT, "ENTITY_MISMATCH");
    }
}
