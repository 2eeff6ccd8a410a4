package io.foresell.inference;

import static io.foresell.inference.fixture.Cluster.await;
import static io.foresell.inference.fixture.Cluster.packed;
import static io.foresell.inference.fixture.TestPackages.expected;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.foresell.inference.fixture.Cluster;
import io.foresell.inference.fixture.TestPackages;
import io.foresell.kit.Failure;
import io.foresell.model.pack.ModelPackage;
import io.foresell.proto.inference.v1.LoadState;
import io.foresell.proto.inference.v1.LoadedModel;
import io.foresell.proto.inference.v1.NamedRows;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoreResponse;
import io.foresell.proto.inference.v1.ScoredRow;
import io.foresell.proto.inference.v1.Value;
import io.grpc.Status;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** From a release in the registry to an answer, and what happens when any part of that fails. */
final class InferenceServerTest {
    private static final double TOLERANCE = 1e-5;

    @TempDir
    private Path folder;

    private Cluster cluster;

    @BeforeEach
    void makeCluster() {
        cluster = new Cluster(folder);
    }

    @AfterEach
    void closeCluster() {
        cluster.close();
    }

    private void publishTwo() {
        cluster.registry
                .publish("churn", 1, TestPackages.logistic("churn", 0))
                .publish("churn", 2, TestPackages.logistic("churn", 1));
    }

    private ScoredRow scoreOne() {
        return cluster.score(packed("churn", 12, 70, "basic")).getRows(0);
    }

    private static double answerOf(int version) {
        return expected(version - 1, 12, 70, "basic");
    }

    @Test
    void servesWhatTheRegistryReleases() {
        publishTwo();
        cluster.registry.release("churn", 1, 100);
        cluster.startServing();
        ScoreResponse answer = cluster.score(packed("churn", 12, 70, "basic").setReasonCount(2));
        assertThat(answer.getReleaseRevision()).isEqualTo(1);
        ScoredRow row = answer.getRows(0);
        assertThat(row.getScore()).isCloseTo(answerOf(1), within(TOLERANCE));
        assertThat(row.getModelVersion()).isEqualTo(1);
        assertThat(row.getBand()).isEqualTo("medium");
        assertThat(row.getReasonsList()).hasSize(2).allSatisfy(reason -> assertThat(reason.getSentence())
                .isNotEmpty());
        LoadedModel loaded = cluster.loaded("churn", 1);
        assertThat(loaded.getState()).isEqualTo(LoadState.LOAD_STATE_READY);
        assertThat(loaded.getEngine()).isEqualTo("compiled");
        assertThat(loaded.getWeight()).isEqualTo(100);
        assertThat(loaded.getInputsList()).extracting("name").containsExactly("tenure", "spend", "plan");
        assertThat(cluster.list().getIsRegistryConnected()).isTrue();
        assertThat(cluster.list().getKernels()).matches("plain|vector \\d+");
    }

    @Test
    void isReadyWithoutAnyReleaseAndSaysSo() throws Exception {
        cluster.startServing();
        Failure failure = cluster.failureOf(packed("churn", 1, 1, ""));
        assertThat(failure.code()).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(failure.reason()).isEqualTo("MODEL_NOT_FOUND");
        assertThat(get("/readyz").statusCode()).isEqualTo(200);
    }

