package io.foresell.feature;

import static io.foresell.feature.Definitions.aggregation;
import static io.foresell.feature.Definitions.churn;
import static io.foresell.feature.Definitions.column;
import static io.foresell.feature.Definitions.definition;
import static io.foresell.feature.Definitions.orders;
import static io.foresell.feature.Definitions.profile;
import static io.foresell.feature.Definitions.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;
import static org.assertj.core.api.Assertions.tuple;

import io.foresell.feature.database.MongoSettings;
import io.foresell.feature.define.TypedText;
import io.foresell.feature.trainingset.TrainingSetLimits;
import io.foresell.kit.ServiceProcess;
import io.foresell.kit.Telemetry;
import io.foresell.kit.WireSettings;
import io.foresell.proto.feature.v1.AggregateFunction;
import io.foresell.proto.feature.v1.Cleaning;
import io.foresell.proto.feature.v1.Definition;
import io.foresell.proto.feature.v1.Entity;
import io.foresell.proto.feature.v1.FeatureBlock;
import io.foresell.proto.feature.v1.GetFeaturesRequest;
import io.foresell.proto.feature.v1.GetFeaturesResponse;
import io.foresell.proto.feature.v1.IngestHeader;
import io.foresell.proto.feature.v1.IngestRequest;
import io.foresell.proto.feature.v1.IngestResponse;
import io.foresell.proto.feature.v1.KnownTimeRule;
import io.foresell.proto.feature.v1.LabelView;
import io.foresell.proto.feature.v1.ListDefinitionsRequest;
import io.foresell.proto.feature.v1.ListQuarantineRequest;
import io.foresell.proto.feature.v1.ListQuarantineResponse;
import io.foresell.proto.feature.v1.MissingRule;
import io.foresell.proto.feature.v1.OutlierRule;
import io.foresell.proto.feature.v1.QuarantinedRow;
import io.foresell.proto.feature.v1.ReplayQuarantineRequest;
import io.foresell.proto.feature.v1.ReplayQuarantineResponse;
import io.foresell.proto.feature.v1.ReplayRow;
import io.foresell.proto.feature.v1.SourceRow;
import io.foresell.proto.feature.v1.StoredDefinition;
import io.foresell.proto.feature.v1.StreamTrainingSetRequest;
import io.foresell.proto.feature.v1.StreamTrainingSetResponse;
import io.foresell.proto.feature.v1.ValueType;
import io.foresell.proto.feature.v1.ViewIngestCounts;
import io.foresell.proto.feature.v1.ViewStatus;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What a feature store promises, asked over gRPC of a server on some MongoDB. */
abstract class FeatureStoreContract {
    private static final String NOW = "2024-06-01T00:00:00Z";

    private final ServiceProcess.Resources resources = new ServiceProcess.Resources();
    final TestClock clock = new TestClock();
    StoreClient store;

    /** Returns where the database is. */
    abstract String mongoUri();

    @BeforeEach
    void start() {
        Telemetry telemetry = resources.add(Telemetry.local("test"));
        String database = "test_" + UUID.randomUUID().toString().replace("-", "");
        FeatureStoreServer server = resources.add(FeatureStoreServer.start(
                FeatureStoreConfig.of(WireSettings.local(0, 0), MongoSettings.of(mongoUri(), database)),
                telemetry,
                clock));
        store = resources.add(new StoreClient(server.grpcPort()));
    }

    @AfterEach
    void stop() {
        resources.close();
    }

    private static StatusRuntimeException failure(Runnable call) {
        return catchThrowableOfType(StatusRuntimeException.class, call::run);
    }

    private static void assertFailure(StatusRuntimeException error, Status.Code code, String reason) {
        assertThat(error).isNotNull();
        assertThat(error.getStatus().getCode()).as(error.getMessage()).isEqualTo(code);
        assertThat(StoreClient.reason(error)).as(error.getMessage()).isEqualTo(reason);
    }

    private static long millis(String instant) {
        return Instant.parse(instant).toEpochMilli();
    }

    // Definitions

    @Test
    void namesEveryFieldAtFaultAndStoresNothing() {
        Definition bad = definition(profile()
                .setName("Bad Name")
                .setKnownTimeColumn("")
                .addColumns(column("age", ValueType.VALUE_TYPE_UNSPECIFIED))
                .addColumns(column("low", ValueType.VALUE_TYPE_NUMBER).setMin(3).setMax(1))
                .addColumns(column("text", ValueType.VALUE_TYPE_TEXT).setMin(3)));

        StatusRuntimeException error = failure(() -> store.define(definition(churn()), bad));

        assertFailure(error, Status.Code.INVALID_ARGUMENT, "DEFINITION_INVALID");
        String view = "definitions[1].feature_view.";
        assertThat(StoreClient.fields(error))
                .containsExactlyInAnyOrder(
                        view + "name",
                        view + "known_time_column",
                        view + "columns[4]",
                        view + "columns[4].type",
                        view + "columns[5].min",
                        view + "columns[6].min");
        assertThat(store.blocking()
                        .listDefinitions(ListDefinitionsRequest.getDefaultInstance())
                        .getDefinitionsList())
                .isEmpty();
    }

