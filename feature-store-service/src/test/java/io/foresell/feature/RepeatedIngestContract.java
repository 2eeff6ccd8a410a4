package io.foresell.feature;

import static io.foresell.feature.Definitions.churn;
import static io.foresell.feature.Definitions.column;
import static io.foresell.feature.Definitions.definition;
import static io.foresell.feature.Definitions.orders;
import static io.foresell.feature.Definitions.profile;
import static io.foresell.feature.Definitions.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.tuple;

import io.foresell.proto.feature.v1.FeatureBlock;
import io.foresell.proto.feature.v1.IngestRequest;
import io.foresell.proto.feature.v1.IngestResponse;
import io.foresell.proto.feature.v1.QuarantinedRow;
import io.foresell.proto.feature.v1.SourceRow;
import io.foresell.proto.feature.v1.ValueType;
import io.foresell.proto.feature.v1.ViewIngestCounts;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** Rows that come twice: in one file, in a batch sent again, in streams that run side by side. */
abstract class RepeatedIngestContract extends RunningFeatureStore {
    @Test
    void changesNothingWhenABatchIsSentAgain() {
        store.define(definition(profile()), definition(orders()));
        String profiles =
                "id,at,seen,age,plan,since,vip\na,2024-05-01,2024-05-01,30,free,,\nb,2024-05-01,2024-05-01,x,free,,";
        String events = "id,at,order_id,amount,kind\na,2024-05-01,1,10,web\na,2024-05-02,2,10,web";
        store.ingestCsv("profile", "p", profiles);
        store.ingestCsv("orders", "o", events);
        clock.set("2024-06-02T00:00:00Z");

        ViewIngestCounts again = store.ingestCsv("profile", "p", profiles).getViews(0);
        ViewIngestCounts otherBatch = store.ingestCsv("orders", "o2", events).getViews(0);

        assertThat(List.of(again.getAcceptedCount(), again.getDuplicateCount(), again.getQuarantinedCount()))
                .containsExactly(0L, 1L, 1L);
        assertThat(List.of(otherBatch.getAcceptedCount(), otherBatch.getDuplicateCount()))
                .containsExactly(0L, 2L);
        assertThat(store.status("profile").getRowCount()).isEqualTo(1);
        assertThat(store.status("profile").getQuarantinedCount()).isEqualTo(1);
        assertThat(store.status("orders").getRowCount()).isEqualTo(2);
    }

    @Test
    void acceptsARepeatAfterTheViewHasGrown() {
        store.define(definition(orders()));
        String events = "id,at,order_id,amount,kind,shop\na,2024-05-01,1,10,web,x";
        store.ingestCsv("orders", "o", events);
        store.define(definition(orders().addColumns(column("shop", ValueType.VALUE_TYPE_TEXT))));

        ViewIngestCounts counts = store.ingestCsv("orders", "o", events).getViews(0);

        assertThat(counts.getDuplicateCount()).isEqualTo(1);
    }

    @Test
    void quarantinesAnEventIdWithOtherValues() {
        store.define(definition(orders()));

        IngestResponse response = store.ingestCsv(
                "orders",
                "o",
                "id,at,order_id,amount,kind\na,2024-05-01,1,10,web\na,2024-05-01,1,10,web\na,2024-05-01,1,11,web\na,2024-05-02,1,10,web");

        assertThat(response.getViews(0).getAcceptedCount()).isEqualTo(1);
        assertThat(response.getViews(0).getDuplicateCount()).isEqualTo(1);
        assertThat(response.getFirstQuarantinedList())
                .extracting(QuarantinedRow::getReason, QuarantinedRow::getLineNumber)
                .containsExactly(tuple("DUPLICATE_EVENT_ID", 4L), tuple("DUPLICATE_EVENT_ID", 5L));
    }

    @Test
    void quarantinesTheSecondRowOfAKeyAndNamesTheFirst() {
        store.define(definition(churn().clearEventTimeColumn()), definition(profile()));

        QuarantinedRow label =
                store.ingestCsv("churn", "c", "id,left\na,yes\nb,no\na,no").getFirstQuarantined(0);
        IngestResponse profiles = store.ingestCsv(
                "profile",
                "p",
                """
                id,at,seen,age,plan,since,vip
                a,2024-05-01,2024-05-01,30,free,,
                a,2024-05-02,2024-05-02,31,free,,
                a,2024-05-02,2024-05-03,32,free,,
                a,2024-05-02,2024-05-03,33,free,,
                """);

        assertThat(label.getReason()).isEqualTo("DUPLICATE_KEY");
        assertThat(label.getMessage()).contains("'a'", "line 2");
        assertThat(profiles.getViews(0).getAcceptedCount()).isEqualTo(3);
        assertThat(profiles.getFirstQuarantined(0).getMessage()).contains("line 4");
    }

    @Test
    void losesNoRowOfStreamsThatWriteTheSameEntities() throws Exception {
        store.define(definition(orders()));
        int streams = 4;
        int rowsPerStream = 900;
        ExecutorService threads = Executors.newFixedThreadPool(streams);
        List<Future<IngestResponse>> calls = new ArrayList<>();
        try {
            for (int stream = 0; stream < streams; stream++) {
                List<SourceRow> rows = new ArrayList<>();
                for (int i = 0; i < rowsPerStream; i++) {
                    // A third of the event ids are sent by every stream, the others by one.
                    String id = i % 3 == 0 ? "shared-" + i : stream + "-" + i;
                    rows.add(StoreClient.row(i + 1, "key" + i % 3, "2024-05-20", id, "1", "web"));
                }
                List<IngestRequest> requests = StoreClient.requests(
                        List.of("orders"), "b" + stream, List.of("id", "at", "order_id", "amount", "kind"), rows);
                calls.add(threads.submit(() -> store.ingest(requests)));
            }
            long accepted = 0;
            long duplicates = 0;
            for (Future<IngestResponse> call : calls) {
                accepted += call.get().getViews(0).getAcceptedCount();
                duplicates += call.get().getViews(0).getDuplicateCount();
            }
            assertThat(accepted).isEqualTo(300 + streams * 600L);
            assertThat(accepted + duplicates).isEqualTo((long) streams * rowsPerStream);
        } finally {
            threads.shutdownNow();
        }
        assertThat(store.status("orders").getRowCount()).isEqualTo(300 + streams * 600L);
        assertThat(store.status("orders").getEntityCount()).isEqualTo(3);
        store.define(set("all", "orders.order_count"));
        FeatureBlock block = store.features("all", "key0", "key1", "key2").getBlock();
        assertThat(block.getColumns(0).getNumbers().getValuesList().stream()
                        .mapToDouble(Double::doubleValue)
                        .sum())
                .isEqualTo(300 + streams * 600.0);
    }
}
