package io.foresell.training.serve.process;

import io.foresell.training.job.JobNeeds;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The bounds of a training process within the memory it was given: half of it is heap, a quarter what ND4J may allocate, and the rest is
 * for XGBoost, code and stacks. The resident memory as a whole is watched from outside.
 */
record ChildLimits(JobNeeds needs) {
    private static final int MIN_HEAP_MIB = 96;

    int heapMib() {
        return Math.max(MIN_HEAP_MIB, needs.memoryMib() / 2);
    }

    int nativeMib() {
        return needs.memoryMib() / 4;
    }

    /** Returns the options of its JVM. */
    List<String> options(Path temporary, Path folder) {
        List<String> options = new ArrayList<>(List.of(
                "-Xmx%dm".formatted(heapMib()),
                "-Xss4m",
                "-XX:+UseSerialGC",
                "-XX:+ExitOnOutOfMemoryError",
                "-XX:-CreateCoredumpOnCrash",
                "-XX:ErrorFile=" + folder.resolve("crash.log"),
                "-Xshare:auto",
                "-Djava.awt.headless=true",
                "-Djava.io.tmpdir=" + temporary,
                "-Dorg.bytedeco.javacpp.maxbytes=%dm".formatted(nativeMib()),
                "-Dorg.bytedeco.javacpp.maxphysicalbytes=%dm".formatted(needs.memoryMib())));
        Path home = Path.of(System.getProperty("user.home"));
        if (!Files.isWritable(home)) { // else native libraries are unpacked anew for every job
            Path shared = Path.of(System.getProperty("java.io.tmpdir"), "javacpp");
            options.add("-Dorg.bytedeco.javacpp.cachedir=" + shared);
        }
        if (ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent()) {
            options.add("--add-modules=jdk.incubator.vector");
        }
        return options;
    }
}
