package io.foresell.benchmarks.serving;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.foresell.benchmarks.PrintedRun;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** New versions of the built service under load, short and at a low rate. */
@Tag("slow")
final class ReleasesIT {
    @Test
    void noCallFailsAndNoAnswerIsWrongWhileVersionsChange() {
        JsonObject run = PrintedRun.run(
                "releases --root .. --rounds 2 --seconds 2 --every 0.5 --rate 40 --warm-up 1 --max-stolen 100 --json");
        assertThat(run.get("failed").getAsLong()).isZero();
        assertThat(run.get("history_violations").getAsLong()).isZero();
        assertThat(run.get("mixed_answers").getAsLong()).isZero();
        assertThat(run.get("first_fault").getAsString()).isEmpty();
        assertThat(run.getAsJsonArray("rounds")).hasSize(2).allSatisfy(round -> {
            JsonObject stretches = round.getAsJsonObject();
            assertThat(stretches.get("released").getAsInt()).isBetween(1, 4);
            for (String kind : new String[] {"steady", "changing"}) {
                assertThat(stretches.getAsJsonObject(kind).get("answered").getAsLong())
                        .as(kind)
                        .isEqualTo(80);
            }
        });
        // Every answer was judged, those of the warm-up included.
        assertThat(run.get("answers").getAsLong()).isGreaterThanOrEqualTo(4 * 80);
        assertThat(run.get("versions_answered").getAsInt()).isGreaterThan(2);
    }
}
