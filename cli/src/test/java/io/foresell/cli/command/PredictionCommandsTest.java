package io.foresell.cli.command;

import static io.foresell.cli.command.FixturePredictions.ID;
import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.proto.prediction.v1.Outcome;
import io.foresell.proto.prediction.v1.PredictionKind;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import org.junit.jupiter.api.Test;

/** What 'outcomes', 'live', 'replay' and 'predictions' send and tell. */
final class PredictionCommandsTest extends AgainstFixture {
    @Test
    void reportsOutcomesOfPredictions() throws IOException {
        String csv = file("left.csv", "prediction_id,outcome,ref\n%s,Yes,a\n%s,0,b\n%s,gold,c\n".formatted(ID, ID, ID));

        CommandRun run = run("outcomes", csv, "--id", "ref");

        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
        assertThat(run.out())
                .contains("3 outcomes of left.csv: 3 new", "3 predictions labelled", "1 label no recorded");
        assertThat(server.predictions.outcomes)
                .extracting(Outcome::getNumber, Outcome::getText, Outcome::getOutcomeId)
                .containsExactly(
                        org.assertj.core.groups.Tuple.tuple(1.0, "", "a"),
                        org.assertj.core.groups.Tuple.tuple(0.0, "", "b"),
                        org.assertj.core.groups.Tuple.tuple(0.0, "gold", "c"));
    }

    @Test
    void reportsOutcomesOfSubjectsForTheTimeBefore() throws IOException {
        String csv = file("left.csv", "customer,left,seen\nC-1,1,2024-06-01\n");

        CommandRun run = run(
                "outcomes",
                csv,
                "--subject",
                "customer",
                "--model",
                "churn",
                "--entity",
                "customer",
                "--value",
                "left",
                "--observed",
                "seen",
                "--horizon",
                "30d",
                "--name",
                "churned");

        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
        Outcome outcome = server.predictions.outcomes.get(0);
        long seen = Instant.parse("2024-06-01T00:00:00Z").toEpochMilli();
        assertThat(outcome.getName()).isEqualTo("churned");
        assertThat(outcome.getObservedAtMillis()).isEqualTo(seen);
        assertThat(outcome.getSubjectWindow().getSubject()).isEqualTo("C-1");
        assertThat(outcome.getSubjectWindow().getModel()).isEqualTo("churn");
        assertThat(outcome.getSubjectWindow().getUntilMillis()).isEqualTo(seen);
        assertThat(outcome.getSubjectWindow().getFromMillis())
                .isEqualTo(seen - Duration.ofDays(30).toMillis());
    }

    @Test
    void namesTheLinesOfOutcomesThatWereNotTaken() throws IOException {
        CommandRun run = run("outcomes", file("x.csv", "prediction_id,outcome\n%s,1\n%s,13\n".formatted(ID, ID)));

        assertThat(run.exitCode()).isEqualTo(ExitCode.PARTLY);
        assertThat(run.out()).contains("1 not taken", "line 3  OUTCOME_CONTRADICTS  13 (expected: 1)");
    }

    @Test
    void sendsNothingOfAFileThatCannotBeRead() throws IOException {
        String csv = file("x.csv", "prediction_id,outcome,seen\n%s,1,2024-06-01\n%s,1,yesterday\n".formatted(ID, ID));

        CommandRun run = run("outcomes", csv, "--observed", "seen");

        assertThat(run.exitCode()).isNotEqualTo(ExitCode.OK);
        assertThat(run.err()).contains("line 3, seen", "yesterday");
        assertThat(server.predictions.outcomes).isEmpty();
        assertThat(run("outcomes", csv, "--value", "outcom").err()).contains("nearest is 'outcome'");
        assertThat(run("outcomes", csv, "--subject", "prediction_id").err()).contains("--model");
        assertThat(run("outcomes", csv, "--subject", "prediction_id", "--model", "m")
                        .err())
                .contains("--horizon or --until: neither");
    }

    @Test
    void showsLiveMetrics() {
        CommandRun run = run("live", "churn", "--shadow", "--by", "plan", "--from", "2024-06-01");

        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
        assertThat(run.out()).contains("1,200", "0.8100", "0.7800..0.8400", "tenure", "training", "large change");
        assertThat(server.predictions.lastMetrics.getKindsList())
                .containsExactly(PredictionKind.PREDICTION_KIND_SHADOW);
        assertThat(server.predictions.lastMetrics.getSliceBy()).isEqualTo("plan");
        assertThat(server.predictions.lastMetrics.getFromMillis())
                .isEqualTo(Instant.parse("2024-06-01T00:00:00Z").toEpochMilli());
    }

    @Test
    void replaysAndExitsWith3WhenTheAnswerDiffers() {
        CommandRun same = run("replay", ID);
        server.predictions.isReplayedAlike = false;
        CommandRun other = run("replay", ID);

        assertThat(same.exitCode()).as(same.err()).isEqualTo(ExitCode.OK);
        assertThat(same.out()).contains("churn@2", "for C-1", "bit for bit", "12 months raise the risk");
        assertThat(other.exitCode()).isEqualTo(ExitCode.PARTLY);
        assertThat(other.out()).contains("the answer differs", "score: 0.25 then, 0.26 now");
    }

    @Test
    void looksIntoTheLog() {
        assertThat(run("predictions", "show", ID).out()).contains(ID, "churn@2", "C-1", "label 1.0000");
        assertThat(run("predictions", "list", "--subject", "C-1").out()).contains(ID);
        assertThat(run("predictions", "erase", "C-1").out()).contains("3 predictions and 1 outcomes removed");
        assertThat(run("predictions", "status").out()).contains("1,234 predictions (2.0 MiB)", "kept 400 days");
        assertThat(run("predictions", "show", "x").exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(run("predictions").exitCode()).isEqualTo(ExitCode.USAGE);
    }
}
