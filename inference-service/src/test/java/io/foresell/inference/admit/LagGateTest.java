package io.foresell.inference.admit;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.kit.StandingLag;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/**
 * The law of the gate before a simulated server: calls wait in a queue that only the lag shows, the gate is asked when the
 * server reads them, and a refusal costs a twentieth of an answer.
 */
final class LagGateTest {
    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final double REFUSAL_COST = 0.05;

    private static final class Server {
        private final AtomicLong clock = new AtomicLong(1);
        private final AtomicLong lag = new AtomicLong();
        private final StandingLag standing = new StandingLag(1);
        private final LagGate gate = new LagGate(lag::get, standing::nanos, clock::get);
        private final Queue<Long> queue = new ArrayDeque<>();
        private final Random random;
        private double credit; // calls that arrive, and below work that is done, in parts
        private double work;
        private int millisRun;

        // Since the last reset.
        private long served;
        private long refused;
        private long mostLag;
        private double lagSum;
        private int lagCount;

        Server(long seed) {
            random = new Random(seed);
        }

        void reset() {
            served = 0;
            refused = 0;
            mostLag = 0;
            lagSum = 0;
            lagCount = 0;
        }

        /** Runs with so many calls a millisecond, in irregular bunches, and a capacity by the millisecond. */
        Server run(int millis, double callsAMilli, IntToDoubleFunction capacity) {
            for (int i = 0; i < millis; i++) {
                long now = clock.addAndGet(MILLI);
                credit += callsAMilli * 2 * random.nextDouble();
                for (; credit >= 1; credit--) {
                    queue.add(now);
                }
                serve(capacity.applyAsDouble(millisRun));
                long late = queue.isEmpty() ? 0 : now - queue.element();
                lag.set(late);
                if (++millisRun % 10 == 0) {
                    standing.add(now, late);
                }
                mostLag = Math.max(mostLag, late);
                lagSum += late;
                lagCount++;
            }
            return this;
        }

        private void serve(double capacity) {
            work += capacity;
            while (work >= 1 && !queue.isEmpty()) {
                queue.remove();
                boolean isServed = lets();
                work -= isServed ? 1 : REFUSAL_COST;
                served += isServed ? 1 : 0;
                refused += isServed ? 0 : 1;
            }
            work = queue.isEmpty() ? Math.min(1, work) : work; // nobody answers in advance
        }

        boolean lets() {
            if (gate.refuses()) {
                return false;
            }
            gate.pass();
            return true;
        }

        double meanLag() {
            return lagSum / lagCount;
        }

        /** Makes the server know how fast it is, at half of its capacity. */
        Server warm(double capacity) {
            run(11_000 + (int) (6000 / capacity), capacity / 2, milli -> capacity);
            assertThat(gate.isWarm()).isTrue();
            reset();
            return this;
        }
    }

    private static double uniform(Random random, double least, double most) {
        return least + (most - least) * random.nextDouble();
    }

    private static double logUniform(Random random, double least, double most) {
        return Math.exp(uniform(random, Math.log(least), Math.log(most)));
    }

    @Test
    void refusesNobodyBelowCapacityHoweverSlowTheStart() {
        int slowStarts = 0;
        for (int seed = 0; seed < 120; seed++) {
            Random random = new Random(seed);
            double capacity = logUniform(random, 0.3, 10);
            double load = capacity * uniform(random, 0.1, 0.85);
            double slowness = logUniform(random, 3, 300); // of interpreted code
            double constant = logUniform(random, 100, 4000); // milliseconds in which it becomes fast
            Server server = new Server(seed);
            server.run(40_000, load, milli -> capacity / (1 + slowness * Math.exp(-milli / constant)));
            String start = "seed %d: %.2f of %.2f calls a millisecond, %.0f times slower, %.0f ms, %d ms late"
                    .formatted(seed, load, capacity, slowness, constant, server.mostLag / MILLI);
            if (server.mostLag < 2000 * MILLI) {
                assertThat(server.refused).as(start).isZero();
                slowStarts += server.mostLag > 300 * MILLI ? 1 : 0;
            }
            assertThat(server.gate.share()).as(start).isZero();
        }
        assertThat(slowStarts).as("starts that would have refused at 30 ms").isGreaterThan(15);
    }

