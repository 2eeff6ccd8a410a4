package io.foresell.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.standalone.process.Buyers;
import io.foresell.standalone.process.ChildProcess;
import io.foresell.standalone.process.Standalone;
import java.io.BufferedReader;
import java.io.BufferedWriter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A bulk run of the command line through SIGKILL of the server and then of itself: every row once, in order, by one version. */
final class BulkIT {
    private static final Duration PATIENCE = Duration.ofMinutes(4);
    private static final Path CLI = ChildProcess.ROOT.resolve("cli/target/foresell-cli.jar");
    private static final int ROW_COUNT = 400_000;
    private static final int SCORE_COUNT = 50; // rows repeat
    private static final long FIRST_BYTES = 500_000; // of about 30 million
    private static final long LATER_BYTES = 4_000_000;

    @TempDir
    Path folder;

    @Test
    void everyRowIsScoredOnceThroughKillsOfServerAndClient() throws Exception {
        Path rows = write(folder.resolve("customers.csv"));
        Path out = folder.resolve("scores.csv");
        try (Standalone standalone = Standalone.start(folder).awaitReady()) {
            Buyers.release(standalone.command(), folder);
            try (ChildProcess client = bulk(standalone, rows, out)) {
                awaitBytes(client, out, FIRST_BYTES);
                standalone.process().kill(); // the server first: the client waits and goes on by itself
                client.awaitOutput("trying again", PATIENCE);
                standalone.startAgain();
                standalone.awaitReady();
                awaitBytes(client, out, LATER_BYTES);
                client.kill();
            }
            assertThat(folder.resolve("scores.csv.resume"))
                    .as("not finished yet")
                    .exists();
            try (ChildProcess resumed = bulk(standalone, rows, out, "--resume")) {
                assertThat(resumed.awaitEnd(PATIENCE)).as(resumed.output()).isZero();
                assertThat(resumed.output()).contains("400,000 rows of customers.csv scored by version 1 of leaving");
            }
        }
        assertThat(folder.resolve("scores.csv.resume")).doesNotExist();
        requireAllRows(out);
    }

    private ChildProcess bulk(Standalone standalone, Path rows, Path out, String... more) throws IOException {
        List<String> arguments = new ArrayList<>(List.of("score", "leaving", "--bulk", rows.toString()));
        arguments.addAll(List.of("--out", out.toString()));
        arguments.addAll(List.of(more));
        return ChildProcess.jar(
                folder,
                CLI,
                List.of("-Xmx200m"),
                arguments,
                standalone.command().environment());
    }

    private static void awaitBytes(ChildProcess client, Path file, long bytes) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!Files.exists(file) || Files.size(file) < bytes) {
            assertThat(client.output()).doesNotContain("failed:");
            assertThat(System.nanoTime()).as("%s grows", file).isLessThan(end);
            Thread.sleep(5);
        }
    }

    /** Equal rows have equal scores, whoever scored them before and after which kill. */
    private static void requireAllRows(Path out) throws IOException {
        String[] scores = new String[SCORE_COUNT];
        try (BufferedReader lines = Files.newBufferedReader(out)) {
            assertThat(lines.readLine()).startsWith("row,entity_key,score,");
            for (int row = 0; row < ROW_COUNT; row++) {
                String line = lines.readLine();
                assertThat(line).as("row %d", row + 1).isNotNull();
                String[] cells = line.split(",", -1);
                assertThat(cells[0]).isEqualTo(Integer.toString(row + 1));
                int visits = row % SCORE_COUNT;
                scores[visits] = scores[visits] == null ? cells[2] : scores[visits];
                assertThat(cells[2]).as(line).isNotEmpty().isEqualTo(scores[visits]);
                assertThat(cells[5]).as(line).isEqualTo("1");
            }
            assertThat(lines.readLine()).isNull();
        }
        assertThat(scores).doesNotHaveDuplicates();
    }

    private static Path write(Path file) throws IOException {
        try (BufferedWriter text = Files.newBufferedWriter(file)) {
            text.write("visits\n");
            for (int row = 0; row < ROW_COUNT; row++) {
                text.write(row % SCORE_COUNT + "\n");
            }
        }
        return file;
    }
}
