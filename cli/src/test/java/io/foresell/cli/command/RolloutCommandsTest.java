package io.foresell.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.cli.spec.YamlProtos;
import io.foresell.proto.registry.v1.RolloutPlan;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Plans from files, and a rollout from its start to its end. */
final class RolloutCommandsTest extends AgainstFixture {
    private static final Path EXAMPLES = Path.of("../examples/release");
    private static final String CANARY = EXAMPLES.resolve("canary.yaml").toString();

    @Test
    void showsWhatAPlanWouldDo() {
        CommandRun run = run("release", "plan", CANARY);
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
        assertThat(run.out())
                .contains("churn: version 2 takes over from version 1")
                .contains("step 5 %")
                .contains("14 min")
                .contains("no traffic")
                .contains("can begin");
        CommandRun blocked = run("release", "plan", CANARY, "--candidate", "2", "--json");
        assertThat(blocked.json().get("isFeasible").getAsBoolean()).isTrue();
    }

    @Test
    void saysWhatForbidsAPlan() throws IOException {
        String plan = file("plan.yaml", "model: churn\ncandidate: 9\nsteps: [{weight: 5}]\ngates: {errors: {}}\n");
        CommandRun run = run("release", "plan", plan);
        assertThat(run.exitCode()).isEqualTo(ExitCode.REFUSED);
        assertThat(run.out()).contains("version 9 does not exist").contains("cannot begin");
    }

    @Test
    void namesEveryMistakeOfAFileWithTheNearestName() throws IOException {
        String plan = file("plan.yaml", "model: churn\ncandidat: 2\nsteps: [{wieght: 5}]\non_timeout: holt\n");
        CommandRun run = run("release", "start", plan);
        assertThat(run.exitCode()).isEqualTo(ExitCode.USAGE);
        assertThat(run.err())
                .contains("plan.yaml:2")
                .contains("nearest: candidate")
                .contains("nearest: weight")
                .contains("nearest: hold");
    }

    @Test
    void followsARolloutToItsEnd() {
        CommandRun run = run("release", "start", CANARY, "--reason", "better", "--watch");
        assertThat(run.exitCode()).as(run.err()).isEqualTo(ExitCode.OK);
        assertThat(run.out())
                .contains("[shadow] > 5% > 20% > 50% > 100%")
                .contains("shadow > [5%] > 20% > 50% > 100%")
                .contains("shadow > 5% > 20% > 50% > [100%]")
                .contains("0.00 % of 800 calls failed")
                .contains("612")
                .contains("abcdefabcdef")
                .contains("promoted: all serve");
        CommandRun history = run("release", "history", "churn");
        assertThat(history.out())
                .contains("started")
                .contains("better")
                .contains("proof of churn-1")
                .contains("serving");
        assertThat(run("release", "history", "churn", "--json").json().getAsJsonArray("rolloutEvents"))
                .hasSize(2);
    }

    @Test
    void peopleDecide() {
        assertThat(run("release", "status", "churn").err()).contains("rollout: 'churn' not found");
        assertThat(run("release", "status").out()).contains("no rollouts yet");
        run("release", "start", CANARY);
        assertThat(run("release", "promote", "churn").exitCode())
                .as("no reason")
                .isEqualTo(ExitCode.USAGE);
        assertThat(run("release", "promote", "churn", "--reason", "urgent").out())
                .contains("step: urgent");
        assertThat(run("release", "hold", "churn").out()).contains("held");
        assertThat(run("release", "hold", "churn", "--resume").out()).doesNotContain("held");
        assertThat(run("release", "rollback", "churn", "--reason", "no").out()).contains("rolled back: no");
    }

    @Test
    void everyExampleIsAPlan() throws IOException {
        try (Stream<Path> files = Files.list(EXAMPLES)) {
            List<Path> plans =
                    files.filter(file -> file.toString().endsWith(".yaml")).toList();
            assertThat(plans).hasSizeGreaterThan(2);
            plans.forEach(plan -> assertThat(YamlProtos.message(plan, RolloutPlan.getDefaultInstance())
                            .getModel())
                    .isEqualTo("churn"));
        }
    }
}
