package io.foresell.cli.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foresell.kit.ServiceException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class FilteredFileTest {
    @TempDir
    private Path folder;

    private Path csv;

    @BeforeEach
    void write() throws IOException {
        csv = Files.writeString(folder.resolve("rows.csv"), "id,value\n1,a\n2,b\n");
    }

    @Test
    void givesWhatTheCommandMadeAndTakesItAway() throws IOException {
        Path made;
        try (FilteredFile filtered = FilteredFile.of(csv, "tr ab xy | head -n 2", 0, folder)) {
            made = filtered.file();
            assertThat(Files.readString(made)).isEqualTo("id,vxlue\n1,x\n");
        }
        assertThat(made).doesNotExist();
        try (FilteredFile asItIs = FilteredFile.of(csv, "", 0, folder)) {
            assertThat(asItIs.file()).isEqualTo(csv);
        }
        assertThat(csv).exists();
    }

    /** The loop is neither the shell nor its child but a part of a pipe below it, and must not go on. */
    @Test
    void endsACommandThatTakesTooLongWithAllItStarted() throws Exception {
        String endless = "sh -c 'while :; do echo x >> ticks; sleep 0.02; done' | cat";

        assertRefused(
                endless,
                1,
                "COMMAND_TIMED_OUT",
                "through: '%s' still ran after 1 s and was ended; none of its rows were sent (expected: done within through_seconds)"
                        .formatted(endless));

        Path ticks = folder.resolve("ticks");
        Thread.sleep(200);
        long size = Files.size(ticks);
        Thread.sleep(400);
        assertThat(Files.size(ticks)).isPositive().isEqualTo(size);
    }

    @Test
    void refusesFailedCommandsAndLimitsThatAreNone() {
        assertRefused("cat > copy; exit 7", 0, "COMMAND_FAILED", "ended with 7 (expected: 0)");
        for (double seconds : new double[] {-1, 86_401, Double.NaN}) {
            assertRefused(
                    "cat",
                    seconds,
                    "SUITE_INVALID",
                    "ingest.through_seconds: %s (expected: above 0, at most 86400, or absent for 600)"
                            .formatted(seconds));
        }
    }

    private void assertRefused(String command, double seconds, String reason, String message) {
        assertThatThrownBy(() -> FilteredFile.of(csv, command, seconds, folder))
                .isInstanceOfSatisfying(
                        ServiceException.class,
                        e -> assertThat(e.failure().reason()).isEqualTo(reason))
                .hasMessageContaining(message);
    }
}
