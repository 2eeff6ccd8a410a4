package io.foresell.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.grpc.Status;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What every command prints, sends and exits with, against a real server on a socket. */
final class CommandsTest {
    private static final String TELCO =
            """
            customerID,tenure,Contract,TotalCharges,Churn
            a-1,1,Month-to-month,29.85,No
            a-2,34,One year,1889.5,No
            a-3,2,Month-to-month, ,Yes
            """;
    private static final String SPEC =
            """
            model: churn
            feature_set: telco_features
            label_view: telco_churn
            candidates:
              - logistic_regression: {inverse_penalty: 1}
              - boosted_trees:
            """;

    private final FixtureServer server = new FixtureServer();

    @TempDir
    private Path folder;

    @AfterEach
    void stop() {
        server.close();
    }

    private CommandRun run(String... arguments) {
        return CommandRun.against(server, arguments);
    }

    private String file(String name, String text) throws IOException {
        return Files.writeString(folder.resolve(name), text).toString();
    }

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
        assertThat(server.definitions).containsOnlyKeys("telco", "telco_churn", "telco_features");
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
        assertThat(server.definitions
                        .get("calls")
                        .getDefinition()
                        .getFeatureView()
                        .getEntityKeyColumn())
                .isEqualTo("line");
        assertThat(run("ingest", "calls,calls_y", csv, "--line-as", "line").exitCode())
                .isEqualTo(ExitCode.OK);
        assertThat(server.batches.values().iterator().next())
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
        assertThat(server.definitions
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
        assertThat(server.definitions).isEmpty();
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

    @Test
    void ingestsEveryRowWithItsLineAndTellsWhatHappened() throws IOException {
        CommandRun run = run("ingest", "telco,telco_churn", file("telco.csv", TELCO + "a-4,short\n"));
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
        assertThat(run.out()).contains("4 rows of telco.csv", "2 quarantined", "line 5  WRONG_WIDTH");
        assertThat(server.batches).hasSize(1);
        assertThat(server.batches.values().iterator().next())
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
        assertThat(server.batches.values())
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
        server.ingestFailures.set(1);
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
        assertThat(server.batches).isEmpty();
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

    @Test
    void trainsWithProgressAndComparesCandidatesWithTheBaseRate() throws IOException {
        CommandRun run = run("train", file("train.yaml", SPEC));
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
        assertThat(run.err()).contains("40%  fit logistic_regression (fold 2 of 5)  3/10  loss 0.4321  12 s left");
        assertThat(run.out()).contains("0.8452 ±0.0121", "0.8471 ±0.0121", "best", "base rate 26.5%");
        assertThat(run.err()).contains("next: foresell release churn@2");
    }

    @Test
    void choosesWithoutASpec() {
        CommandRun run = run(
                "train",
                "--choose",
                "--model=churn",
                "--feature-set=customers",
                "--label-view=left",
                "--seconds=60",
                "--detach",
                "--json");
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
        assertThat(run.json().getAsJsonObject("job").getAsJsonObject("spec").toString())
                .contains("\"model\":\"churn\",\"featureSet\":\"customers\",\"labelView\":\"left\"")
                .contains("\"task\":\"TASK_UNSPECIFIED\"", "\"choose\":{", "\"budget\":{\"seconds\":60.0}");
        CommandRun clusters =
                run("train", "--choose", "--model=groups", "--feature-set=customers", "--detach", "--json");
        assertThat(clusters.out()).contains("TASK_CLUSTERS");
        assertThat(run("train", "--choose", "--model=churn").exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run("train", "--choose", "--model=a", "--feature-set=b", "--from=c@1")
                        .err())
                .contains("more than one of a spec, --from and --choose");
    }

    @Test
    void aChoiceInASpecNeedsNothingElse() throws IOException {
        String spec = "model: churn\nfeature_set: customers\nlabel_view: left\nchoose: {}\nbudget: {seconds: 60}\n";
        CommandRun run = run("train", file("choose.yaml", spec), "--detach", "--json");
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
        assertThat(run.json().getAsJsonObject("job").getAsJsonObject("spec").has("choose"))
                .isTrue();
    }

    @Test
    void watchesThroughALostConnection() throws IOException {
        server.watchFailures.set(1);
        CommandRun run = run("train", file("train.yaml", SPEC), "--json");
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
        assertThat(run.err()).contains("connection lost, trying again");
        assertThat(run.json().getAsJsonObject("job").get("state").getAsString()).isEqualTo("JOB_STATE_SUCCEEDED");
    }

    @Test
    void exitsWith3WhenTheJobFails() throws IOException {
        CommandRun run = run("train", file("train.yaml", SPEC.replace("model: churn", "model: one_class")));
        assertThat(run.exitCode()).isEqualTo(ExitCode.PARTLY);
        assertThat(run.out()).contains("LABEL_ONE_CLASS: label: 1 class (expected: 2)");
    }

    @Test
    void refusesASpecWithAnUnknownKeyNamingLineAndNearest() throws IOException {
        CommandRun run = run("train", file("train.yaml", SPEC.replace("feature_set:", "featureset:")));
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err()).contains("train.yaml:2 featureset: unknown key (nearest: feature_set");
    }

    @Test
    void startsWatchesShowsListsAndCancelsJobs() throws IOException {
        String gated = SPEC + "\ngates: {champion: {rule: non_inferiority, margin: 0.01}}\n";
        CommandRun started = run("train", file("train.yaml", gated), "--detach");
        assertThat(started.out().strip()).as(started.err()).isEqualTo("job-1");
        assertThat(run("jobs").out()).contains("job-1", "churn", "queued");
        assertThat(run("jobs", "watch", "job-1").exitCode()).isEqualTo(ExitCode.OK);
        CommandRun shown = run("jobs", "show", "job-1");
        assertThat(shown.out())
                .contains("succeeded", "boosted_trees")
                .contains("version 2 (boosted_trees) is not eligible for release")
                .contains(
                        "failed  champion roc_auc: lead +0.001900 (95 %: -0.001100 to +0.004900, p = 0.214) (expected:"
                                + " superiority: lead surely above 0.00000)");
        assertThat(shown.err()).as("what failed a gate is no next step").doesNotContain("foresell release");
        assertThat(run("jobs", "cancel", "job-1").out()).contains("cancelled");
        CommandRun unknown = run("jobs", "show", "job-9");
        assertThat(unknown.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(unknown.err()).contains("job: 'job-9' not found");
    }

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

    @Test
    void releasesAndWaitsUntilInferenceServes() {
        CommandRun run = run("release", "churn@latest", "--reason", "first");
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
        assertThat(run.out()).contains("churn release 1: 2  serving");
        assertThat(run("release", "churn", "--weight", "1=90", "--weight", "2=10")
                        .out())
                .contains("1:90% 2:10%  serving");
        assertThat(run("release", "history", "churn").out()).contains("first");
    }

    @Test
    void saysWhenAReleaseIsNotServedInTime() {
        server.loadFailure = Status.DATA_LOSS.withDescription("golden rows differ");
        CommandRun run = run("release", "churn@2", "--wait", "1", "--json");
        assertThat(run.exitCode()).isEqualTo(ExitCode.PARTLY);
        assertThat(run.json().get("isServing").getAsBoolean()).isFalse();
        assertThat(run.json().get("remark").getAsString()).contains("golden rows differ");
    }

    @Test
    void refusesReleasesThatDoNotFit() {
        assertThat(run("release", "churn", "--weight", "1=90").err()).contains("sum 100");
        assertThat(run("release", "churn").exitCode()).isEqualTo(ExitCode.USAGE);
        CommandRun conflict = run("release", "churn@2", "--expect-revision", "7");
        assertThat(conflict.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(conflict.err()).contains("revision: 0 (expected: 7)");
    }

    @Test
    void scoresIdsAndRowsWithReasons() throws IOException {
        CommandRun ids = run("score", "churn", "7590-VHVEG", "5575-GNVDE");
        assertThat(ids.out()).contains("7590-VHVEG", "0.8123", "high");
        CommandRun chinese = run("score", "churn", "7590-VHVEG", "--reasons", "3", "--language", "zh");
        assertThat(chinese.out()).contains("+0.93", "Month-to-month", "合同为按月");
        String rows = file("rows.json", "[{\"tenure\": 1, \"Partner\": true}, {\"tenure\": null, \"weeks\": [1, 2]}]");
        CommandRun scored = run("score", "churn", "--file", rows, "--json", "--version", "1");
        assertThat(scored.json().getAsJsonArray("rows")).hasSize(2);
        assertThat(server.lastScore.getVersion()).isEqualTo(1);
        assertThat(server.lastScore.getNamedRows().getRows(1).getValuesMap()).containsOnlyKeys("weeks");
    }

    @Test
    void saysWhichRowsTheModelRefusesToAnswer() {
        assertThat(run("score", "churn", "unlike", "other").out())
                .contains("refused (below 0.9000)")
                .containsOnlyOnce("refused");
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
