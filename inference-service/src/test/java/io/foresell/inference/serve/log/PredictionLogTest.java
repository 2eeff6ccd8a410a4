package io.foresell.inference.serve.log;

import static io.foresell.inference.fixture.Cluster.await;
import static io.foresell.inference.fixture.Cluster.packed;
import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.inference.fixture.Cluster;
import io.foresell.inference.fixture.FeatureStorePeer.Online;
import io.foresell.inference.fixture.RegistryPeer;
import io.foresell.inference.fixture.StreamCaller;
import io.foresell.inference.fixture.Tensors;
import io.foresell.inference.fixture.TestPackages;
import io.foresell.model.Rows;
import io.foresell.proto.inference.v1.BulkHeader;
import io.foresell.proto.inference.v1.EntityKeys;
import io.foresell.proto.inference.v1.InferenceServiceGrpc;
import io.foresell.proto.inference.v1.NamedRow;
import io.foresell.proto.inference.v1.NamedRows;
import io.foresell.proto.inference.v1.PackedRows;
import io.foresell.proto.inference.v1.ScoreBulkRequest;
import io.foresell.proto.inference.v1.ScoreBulkResponse;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoreResponse;
import io.foresell.proto.inference.v1.ScoredRow;
import io.foresell.proto.inference.v1.Value;
import io.foresell.proto.openinference.InferParameter;
import io.foresell.proto.openinference.ModelInferResponse;
import io.foresell.proto.prediction.v1.PackageDescription;
import io.foresell.proto.prediction.v1.PredictionKind;
import io.foresell.proto.prediction.v1.PredictionRecord;
import io.foresell.proto.registry.v1.Route;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What is logged of answers, and that nobody waits for it. */
final class PredictionLogTest {
    @TempDir
    private Path folder;

    private Cluster cluster;

    @BeforeEach
    void prepare() {
        cluster = new Cluster(folder).with("prediction-log.percent", "100").with("prediction-log.bulk-percent", "100");
        cluster.registry.publish("churn", 1, TestPackages.logistic("churn", 0));
        cluster.registry.release("churn", 1, 100);
    }

    @AfterEach
    void close() {
        cluster.close();
    }

    private List<PredictionRecord> records(int count) {
        await(count + " records", () -> cluster.features.log.records().size() >= count);
        return cluster.features.log.records();
    }

    private static ScoreRequest.Builder of(String... subjects) {
        NamedRows.Builder rows = NamedRows.newBuilder();
        for (String subject : subjects) {
            rows.addRows(NamedRow.newBuilder()
                    .putValues("tenure", Value.newBuilder().setNumber(3).build())
                    .setSubject(subject));
        }
        return ScoreRequest.newBuilder().setModel("churn").setNamedRows(rows);
    }

    @Test
    void recordsTheAnswerAndTheRowAsTheScorerSawThem() {
        cluster.startServing();
        float oddNan = Float.intBitsToFloat(0x7FC00ABC);
        ScoreRequest.Builder request =
                packed("churn", oddNan, -0f, "天").setReasonCount(2).setLanguage("zh");

        ScoreResponse response = cluster.score(request);

        PredictionRecord record = records(1).get(0);
        assertThat(record.getAnswer()).isEqualTo(response.getRows(0));
        assertThat(record.getPredictionId()).isEqualTo(response.getRows(0).getPredictionId());
        assertThat(record.getModel()).isEqualTo("churn");
        assertThat(record.getModelVersion()).isEqualTo(1);
        assertThat(record.getDigest()).isEqualTo(cluster.loaded("churn", 1).getDigest());
        assertThat(record.getKind()).isEqualTo(PredictionKind.PREDICTION_KIND_ONLINE);
        assertThat(record.getReleaseRevision()).isEqualTo(1);
        assertThat(record.getReasonCount()).isEqualTo(2);
        assertThat(record.getLanguage()).isEqualTo("zh");
        assertThat(record.getEngine()).isEqualTo("compiled");
        assertThat(System.currentTimeMillis() - record.getScoredAtMillis()).isBetween(0L, 60_000L);
        Rows row = RecordProtos.row(record.getFeatures());
        assertThat(Float.floatToRawIntBits(row.numbers()[0])).isEqualTo(0x7FC00ABC);
        assertThat(Float.floatToRawIntBits(row.numbers()[1])).isEqualTo(Float.floatToRawIntBits(-0f));
        assertThat(row.texts()).containsExactly("天");
    }

