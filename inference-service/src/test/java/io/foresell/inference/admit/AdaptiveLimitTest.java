package io.foresell.inference.admit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Laws of the limit: never above its bound, never below one, smaller under queueing, whole again afterwards. */
final class AdaptiveLimitTest {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private final AtomicLong clock = new AtomicLong(5);

    private final AtomicLong ownLag = new AtomicLong();

    private AdaptiveLimit limit(int min, int max) {
        return new AdaptiveLimit(min, max, ownLag::get, clock::get);
    }

    /** Returns a limit that knows look-ups of this latency. */
    private AdaptiveLimit learnt(int min, int max, long latencyNanos) {
        AdaptiveLimit limit = limit(min, max);
        for (int i = 0; i < 100; i++) {
            window(limit, latencyNanos);
        }
        assertThat(limit.limit()).isEqualTo(max);
        return limit;
    }

    /** One window of look-ups that take so long while every place is taken. */
    private void window(AdaptiveLimit limit, long latencyNanos) {
        int taken = 0;
        while (limit.tryEnter(1)) {
            taken++;
        }
        clock.addAndGet(101 * MILLI);
        for (int i = 0; i < 20; i++) {
            limit.lookedUp(latencyNanos);
        }
        for (int i = 0; i < taken; i++) {
            limit.leave();
        }
    }

    @Test
    void staysWithinItsBoundsWhateverHappens() {
        Random random = new Random(11);
        for (int round = 0; round < 200; round++) {
            int min = 1 + random.nextInt(20);
            int max = min + random.nextInt(300);
            AdaptiveLimit limit = limit(min, max);
            int taken = 0;
            for (int step = 0; step < 500; step++) {
                switch (random.nextInt(5)) {
                    case 0, 1 -> {
                        boolean isFree = taken < Math.max(1, limit.limit());
                        assertThat(limit.tryEnter(1)).isEqualTo(isFree);
                        taken += isFree ? 1 : 0;
                    }
                    case 2 -> {
                        if (taken > 0) {
                            limit.leave();
                            taken--;
                        }
                    }
                    case 3 -> limit.lookedUp((long) Math.exp(25 * random.nextDouble()));
                    default -> {
                        long run = 1 + (long) Math.exp(20 * random.nextDouble());
                        limit.ranHeavy(run + random.nextInt(1_000_000_000), run);
                    }
                }
                clock.addAndGet(random.nextInt((int) (30 * MILLI)));
                assertThat(limit.limit()).isBetween(min, max);
                assertThat(limit.inFlight()).isEqualTo(taken).isLessThanOrEqualTo(max);
            }
        }
    }

    @Test
    void neverAdmitsMoreThanItsBoundToRacingThreads() throws Exception {
        AdaptiveLimit limit = limit(7, 7);
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        ExecutorService threads = Executors.newFixedThreadPool(8);
        List<Future<?>> racing = new ArrayList<>();
        for (int thread = 0; thread < 8; thread++) {
            racing.add(threads.submit(() -> {
                for (int i = 0; i < 20_000; i++) {
                    if (limit.tryEnter(1)) {
                        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                        inside.decrementAndGet();
                        limit.leave();
                    }
                }
            }));
        }
        for (Future<?> each : racing) {
            each.get();
        }
        threads.shutdown();
        assertThat(most.get()).isBetween(1, 7);
        assertThat(limit.inFlight()).isZero();
    }

    @Test
    void fallsUnderQueueingAndRecovers() {
        AdaptiveLimit limit = learnt(4, 400, 40 * MILLI);
        for (int i = 0; i < 30; i++) {
            window(limit, 800 * MILLI);
        }
        assertThat(limit.limit()).as("twenty times the least").isEqualTo(4);
        for (int i = 0; i < 20; i++) { // two seconds of windows
            window(limit, 40 * MILLI);
        }
        assertThat(limit.limit()).as("two seconds later").isGreaterThan(100);
    }

    @Test
    void followsABottleneckOfKnownWidth() {
        // Behind it are 20 servers of 50 ms: with n calls in flight each takes 50 ms x max(1, n / 20).
        AdaptiveLimit limit = learnt(1, 1000, 50 * MILLI);
        for (int i = 0; i < 5000; i++) { // eight minutes: what queues for long does not become the measure
            window(limit, 50 * MILLI * Math.max(20, limit.limit()) / 20);
            if (i > 100) {
                assertThat(limit.limit()).as("window %d", i).isBetween(15, 60);
            }
        }
    }

