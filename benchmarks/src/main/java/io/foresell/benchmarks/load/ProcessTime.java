package io.foresell.benchmarks.load;

import java.time.Duration;
import java.util.List;

/** How much processor time processes have used: what a call costs, whoever else uses the machine. */
public final class ProcessTime {
    private ProcessTime() {}

    /** Returns the processor time of the processes together, microseconds; 0 for one that is not there or does not tell. */
    public static double micros(List<Long> pids) {
        double micros = 0;
        for (long pid : pids) {
            micros += ProcessHandle.of(pid)
                            .flatMap(process -> process.info().totalCpuDuration())
                            .map(Duration::toNanos)
                            .orElse(0L)
                    / 1e3;
        }
        return micros;
    }
}
