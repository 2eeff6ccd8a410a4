package io.foresell.benchmarks.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.benchmarks.load.Latencies;
import io.foresell.benchmarks.load.LoadResult;
import io.foresell.benchmarks.load.Reply;
import io.foresell.benchmarks.load.Subject;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class ServingTableTest {
    private record Named(String name) implements Subject {
        @Override
        public int requestBytes() {
            return 0;
        }

        @Override
        public CompletableFuture<Reply> call() {
            return new CompletableFuture<>();
        }
    }

    private static LoadResult run(double callsPerSecond, long p99Nanos, long refused, long failed) {
        Latencies latencies = new Latencies(p99Nanos / 2, p99Nanos, p99Nanos, p99Nanos);
        return new LoadResult(
                callsPerSecond,
                callsPerSecond,
                callsPerSecond,
                60,
                refused,
                failed,
                0,
                latencies,
                latencies,
                0,
                failed == 0 ? "" : "UNKNOWN");
    }

    @Test
    void ratiosAreTakenWithinARoundAndRefusalsBelowOverloadAreFailures() {
        Contender echo = new Contender(new Named("echo"), null);
        Contender score = new Contender(new Named("score"), echo.subject());
        ServingTable table = new ServingTable();
        table.add(echo, 32);
        table.add(score, 64);
        for (int round = 1; round <= 3; round++) {
            LoadResult saturated = run(1000.0 * round, 1000, 0, 0);
            table.add(echo, new Round(saturated, saturated, null, null, 0, 0));
            table.add(
                    score,
                    new Round(
                            run(900.0 * round, 1000, 0, 0),
                            run(450.0 * round, 3000L * round, round == 1 ? 7 : 0, 0),
                            run(450.0 * round, 1500L * round, 0, 0),
                            new Overload(run(810.0 * round, 9000, 40, 2), saturated, 0.25 * round, 100, 110 + round),
                            250,
                            round));
        }
        assertThat(table.render()).doesNotContain("left out");
        table.disturbed(4, 3);
        assertThat(table.render())
                .contains("2.0 (1.0..3.0)") // percent stolen
                .contains("4 more rounds left out")
                .contains("1800 (900..2700)")
                .contains("0.900 (0.900..0.900)")
                .contains("2.00 (2.00..2.00)") // p99 of the baseline at the same rate
                .contains("250 (250..250)")
                .contains("0.90 (0.90..0.90)") // goodput at twice the rate
                .contains("0.50 (0.25..0.75)") // until latency was normal
                .contains("112 (111..113)")
                .contains("score failed first by: UNKNOWN");
        var json = table.json().getAsJsonObject("score");
        assertThat(json.get("failed").getAsLong()).isEqualTo(7 + 3 * 2);
        assertThat(json.getAsJsonArray("rounds")).hasSize(3);
        assertThat(json.getAsJsonObject("p99_of_baseline_at_half").get("median").getAsDouble())
                .isEqualTo(2);
    }
}
