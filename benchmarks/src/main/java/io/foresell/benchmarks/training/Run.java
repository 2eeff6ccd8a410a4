package io.foresell.benchmarks.training;

import com.sun.management.OperatingSystemMXBean;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * What one piece of work took.
 *
 * @param cpuSeconds of all threads of the process
 * @param seconds on the clock
 */
record Run(double cpuSeconds, double seconds) {
    private static final OperatingSystemMXBean SYSTEM =
            (OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean();

    /** Work that is timed. */
    interface Work {
        void run() throws Exception;
    }

    static Run of(Work work) throws Exception {
        long cpu = SYSTEM.getProcessCpuTime();
        long start = System.nanoTime();
        work.run();
        return new Run((SYSTEM.getProcessCpuTime() - cpu) / 1e9, (System.nanoTime() - start) / 1e9);
    }

    /** Returns the greatest resident memory so far; 0 where the system does not tell. */
    static long peakMemoryMib() throws IOException {
        Path status = Path.of("/proc/self/status");
        if (!Files.isReadable(status)) {
            return 0;
        }
        return Files.readAllLines(status).stream()
                .filter(line -> line.startsWith("VmHWM:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) / 1024)
                .findFirst()
                .orElse(0);
    }
}
