package io.foresell.inference.serve;

import static io.foresell.inference.fixture.Cluster.named;
import static io.foresell.inference.fixture.Cluster.packed;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.foresell.inference.fixture.Cluster;
import io.foresell.inference.fixture.TestPackages;
import io.foresell.kit.Failure;
import io.foresell.proto.inference.v1.EntityKeys;
import io.foresell.proto.inference.v1.NamedRow;
import io.foresell.proto.inference.v1.NamedRows;
import io.foresell.proto.inference.v1.NumberList;
import io.foresell.proto.inference.v1.PackedRows;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoreResponse;
import io.foresell.proto.inference.v1.ScoredRow;
import io.foresell.proto.inference.v1.Value;
import io.grpc.Status;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Every way to ask wrongly, each with status, reason and a message that states value and expectation; and what is right. */
final class BadRequestTest {
    @TempDir
    private static Path folder;

    private static Cluster cluster;

    @BeforeAll
    static void startCluster() {
        cluster = new Cluster(folder);
        cluster.registry
                .publish("churn", 1, TestPackages.logistic("churn", 0))
                .publish("weekly", 1, TestPackages.sequence("weekly"));
        cluster.registry.release("churn", 1, 100);
        cluster.registry.release("weekly", 1, 100);
        cluster.startServing();
    }

    @AfterAll
    static void closeCluster() {
        cluster.close();
    }

    private static void refuses(ScoreRequest.Builder request, Status.Code code, String reason, String... parts) {
        Failure failure = cluster.failureOf(request);
        assertThat(failure.code()).as(failure.message()).isEqualTo(code);
        assertThat(failure.reason()).isEqualTo(reason);
        assertThat(failure.message()).contains(parts);
    }

    private static void refuses(ScoreRequest.Builder request, String reason, String... parts) {
        refuses(request, Status.Code.INVALID_ARGUMENT, reason, parts);
    }

    private static Value.Builder number(double number) {
        return Value.newBuilder().setNumber(number);
    }

    private static Value.Builder numbers(Double... numbers) {
        return Value.newBuilder().setNumbers(NumberList.newBuilder().addAllValues(List.of(numbers)));
    }

    @Test
    void refusesARequestWithoutModel() {
        refuses(packed("", 1, 1, ""), "MODEL_REQUIRED", "model: ''");
    }

    @Test
    void refusesAnUnknownModelNamingTheNearest() {
        refuses(
                packed("chrun", 1, 1, ""),
                Status.Code.NOT_FOUND,
                "MODEL_NOT_FOUND",
                "'chrun'",
                "churn, weekly",
                "nearest is churn");
    }

    @Test
    void refusesAModelNameOfAMegabyteQuickly() {
        refuses(packed("x".repeat(1_000_000), 1, 1, ""), Status.Code.NOT_FOUND, "MODEL_NOT_FOUND", "xxx...");
    }

    @Test
    void refusesANegativeVersion() {
        refuses(packed("churn", 1, 1, "").setVersion(-1), "VERSION_INVALID", "-1");
    }

    @Test
    void refusesARequestWithoutInput() {
        refuses(ScoreRequest.newBuilder().setModel("churn"), "INPUT_REQUIRED", "named_rows");
    }

    @Test
    void refusesNoRowsAndTooManyRows() {
        ScoreRequest.Builder request = ScoreRequest.newBuilder().setModel("churn");
        refuses(request.setNamedRows(NamedRows.getDefaultInstance()), "ROW_COUNT_OUT_OF_RANGE", "row_count: 0");
        refuses(
                request.setPackedRows(PackedRows.newBuilder().setRowCount(5000)),
                "ROW_COUNT_OUT_OF_RANGE",
                "row_count: 5000 (expected: 1..4096)");
        refuses(request.setPackedRows(PackedRows.newBuilder().setRowCount(-1)), "ROW_COUNT_OUT_OF_RANGE", "-1");
        refuses(request.setEntityKeys(EntityKeys.getDefaultInstance()), "ROW_COUNT_OUT_OF_RANGE", "row_count: 0");
    }