    @Test
    void forgetsABestDayInAMinute() {
        AdaptiveLimit limit = learnt(4, 100, 40 * MILLI);
        for (int i = 0; i < 50; i++) {
            window(limit, 400 * MILLI);
        }
        assertThat(limit.limit()).isEqualTo(4);
        for (int i = 0; i < 700; i++) {
            window(limit, 400 * MILLI);
        }
        assertThat(limit.limit()).isGreaterThan(50);
    }

    @Test
    void aKindThatIsSlowByNatureIsNoQueue() {
        AdaptiveLimit limit = limit(4, 100);
        Random random = new Random(3);
        for (int i = 0; i < 300; i++) {
            for (int call = 0; call < 30; call++) {
                long run = MILLI * (1 + random.nextInt(500));
                limit.ranHeavy(run + MILLI / 10, run);
            }
            window(limit, MILLI);
        }
        assertThat(limit.limit()).isEqualTo(100);
    }

    @Test
    void aLimitThatNobodyComesNearDoesNotGrow() {
        AdaptiveLimit limit = learnt(4, 400, 40 * MILLI);
        window(limit, 400 * MILLI);
        window(limit, 400 * MILLI);
        quietWindow(limit); // the one in which the crowd left
        int before = limit.limit();
        assertThat(before).isLessThan(400);
        for (int i = 0; i < 50; i++) {
            quietWindow(limit);
        }
        assertThat(limit.limit()).isEqualTo(before);
    }

    private void quietWindow(AdaptiveLimit limit) {
        assertThat(limit.tryEnter(1)).isTrue();
        clock.addAndGet(101 * MILLI);
        for (int call = 0; call < 20; call++) {
            limit.lookedUp(40 * MILLI);
        }
        limit.leave();
    }

    @Test
    void refusesNobodyBeforeABaselineIsLearnt() {
        Random random = new Random(8);
        AdaptiveLimit limit = limit(4, 400);
        for (int i = 0; i < 100; i++) { // code that becomes fast, with stalls
            double latency = 3000 * Math.exp(-i / 15.0) + (random.nextInt(10) == 0 ? 500 : 2);
            window(limit, (long) (latency * MILLI));
            assertThat(limit.limit()).isEqualTo(400);
        }
        for (int i = 0; i < 10; i++) {
            window(limit, 900 * MILLI);
        }
        assertThat(limit.limit()).as("from then on it follows").isLessThan(100);
    }

    @Test
    void someTensOfMillisecondsAreNoQueue() {
        AdaptiveLimit limit = learnt(4, 400, MILLI);
        for (int i = 0; i < 400; i++) {
            window(limit, 44 * MILLI);
        }
        assertThat(limit.limit()).isEqualTo(400);
    }

    @Test
    void whatOurOwnThreadsAddIsNoQueueElsewhere() {
        AdaptiveLimit limit = learnt(4, 400, MILLI);
        ownLag.set(100 * MILLI); // a starved machine: each look-up waits for a thread on its way out and back
        for (int i = 0; i < 400; i++) {
            window(limit, 300 * MILLI);
        }
        assertThat(limit.limit()).isEqualTo(400);
        ownLag.set(0);
        for (int i = 0; i < 20; i++) {
            window(limit, 300 * MILLI);
        }
        assertThat(limit.limit()).isEqualTo(4);
    }

    @Test
    void leavesHalfToThoseWhoCanWait() {
        AdaptiveLimit limit = limit(10, 10);
        for (int i = 0; i < 5; i++) {
            assertThat(limit.tryEnter(0.5)).isTrue();
        }
        assertThat(limit.tryEnter(0.5)).isFalse();
        assertThat(limit.tryEnter(1)).isTrue();
        AdaptiveLimit one = limit(1, 1);
        assertThat(one.tryEnter(0.5)).as("always at least one").isTrue();
    }

    @Test
    void refusesBoundsThatAreNone() {
        assertThatThrownBy(() -> limit(0, 5)).hasMessageContaining("limits: 0..5");
        assertThatThrownBy(() -> limit(6, 5)).hasMessageContaining("limits: 6..5");
    }
}
