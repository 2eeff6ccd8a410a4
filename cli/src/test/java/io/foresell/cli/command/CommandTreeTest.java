package io.foresell.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** What holds of every command: status, exit codes, tokens, time limits, help and completion. */
final class CommandTreeTest extends AgainstFixture {
    @Test
    void showsStatusAsTextAndJson() {
        CommandRun text = run("status");
        assertThat(text.exitCode()).as(text.err()).isEqualTo(ExitCode.OK);
        assertThat(text.out())
                .contains("feature-store", "serving", "7,043", "churn@2", "kernels of compiled networks: vector 512");
        JsonObject document = run("status", "--json").json();
        assertThat(document.getAsJsonArray("services")).hasSize(3);
        assertThat(document.getAsJsonObject("inference")
                        .get("isRegistryConnected")
                        .getAsBoolean())
                .isTrue();
    }

    @Test
    void exitsWith4AndSaysWhatToDoWhenNothingAnswers() {
        CommandRun run = CommandRun.with(Map.of("FORESELL_TRAINING", "localhost:1"), "models");
        assertThat(run.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
        assertThat(run.err()).contains("connection refused", "foresell up").doesNotContain("\tat ");
        CommandRun status = CommandRun.with(
                Map.of(),
                "status",
                "--server",
                "feature-store=localhost:1",
                "--json",
                "--server",
                "training=localhost:1",
                "--server",
                "inference=localhost:1");
        assertThat(status.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
        assertThat(status.json().get("store").isJsonNull()).isTrue();
    }

    @Test
    void sendsTheTokenAndHonoursTheTimeout() {
        assertThat(run("models", "--token", "secret").exitCode()).isEqualTo(ExitCode.OK);
        assertThat(server.lastToken).isEqualTo("Bearer secret");
        CommandRun late = run("models", "--timeout", "0.001");
        assertThat(late.exitCode()).isEqualTo(ExitCode.UNAVAILABLE);
        assertThat(late.err()).contains("--timeout");
    }

    @Test
    void explainsWrongUsageInOneLine() {
        CommandRun run = run("scor", "churn");
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("failed: Unmatched argument", "did you mean: score");
        assertThat(run("release").err()).contains("no model named");
        assertThat(run("train").err())
                .contains("failed: train: nothing named", "train --from MODEL@VERSION")
                .doesNotContain("\tat ");
        assertThat(run("models", "--server", "a:1").exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void helpListsEveryCommandAndTheExitCodes() {
        CommandRun run = run("--help");
        assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(run.out()).contains("up ", "ingest", "completion", "Exit codes:", "FORESELL_TOKEN");
        assertThat(run("up", "--help").out()).contains("--demo", "--gateway-port", "--seed");
    }

    @Test
    void completionIsValidBash() throws IOException, InterruptedException {
        Path script = Files.writeString(
                folder.resolve("completion"), run("completion").out());
        assertThat(Files.readString(script)).contains("--label-positive");
        Process bash =
                new ProcessBuilder("bash", "-n", script.toString()).inheritIO().start();
        assertThat(bash.waitFor(20, TimeUnit.SECONDS)).isTrue();
        assertThat(bash.exitValue()).isZero();
    }
}