    @Test
    void refusesReasonCountAndLanguageOutOfRange() {
        refuses(packed("churn", 1, 1, "").setReasonCount(21), "REASON_COUNT_OUT_OF_RANGE", "21 (expected: 0..20)");
        refuses(packed("churn", 1, 1, "").setLanguage("de"), "LANGUAGE_UNKNOWN", "'de' (expected: en or zh)");
    }

    /** Rows packed for other inputs would be scored as nonsense: whoever says what they are for is told. */
    @Test
    void refusesRowsPackedForAnotherSignature() {
        long digest = cluster.loaded("churn", 1).getSignatureDigest();
        ScoreRequest.Builder request = packed("churn", 1, 1, "basic");
        request.getPackedRowsBuilder().setSignatureDigest(digest);
        assertThat(cluster.score(request).getRowsCount()).isEqualTo(1);

        assertThat(cluster.loaded("weekly", 1).getSignatureDigest()).isNotEqualTo(digest);
        request.getPackedRowsBuilder()
                .setSignatureDigest(cluster.loaded("weekly", 1).getSignatureDigest());
        refuses(request, Status.Code.FAILED_PRECONDITION, "SIGNATURE_CHANGED", "%016x of version 1".formatted(digest));
    }

    @Test
    void refusesPartialAndWrongPackedRows() {
        PackedRows.Builder rows = PackedRows.newBuilder().setRowCount(1).addTexts("basic");
        ScoreRequest.Builder request = ScoreRequest.newBuilder().setModel("churn");
        refuses(
                request.setPackedRows(rows.addNumbers(1)),
                "ROW_WIDTH",
                "packed_rows.numbers: row has 1 numbers (expected: 2)");
        refuses(
                request.setPackedRows(rows.addNumbers(1).clearTexts()),
                "ROW_WIDTH",
                "packed_rows.texts: row has 0 texts (expected: 1)");
        refuses(
                request.setPackedRows(rows.setRowCount(2).addNumbers(1)),
                "ROW_WIDTH",
                "2 rows have 3 numbers (expected: 4)");
    }

    @Test
    void refusesInfinity() {
        refuses(
                packed("churn", Float.POSITIVE_INFINITY, 1, ""),
                "NUMBER_NOT_FINITE",
                "packed_rows.numbers[0]: Infinity");
        refuses(named("churn", "tenure", number(1e300)), "NUMBER_NOT_FINITE", "rows[0].values['tenure']", "1.0E300");
        refuses(
                named("weekly", "weekly", numbers(1.0, Double.NEGATIVE_INFINITY, 2.0, 3.0)),
                "NUMBER_NOT_FINITE",
                "-Infinity");
    }

    @Test
    void refusesAnUnknownInputNamingTheNearest() {
        refuses(
                named("churn", "tenur", number(1)),
                "INPUT_UNKNOWN",
                "named_rows.rows[0].values: 'tenur'",
                "nearest is 'tenure'");
        refuses(named("churn", "y".repeat(500_000), number(1)), "INPUT_UNKNOWN", "yyy...");
    }

    @Test
    void refusesWrongTypes() {
        refuses(
                named("churn", "tenure", Value.newBuilder().setText("12")),
                "INPUT_TYPE",
                "['tenure']: 'text 12' (expected: a number)");
        refuses(named("churn", "plan", number(3)), "INPUT_TYPE", "number 3.0", "(expected: a text)");
        refuses(named("churn", "plan", Value.newBuilder().setBoolean(true)), "INPUT_TYPE", "boolean true");
        refuses(named("weekly", "weekly", number(1)), "INPUT_TYPE", "(expected: 4 numbers)");
    }

    @Test
    void refusesASequenceOfWrongLength() {
        refuses(
                named("weekly", "weekly", numbers(1.0, 2.0, 3.0)),
                "SEQUENCE_LENGTH",
                "3 numbers",
                "(expected: 4 numbers)");
        refuses(named("churn", "tenure", numbers(1.0, 2.0)), "SEQUENCE_LENGTH", "(expected: a number)");
    }

    @Test
    void namesTheRowAtFault() {
        NamedRows.Builder rows = NamedRows.newBuilder()
                .addRows(NamedRow.getDefaultInstance())
                .addRows(NamedRow.newBuilder()
                        .putValues("spend", Value.newBuilder().setText("x").build()));
        refuses(ScoreRequest.newBuilder().setModel("churn").setNamedRows(rows), "INPUT_TYPE", "rows[1]");
    }

