package io.foresell.cli.terminal;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;

/**
 * The two output streams of the command and what they can show. Answers go to {@code out}, progress and remarks to
 * {@code err}, so that a pipe only sees answers. Immutable; the streams are thread-safe.
 *
 * @param out standard output
 * @param err standard error
 * @param isOutTerminal whether a person sees {@code out}
 * @param isErrTerminal whether a person sees {@code err}
 * @param hasColour whether colours may be used at all
 * @param hasUnicode whether block characters can be shown
 * @param columns the width of the terminal
 */
public record Terminal(
        PrintStream out,
        PrintStream err,
        boolean isOutTerminal,
        boolean isErrTerminal,
        boolean hasColour,
        boolean hasUnicode,
        int columns) {

    /**
     * Returns the terminal of this process. The launcher says in {@code foresell.terminal} which streams are terminals,
     * such as {@code "out err"}; without it none is.
     */
    public static Terminal system(Map<String, String> environment) {
        String told = System.getProperty("foresell.terminal", "");
        String locale = environment.getOrDefault(
                "LC_ALL", environment.getOrDefault("LC_CTYPE", environment.getOrDefault("LANG", "")));
        String charset = locale.toLowerCase(Locale.ROOT).replace("-", "");
        boolean isDumb = environment.getOrDefault("TERM", "").equals("dumb");
        return new Terminal(
                stream(FileDescriptor.out),
                stream(FileDescriptor.err),
                told.contains("out"),
                told.contains("err"),
                environment.getOrDefault("NO_COLOR", "").isEmpty() && !isDumb,
                charset.contains("utf8"),
                terminalWidth());
    }

    private static int terminalWidth() {
        int columns = Integer.getInteger("foresell.columns", 100);
        return columns < 40 ? 100 : Math.min(columns, 200);
    }

    private static PrintStream stream(FileDescriptor descriptor) {
        return new PrintStream(new FileOutputStream(descriptor), true, StandardCharsets.UTF_8);
    }

    /** Prints a line of the answer. */
    public void line(String text) {
        out.println(text);
    }

    /** Prints a remark that is not part of the answer. */
    public void note(String text) {
        err.println(text);
    }

    public String bold(String text) {
        return coloured("1", text);
    }

    public String faint(String text) {
        return coloured("2", text);
    }

    public String red(String text) {
        return coloured("31", text);
    }

    public String green(String text) {
        return coloured("32", text);
    }

    public String yellow(String text) {
        return coloured("33", text);
    }

    private String coloured(String code, String text) {
        return hasColour && isOutTerminal ? "\u001b[" + code + "m" + text + "\u001b[0m" : text;
    }

    /**
     * Returns a bar of fixed width.
     *
     * @param share how much of it is filled, in [0, 1]; values outside are cut
     * @param width in characters
     */
    public String bar(double share, int width) {
        int filled = (int) Math.round(Math.max(0, Math.min(1, Double.isNaN(share) ? 0 : share)) * width);
        return (hasUnicode ? "█" : "#").repeat(filled) + (hasUnicode ? "░" : ".").repeat(width - filled);
    }

    /** Returns a bar that is as long as its share of the width, without a background. */
    public String stroke(double share, int width) {
        int filled = (int) Math.round(Math.max(0, Math.min(1, Double.isNaN(share) ? 0 : share)) * width);
        return (hasUnicode ? "█" : "#").repeat(share > 0 ? Math.max(1, filled) : 0);
    }
}
