package io.foresell.benchmarks.load;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;

/** How far a benchmark is: a bar redrawn in place on a terminal, else a line a step. Used by one thread. */
public final class ProgressLine implements AutoCloseable {
    private static final int WIDTH = 24;

    private final PrintStream out;
    private final boolean isTerminal;
    private final long startNanos = System.nanoTime();
    private int stepCount;
    private int done;

    public ProgressLine(PrintStream out, boolean isTerminal) {
        this.out = out;
        this.isTerminal = isTerminal;
    }

    /** Starts a bar on standard error, which nobody reads as an answer. */
    public static ProgressLine onStandardError() {
        return new ProgressLine(System.err, isTerminal("/proc/self/fd/2"));
    }

    /** Linux tells what a stream is; elsewhere lines are printed. A console would say so only when the answer is not redirected. */
    private static boolean isTerminal(String stream) {
        try {
            String device = Files.readSymbolicLink(Path.of(stream)).toString();
            return device.startsWith("/dev/pts/") || device.startsWith("/dev/tty");
        } catch (IOException | UnsupportedOperationException e) {
            return false;
        }
    }

    /** Says how many steps there are. */
    public void expect(int steps) {
        stepCount = steps;
    }

    /** Says what is done next; the step before is over. */
    public void next(String what) {
        double share = stepCount == 0 ? 0 : Math.min(1, done / (double) stepCount);
        long elapsedSeconds = (System.nanoTime() - startNanos) / 1_000_000_000;
        String left = share < 0.02
                ? ""
                : String.format(Locale.ROOT, ", %s left", shown((long) (elapsedSeconds / share * (1 - share))));
        if (isTerminal) {
            int filled = (int) Math.round(share * WIDTH);
            out.printf(
                    Locale.ROOT,
                    "\r[%s%s] %3.0f %%  %s%s\u001b[K",
                    "#".repeat(filled),
                    ".".repeat(WIDTH - filled),
                    100 * share,
                    what,
                    left);
        } else {
            out.printf(Locale.ROOT, "%3.0f %%  %s%s%n", 100 * share, what, left);
        }
        out.flush();
        done++;
    }

    private static String shown(long seconds) {
        return seconds < 100 ? seconds + " s" : "%d min %02d s".formatted(seconds / 60, seconds % 60);
    }

    /** Removes the bar; what comes next starts on a clean line. */
    public void clear() {
        if (isTerminal && done > 0) {
            out.print("\r\u001b[K");
            out.flush();
        }
    }

    @Override
    public void close() {
        clear();
    }
}
