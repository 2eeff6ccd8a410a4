package io.foresell.standalone.fuzz;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/**
 * What a process holds.
 *
 * @param heapMib live objects, after a collection
 */
record Footprint(int threads, int files, int heapMib) {
    private static final Pattern USED = Pattern.compile("used (\\d+)K");

    static Footprint of(long pid) throws IOException, InterruptedException {
        jcmd(pid, "GC.run");
        int usedKib = 0;
        Matcher matcher = USED.matcher(jcmd(pid, "GC.heap_info"));
        for (int part = 0; part < 2 && matcher.find(); part++) { // young and old, not classes
            usedKib += Integer.parseInt(matcher.group(1));
        }
        return new Footprint(count(pid, "task"), count(pid, "fd"), usedKib >> 10);
    }

    private static int count(long pid, String what) throws IOException {
        try (Stream<Path> entries = Files.list(Path.of("/proc", Long.toString(pid), what))) {
            return (int) entries.count();
        }
    }

    private static String jcmd(long pid, String command) throws IOException, InterruptedException {
        Path tool = Path.of(System.getProperty("java.home"), "bin", "jcmd");
        Process process = new ProcessBuilder(List.of(tool.toString(), Long.toString(pid), command))
                .redirectErrorStream(true)
                .start();
        String output = new String(process.getInputStream().readAllBytes(), java.nio.charset.StandardCharsets.UTF_8);
        if (!process.waitFor(30, TimeUnit.SECONDS)) {
            throw new IOException("jcmd does not end");
        }
        return output;
    }
}
