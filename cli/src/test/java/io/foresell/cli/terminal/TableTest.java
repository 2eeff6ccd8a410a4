package io.foresell.cli.terminal;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

/** How {@link Table} and {@link ProgressBar} look. */
final class TableTest {
    private final ByteArrayOutputStream out = new ByteArrayOutputStream();
    private final ByteArrayOutputStream err = new ByteArrayOutputStream();

    private Terminal terminal(boolean isTerminal) {
        return new Terminal(stream(out), stream(err), isTerminal, isTerminal, true, true, 60);
    }

    private static PrintStream stream(ByteArrayOutputStream bytes) {
        return new PrintStream(bytes, true, StandardCharsets.UTF_8);
    }

    @Test
    void alignsChineseAndColouredCells() {
        Terminal terminal = terminal(true);
        Table table = new Table("name", ">n");
        table.row(terminal.green("合同"), "1");
        table.row("abcd", "12");
        table.print(terminal);
        String text = out.toString(StandardCharsets.UTF_8).replaceAll("\u001b\\[\\d+m", "");
        assertThat(text.lines()).containsExactly("name   n", "合同   1", "abcd  12");
    }

    @Test
    void usesNoColoursOffTheTerminal() {
        assertThat(terminal(false).red("x")).isEqualTo("x");
        assertThat(terminal(true).red("x")).isEqualTo("\u001b[31mx\u001b[0m");
    }

    @Test
    void printsPlainProgressLinesOffTheTerminal() {
        try (ProgressBar bar = new ProgressBar(terminal(false), true)) {
            for (int i = 0; i <= 100; i++) {
                bar.update("work", i / 100.0, "");
            }
        }
        assertThat(err.toString(StandardCharsets.UTF_8).lines()).hasSize(11).allMatch(line -> line.endsWith("%  work"));
    }

    @Test
    void cutsTheBarToTheTerminalAndRemovesIt() {
        try (ProgressBar bar = new ProgressBar(terminal(true), true)) {
            bar.update("a stage with a name that is longer than the terminal is wide", 0.5, "detail");
        }
        String shown = err.toString(StandardCharsets.UTF_8);
        assertThat(shown)
                .startsWith("\r████████████░░░░░░░░░░░░  50%")
                .endsWith("\r\u001b[K")
                .doesNotContain("\n");
        assertThat(Table.width(shown.substring(1, shown.indexOf('\u001b')))).isLessThan(60);
    }
}
