package io.foresell.feature;

import static io.foresell.feature.Definitions.column;
import static io.foresell.feature.Definitions.definition;
import static io.foresell.feature.Definitions.orders;
import static io.foresell.feature.Definitions.profile;
import static io.foresell.feature.Definitions.set;
import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.feature.define.TypedText;
import io.foresell.proto.feature.v1.Cleaning;
import io.foresell.proto.feature.v1.FeatureBlock;
import io.foresell.proto.feature.v1.IngestHeader;
import io.foresell.proto.feature.v1.IngestRequest;
import io.foresell.proto.feature.v1.IngestResponse;
import io.foresell.proto.feature.v1.MissingRule;
import io.foresell.proto.feature.v1.OutlierRule;
import io.foresell.proto.feature.v1.QuarantinedRow;
import io.foresell.proto.feature.v1.SourceRow;
import io.foresell.proto.feature.v1.ValueType;
import io.foresell.proto.feature.v1.ViewIngestCounts;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Which rows a view takes, cleans, quarantines or refuses. */
abstract class IngestContract extends RunningFeatureStore {
    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "a;2024-05-01;2024-05-02;abc;free;;| age | NOT_A_NUMBER",
                "a;2024-05-01;2024-05-02;0x10;free;;| age | NOT_A_NUMBER",
                "a;2024-05-01;2024-05-02;NaN;free;;| age | NOT_A_NUMBER",
                "a;2024-05-01;2024-05-02;1e999;free;;| age | NOT_FINITE",
                "a;2024-05-01;2024-05-02;121;free;;| age | OUT_OF_RANGE",
                "a;2024-05-01;2024-05-02;30;fre;;| plan | NOT_A_CATEGORY",
                "a;2024-05-01;2024-05-02;30;free;31/12/2020;| since | NOT_A_TIMESTAMP",
                "a;2024-05-01;2024-05-02;30;free;2020-02-30;| since | NOT_A_TIMESTAMP",
                "a;2024-05-01;2024-05-02;30;free;;maybe| vip | NOT_A_BOOLEAN",
                "a;yesterday;2024-05-02;30;free;;| at | TIME_INVALID",
                "a;;2024-05-02;30;free;;| at | TIME_MISSING",
                "a;2024-05-01;2024-06-02;30;free;;| seen | KNOWN_TIME_IN_FUTURE",
                "' ;2024-05-01;2024-05-02;30;free;;'| id | KEY_MISSING",
                "a;2024-05-01;2024-05-02;30;free;| '' | ROW_LENGTH",
                "a;2024-05-01;2024-05-02;30;free;;;extra| '' | ROW_LENGTH"
            })
    void quarantinesARowThatTheViewRefuses(String values, String column, String reason) {
        store.define(definition(profile()));
        List<String> columns = List.of("id", "at", "seen", "age", "plan", "since", "vip");
        SourceRow bad = StoreClient.row(7, values.split(";", -1));
        SourceRow good =
                StoreClient.row(8, "b", "2024-05-01T10:00+02:00", "2024-05-02 10:00", "1.5e1", "paid", "", "Yes");

        IngestResponse response =
                store.ingest(StoreClient.requests(List.of("profile"), "batch", columns, List.of(bad, good)));

        ViewIngestCounts counts = response.getViews(0);
        assertThat(counts.getAcceptedCount()).isEqualTo(1);
        assertThat(counts.getQuarantinedCount()).isEqualTo(1);
        QuarantinedRow row = store.quarantine("profile").get(0);
        assertThat(row).isEqualTo(response.getFirstQuarantined(0));
        assertThat(row.getReason()).isEqualTo(reason);
        assertThat(row.getColumn()).isEqualTo(column);
        assertThat(row.getLineNumber()).isEqualTo(7);
        assertThat(row.getMessage()).contains("expected:");
        assertThat(row.getValuesMap()).hasSize(values.split(";", -1).length);
    }

    static Stream<Arguments> datesOfTheTable() throws IOException {
        return Files.readAllLines(Path.of("..", "docs", "bad-input.md")).stream()
                .dropWhile(line -> !line.equals("## Dates"))
                .skip(1)
                .takeWhile(line -> !line.startsWith("#"))
                .filter(line -> line.startsWith("| `"))
                .map(line ->
                        line.substring(1, line.length() - 1).replace("`", "").split("\\|", -1))
                .map(cells -> Arguments.of(cells[0].strip(), cells[1].strip(), cells[2].strip()));
    }

    /** The table of docs/bad-input.md, in a column and as the time of a row: what it does not take is quarantined in its words. */
    @ParameterizedTest
    @MethodSource("datesOfTheTable")
    void readsDatesAsTheTableSays(String text, String reason, String said) throws Exception {
        store.define(definition(profile()));
        List<String> columns = List.of("id", "at", "seen", "age", "plan", "since", "vip");
        SourceRow inColumn = StoreClient.row(2, "a", "2019-12-31", "2020-01-01", "30", "free", text, "");
        SourceRow asTime = StoreClient.row(3, "b", text, "2024-05-31", "30", "free", "", "");

        IngestResponse response =
                store.ingest(StoreClient.requests(List.of("profile"), "batch", columns, List.of(inColumn, asTime)));

        if (reason.equals("accepted")) {
            assertThat(TypedText.millis(text)).isEqualTo(Instant.parse(said).toEpochMilli());
            assertThat(response.getViews(0).getQuarantinedCount()).isZero();
            assertThat(response.getViews(0).getAcceptedCount()).isEqualTo(2);
            return;
        }
        assertThat(response.getFirstQuarantinedList())
                .extracting(QuarantinedRow::getReason)
                .containsExactly(reason, "TIME_INVALID");
        assertThat(response.getFirstQuarantined(0).getMessage()).isEqualTo("since: " + said);
        assertThat(response.getFirstQuarantined(1).getMessage()).isEqualTo("at: " + said);
    }

    @Test
    void quarantinesTextsAndKeysThatAreTooLong() {
        store.define(definition(orders()));
        List<SourceRow> rows = List.of(
                StoreClient.row(2, "a", "2024-05-01", "1", "1", "x".repeat(10_001)),
                StoreClient.row(3, "k".repeat(257), "2024-05-01", "2", "1", "web"),
                StoreClient.row(4, "a", "2024-05-01", "", "1", "web"));

        IngestResponse response = store.ingest(StoreClient.requests(
                List.of("orders"), "batch", List.of("id", "at", "order_id", "amount", "kind"), rows));

        assertThat(response.getFirstQuarantinedList())
                .extracting(QuarantinedRow::getReason)
                .containsExactly("TEXT_TOO_LONG", "KEY_TOO_LONG", "EVENT_ID_MISSING");
    }

    @Test
    void cleansAsDeclaredAndCountsEveryChange() {
        store.define(
                definition(profile()
                        .clearColumns()
                        .addColumns(column("age", ValueType.VALUE_TYPE_NUMBER)
                                .setMin(0)
                                .setMax(120)
                                .setCleaning(Cleaning.newBuilder().setOutlier(OutlierRule.OUTLIER_RULE_CLIP)))
                        .addColumns(column("debt", ValueType.VALUE_TYPE_NUMBER)
                                .setMin(0)
                                .setCleaning(Cleaning.newBuilder().setOutlier(OutlierRule.OUTLIER_RULE_DROP)))
                        .addColumns(column("plan", ValueType.VALUE_TYPE_TEXT)
                                .setCleaning(Cleaning.newBuilder()
                                        .setMissing(MissingRule.MISSING_RULE_CONSTANT)
                                        .setFillValue("free")
                                        .addMissingTexts("NA")))
                        .addColumns(column("city", ValueType.VALUE_TYPE_TEXT)
                                .setRequired(true)
                                .setCleaning(Cleaning.newBuilder().setMissing(MissingRule.MISSING_RULE_LAST)))),
                set("all", "profile.age", "profile.debt", "profile.plan", "profile.city"));

        IngestResponse response = store.ingestCsv(
                "profile",
                "batch",
                """
                id,at,seen,age,debt,plan,city
                a,2024-05-01,2024-05-01,130,-1,NA,Rome
                a,2024-05-02,2024-05-02,30,5,paid,
                b,2024-05-02,2024-05-02,30,5,,
                """);

        assertThat(response.getViews(0).getAcceptedCount()).isEqualTo(2);
        assertThat(response.getViews(0).getCleanedCountsMap())
                .isEqualTo(Map.of(
                        "age: clip",
                        1L,
                        "debt: drop",
                        1L,
                        "plan: missing_text",
                        1L,
                        "plan: constant",
                        1L,
                        "city: last",
                        1L));
        assertThat(response.getFirstQuarantined(0).getReason()).isEqualTo("REQUIRED_MISSING");
        FeatureBlock block = store.features("all", "a").getBlock();
        assertThat(block.getColumns(0).getNumbers().getValuesList()).containsExactly(30.0);
        assertThat(block.getColumns(3).getTexts().getDictionaryList()).containsExactly("Rome");
    }

    @Test
    void keepsNothingOfAMalformedStream() {
        store.define(
                definition(profile()),
                definition(orders()),
                definition(orders().setName("other").setEntityKeyColumn("customer")));
        List<String> columns = List.of("id", "at", "seen", "age", "plan", "since", "vip");
        SourceRow row = StoreClient.row(2, "a", "2024-05-01", "2024-05-01", "30", "free", "", "");
        List<SourceRow> tooMany = new ArrayList<>();
        for (int line = 1; line <= 10_001; line++) {
            tooMany.add(row.toBuilder().setLineNumber(line).build());
        }
        List<SourceRow> one = List.of(row);

        assertMalformed("EMPTY_SOURCE", StoreClient.requests(List.of("profile"), "b", columns, List.of()));
        assertMalformed(
                "HEADER_MISSING",
                List.of(IngestRequest.newBuilder().addRows(row).build()));
        assertMalformed("HEADER_MISSING", List.of());
        assertMalformed("HEADER_INVALID", StoreClient.requests(List.of("profile"), "", columns, one));
        assertMalformed("HEADER_INVALID", StoreClient.requests(List.of(), "b", columns, one));
        assertMalformed("HEADER_INVALID", StoreClient.requests(List.of("profile"), "b", columns.subList(0, 6), one));
        assertMalformed("HEADER_INVALID", StoreClient.requests(List.of("profile"), "b", columns.subList(1, 7), one));
        assertMalformed("HEADER_INVALID", StoreClient.requests(List.of("profile", "other"), "b", columns, one));
        assertMalformed(
                "ROW_COUNT",
                List.of(IngestRequest.newBuilder()
                        .setHeader(IngestHeader.newBuilder()
                                .addViews("profile")
                                .addAllColumns(columns)
                                .setBatchId("b"))
                        .addAllRows(tooMany)
                        .build()));
        assertMalformed(
                "LINE_NUMBER",
                StoreClient.requests(
                        List.of("profile"),
                        "b",
                        columns,
                        List.of(row, row.toBuilder().setLineNumber(0).build())));
        StatusRuntimeException unknown =
                failure(() -> store.ingest(StoreClient.requests(List.of("profle"), "b", columns, one)));
        assertFailure(unknown, Status.Code.NOT_FOUND, "VIEW_NOT_FOUND");
        assertThat(unknown.getMessage()).contains("nearest: profile");
        assertThat(store.status("profile").getRowCount()).isZero();
        assertThat(store.status("profile").getQuarantinedCount()).isZero();
    }

    private void assertMalformed(String reason, List<IngestRequest> stream) {
        assertFailure(failure(() -> store.ingest(stream)), Status.Code.INVALID_ARGUMENT, reason);
    }

    @Test
    void namesColumnsThatNoViewDeclares() {
        store.define(definition(orders()));

        IngestResponse response =
                store.ingestCsv("orders", "o", "id,colour,at,order_id,amount,kind\na,red,2024-05-01,1,10,web");

        assertThat(response.getIgnoredColumnsList()).containsExactly("colour");
        assertThat(response.getViews(0).getAcceptedCount()).isEqualTo(1);
    }
}
