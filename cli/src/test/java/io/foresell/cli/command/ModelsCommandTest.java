package io.foresell.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What 'models', 'evaluate' and 'report' show and carry. */
final class ModelsCommandTest extends AgainstFixture {
    @Test
    void showsModelsVersionsAndEvaluation() {
        assertThat(run("models").out()).contains("churn", "2 (boosted_trees)", "0.8471", "champion=1");
        assertThat(run("models", "show", "churn").out()).contains("logistic_regression", "boosted_trees");
        assertThat(run("models", "show", "churn@champion").out())
                .contains("churn@1", "inverse_penalty", "Contract", "onnxruntime, because operator TopK: unknown");
        assertThat(run("models", "show", "churn@2").out())
                .doesNotContain("engine")
                .contains("gates  not eligible", "failed  champion roc_auc: lead +0.001900");
        CommandRun evaluation = run("evaluate", "churn@2");
        assertThat(evaluation.out()).contains("churn@2", "2.88", "█", "calibration", "73.0%", "tenure");
        CommandRun unknown = run("evaluate", "chrun");
        assertThat(unknown.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(unknown.err()).contains("nearest: churn");
    }

    @Test
    void savesTheReportOfAVersion() throws IOException {
        Path out = folder.resolve("churn.html");
        CommandRun saved = run("report", "churn@2", "-o", out.toString());
        assertThat(saved.exitCode()).as(saved.err()).isEqualTo(ExitCode.OK);
        assertThat(saved.out()).contains("churn.html");
        assertThat(Files.readString(out)).isEqualTo("<!DOCTYPE html>");
        CommandRun none = run("report", "churn@1", "-o", out.toString());
        assertThat(none.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(none.err()).contains("report: 'churn@1' not found");
        assertThat(run("report", "churn@2", "-o", folder.toString()).exitCode()).isEqualTo(ExitCode.USAGE);
    }

    @Test
    void movesAliasesAndCarriesPackagesBothWays() throws IOException {
        assertThat(run("models", "alias", "churn@2", "champion", "--reason", "better")
                        .out())
                .contains("champion: 1 -> 2");
        Path out = folder.resolve("churn.zip");
        CommandRun download = run("models", "download", "churn@1", "-o", out.toString());
        assertThat(download.exitCode()).as(download.err()).isEqualTo(ExitCode.OK);
        assertThat(Files.readAllBytes(out)).isEqualTo(FixtureServer.PACKAGE);
        CommandRun publish = run("models", "publish", out.toString(), "--model", "churn");
        assertThat(publish.exitCode()).as(publish.err()).isEqualTo(ExitCode.OK);
        assertThat(publish.out()).contains("churn@3");
    }
}
