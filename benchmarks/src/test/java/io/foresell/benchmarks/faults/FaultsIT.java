package io.foresell.benchmarks.faults;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.foresell.benchmarks.PrintedRun;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Every scenario once, short and at a low rate, on two replicas of the built service. */
@Tag("slow")
final class FaultsIT {
    @Test
    void noCallFailsAndNoAnswerIsWrongWhateverHappens() {
        JsonObject run = PrintedRun.run("faults --root .. --rounds 1 --seconds 1 --gone 1 --rate 40 --json");
        JsonObject scenarios = run.getAsJsonObject("scenarios");
        assertThat(scenarios.keySet())
                .containsExactly(
                        "good update", "bad package", "roll back", "registry gone", "disk full", "replica restarted");
        for (String name : scenarios.keySet()) {
            JsonObject scenario = scenarios.getAsJsonObject(name);
            JsonObject round = scenario.getAsJsonArray("rounds").get(0).getAsJsonObject();
            assertThat(round.get("is_shown").getAsBoolean())
                    .as("%s: %s", name, round.get("evidence"))
                    .isTrue();
            assertThat(scenario.get("failed").getAsLong())
                    .as("%s: %s", name, round.get("first_failure"))
                    .isZero();
            assertThat(round.get("answered").getAsLong()).as(name).isGreaterThanOrEqualTo(40);
            assertThat(round.get("answers_judged").getAsLong())
                    .as(name)
                    .isEqualTo(round.get("answered").getAsLong());
            assertThat(scenario.get("history_violations").getAsLong()).as(name).isZero();
            assertThat(scenario.get("mixed_answers").getAsLong()).as(name).isZero();
        }
        assertThat(evidence(scenarios, "bad package"))
                .contains("BAD_ARCHIVE, PACKAGE_CORRUPTED, PACKAGE_CORRUPTED, GOLDEN_MISMATCH");
        assertThat(run.get("first_fault").getAsString()).isEmpty();
    }

    private static String evidence(JsonObject scenarios, String name) {
        return scenarios
                .getAsJsonObject(name)
                .getAsJsonArray("rounds")
                .get(0)
                .getAsJsonObject()
                .get("evidence")
                .getAsString();
    }
}
