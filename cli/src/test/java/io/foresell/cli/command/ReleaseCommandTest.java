package io.foresell.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.grpc.Status;
import org.junit.jupiter.api.Test;

/** What 'release' sets, and how long it waits. */
final class ReleaseCommandTest extends AgainstFixture {
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
    void declaresALadderAndShowsIt() {
        CommandRun run = run("release", "churn@2", "--fallback", "champion", "--last-known-max-age", "10m");
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
        assertThat(run.out()).contains("churn release 1: 2:100% 1:0% (else 1, last known 10 min)  serving");
        assertThat(run("release", "churn@2", "--last-known-max-age", "90s").out())
                .contains("release 2: 2 (else last known 90.0 s)");
        assertThat(run("release", "churn", "--weight", "1=90", "--weight", "2=10", "--fallback", "1")
                        .out())
                .contains("1:90% 2:10% (else 1)");
        assertThat(run("release", "churn@2").out()).contains("release 4: 2  serving");
        assertThat(run("release", "churn@2", "--last-known-max-age", "soon").err())
                .contains("--last-known-max-age", "'soon'");
        assertThat(run("release", "churn@2", "--fallback", "9").exitCode()).isEqualTo(ExitCode.REFUSED);
    }

    @Test
    void saysWhenAReleaseIsNotServedInTime() {
        server.inference.loadFailure = Status.DATA_LOSS.withDescription("golden rows differ");
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
}
