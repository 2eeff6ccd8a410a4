package io.foresell.feature;

import static io.foresell.feature.Definitions.definition;
import static io.foresell.feature.Definitions.orders;
import static io.foresell.feature.Definitions.profile;
import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.proto.feature.v1.ListQuarantineRequest;
import io.foresell.proto.feature.v1.ListQuarantineResponse;
import io.foresell.proto.feature.v1.QuarantinedRow;
import io.foresell.proto.feature.v1.ReplayQuarantineRequest;
import io.foresell.proto.feature.v1.ReplayQuarantineResponse;
import io.foresell.proto.feature.v1.ReplayRow;
import io.grpc.Status;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How refused rows are listed and replayed. */
abstract class QuarantineContract extends RunningFeatureStore {
    @Test
    void listsQuarantineInPagesNewestFirst() {
        store.define(definition(orders()), definition(profile()));
        StringBuilder csv = new StringBuilder("id,at,order_id,amount,kind");
        for (int i = 0; i < 25; i++) {
            csv.append("\na,2024-05-01,").append(i).append(",bad,web");
        }
        store.ingestCsv("orders", "o1", csv.toString());
        clock.set("2024-06-01T00:00:01Z");
        store.ingestCsv("orders", "o2", "id,at,order_id,amount,kind\nz,2024-05-01,1,bad,web");

        List<QuarantinedRow> all = new ArrayList<>();
        String token = "";
        do {
            ListQuarantineResponse page = store.blocking()
                    .listQuarantine(ListQuarantineRequest.newBuilder()
                            .setPageSize(10)
                            .setPageToken(token)
                            .build());
            assertThat(page.getTotalCount()).isEqualTo(26);
            all.addAll(page.getRowsList());
            token = page.getNextPageToken();
        } while (!token.isEmpty());

        assertThat(all).hasSize(26).doesNotHaveDuplicates();
        assertThat(all.get(0).getSource()).isEqualTo("o2.csv");
        assertThat(store.quarantine("profile")).isEmpty();
        assertFailure(
                failure(() -> store.blocking()
                        .listQuarantine(ListQuarantineRequest.newBuilder()
                                .setPageToken("x")
                                .build())),
                Status.Code.INVALID_ARGUMENT,
                "PAGE_TOKEN_INVALID");
    }

    @Test
    void replaysCorrectedRowsAndKeepsTheOthers() {
        store.define(definition(orders()));
        store.ingestCsv(
                "orders",
                "o",
                "id,at,order_id,amount,kind\na,2024-05-01,1,1O,web\na,2024-05-01,2,12x,web\na,2024-05-01,3,7");
        List<QuarantinedRow> rows = store.quarantine("orders");
        ReplayQuarantineRequest.Builder request = ReplayQuarantineRequest.newBuilder();
        for (QuarantinedRow row : rows) {
            String corrected = row.getLineNumber() == 2 ? "10" : "twelve";
            request.addRows(ReplayRow.newBuilder().setId(row.getId()).putCorrectedValues("amount", corrected));
        }

        ReplayQuarantineResponse response = store.blocking().replayQuarantine(request.build());

        assertThat(response.getAcceptedCount()).isEqualTo(1);
        assertThat(response.getStillQuarantinedList())
                .extracting(QuarantinedRow::getReason)
                .containsExactlyInAnyOrder("NOT_A_NUMBER", "ROW_LENGTH");
        assertThat(store.quarantine("orders")).hasSize(2);
        assertThat(store.quarantine("orders"))
                .allSatisfy(row -> assertThat(row.getValuesMap()).doesNotContainValue("twelve"));
        assertThat(store.status("orders").getRowCount()).isEqualTo(1);
        String last = store.quarantine("orders").get(0).getId();
        assertFailure(
                failure(() -> store.blocking()
                        .replayQuarantine(ReplayQuarantineRequest.newBuilder()
                                .addRows(ReplayRow.newBuilder().setId(last).putCorrectedValues("amuont", "1"))
                                .build())),
                Status.Code.INVALID_ARGUMENT,
                "COLUMN_UNKNOWN");
        assertFailure(
                failure(() -> store.blocking()
                        .replayQuarantine(ReplayQuarantineRequest.newBuilder()
                                .addRows(ReplayRow.newBuilder().setId("nope"))
                                .build())),
                Status.Code.NOT_FOUND,
                "QUARANTINED_ROW_NOT_FOUND");
    }
}
