package io.foresell.inference;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.foresell.inference.fixture.Cluster;
import io.foresell.inference.fixture.TestPackages;
import io.foresell.proto.inference.v1.LoadState;
import io.foresell.proto.inference.v1.MemoryUse;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoreResponse;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** More models than memory has room for: about three of these fit. */
abstract class RunningParkedModels {
    static final int MODELS = 8;
    static final long BUDGET = 200_000;

    @TempDir
    Path folder;

    Cluster cluster;

    @BeforeEach
    void makeCluster() {
        cluster = new Cluster(folder)
                .with("models.memory-budget", BUDGET / 1000 + "KB")
                .with("models.min-residence", "0s");
        for (int i = 0; i < MODELS; i++) {
            cluster.registry.publish(model(i), 1, TestPackages.logistic(model(i), i));
            cluster.registry.release(model(i), 1, 100);
        }
    }

    @AfterEach
    void closeCluster() {
        cluster.close();
    }

    static String model(int i) {
        return "model_" + i;
    }

    static ScoreRequest.Builder row(int i) {
        return Cluster.packed(model(i), 12, 70, "basic");
    }

    static double expected(int i) {
        return TestPackages.expected(i, 12, 70, "basic");
    }

    void requireScored(int i, ScoreResponse response) {
        assertThat(response.getRows(0).getScore()).as(model(i)).isCloseTo(expected(i), within(1e-5));
    }

    LoadState state(int i) {
        return cluster.loaded(model(i), 1).getState();
    }

    int parked() {
        return IntStream.range(0, MODELS)
                .filter(i -> state(i) == LoadState.LOAD_STATE_PARKED)
                .findFirst()
                .orElseThrow();
    }

    void requireWithinBudget() {
        MemoryUse memory = cluster.list().getMemory();
        assertThat(memory.getBudgetBytes()).isEqualTo(BUDGET);
        assertThat(memory.getResidentBytes()).isBetween(1L, BUDGET);
        assertThat(memory.getResidentModelCount() + memory.getParkedModelCount())
                .isEqualTo(MODELS);
        assertThat(memory.getResidentModelCount()).isBetween(2, 5);
    }
}
