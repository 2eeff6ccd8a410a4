package io.foresell.benchmarks.soak;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import io.foresell.benchmarks.PrintedRun;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The shortest soak: too short to say what grows, long enough to ask every kind of call and to look at everything. */
@Tag("slow")
final class SoakIT {
    @TempDir
    Path folder;

    @Test
    void everyKindOfCallEndsAsItShouldAndEverythingIsLookedAt() throws Exception {
        Path chart = folder.resolve("soak.svg");
        JsonObject run = PrintedRun.run(
                "soak --root .. --minutes 0.25 --warm-up 1 --rate 60 --release-every 4 --json --chart " + chart);
        JsonObject calls = run.getAsJsonObject("calls");
        assertThat(calls.keySet()).hasSizeGreaterThan(15).allSatisfy(kind -> {
            JsonObject counted = calls.getAsJsonObject(kind);
            assertThat(counted.get("failed").getAsLong())
                    .as("%s: %s", kind, counted.get("first_failure"))
                    .isZero();
            assertThat(counted.get("answered").getAsLong()).as(kind).isPositive();
        });
        assertThat(run.getAsJsonArray("held")).hasSize(10).allSatisfy(held -> {
            JsonObject one = held.getAsJsonObject();
            assertThat(one.get("mean").getAsDouble()).as("%s", one.get("held")).isPositive();
            assertThat(one.getAsJsonArray("samples").size()).isPositive();
        });
        assertThat(run.get("released").getAsInt()).isGreaterThanOrEqualTo(3);
        assertThat(run.get("logged").getAsLong()).isPositive();
        assertThat(Files.readString(chart)).startsWith("<svg").contains("gateway", "open files");
    }
}