    @Test
    void recordsEachRowOfABatchWithItsSubject() {
        cluster.features.put("c1", new Online(12, 70, "basic", 0, List.of()));
        cluster.features.put("c2", new Online(Double.NaN, 20, "", 0, List.of()));
        cluster.startServing();

        ScoreResponse response = cluster.score(ScoreRequest.newBuilder()
                .setModel("churn")
                .setEntityKeys(EntityKeys.newBuilder().addKeys("c2").addKeys("c1")));

        records(2);
        PredictionRecord first = cluster.features.log.record(response.getRows(0).getPredictionId());
        PredictionRecord second =
                cluster.features.log.record(response.getRows(1).getPredictionId());
        assertThat(first.getSubject()).isEqualTo("c2");
        assertThat(RecordProtos.row(first.getFeatures()).numbers()).containsExactly(Float.NaN, 20f);
        assertThat(second.getSubject()).isEqualTo("c1");
        assertThat(RecordProtos.row(second.getFeatures()).numbers()).containsExactly(12f, 70f);
        assertThat(RecordProtos.row(second.getFeatures()).texts()).containsExactly("basic");
    }

    @Test
    void describesAPackageOnceItIsAsked() {
        cluster.startServing();
        ScoreResponse unused = cluster.score(packed("churn", 1, 2, "gold"));
        String digest = cluster.loaded("churn", 1).getDigest();

        await("description", () -> cluster.features.log.packages().containsKey(digest));

        PackageDescription described = cluster.features.log.packages().get(digest);
        assertThat(described.getModel()).isEqualTo("churn");
        assertThat(described.getTask()).isEqualTo("binary");
        assertThat(described.getInputsList()).extracting("name").containsExactly("tenure", "spend", "plan");
    }

    @Test
    void takesASubjectWhollyOrNotAtAll() {
        cluster.with("prediction-log.percent", "30").startServing();
        String[] subjects = new String[1000];
        for (int i = 0; i < subjects.length; i++) {
            subjects[i] = "S-" + i;
        }
        for (int round = 0; round < 3; round++) {
            ScoreResponse unused = cluster.score(of(subjects));
        }
        cluster.stopInference(); // sends what waits
        List<PredictionRecord> records = cluster.features.log.records();
        Set<String> taken = new HashSet<>();
        records.forEach(record -> taken.add(record.getSubject()));

        assertThat(taken.size()).as("subjects of 1000 at 30 %").isBetween(240, 360);
        assertThat(records).hasSize(3 * taken.size());
        cluster.start();
    }

    @Test
    void leavesFeaturesOutOrLogsNothingWhereToldSo() {
        cluster.registry.publish("other", 1, TestPackages.logistic("other", 0));
        cluster.registry.release("other", 1, 100);
        cluster.with("prediction-log.models", "churn:100:no-features,other:0").startServing();
        ScoreResponse logged = cluster.score(of("a"));
        ScoreResponse unused = cluster.score(packed("other", 1, 2, "gold"));
        cluster.stopInference();

        assertThat(cluster.features.log.records())
                .singleElement()
                .satisfies(record -> assertThat(record.hasFeatures()).isFalse())
                .satisfies(record -> assertThat(record.getAnswer()).isEqualTo(logged.getRows(0)));
        cluster.start();
    }

