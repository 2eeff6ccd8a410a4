package io.foresell.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What 'train' sends and watches, and what 'jobs' shows of it. */
final class TrainCommandTest extends AgainstFixture {
    private static final String SPEC =
            """
            model: churn
            feature_set: telco_features
            label_view: telco_churn
            candidates:
              - logistic_regression: {inverse_penalty: 1}
              - boosted_trees:
            """;

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
        server.training.watchFailures.set(1);
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
}
