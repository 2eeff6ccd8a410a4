package io.foresell.feature;

import static io.foresell.feature.Definitions.aggregation;
import static io.foresell.feature.Definitions.churn;
import static io.foresell.feature.Definitions.column;
import static io.foresell.feature.Definitions.definition;
import static io.foresell.feature.Definitions.set;
import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.feature.database.MongoSettings;
import io.foresell.kit.ServiceProcess;
import io.foresell.kit.Telemetry;
import io.foresell.kit.WireSettings;
import io.foresell.proto.feature.v1.AggregateFunction;
import io.foresell.proto.feature.v1.FeatureBlock;
import io.foresell.proto.feature.v1.FeatureView;
import io.foresell.proto.feature.v1.IngestResponse;
import io.foresell.proto.feature.v1.KnownTimeRule;
import io.foresell.proto.feature.v1.SourceRow;
import io.foresell.proto.feature.v1.StreamTrainingSetResponse;
import io.foresell.proto.feature.v1.ValueType;
import io.foresell.proto.feature.v1.ViewKind;
import io.foresell.store.embedded.EmbeddedStore;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Random histories, delivered out of order and known late, against a plain reading of the definition over all rows. The
 * training set and the online features must both agree with it, value by value.
 */
final class PointInTimeOracleTest {
    private static final long HOUR = 3_600_000;
    private static final long DAY = 24 * HOUR;
    private static final long NOW = Instant.parse("2024-06-01T00:00:00Z").toEpochMilli();
    private static final int ENTITY_COUNT = 12;
    private static final int EVENT_COUNT = 1500;
    private static final int SNAPSHOT_COUNT = 300;
    private static final int LABEL_COUNT = 400;

    private final ServiceProcess.Resources resources = new ServiceProcess.Resources();
    private StoreClient store;

    private record Row(String key, long event, long known, int order, Double number, String text) {}

    @AfterEach
    void close() {
        resources.close();
    }

    private void start() {
        EmbeddedStore database = resources.add(EmbeddedStore.inMemory());
        Telemetry telemetry = resources.add(Telemetry.local("test"));
        FeatureStoreServer server = resources.add(FeatureStoreServer.start(
                FeatureStoreConfig.of(WireSettings.local(0, 0), MongoSettings.of(database.uri(), "oracle")),
                telemetry,
                new TestClock()));
        store = resources.add(new StoreClient(server.grpcPort()));
    }

    private static FeatureView.Builder view(String name, ViewKind kind) {
        return FeatureView.newBuilder()
                .setName(name)
                .setEntity("customer")
                .setKind(kind)
                .setEntityKeyColumn("id")
                .setEventTimeColumn("at")
                .setKnownTime(KnownTimeRule.KNOWN_TIME_RULE_COLUMN)
                .setKnownTimeColumn("seen")
                .addColumns(column("number", ValueType.VALUE_TYPE_NUMBER))
                .addColumns(column("text", ValueType.VALUE_TYPE_TEXT));
    }

