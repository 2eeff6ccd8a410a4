package io.foresell.benchmarks.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.benchmarks.Benchmarks;
import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import picocli.CommandLine;

final class ServingArgumentsTest {
    @ParameterizedTest
    @CsvSource(
            delimiter = ';',
            value = {
                "serving --rounds 0; --rounds: 0 (expected: 1..1000)",
                "serving --seconds 0; --seconds: 0 (expected: 0.1..3600)",
                "serving --seconds NaN; --seconds: NaN (expected: 0.1..3600)",
                "serving --max-concurrency 0; --max-concurrency: 0 (expected: 1..100000)",
                "serving --max-in-flight -1; --max-in-flight: -1 (expected: 1..1000000)",
                "serving --only (; --only: '(' (expected: a regular expression)",
                "serving --peer here; --peer: 'here': no name (expected: name=grpc://host:port/model",
                "serving --against there; --against: there (expected: only with --own)",
                "releases --every 0; --every: 0 (expected: 0.05..3600)",
                "releases --warm-up -1; --warm-up: -1 (expected: 0..3600)",
                "releases --rate -1; --rate: -1 (expected: 0..1000000)",
                "faults --gone 0; --gone: 0 (expected: 0.5..600)",
                "faults --only nothing; --only: 'nothing' (expected: a part of one of [good update",
                "soak --minutes 0; --minutes: 0 (expected: 0.25..1440)",
                "releases --rounds x; Invalid value for option '--rounds'"
            })
    void refusesBadArgumentsBeforeAnythingStarts(String line, String message) {
        StringWriter said = new StringWriter();
        int code = new CommandLine(Benchmarks.commands())
                .setErr(new PrintWriter(said))
                .execute(line.split(" "));
        assertThat(code).isEqualTo(CommandLine.ExitCode.USAGE);
        assertThat(said.toString()).contains(message);
    }
}
