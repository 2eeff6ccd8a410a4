package io.foresell.benchmarks.load;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** How much memory processes hold, as Linux tells. */
public final class ProcessMemory {
    private static final Pattern RESIDENT = Pattern.compile("VmRSS:\\s+(\\d+) kB");
    private static final double KIB_PER_MIB = 1024;

    private ProcessMemory() {}

    /** Returns the resident memory of the processes together, MiB; 0 for one that is not there, or where Linux is not. */
    public static double residentMib(List<Long> pids) {
        double mib = 0;
        for (long pid : pids) {
            mib += residentMib(pid);
        }
        return mib;
    }

    private static double residentMib(long pid) {
        try {
            for (String line : Files.readAllLines(Path.of("/proc", Long.toString(pid), "status"))) {
                Matcher resident = RESIDENT.matcher(line);
                if (resident.matches()) {
                    return Long.parseLong(resident.group(1)) / KIB_PER_MIB;
                }
            }
        } catch (IOException e) {
            return 0;
        }
        return 0;
    }
}