    @ParameterizedTest
    @ValueSource(longs = {1, 2, 3})
    void agreesWithAPlainReadingOfTheDefinition(long seed) {
        start();
        Random random = new Random(seed);
        store.define(
                definition(view("state", ViewKind.VIEW_KIND_SNAPSHOT)),
                definition(view("events", ViewKind.VIEW_KIND_EVENTS)
                        .addAggregations(aggregation("count", AggregateFunction.AGGREGATE_FUNCTION_COUNT, "", 3, 1))
                        .addAggregations(aggregation("sum", AggregateFunction.AGGREGATE_FUNCTION_SUM, "number", 2, 5))
                        .addAggregations(aggregation("mean", AggregateFunction.AGGREGATE_FUNCTION_MEAN, "number", 4, 1)
                                .putFilter("text", "b"))
                        .addAggregations(aggregation("min", AggregateFunction.AGGREGATE_FUNCTION_MIN, "number", 1, 3))
                        .addAggregations(aggregation("max", AggregateFunction.AGGREGATE_FUNCTION_MAX, "number", 6, 1))
                        .addAggregations(
                                aggregation("distinct", AggregateFunction.AGGREGATE_FUNCTION_DISTINCT, "text", 5, 2))
                        .addAggregations(
                                aggregation("recency", AggregateFunction.AGGREGATE_FUNCTION_RECENCY_DAYS, "", 10, 1))
                        .addAggregations(
                                aggregation("tenure", AggregateFunction.AGGREGATE_FUNCTION_TENURE_DAYS, "", 10, 1))
                        .addAggregations(
                                aggregation("gap", AggregateFunction.AGGREGATE_FUNCTION_MEAN_GAP_DAYS, "", 10, 1))),
                definition(churn()),
                set(
                        "all",
                        "state.number",
                        "state.text",
                        "events.count",
                        "events.sum",
                        "events.mean",
                        "events.min",
                        "events.max",
                        "events.distinct",
                        "events.recency",
                        "events.tenure",
                        "events.gap"));
        List<Row> states = rows(random, SNAPSHOT_COUNT, true);
        List<Row> events = rows(random, EVENT_COUNT, false);
        List<Row> labels = rows(random, LABEL_COUNT, true);
        send("state", states, true);
        send("events", events, true);
        send("churn", labels, false);

        int row = 0;
        for (StreamTrainingSetResponse response : store.trainingSet("all", "churn")) {
            FeatureBlock block = response.getBlock();
            for (int i = 0; i < block.getRowCount(); i++, row++) {
                Row label = labels.get(row);
                assertThat(block.getEntityKeys(i)).isEqualTo(label.key());
                assertRow(block, i, states, events, label.key(), label.event());
            }
        }
        assertThat(row).isEqualTo(LABEL_COUNT);
        FeatureBlock online = store.features(
                        "all", labels.stream().map(Row::key).distinct().toArray(String[]::new))
                .getBlock();
        for (int i = 0; i < online.getRowCount(); i++) {
            assertRow(online, i, states, events, online.getEntityKeys(i), NOW);
        }
        assertThat(online.getRowCount()).isEqualTo(ENTITY_COUNT);
    }

    /** Times are whole hours so that window edges are hit; some events lie after now, and none is known after it. */
    private static List<Row> rows(Random random, int count, boolean isOnePerInstant) {
        List<Row> rows = new ArrayList<>();
        Set<List<Object>> instants = new HashSet<>();
        while (rows.size() < count) {
            String key = "k" + random.nextInt(ENTITY_COUNT);
            long event = NOW - (random.nextInt(20 * 24) - 24) * HOUR;
            long known = Math.min(NOW, event + HOUR * random.nextInt(4) * random.nextInt(48));
            if (!isOnePerInstant || instants.add(List.of(key, event))) {
                Double number = random.nextInt(8) == 0 ? null : (double) random.nextInt(20);
                String text = random.nextInt(8) == 0 ? null : String.valueOf((char) ('a' + random.nextInt(4)));
                rows.add(new Row(key, event, known, rows.size(), number, text));
            }
        }
        return rows;
    }

    /** Sends rows in some deliveries, as they lie. */
    private void send(String view, List<Row> rows, boolean isFeature) {
        int half = rows.size() / 3;
        send(view, rows.subList(0, half), isFeature, 1);
        send(view, rows.subList(half, rows.size()), isFeature, 2);
    }

    private void send(String view, List<Row> rows, boolean isFeature, int delivery) {
        List<SourceRow> source = new ArrayList<>();
        for (Row row : rows) {
            String event = Instant.ofEpochMilli(row.event()).toString();
            String number = row.number() == null ? "" : row.number().toString();
            source.add(
                    isFeature
                            ? StoreClient.row(
                                    row.order() + 1,
                                    row.key(),
                                    event,
                                    Instant.ofEpochMilli(row.known()).toString(),
                                    number,
                                    row.text() == null ? "" : row.text())
                            : StoreClient.row(row.order() + 1, row.key(), event, "yes"));
        }
        List<String> columns = isFeature ? List.of("id", "at", "seen", "number", "text") : List.of("id", "at", "left");
        IngestResponse response = store.ingest(StoreClient.requests(List.of(view), view + delivery, columns, source));
        assertThat(response.getViews(0).getAcceptedCount()).isEqualTo(rows.size());
    }

