package io.foresell.standalone;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.google.protobuf.util.JsonFormat;
import io.foresell.kit.GrpcClient;
import io.foresell.kit.ServiceProcess;
import io.foresell.kit.Telemetry;
import io.foresell.kit.WireSettings;
import io.foresell.proto.feature.v1.FeatureStoreServiceGrpc;
import io.foresell.proto.feature.v1.GetStoreStatusRequest;
import io.foresell.proto.feature.v1.ViewStatus;
import io.foresell.proto.inference.v1.EntityKeys;
import io.foresell.proto.inference.v1.FeatureContract;
import io.foresell.proto.inference.v1.GetReleaseStatisticsRequest;
import io.foresell.proto.inference.v1.InferenceServiceGrpc;
import io.foresell.proto.inference.v1.ReleaseStatisticsServiceGrpc;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoreResponse;
import io.foresell.proto.inference.v1.ScoredRow;
import io.foresell.proto.inference.v1.ServedModel;
import io.foresell.proto.registry.v1.FeatureImportance;
import io.foresell.proto.registry.v1.HoldOut;
import io.foresell.proto.registry.v1.ListVersionsRequest;
import io.foresell.proto.registry.v1.ModelRegistryServiceGrpc;
import io.foresell.proto.registry.v1.ModelVersion;
import io.foresell.proto.registry.v1.Release;
import io.foresell.proto.registry.v1.Route;
import io.foresell.proto.registry.v1.SetReleaseRequest;
import io.foresell.standalone.company.DemoCompany;
import io.foresell.standalone.company.DemoSettings;
import io.foresell.standalone.company.Planted;
import io.foresell.standalone.process.Command;
import io.foresell.standalone.process.Standalone;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.LocalDate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;

/** The whole story on one laptop: {@code foresell up --demo}, its answers, a swap under load, and a second start. */
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
final class DemoIT {
    private static final int CUSTOMER_COUNT = 1_000;

    @TempDir
    static Path folder;

    private static final ServiceProcess.Resources resources = new ServiceProcess.Resources();

    private static Standalone standalone;
    private static GrpcClient featureStore;
    private static GrpcClient training;
    private static GrpcClient inference;

    @BeforeAll
    static void startTheDemo() throws Exception {
        standalone = resources.add(Standalone.start(folder, "--demo", "--customers", "" + CUSTOMER_COUNT));
        standalone.awaitReady();
        Telemetry telemetry = Telemetry.local("test");
        WireSettings wire = WireSettings.local(0, 0);
        featureStore = resources.add(GrpcClient.open("localhost:" + standalone.featureStorePort(), wire, telemetry));
        training = resources.add(GrpcClient.open("localhost:" + standalone.trainingPort(), wire, telemetry));
        inference = resources.add(GrpcClient.open("localhost:" + standalone.inferencePort(), wire, telemetry));
    }

    @AfterAll
    static void stop() {
        resources.close();
    }

    private static String printed(String pattern) throws Exception {
        Matcher matcher = Pattern.compile(pattern).matcher(standalone.process().output());
        assertThat(matcher.find()).as(pattern).isTrue();
        return matcher.group(1);
    }

