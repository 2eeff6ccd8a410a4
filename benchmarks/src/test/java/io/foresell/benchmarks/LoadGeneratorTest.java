package io.foresell.benchmarks;

import static org.assertj.core.api.Assertions.assertThat;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

final class LoadGeneratorTest {
    private static Subject subject(Supplier<CompletableFuture<?>> call) {
        return new Subject() {
            @Override
            public String name() {
                return "subject";
            }

            @Override
            public CompletableFuture<?> call() {
                return call.get();
            }
        };
    }

    @Test
    void aFixedRateMakesExactlyItsCallsAndCountsFailures() throws InterruptedException {
        AtomicInteger count = new AtomicInteger();
        LoadGenerator.Result result = LoadGenerator.atRate(
                subject(() -> count.incrementAndGet() % 10 == 0
                        ? CompletableFuture.failedFuture(new IllegalStateException())
                        : CompletableFuture.completedFuture("")),
                1000,
                8,
                Duration.ofMillis(500));
        assertThat(count.get()).isEqualTo(500);
        assertThat(result.failedCount()).isEqualTo(50);
    }

    @Test
    void aStallIsChargedToEveryCallItDelays() throws InterruptedException {
        AtomicInteger count = new AtomicInteger();
        // One call in flight, and the first takes 200 ms: about 100 of the 200 calls due meanwhile have waited over 50
        // ms.
        LoadGenerator.Result result = LoadGenerator.atRate(
                subject(() -> count.incrementAndGet() == 1
                        ? new CompletableFuture<String>().completeOnTimeout("", 200, TimeUnit.MILLISECONDS)
                        : CompletableFuture.completedFuture("")),
                1000,
                1,
                Duration.ofMillis(300));
        assertThat(result.p99Nanos()).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(100));
        assertThat(result.p50Nanos()).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(20));
    }

    @Test
    void ratiosAreTakenWithinARound() {
        Table table = new Table();
        for (int round = 1; round <= 3; round++) {
            table.add("echo", round(1000.0 * round));
            table.add("score", round(900.0 * round));
        }
        assertThat(table.render(500)).contains("0.900").contains("1800 (900..2700)");
    }

    private static Table.Round round(double callsPerSecond) {
        LoadGenerator.Result result = new LoadGenerator.Result(callsPerSecond, 0, 1000, 2000);
        return new Table.Round(result, result);
    }
}