    private static void assertRow(
            FeatureBlock block, int row, List<Row> states, List<Row> events, String key, long at) {
        Row state = visible(states, key, at).stream()
                .max(Comparator.comparingLong(Row::event)
                        .thenComparingLong(Row::known)
                        .thenComparingInt(Row::order))
                .orElse(new Row(key, 0, 0, 0, null, null));
        List<Row> seen = visible(events, key, at);
        assertNumbers(block, 0, row, state.number() == null ? Double.NaN : state.number());
        int code = block.getColumns(1).getTexts().getCodes(row);
        assertThat(code < 0 ? null : block.getColumns(1).getTexts().getDictionary(code))
                .isEqualTo(state.text());
        assertNumbers(block, 2, row, (double) within(seen, at, 3, 0).size());
        assertNumbers(block, 3, row, buckets(seen, at, 2, 5, 0));
        assertNumbers(
                block,
                4,
                row,
                numbers(within(seen, at, 4, 0).stream()
                                .filter(event -> "b".equals(event.text()))
                                .toList())
                        .average()
                        .orElse(Double.NaN));
        assertNumbers(block, 5, row, buckets(seen, at, 1, 3, 1));
        assertNumbers(block, 6, row, numbers(within(seen, at, 6, 0)).max().orElse(Double.NaN));
        assertNumbers(block, 7, row, buckets(seen, at, 5, 2, 2));
        assertNumbers(
                block,
                8,
                row,
                within(seen, at, 10, 0).stream()
                        .mapToDouble(event -> (at - event.event()) / (double) DAY)
                        .min()
                        .orElse(Double.NaN));
        assertNumbers(
                block,
                9,
                row,
                within(seen, at, 10, 0).stream()
                        .mapToDouble(event -> (at - event.event()) / (double) DAY)
                        .max()
                        .orElse(Double.NaN));
        assertNumbers(block, 10, row, meanGap(within(seen, at, 10, 0), at));
    }

    private static double meanGap(List<Row> events, long at) {
        double[] ages = events.stream()
                .mapToDouble(event -> (at - event.event()) / (double) DAY)
                .sorted()
                .toArray();
        return ages.length < 2 ? Double.NaN : (ages[ages.length - 1] - ages[0]) / (ages.length - 1);
    }

    private static List<Row> visible(List<Row> rows, String key, long at) {
        return rows.stream()
                .filter(row -> row.key().equals(key) && row.event() <= at && row.known() <= at)
                .toList();
    }

    /** Returns the events of the window that ends {@code back} windows before the instant. */
    private static List<Row> within(List<Row> seen, long at, int days, int back) {
        long end = at - DAY * back * days;
        return seen.stream()
                .filter(event -> event.event() > end - days * DAY && event.event() <= end)
                .toList();
    }

    private static DoubleStream numbers(List<Row> rows) {
        return rows.stream().filter(row -> row.number() != null).mapToDouble(Row::number);
    }

    private static double[] buckets(List<Row> seen, long at, int days, int count, int kind) {
        List<Double> values = new ArrayList<>();
        for (int back = 0; back < count; back++) {
            List<Row> events = within(seen, at, days, back);
            values.add(
                    switch (kind) {
                        case 0 -> numbers(events).sum();
                        case 1 -> numbers(events).min().orElse(Double.NaN);
                        default -> (double) events.stream()
                                .map(Row::text)
                                .filter(text -> text != null)
                                .distinct()
                                .count();
                    });
        }
        Collections.reverse(values);
        return values.stream().mapToDouble(Double::doubleValue).toArray();
    }

    private static void assertNumbers(FeatureBlock block, int column, int row, double... expected) {
        int width = block.getColumns(column).getNumbers().getWidth();
        double[] all = block.getColumns(column).getNumbers().getValuesList().stream()
                .mapToDouble(Double::doubleValue)
                .toArray();
        assertThat(Arrays.copyOfRange(all, row * width, (row + 1) * width))
                .as(block.getColumns(column).getName())
                .containsExactly(expected);
    }
}
