package io.foresell.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What 'score' sends and prints. */
final class ScoreCommandTest extends AgainstFixture {
    @Test
    void scoresIdsAndRowsWithReasons() throws IOException {
        CommandRun ids = run("score", "churn", "7590-VHVEG", "5575-GNVDE");
        assertThat(ids.out()).contains("7590-VHVEG", "0.8123", "high");
        CommandRun chinese = run("score", "churn", "7590-VHVEG", "--reasons", "3", "--language", "zh");
        assertThat(chinese.out()).contains("+0.93", "Month-to-month", "合同为按月");
        String rows = file("rows.json", "[{\"tenure\": 1, \"Partner\": true}, {\"tenure\": null, \"weeks\": [1, 2]}]");
        CommandRun scored = run("score", "churn", "--file", rows, "--json", "--version", "1");
        assertThat(scored.json().getAsJsonArray("rows")).hasSize(2);
        assertThat(server.inference.lastScore.getVersion()).isEqualTo(1);
        assertThat(server.inference.lastScore.getNamedRows().getRows(1).getValuesMap())
                .containsOnlyKeys("weeks");
    }

    @Test
    void saysWhichRowsTheModelRefusesToAnswer() {
        assertThat(run("score", "churn", "unlike", "other").out())
                .contains("refused (below 0.9000)")
                .containsOnlyOnce("refused");
        assertThat(run("score", "churn", "late").out())
                .contains("last known, 12.0 s old, for version 3: features late");
        assertThat(run("score", "churn", "unlike", "--reasons", "1").out()).contains("refused (below 0.9000)");
    }

    @Test
    void refusesRowsThatAreNotJsonObjects() {
        CommandRun run = run("score", "churn", "--row", "{\"tenure\": {}}");
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("--row tenure");
        assertThat(run("score", "churn", "--row", "tenure=1").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run("score", "churn").err()).contains("either IDs, or --row or --file");
        assertThat(run("score", "churn", "nobody").err()).contains("entity: 'nobody' not found");
    }
}
