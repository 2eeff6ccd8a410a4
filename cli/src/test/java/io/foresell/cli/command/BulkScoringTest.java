package io.foresell.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.cli.source.CsvFile;
import io.foresell.proto.inference.v1.NamedRow;
import io.foresell.proto.inference.v1.ScoreBulkRequest;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** {@code score --bulk}: every row once and in order, whatever breaks; wrong use is refused before anything is written. */
final class BulkScoringTest {
    private static final int ROWS = 5000;

    @TempDir
    private Path folder;

    private final FixtureServer server = new FixtureServer();

    @AfterEach
    void closeServer() {
        server.close();
    }

    private Path csv(String header, int rowCount) throws IOException {
        StringBuilder text = new StringBuilder(header).append('\n');
        for (int row = 0; row < rowCount; row++) {
            text.append(row == 7 ? "unknown" : "" + row)
                    .append(",gold,1;2,c")
                    .append(row)
                    .append('\n');
        }
        return Files.writeString(folder.resolve("rows.csv"), text);
    }

    private CommandRun score(Path csv, String... more) {
        String[] arguments = new String[6 + more.length];
        List<String> first = List.of("score", "churn", "--bulk", csv.toString(), "--out", out().toString());
        for (int i = 0; i < arguments.length; i++) {
            arguments[i] = i < 6 ? first.get(i) : more[i - 6];
        }
        return CommandRun.against(server, arguments);
    }

    private static String digest(Path csv) {
        return CsvFile.open(csv, Optional.empty()).sha256();
    }

    private Path out() {
        return folder.resolve("scores.csv");
    }

    private void requireAllRowsOnce(int rowCount) throws IOException {
        List<String> lines = Files.readAllLines(out());
        assertThat(lines).hasSize(rowCount + 1);
        assertThat(lines.get(0))
                .isEqualTo("row,entity_key,score,band,label,model_version,prediction_id,reason,message");
        for (int row = 0; row < rowCount; row++) {
            assertThat(lines.get(row + 1))
                    .isEqualTo(
                            row == 7
                                    ? "8,,,,,,,INPUT_TYPE,\"tenure: a text, \"\"so\"\"\""
                                    : "%d,,%d.0,low,,2,01ARYZ6S410000000000000000,,".formatted(row + 1, row));
        }
        assertThat(folder.resolve("scores.csv.resume")).doesNotExist();
    }

    @Test
    void scoresRowsByColumnAndSaysWhichHaveNoScore() throws IOException {
        CommandRun run = score(csv("tenure,plan,weeks,id", ROWS));
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.PARTLY);
        assertThat(run.out()).contains("5,000 rows of rows.csv scored by version 2 of churn", "1 without a score");
        requireAllRowsOnce(ROWS);
        NamedRow row = server.inference.bulkMessages.get(1).getNamedRows().getRows(3);
        assertThat(row.getValuesMap()).containsOnlyKeys("tenure", "plan", "weeks");
        assertThat(row.getValuesOrThrow("tenure").getNumber()).isEqualTo(3);
        assertThat(row.getValuesOrThrow("plan").getText()).isEqualTo("gold");
        assertThat(row.getValuesOrThrow("weeks").getNumbers().getValuesList()).containsExactly(1.0, 2.0);
    }

    @Test
    void scoresEntitiesByTheirColumn() throws IOException {
        CommandRun run = score(csv("tenure,plan,weeks,id", 600), "--key", "id", "--json");
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
        assertThat(run.json().get("rowCount").getAsInt()).isEqualTo(600);
        assertThat(run.json().get("failedCount").getAsInt()).isZero();
        assertThat(server.inference.bulkMessages.get(1).getEntityKeys().getKeys(9))
                .isEqualTo("c9");
        assertThat(Files.readAllLines(out()).get(10)).startsWith("10,c9,9.0,low");
    }

    @Test
    void goesOnWhenTheStreamBreaks() throws IOException {
        server.inference.bulkBreaks.set(3);
        CommandRun run = score(csv("tenure,plan,weeks,id", ROWS));
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.PARTLY);
        assertThat(run.err()).contains("trying again: ").contains("broken on purpose");
        requireAllRowsOnce(ROWS);
        assertThat(server.inference.bulkMessages.stream()
                        .filter(ScoreBulkRequest::hasHeader)
                        .map(message -> message.getHeader().getResumeToken()))
                .containsExactly("", "1024", "2048", "3072");
    }

    @Test
    void aKilledRunIsGoneOnWithFromItsLastCheckpoint() throws IOException {
        Path csv = csv("tenure,plan,weeks,id", ROWS);
        // What SIGKILL leaves: scores up to some byte, and the word of a checkpoint before it.
        try (BulkOutput output = BulkOutput.create(out(), digest(csv) + ":", "churn", 0)) {
            assertThat(output.last().position()).isZero();
        }
        Files.writeString(out(), "1,,0.0,lo", StandardOpenOption.APPEND);
        assertThat(score(csv).err())
                .contains("--out: '" + out() + "' (expected: a file that is not there yet, or --resume)");
        CommandRun run = score(csv, "--resume");
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.PARTLY);
        requireAllRowsOnce(ROWS);
        assertThat(score(csv, "--resume").err()).contains("--resume").contains("what an interrupted run left");
    }

    @Test
    void goesOnWithTheTokenOfTheCheckpoint() throws IOException {
        Path csv = csv("tenure,plan,weeks,id", ROWS);
        assertThat(score(csv).exitCode()).isEqualTo(ExitCode.PARTLY);
        byte[] all = Files.readAllBytes(out());
        String text = Files.readString(out());
        int bytes = text.indexOf("\n2001,") + 1;
        Files.writeString(
                folder.resolve("scores.csv.resume"),
                "{\"input\":\"%s:\",\"model\":\"churn\",\"version\":2,\"token\":\"2000\",\"position\":2000,\"failedCount\":1,\"bytes\":%d}"
                        .formatted(digest(csv), bytes));
        server.inference.bulkMessages.clear();
        assertThat(score(csv, "--resume").exitCode()).isEqualTo(ExitCode.PARTLY);
        assertThat(Files.readAllBytes(out())).isEqualTo(all);
        assertThat(server.inference.bulkMessages.get(0).getHeader().getResumeToken())
                .isEqualTo("2000");
        assertThat(server.inference
                        .bulkMessages
                        .get(1)
                        .getNamedRows()
                        .getRows(0)
                        .getValuesOrThrow("tenure")
                        .getNumber())
                .isEqualTo(2000);
    }

    @Test
    void refusesWhatDoesNotFit() throws IOException {
        Path csv = csv("tenure,plan,weeks,id", 3);
        assertThat(CommandRun.against(server, "score", "churn", "--bulk", csv.toString())
                        .exitCode())
                .isEqualTo(ExitCode.USAGE);
        assertThat(CommandRun.against(server, "score", "churn", "c1", "--resume")
                        .exitCode())
                .isEqualTo(ExitCode.USAGE);
        assertThat(score(csv, "--resume").err()).contains("what an interrupted run left");
        assertThat(score(csv, "--key", "ids").err()).contains("--key: 'ids'", "nearest is 'id'");
        assertThat(out()).as("nothing is left of what never began").doesNotExist();
        Path other = Files.writeString(folder.resolve("other.csv"), "a,b\n1,2\n");
        assertThat(score(other).err()).contains("'a, b' (expected: inputs of the model, tenure, plan, weeks");
        BulkOutput.create(out(), "another:", "churn", 0).close();
        assertThat(score(csv, "--resume").err()).contains("--bulk: 'another file'");
    }
}
