package io.foresell.feature;

import static io.foresell.feature.Definitions.definition;
import static io.foresell.feature.Definitions.orders;
import static io.foresell.feature.Definitions.profile;
import static io.foresell.feature.Definitions.set;
import static io.foresell.feature.PredictionRecords.id;
import static io.foresell.feature.PredictionRecords.ofPrediction;
import static io.foresell.feature.PredictionRecords.ofSubject;
import static io.foresell.feature.PredictionRecords.record;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.foresell.proto.feature.v1.EraseEntityRequest;
import io.foresell.proto.feature.v1.ErasedEntity;
import io.foresell.proto.feature.v1.ErasureReceipt;
import io.foresell.proto.feature.v1.ListErasedEntitiesRequest;
import io.foresell.proto.feature.v1.ListErasedEntitiesResponse;
import io.foresell.proto.feature.v1.ListErasureReceiptsRequest;
import io.foresell.proto.prediction.v1.AppendPredictionsRequest;
import io.foresell.proto.prediction.v1.ListPredictionsRequest;
import io.foresell.proto.prediction.v1.ReportOutcomesRequest;
import io.grpc.Status;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/** How a customer is forgotten, whole, while the others stay. Now is 2024-06-01T00:00:00Z. */
abstract class ErasureContract extends RunningFeatureStore {
    private static final String MAY = "2024-05-10T08:00:00Z";

    private void fill() {
        store.define(definition(orders()), definition(profile()), set("all", "profile.age"));
        StringBuilder orders = new StringBuilder("id,at,order_id,amount,kind");
        for (int i = 0; i < 450; i++) { // three buckets
            orders.append("\na,2024-05-01,o%d,%d,web".formatted(i, i % 90));
        }
        orders.append(
                "\nab,2024-05-01,x1,7,web\na,2024-05-01,bad,wrong,web\n a ,2024-05-02,bad2,wrong,web\nb,2024-05-02,bad3,a-b,web");
        store.ingestCsv("orders", "1", orders.toString());
        store.ingestCsv(
                "profile",
                "1",
                "id,at,seen,age,plan,since,vip\na,2024-05-10,2024-05-10,30,paid,2024-05-22,y\nb,2024-05-10,2024-05-10,40,paid,2024-05-22,y");
        store.predictionLog()
                .appendPredictions(AppendPredictionsRequest.newBuilder()
                        .addRecords(record(id(MAY, 1), "a", 0.5))
                        .addRecords(record(id(MAY, 2), "b", 0.5))
                        .build());
        store.predictionLog()
                .reportOutcomes(ReportOutcomesRequest.newBuilder()
                        .addOutcomes(ofPrediction(id(MAY, 1), 1))
                        .addOutcomes(ofSubject("a", "2024-05-01T00:00:00Z", "2024-05-20T00:00:00Z", 1))
                        .addOutcomes(ofSubject("b", "2024-05-01T00:00:00Z", "2024-05-20T00:00:00Z", 0))
                        .build());
    }

    private EraseEntityRequest.Builder order(String key) {
        return EraseEntityRequest.newBuilder()
                .setEntity("customer")
                .setEntityKey(key)
                .setReason("request 17")
                .setActor("mei");
    }

    private ErasureReceipt erase(EraseEntityRequest.Builder order) {
        return store.erasure().eraseEntity(order.build()).getReceipt();
    }

    private static Map<String, Long> counts(ErasureReceipt receipt) {
        Map<String, Long> counts = new TreeMap<>();
        receipt.getPartsList()
                .forEach(part -> counts.put(
                        part.getView().isEmpty() ? part.getPlace() : part.getPlace() + " " + part.getView(),
                        part.getCount()));
        return counts;
    }

    private List<String> predictionsOf(String subject) {
        return store
                .predictionLog()
                .listPredictions(
                        ListPredictionsRequest.newBuilder().setSubject(subject).build())
                .getPredictionsList()
                .stream()
                .map(logged -> logged.getRecord().getPredictionId())
                .toList();
    }

    @Test
    void forgetsACustomerEverywhereAndNobodyElse() {
        fill();
        Map<String, Long> expected = Map.of(
                "online",
                1L,
                "history orders",
                450L,
                "history profile",
                1L,
                "quarantine",
                2L,
                "predictions",
                1L,
                "outcomes",
                2L);
        ErasureReceipt dry = erase(order("a").setIsDryRun(true));
        assertThat(counts(dry)).containsExactlyInAnyOrderEntriesOf(expected);
        assertThat(dry.getReceiptId()).isEmpty();
        assertThat(store.features("all", "a").getUnknownEntityKeysList())
                .as("a dry run")
                .isEmpty();

        ErasureReceipt receipt = erase(order("a"));

        assertThat(counts(receipt)).containsExactlyInAnyOrderEntriesOf(expected);
        assertThat(receipt.getReceiptId()).isNotEmpty();
        assertThat(receipt.getErasedAtMillis()).isEqualTo(millis(NOW));
        assertThat(receipt.toString()).as("names nobody").doesNotContain("\"a\"");
        assertThat(store.features("all", "a", "b").getUnknownEntityKeysList()).containsExactly("a");
        assertThat(store.status("orders").getRowCount())
                .as("a key that begins alike stays")
                .isEqualTo(1);
        assertThat(store.quarantine("orders")).singleElement().satisfies(row -> assertThat(row.getValuesMap())
                .containsValue("b"));
        assertThat(predictionsOf("a")).isEmpty();
        assertThat(predictionsOf("b")).hasSize(1);
    }