    /** The log is away: answers come as ever, the queue fills, the rest is dropped and counted, and what was kept arrives. */
    @Test
    void answersAndDropsWhileTheLogIsAway() {
        cluster.features.log.setAway(true);
        cluster.with("prediction-log.queue-records", "16").startServing();
        for (int i = 0; i < 600; i++) {
            assertThat(cluster.score(of("S-" + i)).getRowsCount()).isEqualTo(1);
        }
        double dropped = counted("dropped");
        assertThat(dropped).isGreaterThan(0).isLessThan(600);

        cluster.features.log.setAway(false);

        await("the others", () -> cluster.features.log.records().size() == 600 - (int) counted("dropped"));
        assertThat(counted("sent")).isEqualTo(600 - counted("dropped"));
    }

    /** Nobody is unready for it, but people and alarms are told. */
    @Test
    void saysOnHealthAndMetricsThatNothingIsDelivered() {
        cluster.features.log.setAway(true);
        cluster.with("prediction-log.queue-records", "16").startServing();
        for (int i = 0; i < 100; i++) {
            assertThat(cluster.score(of("S-" + i)).getRowsCount()).isEqualTo(1);
        }
        await("trouble", () -> cluster.readyz().contains("nothing delivered for"));
        assertThat(cluster.readyz())
                .startsWith("ready\n")
                .containsPattern("notice: prediction log: nothing delivered for \\d+ s, \\d+ wait: UNAVAILABLE")
                .containsPattern("notice: prediction log: \\d+ predictions dropped since the start");
        assertThat(gauge("prediction_log_undelivered_seconds")).isPositive();

        cluster.features.log.setAway(false);

        await("delivered", () -> !cluster.readyz().contains("nothing delivered"));
        assertThat(cluster.readyz()).as("for ten minutes").contains("predictions dropped");
        assertThat(gauge("prediction_log_undelivered_seconds")).isZero();
    }

    private double gauge(String name) {
        return cluster.metrics()
                .lines()
                .filter(line -> line.startsWith(name + "{"))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .findFirst()
                .orElseThrow();
    }

    /** Beside each logged answer what each shadow said of the row, under an id of its own, so that a shadow can be measured and replayed. */
    @Test
    void recordsWhatShadowsSayBesideTheAnswers() {
        cluster.registry.publish("churn", 2, TestPackages.logistic("churn", 1));
        cluster.registry.release(
                "churn",
                RegistryPeer.unit(1, 100)
                        .addRoutes(Route.newBuilder().setVersion(2).setShadowPercent(100)));
        cluster.with("prediction-log.percent", "30").startServing();
        NamedRows.Builder rows = NamedRows.newBuilder();
        for (int i = 0; i < 200; i++) {
            rows.addRows(NamedRow.newBuilder()
                    .putValues("tenure", Value.newBuilder().setNumber(i).build())
                    .setSubject(i < 100 ? "S-" + i : ""));
        }
        ScoreResponse response =
                cluster.score(ScoreRequest.newBuilder().setModel("churn").setNamedRows(rows));
        await(
                "as many of the shadow",
                () -> ofKind(PredictionKind.PREDICTION_KIND_SHADOW).size()
                                >= ofKind(PredictionKind.PREDICTION_KIND_ONLINE).size()
                        && !ofKind(PredictionKind.PREDICTION_KIND_ONLINE).isEmpty());
        List<PredictionRecord> shadows = ofKind(PredictionKind.PREDICTION_KIND_SHADOW);

        assertThat(shadows)
                .extracting(PredictionRecord::getAnsweredPredictionId)
                .as("the same subjects, and of nobody the same rows")
                .containsExactlyInAnyOrderElementsOf(ofKind(PredictionKind.PREDICTION_KIND_ONLINE).stream()
                        .map(PredictionRecord::getPredictionId)
                        .toList());
        assertThat(shadows).hasSizeBetween(30, 90).allSatisfy(shadow -> {
            PredictionRecord answered = cluster.features.log.record(shadow.getAnsweredPredictionId());
            Rows row = RecordProtos.row(shadow.getFeatures());
            assertThat(row.numbers())
                    .isEqualTo(RecordProtos.row(answered.getFeatures()).numbers());
            assertThat(shadow.getSubject()).isEqualTo(answered.getSubject());
            assertThat(shadow.getModelVersion()).isEqualTo(2);
            assertThat(shadow.getReleaseRevision()).isEqualTo(response.getReleaseRevision());
            assertThat(shadow.getDigest()).isEqualTo(cluster.loaded("churn", 2).getDigest());
            assertThat(shadow.getPredictionId()).isNotEqualTo(answered.getPredictionId());
            assertThat(shadow.getAnswer().getScore())
                    .isCloseTo(
                            TestPackages.expected(1, row.numbers()[0], row.numbers()[1], ""),
                            org.assertj.core.api.Assertions.within(1e-5));
        });
    }

