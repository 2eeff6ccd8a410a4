package io.foresell.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

/** What 'define' drafts, writes and registers. */
final class DefineCommandTest extends AgainstFixture {
    private CommandRun define(String csv, Path yaml, String... more) {
        String[] first = {
            "define",
            "--from",
            csv,
            "--name",
            "telco",
            "--key",
            "customerID",
            "--label",
            "Churn",
            "--label-positive",
            "Yes",
            "--out",
            yaml.toString()
        };
        String[] all = java.util.Arrays.copyOf(first, first.length + more.length);
        System.arraycopy(more, 0, all, first.length, more.length);
        return run(all);
    }

    @Test
    void definesFromFileAndRegistersTheThreeDefinitions() throws IOException {
        Path yaml = folder.resolve("telco.yaml");
        CommandRun run = define(file("telco.csv", TELCO), yaml);
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
        assertThat(run.out()).contains("feature_view", "telco_churn", "telco_features");
        assertThat(run.err()).contains("next: foresell ingest telco,telco_churn");
        assertThat(server.store.definitions).containsOnlyKeys("telco", "telco_churn", "telco_features");
        assertThat(Files.readString(yaml)).contains("{name: TotalCharges, type: number}", "1 missing");
    }

    @Test
    void draftsATrainingSpecBesideTheDefinitionsAndKeepsAnEditedOne() throws IOException {
        Path spec = folder.resolve("telco.train.yaml");
        String csv = file("telco.csv", TELCO);
        CommandRun run = define(csv, folder.resolve("telco.yaml"));
        assertThat(run.err()).contains("then: foresell train " + spec);
        CommandRun trained = run("train", spec.toString());
        assertThat(trained.exitCode()).as(trained.err()).isEqualTo(ExitCode.OK);
        String edited = Files.readString(spec).replace("metric: roc_auc", "metric: pr_auc");
        Files.writeString(spec, edited);
        assertThat(define(csv, folder.resolve("telco.yaml")).err()).contains("kept " + spec);
        assertThat(Files.readString(spec)).isEqualTo(edited);
    }

    @Test
    void givesAFileWithoutAKeyItsLineNumbers() throws IOException {
        String csv = file("calls.csv", "age,y\n30,no\n30,yes\n\n41,no\n");
        String yaml = folder.resolve("calls.yaml").toString();
        CommandRun refused = run("define", "--from", csv, "--name", "calls");
        assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(refused.err()).contains("--line-as COLUMN for a file without a key");
        CommandRun taken = run("define", "--from", csv, "--name", "calls", "--line-as", "age");
        assertThat(taken.err()).contains("both named 'age'");
        CommandRun run =
                run("define", "--from", csv, "--name", "calls", "--line-as", "line", "--label", "y", "--out", yaml);
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
        assertThat(run.err()).contains("next: foresell ingest calls,calls_y " + csv + " --line-as line");
        assertThat(server.store
                        .definitions
                        .get("calls")
                        .getDefinition()
                        .getFeatureView()
                        .getEntityKeyColumn())
                .isEqualTo("line");
        assertThat(run("ingest", "calls,calls_y", csv, "--line-as", "line").exitCode())
                .isEqualTo(ExitCode.OK);
        assertThat(server.store.batches.values().iterator().next())
                .extracting(row -> row.getValuesList().toString())
                .containsExactly("[2, 30, no]", "[3, 30, yes]", "[5, 41, no]");
    }

    @Test
    void neverOverwritesAnEditedFileWithoutForce() throws IOException {
        Path yaml = folder.resolve("telco.yaml");
        String csv = file("telco.csv", TELCO);
        assertThat(define(csv, yaml).exitCode()).isEqualTo(ExitCode.OK);
        assertThat(define(csv, yaml).exitCode()).as("unedited").isEqualTo(ExitCode.OK);
        String edited = Files.readString(yaml).replace("entity: customer", "entity: client");
        Files.writeString(yaml, edited);
        CommandRun refused = define(csv, yaml);
        assertThat(refused.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(refused.err()).contains("was edited", "--force");
        assertThat(Files.readString(yaml)).isEqualTo(edited);
        assertThat(run("define", yaml.toString()).exitCode()).isEqualTo(ExitCode.OK);
        assertThat(server.store
                        .definitions
                        .get("telco")
                        .getDefinition()
                        .getFeatureView()
                        .getEntity())
                .isEqualTo("client");
        assertThat(define(csv, yaml, "--force").exitCode()).isEqualTo(ExitCode.OK);
        assertThat(Files.readString(yaml)).isNotEqualTo(edited);
    }

    @Test
    void dryRunWritesAndRegistersNothing() throws IOException {
        Path yaml = folder.resolve("telco.yaml");
        CommandRun run = define(file("telco.csv", TELCO), yaml, "--dry-run");
        assertThat(run.exitCode()).isEqualTo(ExitCode.OK);
        assertThat(run.out()).contains("feature_view:");
        assertThat(yaml).doesNotExist();
        assertThat(server.store.definitions).isEmpty();
    }

    @Test
    void namesTheNearestColumnForAMistypedOne() throws IOException {
        CommandRun run = run("define", "--from", file("telco.csv", TELCO), "--name", "telco", "--key", "customerId");
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("--key: 'customerId'", "nearest: customerID");
    }

    @Test
    void printsEveryFaultThatTheServerNames() throws IOException {
        CommandRun run = run("define", file("x.yaml", "feature_view: {name: refused}"));
        assertThat(run.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.err().lines())
                .containsExactly(
                        "failed: definitions[0].feature_view.kind: 0 (expected: a kind)",
                        "failed: definitions[0].feature_view.columns: 0 columns (expected: 1..1000)");
    }
}
