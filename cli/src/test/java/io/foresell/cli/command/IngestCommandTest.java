package io.foresell.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What 'ingest' sends and tells, and the rows that 'quarantine' lists. */
final class IngestCommandTest extends AgainstFixture {
    @Test
    void ingestsEveryRowWithItsLineAndTellsWhatHappened() throws IOException {
        CommandRun run = run("ingest", "telco,telco_churn", file("telco.csv", TELCO + "a-4,short\n"));
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
        assertThat(run.out()).contains("4 rows of telco.csv", "2 quarantined", "line 5  WRONG_WIDTH");
        assertThat(server.store.batches).hasSize(1);
        assertThat(server.store.batches.values().iterator().next())
                .extracting(row -> row.getLineNumber() + ":" + row.getValues(0))
                .containsExactly("2:a-1", "3:a-2", "4:a-3", "5:a-4");
    }

    @Test
    void strictIngestExitsWith3WhenRowsWereQuarantined() throws IOException {
        String csv = file("telco.csv", TELCO + "a-4,short\n");
        assertThat(run("ingest", "telco", csv, "--strict").exitCode()).isEqualTo(ExitCode.PARTLY);
        assertThat(run("ingest", "telco", file("good.csv", TELCO), "--strict").exitCode())
                .isEqualTo(ExitCode.OK);
    }

    @Test
    void sendsALargeFileInSeveralAcknowledgedParts() throws IOException {
        StringBuilder csv = new StringBuilder("id,amount,note\n");
        for (int i = 0; i < 45_000; i++) {
            csv.append(i).append(",1.5,\"a, b\"\r\n");
        }
        String path = file("large.csv", csv.toString());
        CommandRun run = run("ingest", path, "--views", "orders", "--json");
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
        assertThat(server.store.batches.values())
                .extracting(java.util.List::size)
                .containsExactlyInAnyOrder(20_000, 20_000, 5_000);
        JsonObject view = run.json().getAsJsonArray("views").get(0).getAsJsonObject();
        assertThat(view.get("acceptedCount").getAsLong()).isEqualTo(45_000);
        assertThat(view.getAsJsonObject("cleanedCounts")
                        .get("amount: missing filled")
                        .getAsLong())
                .isEqualTo(3);
        JsonObject again = run("ingest", "orders", path, "--json").json();
        assertThat(again.getAsJsonArray("views")
                        .get(0)
                        .getAsJsonObject()
                        .get("duplicateCount")
                        .getAsLong())
                .isEqualTo(45_000);
    }

    @Test
    void sendsAPartAgainWhenTheServerWasAwayForAMoment() throws IOException {
        server.store.ingestFailures.set(1);
        CommandRun run = run("ingest", "telco", file("telco.csv", TELCO));
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
        assertThat(run.err()).contains("trying again: the database is away");
        assertThat(run.out()).contains("3 rows");
    }

    @Test
    void refusesFilesThatCannotBeReadExactlyBeforeSendingAnything() throws IOException {
        Path latin = Files.write(
                folder.resolve("latin.csv"), "id,name\n1,Jos\u00e9\n".getBytes(StandardCharsets.ISO_8859_1));
        CommandRun run = run("ingest", "telco", latin.toString());
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("byte 0xe9 at offset 13 (line 2) is not UTF-8");
        assertThat(run("ingest", "telco", file("empty.csv", "")).err()).contains("empty (expected: a header");
        assertThat(run("ingest", "telco", folder.resolve("none.csv").toString()).err())
                .contains("no such file");
        assertThat(server.store.batches).isEmpty();
    }

    @Test
    void reportsAnUnknownViewAsTheServerSaysIt() throws IOException {
        CommandRun run = run("ingest", "nowhere", file("telco.csv", TELCO), "--json");
        assertThat(run.exitCode()).isEqualTo(ExitCode.REFUSED);
        JsonObject error = run.json().getAsJsonObject("error");
        assertThat(error.get("code").getAsString()).isEqualTo("NOT_FOUND");
        assertThat(error.get("reason").getAsString()).isEqualTo("VIEW_NOT_FOUND");
        assertThat(run.err()).contains("view: 'nowhere' not found");
    }

    @Test
    void listsQuarantineByPage() {
        assertThat(run("quarantine", "telco").out()).contains("2 rows in quarantine of telco", "7          WRONG");
        assertThat(run("quarantine", "telco", "--page", "2").out()).contains("8  ");
    }
}
