package io.foresell.inference.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.inference.fixture.TestPackages;
import io.foresell.model.Rows;
import io.foresell.model.graph.Calibration;
import io.foresell.model.graph.Head;
import io.foresell.model.graph.ModelGraph;
import io.foresell.model.graph.Tree;
import io.foresell.model.graph.TreeEnsembleModel;
import io.foresell.model.pack.ModelPackage;
import io.foresell.onnxruntime.RunnablePackage;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/** What is said to be kept, against what the heap grows by. */
final class MemoryMeterTest {
    private static final long SEED = 11;
    private static final int MOST_TRIES = 8;

    @Test
    void agreesWithTheHeapForAForest() {
        byte[] bytes = forest("forest", 200, 6);
        requireHonest("forest", 25, () -> RunnablePackage.load(ModelPackage.read(bytes), 1));
    }

    @Test
    void agreesWithTheHeapForASmallModel() {
        byte[] bytes = TestPackages.logistic("churn", 0.5);
        requireHonest("logistic", 1000, () -> RunnablePackage.load(ModelPackage.read(bytes), 1));
    }

    @Test
    void agreesWithTheHeapForANetwork() {
        byte[] bytes = TestPackages.sequence("usage");
        requireHonest("network", 1000, () -> RunnablePackage.load(ModelPackage.read(bytes), 1));
    }

    private static void requireHonest(String what, int count, Supplier<RunnablePackage> loader) {
        Heap heap = quietly(count, loader);
        // A quarter, and what a small package hardly costs beside its meters.
        assertThat(Math.abs(heap.told() - heap.grown()) / count)
                .as("%s: told %d of %d bytes by the heap", what, heap.told() / count, heap.grown() / count)
                .isLessThan(heap.grown() / count / 4 + 1500);
    }

    /** What is said to be kept, by what the heap grew with it, and how much of that did not come back without it. */
    private record Heap(long told, long grown, long left) {}

    /** Measures until the heap is as before when the packages are gone: other tests of this process leave things that are freed late. */
    private static Heap quietly(int count, Supplier<RunnablePackage> loader) {
        for (int i = 0; i < 3; i++) {
            var unused = loader.get(); // classes are loaded, shared tables made
        }
        Heap heap = measure(count, loader);
        for (int again = 0; again < MOST_TRIES && Math.abs(heap.left()) > heap.told() / 8; again++) {
            heap = measure(count, loader);
        }
        assertThat(Math.abs(heap.left()))
                .as("bytes of the heap that others took or left at the same time")
                .isLessThanOrEqualTo(heap.told() / 8);
        return heap;
    }

    private static Heap measure(int count, Supplier<RunnablePackage> loader) {
        long before = usedHeap();
        List<RunnablePackage> kept = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            kept.add(loader.get());
        }
        long grown = usedHeap() - before;
        long told = 0;
        for (RunnablePackage each : kept) {
            told += MemoryMeter.retained(List.of(each.modelPackage(), each.scorer()));
        }
        kept.clear();
        return new Heap(told, grown, usedHeap() - before);
    }

    @Test
    void countsWhatLiesBesideTheHeap() throws IOException {
        byte[] bytes = TestPackages.withUnknownOperator("churn", 0.5);
        List<RunnablePackage> kept = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            kept.add(RunnablePackage.load(ModelPackage.read(bytes), 1)); // the library itself, its arenas
        }
        usedHeap();
        long before = residentBytes();
        int count = 200;
        for (int i = 0; i < count; i++) {
            kept.add(RunnablePackage.load(ModelPackage.read(bytes), 1));
        }
        long grown = residentBytes() - before;
        long told = MemoryMeter.bytesOf(kept.get(0).modelPackage(), kept.get(0).scorer());
        assertThat(kept.get(0).scorer().engine()).isEqualTo("onnxruntime");
        kept.forEach(RunnablePackage::close);
        assertThat(told)
                .as("a session that takes %d bytes", grown / count)
                .isBetween(grown / count / 3, Math.max(grown / count * 4, 500_000));
    }

    @Test
    void countsAnObjectOnceAndNothingShared() {
        float[] table = new float[1000];
        long once = MemoryMeter.retained(List.of(table));
        assertThat(once).isBetween(4000L, 4040L);
        assertThat(MemoryMeter.retained(List.of(table, table))).isEqualTo(once);
        assertThat(MemoryMeter.retained(List.of(String.class, Thread.currentThread())))
                .isZero();
        assertThat(MemoryMeter.retained(List.of(Map.of("a", table)))).isBetween(once, once + 300);
    }

    private static long residentBytes() throws IOException {
        String[] pages = Files.readString(Path.of("/proc/self/statm")).split(" ", -1);
        return 4096 * Long.parseLong(pages[1]);
    }

    private static long usedHeap() {
        Runtime runtime = Runtime.getRuntime();
        long least = Long.MAX_VALUE;
        for (int i = 0; i < 4; i++) {
            System.gc();
            least = Math.min(least, runtime.totalMemory() - runtime.freeMemory());
        }
        return least;
    }

    /** Returns a package of full trees over the test inputs. */
    static byte[] forest(String model, int treeCount, int depth) {
        int width = TestPackages.INPUTS.encodedWidth();
        List<Tree> trees = RehearsalPackage.trees(treeCount, width, depth, new Random(SEED));
        byte[] onnx = ModelGraph.write(
                TestPackages.INPUTS, TreeEnsembleModel.boosted(width, trees, 0), Head.binary(Calibration.NONE));
        Rows rows = new Rows(2, new float[] {1, 20, 24, 70}, new String[] {"basic", "gold"});
        return RehearsalPackage.pack(model, TestPackages.INPUTS, onnx, rows);
    }
}
