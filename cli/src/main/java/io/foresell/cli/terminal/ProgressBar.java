package io.foresell.cli.terminal;

import java.time.Duration;
import java.util.Locale;

/**
 * Progress of one long piece of work on standard error: a bar redrawn in place on a terminal, else a plain line at every
 * new stage and every tenth. Not thread-safe.
 */
public final class ProgressBar implements AutoCloseable {
    private static final int BAR_WIDTH = 24;
    private static final long REDRAW_NANOS = 80_000_000L;

    private final Terminal terminal;
    private final boolean isShown;
    private long lastDrawNanos;
    private int lastTenth = -1;
    private String lastStage = "";
    private String pending = "";

    /** Starts a bar; {@code isShown} false shows nothing at all. */
    public ProgressBar(Terminal terminal, boolean isShown) {
        this.terminal = terminal;
        this.isShown = isShown;
    }

    /**
     * Shows how far the work is.
     *
     * @param stage what is being done
     * @param fraction the share done, in [0, 1]
     * @param detail numbers beside the bar; may be empty
     */
    public void update(String stage, double fraction, String detail) {
        if (!isShown) {
            return;
        }
        int tenth = (int) (fraction * 10);
        boolean isNewStage = !stage.equals(lastStage);
        String line = "%s %3.0f%%  %s%s"
                .formatted(
                        terminal.bar(fraction, BAR_WIDTH),
                        Math.floor(fraction * 100),
                        stage,
                        detail.isEmpty() ? "" : "  " + detail);
        if (terminal.isErrTerminal()) {
            pending = line;
            if (isNewStage || System.nanoTime() - lastDrawNanos > REDRAW_NANOS) {
                draw();
            }
        } else if (isNewStage || tenth > lastTenth) {
            terminal.note(String.format(Locale.ROOT, "%3.0f%%  %s", Math.floor(fraction * 100), stage)
                    + (detail.isEmpty() ? "" : "  " + detail));
        }
        lastStage = stage;
        lastTenth = isNewStage ? tenth : Math.max(tenth, lastTenth);
    }

    private void draw() {
        String line = pending;
        while (Table.width(line) >= terminal.columns()) {
            line = line.substring(0, line.length() - 1);
        }
        terminal.err().print("\r" + line + "\u001b[K");
        terminal.err().flush();
        lastDrawNanos = System.nanoTime();
    }

    /** Prints a line above the bar. */
    public void note(String text) {
        if (isShown && terminal.isErrTerminal()) {
            terminal.err().print("\r\u001b[K");
        }
        terminal.note(text);
    }

    /** Removes the bar; what comes next starts on a clean line. */
    @Override
    public void close() {
        if (isShown && terminal.isErrTerminal() && !pending.isEmpty()) {
            terminal.err().print("\r\u001b[K");
            terminal.err().flush();
            pending = "";
        }
    }

    /** Returns a time for people: {@code 8 s}, {@code 2 min 05 s}, {@code 1 h 10 min}. */
    public static String shown(Duration time) {
        long seconds = Math.max(0, time.toSeconds());
        if (seconds < 100) {
            return seconds + " s";
        }
        if (seconds < 3600) {
            return "%d min %02d s".formatted(seconds / 60, seconds % 60);
        }
        return "%d h %02d min".formatted(seconds / 3600, seconds / 60 % 60);
    }
}
