package io.foresell.model.pack;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.model.Rows;
import io.foresell.model.graph.RandomModels;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.lang.ref.WeakReference;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A thousand small models in one process, and nothing left of them afterwards. Figures are printed, times never asserted. */
class ManyPackagesTest {
    private static final int COUNT = 1000;
    private static final long MEBIBYTE = 1 << 20;

    @Test
    void aThousandPackagesFitAndLeaveNothingBehind() throws IOException {
        List<byte[]> files = smallPackages();
        // Classes, compiled code and the thread's own memory come with the first models; what matters is what more of
        // them leave.
        for (int i = 0; i < COUNT / 5; i++) {
            score(load(files.get(i % files.size())));
        }
        long heapBefore = usedHeap();
        int threadsBefore = ManagementFactory.getThreadMXBean().getThreadCount();
        long handlesBefore = openHandles();
        int classesBefore = ManagementFactory.getClassLoadingMXBean().getLoadedClassCount();

        List<LoadedPackage> loaded = new ArrayList<>();
        long startNanos = processorNanos();
        for (int i = 0; i < COUNT; i++) {
            loaded.add(load(files.get(i % files.size())));
        }
        long loadNanos = processorNanos() - startNanos;
        long heldBytes = usedHeap() - heapBefore;
        System.out.printf(
                "%d small packages (%d bytes on average): %.2f ms of processor time to load and %d bytes of heap each%n",
                COUNT,
                files.stream().mapToInt(file -> file.length).sum() / files.size(),
                loadNanos / 1e6 / COUNT,
                heldBytes / COUNT);

        assertThat(heldBytes).isBetween(0L, 1024 * MEBIBYTE / 4);
        assertThat(ManagementFactory.getThreadMXBean().getThreadCount()).isLessThanOrEqualTo(threadsBefore);
        assertThat(openHandles()).isEqualTo(handlesBefore);
        loaded.forEach(ManyPackagesTest::score);
        List<WeakReference<LoadedPackage>> unloaded =
                loaded.stream().map(WeakReference::new).toList();
        loaded.clear();
        usedHeap(); // collects
        assertThat(unloaded).allMatch(reference -> reference.get() == null);
        assertThat(ManagementFactory.getThreadMXBean().getThreadCount()).isLessThanOrEqualTo(threadsBefore);
        assertThat(openHandles()).isEqualTo(handlesBefore);
        assertThat(ManagementFactory.getClassLoadingMXBean().getLoadedClassCount() - classesBefore)
                .isLessThan(50);
    }

    @Test
    void loadsAPackageOfAMebibyte() {
        byte[] file = PackageWriter.write(Packages.forest(7, 400, 7));
        assertThat((long) file.length).isBetween(MEBIBYTE * 3 / 4, MEBIBYTE * 2);
        long leastNanos = Long.MAX_VALUE;
        long firstNanos = 0;
        for (int i = 0; i < 10; i++) {
            long startNanos = processorNanos();
            load(file);
            long nanos = processorNanos() - startNanos;
            firstNanos = i == 0 ? nanos : firstNanos;
            leastNanos = Math.min(leastNanos, nanos);
        }
        System.out.printf(
                "a package of %d bytes: %.1f ms of processor time to load at first, %.1f ms at best%n",
                file.length, firstNanos / 1e6, leastNanos / 1e6);
    }

    private static List<byte[]> smallPackages() {
        List<byte[]> files = new ArrayList<>();
        for (int seed = 0; seed < 40; seed++) {
            files.add(PackageWriter.write(Packages.content(seed)));
        }
        for (int seed = 0; seed < 5; seed++) {
            Packages.ofEveryTask(seed).forEach(content -> files.add(PackageWriter.write(content)));
        }
        return files;
    }

    /** Returns this thread's own time, which does not grow when others want the processor. */
    private static long processorNanos() {
        return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
    }

    private static LoadedPackage load(byte[] file) {
        return LoadedPackage.load(file.clone(), "", LoadedPackage.COMPILED);
    }

    private static void score(LoadedPackage loaded) {
        Rows rows = new RandomModels(1).rows(loaded.modelPackage().signature(), 2, 3);
        loaded.scorer().score(rows, new float[2 * loaded.modelPackage().answer().width()]);
    }

    private static long usedHeap() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }

    /** Returns the open files of this process; 0 where the system does not list them. */
    private static long openHandles() throws IOException {
        Path handles = Path.of("/proc/self/fd");
        if (!Files.isDirectory(handles)) {
            return 0;
        }
        try (Stream<Path> open = Files.list(handles)) {
            return open.count();
        }
    }
}
