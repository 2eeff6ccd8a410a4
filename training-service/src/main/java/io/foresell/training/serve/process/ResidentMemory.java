package io.foresell.training.serve.process;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Reads how much memory a process holds, where the system says so in {@code /proc}. */
final class ResidentMemory {
    private static final Pattern RESIDENT = Pattern.compile("(?m)^VmRSS:\\s+(\\d+) kB");

    private ResidentMemory() {}

    /** Returns the resident memory in MiB; 0 when the system does not say or the process is gone. */
    static long mebibytes(long pid) {
        Path status = Path.of("/proc", Long.toString(pid), "status");
        try {
            Matcher resident = RESIDENT.matcher(Files.isReadable(status) ? Files.readString(status) : "");
            return resident.find() ? Long.parseLong(resident.group(1)) >> 10 : 0;
        } catch (IOException e) {
            return 0; // it ended in between
        }
    }
}