    private List<PredictionRecord> ofKind(PredictionKind kind) {
        return cluster.features.log.records().stream()
                .filter(record -> record.getKind() == kind)
                .toList();
    }

    private double counted(String outcome) {
        return cluster.metrics()
                .lines()
                .filter(line -> line.startsWith("prediction_log_records_total") && line.contains("\"" + outcome + "\""))
                .mapToDouble(line -> Double.parseDouble(line.substring(line.lastIndexOf(' ') + 1)))
                .sum();
    }

    @Test
    void sendsWhatWaitsBeforeItEnds() {
        cluster.startServing();
        ScoreResponse response = cluster.score(of("a", "b", "c"));
        cluster.stopInference();

        assertThat(cluster.features.log.records())
                .extracting(PredictionRecord::getAnswer)
                .containsExactlyInAnyOrderElementsOf(response.getRowsList());
        cluster.start();
    }

    @Test
    void endsSoonWhenTheLogIsAway() {
        cluster.startServing();
        cluster.features.log.setAway(true);
        ScoreResponse unused = cluster.score(of("a"));

        cluster.stopInference();

        assertThat(cluster.features.log.records()).isEmpty();
        cluster.start();
    }

    @Test
    void saysOnWhichWayAPredictionWasAskedFor() throws Exception {
        cluster.startServing();
        StreamCaller<ScoreBulkRequest, ScoreBulkResponse> bulk =
                StreamCaller.open(InferenceServiceGrpc.newStub(cluster.channel())::scoreBulk);
        ScoreBulkResponse opened = bulk.send(ScoreBulkRequest.newBuilder()
                        .setHeader(BulkHeader.newBuilder().setModel("churn"))
                        .build())
                .answer();
        ScoreBulkResponse scored = bulk.send(ScoreBulkRequest.newBuilder()
                        .setPackedRows(PackedRows.newBuilder()
                                .setRowCount(1)
                                .addNumbers(1)
                                .addNumbers(2)
                                .addTexts("gold"))
                        .build())
                .answer();
        bulk.complete();
        ModelInferResponse answered = cluster.tensors()
                .modelInfer(Tensors.request(
                                "churn",
                                Tensors.numbers("tenure", 1, 12),
                                Tensors.numbers("spend", 2, 70),
                                Tensors.texts("plan", "gold", "basic"))
                        .putParameters(
                                "subject",
                                InferParameter.newBuilder().setStringParam("c7").build())
                        .build());

        List<PredictionRecord> records = records(3);
        assertThat(opened.getRowsCount()).isZero();
        PredictionRecord ofBulk =
                cluster.features.log.record(scored.getRows(0).getScored().getPredictionId());
        assertThat(ofBulk.getKind()).isEqualTo(PredictionKind.PREDICTION_KIND_BULK);
        ScoredRow expected = cluster.score(packed("churn", 12, 70, "basic")).getRows(0);
        assertThat(records)
                .filteredOn(record -> record.getKind() == PredictionKind.PREDICTION_KIND_OPEN_INFERENCE)
                .hasSize(2)
                .allSatisfy(record -> assertThat(record.getSubject()).isEqualTo("c7"))
                .anySatisfy(record -> assertThat(record.getAnswer().getScore()).isEqualTo(expected.getScore()))
                .extracting(PredictionRecord::getPredictionId)
                .containsExactlyInAnyOrder(answered.getParametersMap()
                        .get("prediction_ids")
                        .getStringParam()
                        .split(","));
    }
}
