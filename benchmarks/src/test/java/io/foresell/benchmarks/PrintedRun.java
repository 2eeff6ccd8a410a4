package io.foresell.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.gson.JsonObject;
import com.google.gson.JsonParser;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;

/** A benchmark as its command runs it. */
public final class PrintedRun {
    private PrintedRun() {}

    /** What a command prints is its answer, so the test reads that. */
    public static JsonObject run(String line) {
        PrintStream before = System.out;
        ByteArrayOutputStream printed = new ByteArrayOutputStream();
        System.setOut(new PrintStream(printed, true, StandardCharsets.UTF_8));
        try {
            StringWriter complaints = new StringWriter();
            int status = new CommandLine(Benchmarks.commands())
                    .setErr(new PrintWriter(complaints))
                    .execute(line.split(" "));
            assertThat(status).as("%s says: %s", line, complaints).isZero();
        } finally {
            System.setOut(before);
        }
        String said = printed.toString(StandardCharsets.UTF_8); // in a test the log goes there, too
        return JsonParser.parseString(said.substring(said.indexOf("{" + System.lineSeparator())))
                .getAsJsonObject();
    }
}
