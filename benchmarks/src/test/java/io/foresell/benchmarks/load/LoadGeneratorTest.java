package io.foresell.benchmarks.load;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LoadGeneratorTest {
    private static final CompletableFuture<Reply> ANSWERED = CompletableFuture.completedFuture(Reply.ANSWERED);

    private static Subject subject(Supplier<CompletableFuture<Reply>> call) {
        return new Subject() {
            @Override
            public String name() {
                return "subject";
            }

            @Override
            public int requestBytes() {
                return 0;
            }

            @Override
            public CompletableFuture<Reply> call() {
                return call.get();
            }
        };
    }

    private static LoadResult atRate(Subject subject, double rate, int maxInFlight, long millis)
            throws InterruptedException {
        return LoadGenerator.atRate(
                subject, new Schedule(rate, maxInFlight, Duration.ofMillis(millis)), ReplyListener.NONE);
    }

    /** A server that answers nothing for a second and everything at once after it. */
    private static Subject stallingForASecond() {
        long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(1);
        return subject(() -> {
            long left = end - System.nanoTime();
            return left <= 0
                    ? ANSWERED
                    : new CompletableFuture<Reply>().completeOnTimeout(Reply.ANSWERED, left, TimeUnit.NANOSECONDS);
        });
    }

    @Test
    void aConstantRateMakesExactlyItsCallsAndTellsThemApart() throws InterruptedException {
        AtomicInteger count = new AtomicInteger();
        LoadResult result = atRate(
                subject(() -> switch (count.incrementAndGet() % 10) {
                    case 0 -> CompletableFuture.failedFuture(new IllegalStateException("broken"));
                    case 1 -> CompletableFuture.completedFuture(Reply.failed("UNAVAILABLE: away"));
                    case 2 -> CompletableFuture.completedFuture(Reply.refused("RESOURCE_EXHAUSTED"));
                    case 3 -> throw new IllegalStateException("not even started");
                    default -> ANSWERED;
                }),
                1000,
                8,
                500);
        assertThat(count.get()).isEqualTo(500);
        assertThat(result.answeredCount()).isEqualTo(300);
        assertThat(result.refusedCount()).isEqualTo(50);
        assertThat(result.failedCount()).isEqualTo(150);
        assertThat(result.refusedShare()).isEqualTo(0.1);
        assertThat(result.firstFailure()).isEqualTo("UNAVAILABLE: away");
    }

    @Test
    void neverSendsBeforeACallIsDue() throws InterruptedException {
        List<Long> earliness = Collections.synchronizedList(new ArrayList<>());
        LoadGenerator.atRate(
                subject(() -> ANSWERED),
                new Schedule(200, 8, Duration.ofMillis(250)),
                (due, sent, reply) -> earliness.add(due - sent));
        assertThat(earliness).hasSize(50).allSatisfy(early -> assertThat(early).isNotPositive());
    }

    /** Nothing is answered before the last call was sent: a closed loop would wait for ever. */
    @Test
    void sendsOnScheduleWithoutAnswers() throws InterruptedException {
        List<CompletableFuture<Reply>> calls = new ArrayList<>();
        LoadResult result = atRate(
                subject(() -> {
                    CompletableFuture<Reply> call = new CompletableFuture<>();
                    calls.add(call);
                    if (calls.size() == 100) {
                        calls.forEach(each -> each.complete(Reply.ANSWERED));
                    }
                    return call;
                }),
                1000,
                100,
                100);
        assertThat(result.answeredCount()).isEqualTo(100);
        // The first waited for all others to become due.
        assertThat(result.latencies().maxNanos()).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(98));
    }

    @Test
    void chargesAStallToEveryCallItDelaysWhereAClosedLoopHidesIt() throws InterruptedException {
        LoadResult open = atRate(stallingForASecond(), 500, 4096, 1200);
        // 500 of 600 calls were due within the second, the last 1 % of them waited almost none, the first 1 % almost
        // all.
        assertThat(open.latencies().p99Nanos()).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(900));
        assertThat(open.latencies().p50Nanos()).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(300));
        LoadResult closed = LoadGenerator.saturate(stallingForASecond(), 1, Duration.ofMillis(1300));
        assertThat(closed.latencies().p99Nanos()).isLessThan(open.latencies().p99Nanos() / 2);
    }

    @Test
    void aFullHouseMakesCallsWaitAndTheWaitCounts() throws InterruptedException {
        AtomicInteger count = new AtomicInteger();
        // One call in flight, and the first takes 200 ms.
        LoadResult result = atRate(
                subject(() -> count.incrementAndGet() == 1
                        ? new CompletableFuture<Reply>().completeOnTimeout(Reply.ANSWERED, 200, TimeUnit.MILLISECONDS)
                        : ANSWERED),
                1000,
                1,
                300);
        assertThat(result.answeredCount()).isEqualTo(300);
        assertThat(result.latencies().p99Nanos()).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(100));
        assertThat(result.latencies().p50Nanos()).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(20));
        assertThat(result.sendLagP99Nanos()).isGreaterThan(TimeUnit.MILLISECONDS.toNanos(100));
    }

    @Test
    void aClosedLoopKeepsItsCallsInFlight() throws InterruptedException {
        AtomicInteger now = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        LoadResult result = LoadGenerator.saturate(
                subject(() -> {
                    most.accumulateAndGet(now.incrementAndGet(), Math::max);
                    return new CompletableFuture<Reply>()
                            .completeOnTimeout(Reply.ANSWERED, 20, TimeUnit.MILLISECONDS)
                            .whenComplete((reply, error) -> now.decrementAndGet());
                }),
                7,
                Duration.ofMillis(300));
        assertThat(most.get()).isEqualTo(7);
        assertThat(result.answeredCount()).isGreaterThanOrEqualTo(7);
        assertThat(result.latencies().p50Nanos()).isGreaterThanOrEqualTo(TimeUnit.MILLISECONDS.toNanos(19));
    }

    @Test
    void findsWhereMoreCallsInFlightStopHelping() throws InterruptedException {
        assertThat(SaturationSearch.search(concurrency -> Math.min(concurrency, 32) * 100.0, 1024))
                .isEqualTo(new SaturationSearch.Saturation(32, 3200));
        // One step that a busy moment spoilt does not end the search.
        assertThat(SaturationSearch.search(concurrency -> concurrency == 8 ? 1 : concurrency, 64)
                        .concurrency())
                .isEqualTo(64);
        assertThat(SaturationSearch.search(concurrency -> 5, 1).concurrency()).isEqualTo(1);
    }

    @ParameterizedTest
    @CsvSource({
        "0, 1, 1000, calls per second: 0.0 (expected: above 0, at most 1000000)",
        "NaN, 1, 1000, calls per second: NaN (expected: above 0, at most 1000000)",
        "1e7, 1, 1000, calls per second: 1.0E7 (expected: above 0, at most 1000000)",
        "10, 0, 1000, calls in flight: 0 (expected: 1..1000000)",
        "10, 1, 0, duration: PT0S (expected: 1 ms to 1 day)"
    })
    void refusesAScheduleThatCannotBe(double rate, int inFlight, long millis, String message) {
        // The message has a comma of its own, so it may come in two columns.
        assertThatThrownBy(() -> new Schedule(rate, inFlight, Duration.ofMillis(millis)))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageStartingWith(message);
    }

    @Test
    void aRefusedFirstCallIsToldWithItsCause() {
        assertThatThrownBy(() -> LoadGenerator.requireAnswer(
                        subject(() -> CompletableFuture.completedFuture(Reply.failed("UNAVAILABLE: no one there")))))
                .isInstanceOf(IllegalStateException.class)
                .hasMessage("subject: UNAVAILABLE: no one there (expected: an answer to the first request)");
    }
}
