package io.foresell.benchmarks.model;

import com.sun.management.UnixOperatingSystemMXBean;
import io.foresell.model.pack.LoadedPackage;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/** What do a thousand small packages in one process cost, and what is left when all are unloaded? */
public final class ManyPackages {
    static final String QUESTION = "1,000 small packages in one process";

    private static final int PACKAGE_COUNT = 1000;
    private static final double BYTES_PER_MIB = 1 << 20;

    private ManyPackages() {}

    /** Writes the packages, loads them in a new process with a heap of a gigabyte, and returns what it printed. */
    static String inOwnProcess(Path directory) throws IOException, InterruptedException {
        for (int i = 0; i < PACKAGE_COUNT; i++) {
            Files.write(file(directory, i), Packages.small(i));
        }
        Process process = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx1g",
                        "-XX:+UseSerialGC",
                        "-cp",
                        System.getProperty("java.class.path"),
                        ManyPackages.class.getName(),
                        directory.toString())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        String printed = new String(process.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        int exit = process.waitFor();
        if (exit != 0) {
            throw new IllegalStateException("process that loads packages: exit code %d (expected: 0)".formatted(exit));
        }
        return printed;
    }

    private static Path file(Path directory, int index) {
        return directory.resolve("small" + index + ".package");
    }

    public static void main(String[] arguments) throws IOException {
        Path directory = Path.of(arguments[0]);
        double firstMillis = millisOfFirst(directory);
        Held before = Held.now();
        List<LoadedPackage> loaded = new ArrayList<>();
        double[] millis = new double[PACKAGE_COUNT];
        long fileBytes = 0;
        for (int i = 0; i < PACKAGE_COUNT; i++) {
            long start = System.nanoTime();
            byte[] bytes = Files.readAllBytes(file(directory, i));
            loaded.add(LoadedPackage.load(bytes, "", LoadedPackage.COMPILED));
            millis[i] = (System.nanoTime() - start) / 1e6;
            fileBytes += bytes.length;
        }
        Held during = Held.now();
        int count = loaded.size();
        loaded.clear();
        Held after = Held.now();
        print(count, fileBytes, firstMillis, millis, before, during, after);
    }

    /** Loads one of each kind and lets go of it, so that what a process needs once is not taken for a leak. */
    private static double millisOfFirst(Path directory) throws IOException {
        long start = System.nanoTime();
        LoadedPackage.load(Files.readAllBytes(file(directory, 0)), "", LoadedPackage.COMPILED);
        double millis = (System.nanoTime() - start) / 1e6;
        for (int i = 1; i < Packages.SMALL_KINDS; i++) {
            LoadedPackage.load(Files.readAllBytes(file(directory, i)), "", LoadedPackage.COMPILED);
        }
        return millis;
    }

    private static void print(
            int count, long fileBytes, double first, double[] millis, Held before, Held during, Held after) {
        Arrays.sort(millis);
        System.out.printf(
                Locale.ROOT,
                "%n%s: %d loaded, %.1f MiB of files; load ms first %.0f, median %.1f, p99 %.1f, sum %.0f%n",
                QUESTION,
                count,
                fileBytes / BYTES_PER_MIB,
                first,
                millis[count / 2],
                millis[count * 99 / 100],
                Arrays.stream(millis).sum());
        System.out.printf("before: %s%nloaded: %s%nunloaded: %s%n", before, during, after);
    }

    /** What a process holds on to. */
    private record Held(double heapMib, int threads, long openFiles) {
        static Held now() {
            System.gc();
            UnixOperatingSystemMXBean system = (UnixOperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();
            return new Held(
                    ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed() / BYTES_PER_MIB,
                    ManagementFactory.getThreadMXBean().getThreadCount(),
                    system.getOpenFileDescriptorCount());
        }

        @Override
        public String toString() {
            return String.format(Locale.ROOT, "heap %.1f MiB, %d threads, %d open files", heapMib, threads, openFiles);
        }
    }
}
