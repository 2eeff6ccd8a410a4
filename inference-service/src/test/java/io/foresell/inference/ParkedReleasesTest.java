package io.foresell.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.foresell.inference.fixture.Cluster;
import io.foresell.inference.fixture.TestPackages;
import io.foresell.kit.Failure;
import io.foresell.model.pack.ModelPackage;
import io.foresell.proto.inference.v1.LoadState;
import io.grpc.Status;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** Starts, releases and spoilt packages with more models than memory has room for. */
final class ParkedReleasesTest extends RunningParkedModels {
    @Test
    void fetchesAPackageAgainThatTheDiskSpoilt() throws Exception {
        cluster.startServing();
        int model = parked();
        spoil(model);
        requireScored(model, cluster.score(row(model)));

        int lost = parked();
        spoil(lost);
        cluster.registry.stop();
        Failure failure = cluster.failureOf(row(lost));
        assertThat(failure.code()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(failure.reason()).isEqualTo("MODEL_LOAD_FAILED");
        assertThat(failure.retryAfter()).isNotNull();
        assertThat(cluster.loaded(model(lost), 1).getState()).isEqualTo(LoadState.LOAD_STATE_FAILED);
        assertThat(cluster.loaded(model(lost), 1).getFailure()).contains("release 1: ");
        assertThat(cluster.server().isServing()).isTrue();
        for (int i = 0; i < MODELS; i++) {
            if (i != lost) {
                requireScored(i, cluster.score(row(i)));
            }
        }
        cluster.registry.restart();
        Cluster.await("loaded after all", () -> {
            try {
                requireScored(lost, cluster.score(row(lost)));
                return true;
            } catch (io.grpc.StatusRuntimeException e) {
                assertThat(e.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
                return false;
            }
        });
    }

    private void spoil(int model) throws Exception {
        Path file = cluster.cacheFolder()
                .resolve(ModelPackage.digestOf(TestPackages.logistic(model(model), model)) + ".zip");
        byte[] bytes = Files.readAllBytes(file);
        bytes[bytes.length / 2] ^= 1;
        Files.write(file, bytes);
    }

    @Test
    void startsWithThoseAskedForLastAndNothingElseUp() throws Exception {
        cluster.startServing();
        for (int i : new int[] {0, 1, 2, 5, 7}) {
            requireScored(i, cluster.score(row(i)));
            Thread.sleep(120); // usage is known to a tenth of a second
        }
        cluster.stopInference();
        cluster.registry.stop();
        cluster.features.close();
        cluster.startServing();
        assertThat(state(7)).isEqualTo(LoadState.LOAD_STATE_READY);
        assertThat(state(5)).isEqualTo(LoadState.LOAD_STATE_READY);
        assertThat(state(0)).isEqualTo(LoadState.LOAD_STATE_PARKED);
        requireWithinBudget();
        for (int i = 0; i < MODELS; i++) {
            requireScored(i, cluster.score(row(i)));
        }
        requireWithinBudget();
    }

    @Test
    void refusesAReleaseLargerThanTheBudgetAndServesOn() {
        byte[] large = TestPackages.logistic(model(0), 100);
        cluster.with("models.memory-budget", "40KB");
        cluster.start();
        Cluster.await("tried", () -> cluster.list().getModelsList().stream()
                .anyMatch(model -> model.getFailure().contains("MODEL_LARGER_THAN_MEMORY")));
        Failure failure = cluster.failureOf(row(0));
        assertThat(failure.code()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(failure.message()).contains("models.memory-budget");
        assertThat(large).isNotEmpty();
        Cluster.await("ready all the same", () -> cluster.server().isServing());
    }

    @Test
    void aReleaseOfAParkedModelIsLoadedAndWhatFailsLeavesTheParkedOne() {
        cluster.startServing();
        int model = parked();
        cluster.registry.publish(model(model), 2, TestPackages.withWrongGolden(model(model), 3, 0.01));
        cluster.registry.release(model(model), 2, 100);
        Cluster.await("refused", () -> cluster.loaded(model(model), 2).getState() == LoadState.LOAD_STATE_FAILED);
        requireScored(model, cluster.score(row(model)));
        assertThat(cluster.loaded(model(model), 2).getFailure()).contains("GOLDEN_MISMATCH");
        cluster.registry.publish(model(model), 3, TestPackages.logistic(model(model), 3));
        cluster.registry.release(model(model), 3, 100);
        cluster.awaitRevision(model(model), 3);
        assertThat(cluster.score(row(model)).getRows(0).getScore()).isCloseTo(expected(3), within(1e-5));
        requireWithinBudget();
    }

    @Test
    void noCallFailsWhileModelsCycleAndReleasesCome() throws Exception {
        cluster.with("models.min-residence", "20ms");
        cluster.startServing();
        AtomicBoolean isOver = new AtomicBoolean();
        ExecutorService callers = Executors.newFixedThreadPool(6);
        List<Future<Integer>> counts = new ArrayList<>();
        for (int caller = 0; caller < 6; caller++) {
            SplittableRandom random = new SplittableRandom(caller);
            counts.add(callers.submit(() -> {
                int count = 0;
                while (!isOver.get()) {
                    int i = (int) (MODELS * random.nextDouble() * random.nextDouble());
                    double score = cluster.score(row(i)).getRows(0).getScore();
                    // A release in between is the same model with another version number.
                    assertThat(score).isCloseTo(expected(i), within(1e-5));
                    count++;
                }
                return count;
            }));
        }
        for (int release = 2; release < 12; release++) {
            int i = release % MODELS;
            cluster.registry.publish(model(i), release, TestPackages.logistic(model(i), i));
            cluster.registry.release(model(i), release, 100);
            Thread.sleep(200);
            assertThat(cluster.list().getMemory().getResidentBytes()).isLessThanOrEqualTo(BUDGET);
        }
        isOver.set(true);
        int sum = 0;
        for (Future<Integer> count : counts) {
            sum += count.get(20, TimeUnit.SECONDS);
        }
        callers.shutdown();
        assertThat(sum).isGreaterThan(50);
        long loads = cluster.list().getModelsList().stream()
                .mapToLong(model -> model.getResidency().getLoadOnDemandCount())
                .sum();
        assertThat(loads).as("loads on demand").isGreaterThan(5);
    }
}