    @Test
    void isNotReadyWhileNeitherDiskNorRegistrySaidWhatToServe() {
        cluster.registry.stop();
        cluster.start();
        Failure failure = cluster.failureOf(packed("churn", 1, 1, ""));
        assertThat(failure.code()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(failure.reason()).isEqualTo("STARTING");
        assertThat(failure.retryAfter()).isNotNull();
        assertThat(cluster.server().isServing()).isFalse();
        cluster.registry.restart();
        await("serving after the registry came", () -> cluster.server().isServing());
    }

    private HttpResponse<String> get(String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create(
                                        "http://localhost:" + cluster.server().httpPort() + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void exposesMetricsWithUnits() throws Exception {
        publishTwo();
        cluster.registry.release("churn", 1, 100);
        cluster.startServing();
        scoreOne();
        assertThat(get("/metrics").body())
                .contains("inference_scoring_seconds_bucket")
                .contains("inference_rows_total{model=\"churn\"")
                .contains("model_load_seconds_count")
                .contains("registry_message_age_seconds")
                .contains("registry_connected")
                .contains("inference_kernels{kernels=\"" + cluster.list().getKernels())
                .contains("model_load_queue_length")
                .contains("model_load_failures_total")
                .contains("model_load_rehearsal_failures_total{service=\"inference\"} 0.0")
                .contains("feature_lookup_seconds");
    }

    @Test
    void swapsUnderLoadWithoutAFailedOrMixedAnswer() throws Exception {
        publishTwo();
        cluster.registry.release("churn", 1, 100);
        cluster.startServing();
        AtomicBoolean isOver = new AtomicBoolean();
        AtomicLong[] answers = {new AtomicLong(), new AtomicLong(), new AtomicLong()};
        ExecutorService callers = Executors.newFixedThreadPool(4);
        List<Future<?>> calls = new ArrayList<>();
        for (int caller = 0; caller < 4; caller++) {
            calls.add(callers.submit(() -> {
                while (!isOver.get()) {
                    ScoreResponse answer = cluster.score(packed("churn", 12, 70, "basic"));
                    int version = answer.getRows(0).getModelVersion();
                    // Revision 1, 3, 5 ... release version 1, the even ones version 2.
                    assertThat(version).isEqualTo(answer.getReleaseRevision() % 2 == 1 ? 1 : 2);
                    assertThat(answer.getRows(0).getScore()).isCloseTo(answerOf(version), within(TOLERANCE));
                    answers[version].incrementAndGet();
                }
                return null;
            }));
        }
        int revision = 1;
        // At least 40 flips; more on a busy machine, until each version answered often.
        for (int flip = 0; flip < 40 || answers[1].get() < 100 || answers[2].get() < 100; flip++) {
            assertThat(flip).isLessThan(400);
            Thread.sleep(50);
            revision = cluster.registry.release("churn", flip % 2 == 0 ? 2 : 1, 100);
        }
        cluster.awaitRevision("churn", revision);
        isOver.set(true);
        for (Future<?> call : calls) {
            call.get();
        }
        callers.shutdown();
    }

    @Test
    void restartsFromDiskWithEverythingElseAway() {
        publishTwo();
        cluster.registry.release("churn", 2, 100);
        cluster.startServing();
        cluster.stopInference();
        cluster.registry.stop();
        cluster.features.close();
        cluster.startServing();
        assertThat(scoreOne().getScore()).isCloseTo(answerOf(2), within(TOLERANCE));
        assertThat(cluster.score(packed("churn", 12, 70, "basic")).getReleaseRevision())
                .isEqualTo(1);
        assertThat(cluster.list().getIsRegistryConnected()).isFalse();
    }

    @Test
    void hearsAReleaseMadeWhileTheRegistryWasAway() {
        publishTwo();
        cluster.registry.release("churn", 1, 100);
        cluster.startServing();
        cluster.registry.stop();
        await("loss noticed", () -> !cluster.list().getIsRegistryConnected());
        assertThat(scoreOne().getModelVersion()).isEqualTo(1);
        cluster.registry.release("churn", 2, 100);
        cluster.registry.restart();
        cluster.awaitRevision("churn", 2);
        assertThat(scoreOne().getModelVersion()).isEqualTo(2);
    }

    @Test
    void refusesACorruptedDownloadAndLaterTakesTheSoundOne() {
        publishTwo();
        cluster.registry.release("churn", 1, 100);
        cluster.startServing();
        cluster.registry.corruptDownloads(true);
        cluster.registry.release("churn", 2, 100);
        await("failure", () -> cluster.loaded("churn", 2).getState() == LoadState.LOAD_STATE_FAILED);
        assertThat(cluster.loaded("churn", 2).getFailure()).contains("PACKAGE_CORRUPTED");
        assertThat(scoreOne().getScore()).isCloseTo(answerOf(1), within(TOLERANCE));
        assertThat(cluster.server().isServing()).isTrue();
        assertThat(cluster.metrics()).containsPattern("model_load_failures_total\\{[^}]*} [1-9]");
        cluster.registry.corruptDownloads(false);
        cluster.awaitRevision("churn", 2);
        assertThat(scoreOne().getScore()).isCloseTo(answerOf(2), within(TOLERANCE));
    }

    @Test
    void refusesAPackageWhoseGoldenRowsDiffer() {
        publishTwo();
        cluster.registry.publish("churn", 3, TestPackages.withWrongGolden("churn", 2, 0.001));
        cluster.registry.release("churn", 1, 100);
        cluster.startServing();
        cluster.registry.release("churn", 3, 90, 2, 10);
        await("failure", () -> cluster.loaded("churn", 3).getState() == LoadState.LOAD_STATE_FAILED);
        assertThat(cluster.loaded("churn", 3).getFailure()).contains("GOLDEN_MISMATCH");
        assertThat(cluster.loaded("churn", 2).getState()).as("swaps as a whole").isEqualTo(LoadState.LOAD_STATE_FAILED);
        assertThat(scoreOne().getModelVersion()).isEqualTo(1);
        // A restart in this state serves what was served, not what failed, whether the registry insists or is away.
        cluster.stopInference();
        cluster.startServing();
        await("failure", () -> cluster.loaded("churn", 3).getState() == LoadState.LOAD_STATE_FAILED);
        assertThat(scoreOne().getModelVersion()).isEqualTo(1);
        cluster.stopInference();
        cluster.registry.stop();
        cluster.startServing();
        assertThat(scoreOne().getModelVersion()).isEqualTo(1);
    }

    @Test
    void saysWhyAModelThatNeverLoadedDoesNotAnswer() {
        cluster.registry.publish("churn", 1, TestPackages.withWrongGolden("churn", 0, 0.01));
        cluster.registry.release("churn", 1, 100);
        cluster.startServing();
        Failure failure = cluster.failureOf(packed("churn", 1, 1, ""));
        assertThat(failure.code()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(failure.reason()).isEqualTo("MODEL_LOAD_FAILED");
        assertThat(failure.message()).contains("GOLDEN_MISMATCH");
    }

    @Test
    void refusesAPackageOfAnotherModel() {
        cluster.registry.publish("churn", 1, TestPackages.logistic("uplift", 0));
        cluster.registry.release("churn", 1, 100);
        cluster.startServing();
        assertThat(cluster.loaded("churn", 1).getFailure()).contains("BAD_MANIFEST");
    }

    @Test
    void runsAnUnknownOperatorInOnnxRuntime() {
        cluster.registry.publish("churn", 1, TestPackages.withUnknownOperator("churn", 0));
        cluster.registry.release("churn", 1, 100);
        cluster.startServing();
        assertThat(cluster.loaded("churn", 1).getFailure()).isEmpty();
        assertThat(cluster.loaded("churn", 1).getEngine()).isEqualTo("onnxruntime");
        assertThat(cluster.loaded("churn", 1).getFallbackReason()).isEqualTo("operator Einsum: unknown");
        ScoredRow row = cluster.score(packed("churn", 12, 70, "basic").setReasonCount(3))
                .getRows(0);
        assertThat(row.getScore()).isCloseTo(answerOf(1), within(TOLERANCE));
        // Occlusion of a linear model is exact: coefficient x (value - mean over golden rows 1, 24 and missing).
        assertThat(row.getReasonsList().stream()
                        .filter(reason -> reason.getFeature().equals("tenure"))
                        .findFirst()
                        .orElseThrow()
                        .getContribution())
                .isCloseTo(-0.1 * (12 - 12.5), within(1e-4));
    }

    @Test
    void remembersAModelThatCouldNotBeRestoredThisTime() throws Exception {
        publishTwo();
        cluster.registry.publish("weekly", 1, TestPackages.sequence("weekly"));
        cluster.registry.release("churn", 1, 100);
        cluster.registry.release("weekly", 1, 100);
        cluster.startServing();
        cluster.awaitRevision("weekly", 1);
        cluster.stopInference();
        Path file = cluster.cacheFolder().resolve(ModelPackage.digestOf(TestPackages.sequence("weekly")) + ".zip");
        byte[] sound = Files.readAllBytes(file);
        Files.delete(file);
        cluster.registry.stop();
        cluster.startServing();
        assertThat(cluster.loaded("weekly", 1).getState()).isEqualTo(LoadState.LOAD_STATE_FAILED);
        assertThat(scoreOne().getModelVersion()).isEqualTo(1);
        cluster.stopInference();
        Files.write(file, sound);
        cluster.startServing();
        cluster.awaitRevision("weekly", 1);
    }

    @Test
    void fetchesAgainWhatRottedOnDisk() throws Exception {
        publishTwo();
        cluster.registry.release("churn", 1, 100);
        cluster.startServing();
        cluster.stopInference();
        Path file = cluster.cacheFolder().resolve(ModelPackage.digestOf(TestPackages.logistic("churn", 0)) + ".zip");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
        cluster.startServing();
        cluster.awaitRevision("churn", 1);
        assertThat(scoreOne().getScore()).isCloseTo(answerOf(1), within(TOLERANCE));
    }

    @Test
    void splitsSubjectsByWeightAndSticksToThem() {
        publishTwo();
        cluster.registry.release("churn", 1, 70, 2, 30);
        cluster.startServing();
        List<Integer> first = versionsOfThousandSubjects();
        assertThat(first.stream().filter(version -> version == 2).count()).isBetween(240L, 360L);
        assertThat(versionsOfThousandSubjects()).isEqualTo(first);
        int revision = cluster.registry.release("churn", 2, 50, 1, 50);
        cluster.awaitRevision("churn", revision);
        List<Integer> raised = versionsOfThousandSubjects();
        assertThat(raised.stream().filter(version -> version == 2).count()).isBetween(430L, 570L);
        for (int subject = 0; subject < first.size(); subject++) {
            assertThat(raised.get(subject)).isGreaterThanOrEqualTo(first.get(subject));
        }
    }

    private List<Integer> versionsOfThousandSubjects() {
        var rows = NamedRows.newBuilder();
        for (int subject = 0; subject < 1000; subject++) {
            rows.addRowsBuilder()
                    .setSubject("customer-" + subject)
                    .putValues(
                            "tenure", Value.newBuilder().setNumber(subject % 50).build());
        }
        ScoreResponse answer =
                cluster.score(ScoreRequest.newBuilder().setModel("churn").setNamedRows(rows));
        List<Integer> versions = new ArrayList<>();
        for (int subject = 0; subject < 1000; subject++) {
            ScoredRow row = answer.getRows(subject);
            assertThat(row.getScore())
                    .as("subject %d by version %d", subject, row.getModelVersion())
                    .isCloseTo(expected(row.getModelVersion() - 1, subject % 50, Float.NaN, ""), within(TOLERANCE));
            versions.add(row.getModelVersion());
        }
        return versions;
    }

    @Test
    void answersAVersionByNumberWhenItIsLoaded() {
        publishTwo();
        cluster.registry.release("churn", 1, 100, 2, 0);
        cluster.startServing();
        ScoreResponse pinned = cluster.score(packed("churn", 12, 70, "basic").setVersion(2));
        assertThat(pinned.getRows(0).getScore()).isCloseTo(answerOf(2), within(TOLERANCE));
        assertThat(pinned.getReleaseRevision()).isZero();
        Failure failure = cluster.failureOf(packed("churn", 12, 70, "basic").setVersion(7));
        assertThat(failure.code()).isEqualTo(Status.Code.NOT_FOUND);
        assertThat(failure.reason()).isEqualTo("VERSION_NOT_FOUND");
        assertThat(failure.message()).contains("'7'").contains("1, 2");
    }
}
