package io.foresell.feature;

import static io.foresell.feature.Definitions.churn;
import static io.foresell.feature.Definitions.column;
import static io.foresell.feature.Definitions.definition;
import static io.foresell.feature.Definitions.set;
import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.proto.feature.v1.AggregateFunction;
import io.foresell.proto.feature.v1.Cleaning;
import io.foresell.proto.feature.v1.FeatureBlock;
import io.foresell.proto.feature.v1.FeatureView;
import io.foresell.proto.feature.v1.KnownTimeRule;
import io.foresell.proto.feature.v1.MissingRule;
import io.foresell.proto.feature.v1.NumberColumn;
import io.foresell.proto.feature.v1.QuarantinedRow;
import io.foresell.proto.feature.v1.ValueType;
import io.foresell.proto.feature.v1.ViewKind;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import org.junit.jupiter.api.Test;

/** Columns of several numbers: pictures, embeddings, readings. */
abstract class NumbersColumnContract extends RunningFeatureStore {
    private static FeatureView.Builder products(int width) {
        return FeatureView.newBuilder()
                .setName("products")
                .setEntity("customer")
                .setKind(ViewKind.VIEW_KIND_SNAPSHOT)
                .setEntityKeyColumn("id")
                .setEventTimeColumn("at")
                .setKnownTime(KnownTimeRule.KNOWN_TIME_RULE_EVENT_TIME)
                .addColumns(column("picture", ValueType.VALUE_TYPE_NUMBERS).setWidth(width));
    }

    @Test
    void isServedAndTrainedOnAsASequence() {
        store.define(definition(products(4)), definition(churn()), set("all", "products.picture"));
        store.ingestCsv(
                "products",
                "1",
                "id,at,picture\na,2024-05-01,0 -1.5 255 1e-3\nb,2024-05-01,\nc,2024-05-01,[1; 2; 3; 4]");
        store.ingestCsv("products", "2", "id,at,picture\na,2024-05-20,9 9 9 9");
        store.ingestCsv("churn", "3", "id,at,left\na,2024-05-10,yes\nb,2024-05-10,no\na,2024-05-21,no");

        FeatureBlock now = store.features("all", "a", "b", "c").getBlock();
        NumberColumn served = now.getColumns(0).getNumbers();
        assertThat(served.getWidth()).isEqualTo(4);
        assertThat(served.getValuesList())
                .startsWith(9.0, 9.0, 9.0, 9.0, Double.NaN)
                .endsWith(1.0, 2.0, 3.0, 4.0);

        FeatureBlock rows = store.trainingSet("all", "churn").get(0).getBlock();
        NumberColumn trained = rows.getColumns(0).getNumbers();
        assertThat(trained.getWidth()).isEqualTo(4);
        int early = rows.getEntityKeysList().indexOf("a");
        assertThat(trained.getValuesList().subList(4 * early, 4 * early + 4))
                .as("what was known on 10 May, as 32-bit floats")
                .containsExactly(0.0, -1.5, 255.0, (double) 1e-3f);
    }

    @Test
    void quarantinesCellsOfAnotherLength() {
        store.define(definition(products(3)));
        store.ingestCsv(
                "products",
                "1",
                "id,at,picture\na,2024-05-01,1 2\nb,2024-05-01,1 2 x\nc,2024-05-01,1 2 1e39\nd,2024-05-01,1|2|3");

        assertThat(store.quarantine("products"))
                .extracting(QuarantinedRow::getReason)
                .containsExactlyInAnyOrder("NUMBER_COUNT", "NOT_A_NUMBER", "NOT_FINITE");
        assertThat(store.quarantine("products"))
                .extracting(QuarantinedRow::getMessage)
                .anySatisfy(
                        message -> assertThat(message).contains("picture: '1 2' (expected: 3 numbers", "there are 2"));
        assertThat(store.status("products").getRowCount()).isEqualTo(1);
    }

    @Test
    void refusesWidthsThatCannotBe() {
        StatusRuntimeException error = failure(() -> store.define(definition(products(1)
                .addColumns(column("amount", ValueType.VALUE_TYPE_NUMBER).setWidth(2))
                .addColumns(column("vector", ValueType.VALUE_TYPE_NUMBERS).setWidth(20_000))
                .addColumns(column("filled", ValueType.VALUE_TYPE_NUMBERS)
                        .setWidth(2)
                        .setCleaning(Cleaning.newBuilder()
                                .setMissing(MissingRule.MISSING_RULE_CONSTANT)
                                .setFillValue("0 0"))))));

        assertFailure(error, Status.Code.INVALID_ARGUMENT, "DEFINITION_INVALID");
        String columns = "definitions[0].feature_view.columns";
        assertThat(StoreClient.fields(error))
                .containsExactlyInAnyOrder(
                        columns + "[0].width",
                        columns + "[1].width",
                        columns + "[2].width",
                        columns + "[3].cleaning.missing");
    }

    @Test
    void keepsItsWidth() {
        store.define(definition(products(4)));

        StatusRuntimeException error = failure(() -> store.define(definition(products(5))));

        assertThat(StoreClient.fields(error)).singleElement().asString().endsWith("columns['picture'].width");
    }

    @Test
    void isNeitherALabelNorWhatFiltersCompare() {
        StatusRuntimeException label = failure(() -> store.define(
                definition(churn().setType(ValueType.VALUE_TYPE_NUMBERS).clearPositiveText())));
        assertThat(StoreClient.fields(label)).singleElement().asString().endsWith("type");

        FeatureView.Builder events = products(4)
                .setKind(ViewKind.VIEW_KIND_EVENTS)
                .addAggregations(Definitions.aggregation("n", AggregateFunction.AGGREGATE_FUNCTION_COUNT, "", 30, 1)
                        .putFilter("picture", "1 2 3 4"));
        StatusRuntimeException filter = failure(() -> store.define(definition(events)));
        assertThat(StoreClient.fields(filter)).singleElement().asString().endsWith("filter");
    }
}