    @Test
    void refusesEntitiesForAModelThatOnlyScoresRows() {
        refuses(
                ScoreRequest.newBuilder()
                        .setModel("weekly")
                        .setEntityKeys(EntityKeys.newBuilder().addKeys("c1")),
                "ENTITY_KEYS_UNSUPPORTED",
                "weekly");
    }

    @Test
    void refusesAnEmptyEntityKey() {
        refuses(
                ScoreRequest.newBuilder()
                        .setModel("churn")
                        .setEntityKeys(EntityKeys.newBuilder().addKeys("c1").addKeys("")),
                "ENTITY_KEY_EMPTY",
                "entity_keys.keys[1]");
    }

    @Test
    void takesNaNEmptyAndAbsentAsMissingAndNamesThem() {
        ScoredRow row = cluster.score(packed("churn", Float.NaN, 70, "")).getRows(0);
        assertThat(row.getScore()).isCloseTo(TestPackages.expected(0, Float.NaN, 70, ""), within(1e-5));
        assertThat(row.getMissingFeaturesList()).containsExactly("tenure", "plan");
        ScoredRow named = cluster.score(named("churn", "spend", number(70))).getRows(0);
        assertThat(named.getScore()).isCloseTo(row.getScore(), within(1e-9));
        assertThat(named.getMissingFeaturesList()).containsExactly("tenure", "plan");
    }

    @Test
    void takesABooleanAsOneOrZeroAndASequence() {
        assertThat(cluster.score(named("churn", "tenure", Value.newBuilder().setBoolean(true)))
                        .getRows(0)
                        .getScore())
                .isCloseTo(TestPackages.expected(0, 1, 0, ""), within(1e-5));
        assertThat(cluster.score(named("weekly", "weekly", numbers(0.0, 1.5, Double.NaN, -2.0)))
                        .getRows(0)
                        .getScore())
                .isCloseTo(1 / (1 + Math.exp(-1.5)), within(1e-5));
    }

    @Test
    void givesReasonsInBothLanguagesAndTheBandOfTheScore() {
        ScoredRow english =
                cluster.score(packed("churn", 40, 10, "gold").setReasonCount(1)).getRows(0);
        assertThat(english.getBand()).isEqualTo("low");
        assertThat(english.getReasons(0).getFeature()).isEqualTo("tenure");
        assertThat(english.getReasons(0).getContribution()).isNegative();
        assertThat(english.getReasons(0).getSentence()).contains("Months with us");
        ScoredRow chinese = cluster.score(
                        packed("churn", 40, 10, "gold").setReasonCount(1).setLanguage("zh"))
                .getRows(0);
        assertThat(chinese.getReasons(0).getSentence()).contains("降低");
        assertThat(cluster.score(packed("churn", 0, 200, "")).getRows(0).getBand())
                .isEqualTo("high");
    }

    @Test
    void scoresAFullBatchOnTheHeavyLane() {
        PackedRows.Builder rows = PackedRows.newBuilder().setRowCount(4096);
        for (int row = 0; row < 4096; row++) {
            rows.addNumbers(row % 60).addNumbers(row % 100).addTexts(row % 2 == 0 ? "basic" : "gold");
        }
        ScoreResponse answer = cluster.score(
                ScoreRequest.newBuilder().setModel("churn").setPackedRows(rows).setReasonCount(3));
        assertThat(answer.getRowsCount()).isEqualTo(4096);
        for (int row = 0; row < 4096; row++) {
            assertThat(answer.getRows(row).getScore())
                    .isCloseTo(
                            TestPackages.expected(0, row % 60, row % 100, row % 2 == 0 ? "basic" : "gold"),
                            within(1e-5));
        }
    }

    @Test
    void refusesWrongRowsOnTheHeavyLaneToo() {
        NamedRows.Builder rows = NamedRows.newBuilder();
        for (int row = 0; row < 300; row++) {
            rows.addRows(NamedRow.newBuilder()
                    .putValues(row == 299 ? "nope" : "spend", number(1).build()));
        }
        refuses(ScoreRequest.newBuilder().setModel("churn").setNamedRows(rows), "INPUT_UNKNOWN", "rows[299]");
    }
}
