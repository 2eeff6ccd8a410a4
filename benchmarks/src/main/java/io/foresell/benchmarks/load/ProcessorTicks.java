package io.foresell.benchmarks.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/**
 * What the processors of this machine did since it started, in ticks of Linux: a machine that is a guest of another one loses time that
 * no process of it sees, and figures of such a moment tell of the neighbours.
 *
 * @param worked ticks in which something ran
 * @param stolen ticks in which something would have run, had the host given the processor (steal of proc(5))
 */
public record ProcessorTicks(long worked, long stolen) {
    private static final Path STAT = Path.of("/proc/stat");
    private static final List<Integer> WORKED = List.of(1, 2, 3, 6, 7); // user, nice, system, irq, softirq
    private static final int STOLEN = 8;

    /** Returns the ticks until now; zeros where Linux is not. */
    public static ProcessorTicks now() {
        try {
            return parse(Files.readAllLines(STAT).get(0));
        } catch (IOException e) {
            return new ProcessorTicks(0, 0);
        }
    }

    /** Reads the first line of {@code /proc/stat}; zeros when it is something else. */
    static ProcessorTicks parse(String line) {
        String[] fields = line.trim().split("\\s+");
        if (!fields[0].equals("cpu") || fields.length <= STOLEN) {
            return new ProcessorTicks(0, 0);
        }
        long worked = WORKED.stream()
                .mapToLong(field -> Long.parseLong(fields[field]))
                .sum();
        return new ProcessorTicks(worked, Long.parseLong(fields[STOLEN]));
    }

    /** Returns the percentage of the time to work since then that the host took, 0 to 100. */
    public double stolenPercentSince(ProcessorTicks before) {
        long lost = stolen - before.stolen;
        long all = worked - before.worked + lost;
        return all <= 0 ? 0 : 100.0 * lost / all;
    }
}
