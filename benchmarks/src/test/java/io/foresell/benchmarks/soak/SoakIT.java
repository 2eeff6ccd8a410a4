package io.foresell.benchmarks.soak;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import io.foresell.benchmarks.Benchmarks;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import picocli.CommandLine;

/** The shortest soak: too short to say what grows, long enough to ask every kind of call and to look at everything. */
@Tag("slow")
final class SoakIT {
    @TempDir
    Path folder;

    @Test
    void everyKindOfCallEndsAsItShouldAndEverythingIsLookedAt() throws Exception {
        Path chart = folder.resolve("soak.svg");
        JsonObject run =
                run("soak --root .. --minutes 0.25 --warm-up 1 --rate 60 --release-every 4 --json --chart " + chart);
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

    private static JsonObject run(String line) {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            assertThat(new CommandLine(Benchmarks.commands()).execute(line.split(" ")))
                    .isZero();
        } finally {
            System.setOut(before);
        }
        String said = printed.toString(StandardCharsets.UTF_8); // in a test the log goes there, too
        return JsonParser.parseString(said.substring(said.indexOf("{" + System.lineSeparator())))
                .getAsJsonObject();
    }
}