    @Test
    void refusesNobodyOnAStarvedMachineThatKeepsUp() {
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            double capacity = logUniform(random, 0.3, 10);
            double share = uniform(random, 0.2, 0.9); // of the time that others leave
            int turn = (int) logUniform(random, 20, 250); // milliseconds between two turns
            Server server = new Server(seed).warm(capacity);
            server.run(20_000, 0.6 * share * capacity, milli -> milli % turn < share * turn ? capacity : 0);
            assertThat(server.refused)
                    .as("seed %d: %.2f calls a millisecond, %.2f of each %d ms", seed, capacity, share, turn)
                    .isZero();
        }
    }

    @Test
    void keepsTheQueueShortAtTwiceTheCapacityAndServesAtFull() {
        for (double capacity : new double[] {0.3, 1, 5, 20}) {
            Server server = new Server(1).warm(capacity);
            double target = Math.max(30, 64 / capacity) * MILLI;
            server.run(3000, 2 * capacity, milli -> capacity);
            assertThat(server.mostLag).as("until it begins").isLessThan((long) (1500 * MILLI + 2 * target));
            server.reset();
            server.run(10_000, 2 * capacity, milli -> capacity);
            String which = "%.1f calls a millisecond".formatted(capacity);
            assertThat(server.meanLag()).as(which).isLessThan(2 * target);
            assertThat((double) server.mostLag).as(which).isLessThan(5 * target);
            // Half of the calls are refused, which costs a twentieth each: 0.95 of the capacity is left for answers.
            assertThat(server.served / (10_000 * capacity)).as(which).isGreaterThan(0.85);
            assertThat(server.gate.share()).as(which).isBetween(0.3, 0.8);
        }
    }

    @Test
    void bearsTwoSecondsInAStormAtTheStartAndAMinuteLaterTheTarget() {
        Server server = new Server(2);
        server.run(55_000, 4, milli -> 2);
        assertThat(server.gate.isWarm()).isFalse();
        assertThat(server.mostLag).isBetween(2000 * MILLI, 4000 * MILLI);
        server.run(15_000, 4, milli -> 2);
        assertThat(server.gate.isWarm()).isTrue();
        server.reset();
        server.run(5000, 4, milli -> 2);
        assertThat(server.meanLag()).isLessThan(60.0 * MILLI);
    }

    @Test
    void letsAllPassAgainWithinTwoSeconds() {
        Server server = new Server(3).warm(10).run(5000, 30, milli -> 10);
        assertThat(server.gate.share()).isPositive();
        server.run(2000, 5, milli -> 10);
        assertThat(server.gate.share()).isZero();
        assertThat(server.lag).hasValue(0);
    }

    @Test
    void letsABurstPass() {
        Server server = new Server(4).warm(10);
        server.run(200, 20, milli -> 10).run(5000, 5, milli -> 10);
        assertThat(server.mostLag).isGreaterThan(60 * MILLI);
        assertThat(server.refused).isZero();
    }

    @Test
    void aSlowMachineWithFewCallsIsNoQueue() {
        Server server = new Server(5).warm(10);
        server.run(60_000, 0.01, milli -> 10);
        server.lag.set(400 * MILLI);
        for (int i = 0; i < 2000; i++) {
            server.standing.add(server.clock.addAndGet(100 * MILLI), 400 * MILLI);
            assertThat(server.lets()).isTrue();
        }
        assertThat(server.gate.share()).isZero();
    }

    @Test
    void neverRefusesAll() {
        Server server = new Server(6).warm(10);
        for (int i = 0; i < 10_000; i++) {
            long now = server.clock.addAndGet(MILLI);
            server.lag.set(i * MILLI);
            server.standing.add(now, i * MILLI);
            for (int call = 0; call < 50; call++) {
                server.lets();
            }
            assertThat(server.gate.share()).isBetween(0.0, 0.9);
        }
        assertThat(server.gate.share()).isEqualTo(0.9);
    }

    @Test
    void aPauseOfAllThreadsIsNoQueue() {
        StandingLag standing = new StandingLag(0);
        long now = 0;
        for (int i = 0; i < 300; i++) {
            standing.add(now += 10 * MILLI, 0);
        }
        standing.add(now += 3000 * MILLI, 2990 * MILLI);
        assertThat(standing.nanos()).isZero();
        for (int i = 0; i < 300; i++) {
            standing.add(now += 10 * MILLI, 40 * MILLI + i);
        }
        assertThat(standing.nanos()).isBetween(40 * MILLI, 41 * MILLI);
        standing.add(now + 10 * MILLI, 1);
        assertThat(standing.nanos()).isEqualTo(1);
    }
}