    private static HttpResponse<String> get(String address) throws Exception {
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(URI.create(address)).build(), HttpResponse.BodyHandlers.ofString());
    }

    private static Planted planted() throws Exception {
        Properties steps = new Properties();
        try (var reader = Files.newBufferedReader(standalone.data().resolve("demo/steps.properties"))) {
            steps.load(reader);
        }
        LocalDate end = LocalDate.parse(steps.getProperty("end_date"));
        return DemoCompany.generate(new DemoSettings(20, end, CUSTOMER_COUNT), folder.resolve("again"));
    }

    private static List<ModelVersion> versions() {
        return ModelRegistryServiceGrpc.newBlockingStub(training.channel())
                .listVersions(ListVersionsRequest.newBuilder().setModel("churn").build())
                .getVersionsList();
    }

    @Test
    @Order(1)
    void thePrintedRestCallAnswersWithTheReleasedVersionAndReasons() throws Exception {
        HttpResponse<String> answer = get(printed("curl '([^']+)'"));
        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.body()).contains("\"score\"").contains("\"reasons\"").contains("\"sentence\"");
    }

    @Test
    @Order(2)
    void thePrintedGrpcCallAnswers() throws Exception {
        ScoreRequest.Builder request = ScoreRequest.newBuilder();
        JsonFormat.parser().merge(printed("grpcurl -plaintext -d '([^']+)'"), request);
        ScoreResponse response =
                InferenceServiceGrpc.newBlockingStub(inference.channel()).score(request.build());
        ScoredRow row = response.getRows(0);
        assertThat(row.getScore()).isBetween(0.0, 1.0);
        assertThat(row.getReasonsList()).isNotEmpty();
        assertThat(row.getFeatureAgeSeconds()).isPositive();
        assertThat(row.getModelVersion()).isEqualTo(versions().get(0).getVersion());
    }

    @Test
    @Order(3)
    void theStoreHoldsExactlyWhatWasPlanted() throws Exception {
        Map<String, ViewStatus> status = new HashMap<>();
        FeatureStoreServiceGrpc.newBlockingStub(featureStore.channel())
                .getStoreStatus(GetStoreStatusRequest.getDefaultInstance())
                .getViewsList()
                .forEach(view -> status.put(view.getView(), view));
        planted().files().forEach((file, facts) -> {
            String view = file.equals("churn_labels.csv") ? "churn" : file.replace(".csv", "");
            assertThat(status.get(view).getQuarantinedCount()).as(file).isEqualTo(facts.quarantinedCount());
            assertThat(status.get(view).getRowCount())
                    .as(file)
                    .isEqualTo(facts.rowCount() - facts.duplicateCount() - facts.quarantinedCount());
        });
    }

    @Test
    @Order(4)
    void threeFamiliesWereJudgedAndBeatTheBaseline() {
        assertThat(versions())
                .extracting(ModelVersion::getAlgorithm)
                .containsExactlyInAnyOrder("logistic_regression", "boosted_trees", "sequence_network");
        for (ModelVersion version : versions()) {
            Map<String, Double> metrics = version.getEvaluation().getMetricsMap();
            assertThat(metrics.get("roc_auc")).as(version.getAlgorithm()).isGreaterThan(0.7);
            assertThat(metrics.get("log_loss"))
                    .as(version.getAlgorithm())
                    .isLessThan(version.getEvaluation().getBaselineMetricsMap().get("log_loss"));
        }
    }

    @Test
    @Order(5)
    void theModelFindsThePlantedDrivers() throws Exception {
        List<String> important = versions().get(0).getEvaluation().getImportanceList().stream()
                .limit(16)
                .map(FeatureImportance::getFeature)
                .toList();
        List<Planted.Driver> drivers = planted().drivers();
        // The strongest driver must be among the very first, and half of all among the first third.
        assertThat(important.subList(0, 4)).containsAnyElementsOf(drivers.get(0).features());
        long foundCount = drivers.stream()
                .filter(driver -> driver.features().stream().anyMatch(important::contains))
                .count();
        assertThat(foundCount).as("%s of %s", important, drivers).isGreaterThanOrEqualTo(drivers.size() / 2);
    }

    @Test
    @Order(6)
    void aReleaseUnderLoadLosesNoCallAndMixesNoAnswer() throws Exception {
        Command command = standalone.command();
        String customer = printed("/v1/customers/([^/]+)/churn");
        ScoreRequest request = ScoreRequest.newBuilder()
                .setModel("churn")
                .setEntityKeys(
                        io.foresell.proto.inference.v1.EntityKeys.newBuilder().addKeys(customer))
                .build();
        var stub = InferenceServiceGrpc.newBlockingStub(inference.channel());
        command.run("release", "churn@1").succeeded();
        double scoreOf1 = stub.score(request).getRows(0).getScore();
        command.run("release", "churn@2").succeeded();
        double scoreOf2 = stub.score(request).getRows(0).getScore();

        Queue<Throwable> failures = new ConcurrentLinkedQueue<>();
        Queue<ScoredRow> answers = new ConcurrentLinkedQueue<>();
        AtomicBoolean isOver = new AtomicBoolean();
        List<Thread> clients = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            Thread client = new Thread(() -> {
                while (!isOver.get()) {
                    try {
                        answers.add(stub.score(request).getRows(0));
                    } catch (RuntimeException e) {
                        failures.add(e);
                    }
                }
            });
            client.start();
            clients.add(client);
        }
        for (int i = 0; i < 6; i++) {
            command.run("release", "churn@" + (1 + i % 2)).succeeded();
        }
        isOver.set(true);
        for (Thread client : clients) {
            client.join();
        }
        assertThat(failures).isEmpty();
        assertThat(answers)
                .extracting(ScoredRow::getModelVersion)
                .containsOnly(1, 2)
                .contains(1, 2);
        // Ages in days move on while the test runs: the scores may drift by far less than they differ.
        double drift = Math.abs(scoreOf1 - scoreOf2) / 10;
        assertThat(answers).allSatisfy(row -> assertThat(row.getScore())
                .isCloseTo(
                        row.getModelVersion() == 1 ? scoreOf1 : scoreOf2,
                        org.assertj.core.data.Offset.offset(Math.max(drift, 1e-6))));
    }

    @Test
    @Order(7)
    void aSubjectGetsTheSameVersionOverGrpcAndRestAndEveryReplicaSaysWhatItServes() throws Exception {
        var registry = ModelRegistryServiceGrpc.newBlockingStub(training.channel());
        Release release = registry.setRelease(SetReleaseRequest.newBuilder()
                        .setModel("churn")
                        .addRoutes(Route.newBuilder().setVersion(1).setWeight(50))
                        .addRoutes(Route.newBuilder().setVersion(2).setWeight(50))
                        .addRoutes(Route.newBuilder().setVersion(3).setShadowPercent(100))
                        .setHoldOut(HoldOut.newBuilder().setPercent(20).setVersion(1))
                        .setActor("test")
                        .setIsForced(true)
                        .setReason("sticky over every wire")
                        .build())
                .getRelease();
        ServedModel served = statistics();
        for (int wait = 0; served.getReleaseRevision() < release.getRevision() && wait < 300; wait++) {
            Thread.sleep(100);
            served = statistics();
        }
        Map<Integer, String> digests = new HashMap<>();
        versions().forEach(version -> digests.put(version.getVersion(), version.getDigest()));
        assertThat(served.getVersionsList()).hasSize(3).allSatisfy(version -> {
            assertThat(version.getDigest()).isEqualTo(digests.get(version.getVersion()));
            assertThat(version.getFeatureContract()).isEqualTo(FeatureContract.FEATURE_CONTRACT_HELD);
        });
        Set<String> outcomes = new HashSet<>();
        for (int customer = 100; customer < 140; customer++) {
            String id = "C%05d".formatted(customer);
            ScoredRow row = InferenceServiceGrpc.newBlockingStub(inference.channel())
                    .score(ScoreRequest.newBuilder()
                            .setModel("churn")
                            .setEntityKeys(EntityKeys.newBuilder().addKeys(id))
                            .build())
                    .getRows(0);
            String expected = row.getModelVersion() + " " + row.getIsHeldOut();
            outcomes.add(expected);
            String gateway = "http://localhost:" + standalone.gatewayPort() + "/v1/models/churn";
            assertThat(assigned(get(gateway + "/entities/" + id + "/score"))).isEqualTo(expected);
            assertThat(assigned(HttpClient.newHttpClient()
                            .send(
                                    HttpRequest.newBuilder(URI.create(gateway + ":score"))
                                            .header("Content-Type", "application/json")
                                            .POST(HttpRequest.BodyPublishers.ofString(
                                                    "{\"rows\":[{}],\"subjects\":[\"%s\"]}".formatted(id)))
                                            .build(),
                                    HttpResponse.BodyHandlers.ofString())))
                    .isEqualTo(expected);
        }
        assertThat(outcomes).containsExactlyInAnyOrder("1 true", "1 false", "2 false");
        for (int wait = 0; statistics().getWindows(0).getDiffsCount() < 2 && wait < 300; wait++) {
            Thread.sleep(100);
        }
        assertThat(statistics().getWindows(0).getDiffsList())
                .as("the shadow beside each version that answers")
                .hasSize(2);
    }

    private static ServedModel statistics() {
        return ReleaseStatisticsServiceGrpc.newBlockingStub(inference.channel())
                .getReleaseStatistics(GetReleaseStatisticsRequest.newBuilder()
                        .setModel("churn")
                        .build())
                .getModels(0);
    }

    private static String assigned(HttpResponse<String> answer) {
        Matcher version = Pattern.compile("\"version\":(\\d+)").matcher(answer.body());
        Matcher heldOut = Pattern.compile("\"held_out\":(true|false)").matcher(answer.body());
        assertThat(version.find() && heldOut.find()).as(answer.body()).isTrue();
        return version.group(1) + " " + heldOut.group(1);
    }

    @Test
    @Order(8)
    void theConsoleShowsTheModelInARealBrowser() throws Exception {
        Path chromium = Path.of("/usr/bin/chromium");
        assumeTrue(Files.isExecutable(chromium), "no Chromium on this machine");
        Process browser = new ProcessBuilder(
                        chromium.toString(),
                        "--headless",
                        "--no-sandbox",
                        "--disable-gpu",
                        "--disable-quic",
                        "--no-first-run",
                        "--disable-background-networking",
                        "--disable-component-update",
                        "--disable-sync",
                        "--user-data-dir=" + folder.resolve("browser"),
                        "--virtual-time-budget=8000",
                        "--dump-dom",
                        "http://localhost:" + standalone.gatewayPort() + "/")
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .redirectOutput(folder.resolve("page.html").toFile())
                .start();
        assertThat(browser.waitFor(60, TimeUnit.SECONDS)).isTrue();
        assertThat(Files.readString(folder.resolve("page.html")))
                .contains("churn")
                .contains("<canvas")
                .contains("all 3 hold: this version may be released")
                .containsIgnoringCase("logistic");
    }

    @Test
    @Order(9)
    void metricsCountWhatHappened() throws Exception {
        assertThat(get("http://localhost:" + (standalone.inferencePort() + 100) + "/metrics")
                        .body())
                .contains("inference_rows_total{")
                .contains("model=\"churn\"")
                .contains("inference_scoring_seconds_bucket");
        assertThat(get("http://localhost:" + (standalone.featureStorePort() + 100) + "/metrics")
                        .body())
                .contains("feature_ingest_rows_total{");
        assertThat(get("http://localhost:" + standalone.gatewayPort() + "/q/metrics")
                        .body())
                .contains("http_server");
    }

    @Test
    @Order(10)
    void aSecondStartGoesOnFromDiskWithoutTraining() throws Exception {
        Set<Integer> before =
                Set.copyOf(versions().stream().map(ModelVersion::getVersion).toList());
        String address = printed("curl '([^']+)'");
        assertThat(standalone.process().stop()).isIn(0, 143);
        standalone.startAgain("--demo");
        standalone.awaitReady();
        assertThat(standalone.process().output())
                .doesNotContain("foresell train")
                .doesNotContain("foresell ingest");
        assertThat(get(address).statusCode()).isEqualTo(200);
        assertThat(versions()).extracting(ModelVersion::getVersion).containsExactlyInAnyOrderElementsOf(before);
    }
}