    @Test
    void erasingAgainIsSafeAndHasAReceiptOfItsOwn() {
        fill();
        ErasureReceipt first = erase(order("a"));
        clock.set("2024-06-02T00:00:00Z");
        ErasureReceipt second = erase(order("a"));
        erase(order("b"));

        assertThat(counts(second))
                .allSatisfy((place, count) -> assertThat(count).as(place).isZero());
        assertThat(second.getKeyDigest()).isEqualTo(first.getKeyDigest());
        assertThat(store.erasure()
                        .listErasureReceipts(ListErasureReceiptsRequest.newBuilder()
                                .setEntity("customer")
                                .setEntityKey("a")
                                .build())
                        .getReceiptsList())
                .containsExactly(second, first);
        assertThat(store.erasure()
                        .listErasureReceipts(ListErasureReceiptsRequest.getDefaultInstance())
                        .getReceiptsList())
                .hasSize(3);
    }

    private ListErasedEntitiesResponse erasedWithin(int seconds) {
        return store.erasure()
                .listErasedEntities(ListErasedEntitiesRequest.newBuilder()
                        .setWithinSeconds(seconds)
                        .build());
    }

    @Test
    void tellsWhomItErasedLatelyToThoseWhoKnowTheKey() {
        fill();
        erase(order("b").setIsDryRun(true));
        assertThat(erasedWithin(200_000).getErasedList()).isEmpty();
        ErasureReceipt first = erase(order("a"));
        clock.set("2024-06-01T00:01:40Z");
        ErasureReceipt second = erase(order("b"));

        // SHA-256 of "customer", a line feed and "a"; others compute it for themselves.
        assertThat(first.getKeyDigest()).isEqualTo("50f864ca7f6c4627b51a63ceb38753579a7bdca0cb36cbea3a8840e842cccf28");
        assertThat(erasedWithin(100).getHasMore()).isFalse();
        assertThat(erasedWithin(100).getErasedList())
                .extracting(ErasedEntity::getEntity, ErasedEntity::getKeyDigest)
                .containsExactly(tuple("customer", second.getKeyDigest()), tuple("customer", first.getKeyDigest()));
        assertThat(erasedWithin(99).getErasedList())
                .extracting(ErasedEntity::getKeyDigest)
                .containsExactly(second.getKeyDigest());
        assertFailure(failure(() -> erasedWithin(0)), Status.Code.INVALID_ARGUMENT, "TIME_OUT_OF_RANGE");
        assertFailure(failure(() -> erasedWithin(200_001)), Status.Code.INVALID_ARGUMENT, "TIME_OUT_OF_RANGE");
    }

    @Test
    void recordsOnTheirWayAreRefusedAndNewEventsTaken() {
        fill();
        erase(order("a"));

        assertThat(store.predictionLog()
                        .appendPredictions(AppendPredictionsRequest.newBuilder()
                                .addRecords(record(id(MAY, 3), "a", 0.5))
                                .build())
                        .getRefusedCount())
                .isEqualTo(1);
        clock.set("2024-06-03T00:00:00Z");
        store.ingestCsv("profile", "2", "id,at,seen,age,plan,since,vip\na,2024-06-02,2024-06-02,31,free,2024-06-02,n");
        assertThat(store.features("all", "a")
                        .getBlock()
                        .getColumns(0)
                        .getNumbers()
                        .getValues(0))
                .as("came back as a new customer")
                .isEqualTo(31);
    }

    @Test
    void saysWhatIsWrongWithAnOrder() {
        fill();
        assertFailure(
                failure(() -> erase(order("a").setEntity("costumer"))), Status.Code.NOT_FOUND, "ENTITY_NOT_FOUND");
        assertFailure(failure(() -> erase(order(""))), Status.Code.INVALID_ARGUMENT, "ERASURE_INVALID");
        assertFailure(
                failure(() -> erase(order("a").setReason("x".repeat(501)))),
                Status.Code.INVALID_ARGUMENT,
                "ERASURE_INVALID");
        assertFailure(
                failure(() -> store.erasure()
                        .listErasureReceipts(ListErasureReceiptsRequest.newBuilder()
                                .setEntityKey("a")
                                .build())),
                Status.Code.INVALID_ARGUMENT,
                "FILTER_REQUIRED");
    }
}
