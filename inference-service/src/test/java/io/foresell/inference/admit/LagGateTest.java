package io.foresell.inference.admit;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** The gate before a simulated server of ten calls a millisecond whose queue only its lag shows. */
final class LagGateTest {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final int SERVED_A_MILLI = 10;

    private final AtomicLong clock = new AtomicLong(1);
    private final AtomicLong lag = new AtomicLong();
    private final LagGate gate = new LagGate(lag::get, clock::get);
    private long queue;
    private long served;
    private long lagSum;

    private void run(int millis, int arrivalsAMilli) {
        served = 0;
        lagSum = 0;
        for (int i = 0; i < millis; i++) {
            clock.addAndGet(MILLI);
            for (int call = 0; call < arrivalsAMilli; call++) {
                queue += gate.lets() ? 1 : 0;
            }
            long done = Math.min(queue, SERVED_A_MILLI);
            queue -= done;
            served += done;
            lag.set(queue * MILLI / SERVED_A_MILLI);
            lagSum += lag.get();
        }
    }

    @Test
    void keepsTheQueueShortAtTwiceTheCapacityAndServesAtFull() {
        run(3000, 2 * SERVED_A_MILLI);
        run(5000, 2 * SERVED_A_MILLI);
        assertThat(served).as("of 50,000 possible").isGreaterThan(47_500);
        assertThat(lagSum / 5000).as("mean lag").isLessThan(20 * MILLI);
        assertThat(gate.share()).isBetween(0.3, 0.7);
    }

    @Test
    void letsAllPassAgainWithinTwoSeconds() {
        run(3000, 3 * SERVED_A_MILLI);
        assertThat(gate.share()).isPositive();
        run(2000, SERVED_A_MILLI / 2);
        assertThat(gate.share()).isZero();
        assertThat(lag.get()).isZero();
    }

    @Test
    void letsABurstPass() {
        run(500, SERVED_A_MILLI / 2);
        run(80, 2 * SERVED_A_MILLI);
        assertThat(gate.share()).isZero();
    }

    @Test
    void aSlowMachineWithFewCallsIsNoQueue() {
        lag.set(400 * MILLI);
        for (int i = 0; i < 2000; i++) {
            clock.addAndGet(100 * MILLI);
            assertThat(gate.lets()).isTrue();
        }
        assertThat(gate.share()).isZero();
    }

    @Test
    void neverRefusesAll() {
        for (int i = 0; i < 10_000; i++) {
            clock.addAndGet(MILLI);
            lag.set(i * MILLI);
            for (int call = 0; call < 50; call++) {
                gate.lets();
            }
            assertThat(gate.share()).isBetween(0.0, 0.9);
        }
        assertThat(gate.share()).isEqualTo(0.9);
    }
}