    @Test
    void countsVersionsAndChangesNothingForAnEqualDefinition() {
        StoredDefinition first = store.define(definition(profile())).get(0);
        StoredDefinition again = store.define(definition(profile())).get(0);
        StoredDefinition described = store.define(definition(profile().setDescription("who they are")))
                .get(0);
        StoredDefinition wider = store.define(
                        definition(profile().addColumns(column("city", ValueType.VALUE_TYPE_TEXT))))
                .get(0);

        assertThat(first.getVersion()).isEqualTo(1);
        assertThat(first.getHash()).matches("[0-9a-f]{64}");
        assertThat(again).isEqualTo(first);
        assertThat(described.getVersion()).isEqualTo(2);
        assertThat(described.getHash()).isEqualTo(first.getHash());
        assertThat(wider.getVersion()).isEqualTo(3);
        assertThat(wider.getHash()).isNotEqualTo(first.getHash());
    }

    @Test
    void changesTheHashOfASetWithTheMeaningOfItsViews() {
        Definition set = set("all", "profile.age");
        String before = store.define(definition(profile()), set).get(1).getHash();
        store.define(definition(profile().setDescription("words")));
        String described = store.define(set).get(0).getHash();
        store.define(definition(
                profile().setDescription("words").clearKnownTimeColumn().clearKnownTime()));
        String after = store.define(set).get(0).getHash();

        assertThat(described).isEqualTo(before);
        assertThat(after).isNotEqualTo(before);
    }

    @Test
    void listsDefinitionsByKindAndNameAndMakesMissingEntities() {
        store.define(definition(profile()), definition(churn()), definition(orders()), set("all", "profile.age"));

        List<StoredDefinition> listed = store.blocking()
                .listDefinitions(ListDefinitionsRequest.getDefaultInstance())
                .getDefinitionsList();

        assertThat(listed)
                .extracting(stored -> stored.getDefinition().getKindCase())
                .containsExactly(
                        Definition.KindCase.ENTITY,
                        Definition.KindCase.FEATURE_VIEW,
                        Definition.KindCase.FEATURE_VIEW,
                        Definition.KindCase.LABEL_VIEW,
                        Definition.KindCase.FEATURE_SET);
        assertThat(listed.get(0).getDefinition().getEntity())
                .isEqualTo(Entity.newBuilder().setName("customer").build());
        assertThat(listed.get(1).getDefinition().getFeatureView().getName()).isEqualTo("orders");
    }

    @Test
    void refusesReferencesToWhatIsMissingWithTheNearestName() {
        store.define(definition(profile()));

        StatusRuntimeException error =
                failure(() -> store.define(set("all", "profile.agee", "profil.plan", "profile.vip")));

        assertFailure(error, Status.Code.FAILED_PRECONDITION, "REFERENCE_MISSING");
        assertThat(error.getStatus().getDescription())
                .contains("'agee'", "nearest: age", "'profil'", "nearest: profile");
    }

    @Test
    void keepsTypesAndUsedFeaturesOfAStoredView() {
        store.define(definition(profile()), set("all", "profile.age"));

        StatusRuntimeException retyped = failure(
                () -> store.define(definition(profile().setColumns(0, column("age", ValueType.VALUE_TYPE_TEXT)))));
        StatusRuntimeException dropped =
                failure(() -> store.define(definition(profile().removeColumns(0))));

        assertFailure(retyped, Status.Code.INVALID_ARGUMENT, "DEFINITION_INVALID");
        assertFailure(dropped, Status.Code.FAILED_PRECONDITION, "REFERENCE_MISSING");
    }

    @Test
    void storesAllDefinitionsOfConcurrentCalls() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(4);
        try {
            List<Future<?>> calls = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                String name = "view_" + i;
                calls.add(threads.submit(() -> store.define(definition(profile().setName(name)))));
            }
            for (Future<?> call : calls) {
                call.get();
            }
        } finally {
            threads.shutdownNow();
        }
        assertThat(store.blocking()
                        .listDefinitions(ListDefinitionsRequest.getDefaultInstance())
                        .getDefinitionsCount())
                .isEqualTo(5);
    }

    // Ingest

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

    // Quarantine

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

    // Online features

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

    // Training sets

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
        FeatureStoreConfig narrow =
                new FeatureStoreConfig(defaults.wire(), defaults.mongo(), 100, 1, 1, new TrainingSetLimits(2, 1000));
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
