package io.foresell.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.foresell.inference.fetch.PackageStore;
import io.foresell.inference.fetch.Release;
import io.foresell.inference.fetch.RoutedVersion;
import io.foresell.inference.fixture.Cluster;
import io.foresell.inference.fixture.TestPackages;
import io.foresell.model.pack.ModelPackage;
import io.foresell.proto.inference.v1.LoadState;
import io.foresell.proto.inference.v1.MemoryUse;
import io.foresell.proto.inference.v1.ScoreResponse;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A thousand small models on disk, memory for some of them, and neither registry nor feature store. */
final class ManyModelsTest {
    private static final int MODELS = 1000;
    private static final int ASKED = 60;
    private static final long BUDGET = 10_000_000; // for about 180
    private static final long BESIDE = 32L << 20; // heap of a server, and of what it knows of parked models

    /** In an order that says nothing. */
    private static final List<Integer> SHUFFLED =
            IntStream.range(0, MODELS).boxed().collect(Collectors.toCollection(ArrayList::new));

    static {
        Collections.shuffle(SHUFFLED, new Random(5));
    }

    @TempDir
    private Path folder;

    private Cluster cluster;

    @BeforeEach
    void writePackages() throws IOException {
        cluster = new Cluster(folder)
                .with("models.memory-budget", BUDGET / 1000 + "KB")
                .with("models.min-residence", "0s");
        cluster.registry.stop();
        cluster.features.close();
        List<Release> releases = new ArrayList<>();
        try (PackageStore store = PackageStore.open(cluster.cacheFolder(), 1_000_000_000)) {
            for (int i = 0; i < MODELS; i++) {
                byte[] bytes = TestPackages.logistic(model(i), intercept(i));
                String digest = ModelPackage.digestOf(bytes);
                Files.write(cluster.cacheFolder().resolve(digest + ".zip"), bytes);
                releases.add(
                        new Release(model(i), 1, List.of(new RoutedVersion(1, 100, digest, bytes.length)), "salt"));
            }
            store.writeReleases(releases);
        }
    }

    @AfterEach
    void closeCluster() {
        cluster.close();
    }

    private static String model(int i) {
        return "model_" + i;
    }

    private static double intercept(int i) {
        return i / 100.0 - 5;
    }

    private void requireScored(int i) {
        ScoreResponse answer = cluster.score(Cluster.packed(model(i), 12, 70, "basic"));
        assertThat(answer.getRows(0).getScore())
                .as(model(i))
                .isCloseTo(TestPackages.expected(intercept(i), 12, 70, "basic"), within(1e-5));
    }

    private Set<String> inState(LoadState state) {
        return cluster.list().getModelsList().stream()
                .filter(loaded -> loaded.getState() == state)
                .map(loaded -> loaded.getModel())
                .collect(Collectors.toSet());
    }

    private void requireWithinBudget() {
        MemoryUse memory = cluster.list().getMemory();
        assertThat(memory.getResidentBytes()).isBetween(BUDGET / 2, BUDGET);
        assertThat(memory.getResidentModelCount()).isBetween(100, 300);
        assertThat(inState(LoadState.LOAD_STATE_READY)).hasSize(memory.getResidentModelCount());
        assertThat(inState(LoadState.LOAD_STATE_PARKED)).hasSize(MODELS - memory.getResidentModelCount());
    }

    private static long heapBytes() {
        System.gc();
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    @Test
    void startsWithThoseAskedForLastAndAnswersForAll() {
        cluster.startServing(); // of no model is known when it was asked for
        requireWithinBudget();
        List<Integer> asked = SHUFFLED.subList(0, ASKED);
        asked.forEach(this::requireScored);
        cluster.stopInference();

        long before = heapBytes();
        cluster.startServing();
        requireWithinBudget();
        assertThat(inState(LoadState.LOAD_STATE_READY))
                .containsAll(asked.stream().map(ManyModelsTest::model).toList());
        assertThat(heapBytes() - before).as("heap").isLessThan(BUDGET + BESIDE);

        SHUFFLED.subList(0, 4 * ASKED).forEach(this::requireScored);
        requireWithinBudget();
        assertThat(heapBytes() - before).as("heap, when models came and went").isLessThan(BUDGET + BESIDE);
    }

    @Test
    void aThousandModelsInMemoryTakeLittleOfAGigabyte() {
        cluster.with("models.memory-budget", "none");
        long before = heapBytes();
        cluster.startServing();
        assertThat(inState(LoadState.LOAD_STATE_READY)).hasSize(MODELS);
        SHUFFLED.forEach(this::requireScored);
        assertThat(heapBytes() - before).as("heap").isLessThan(128L << 20);
    }
}
