package io.foresell.benchmarks.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.benchmarks.load.Reply.Outcome;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class RecoveryTest {
    private static final long NORMAL_P99 = TimeUnit.MILLISECONDS.toNanos(2);

    /** A call every millisecond from an instant on, each answered after some milliseconds. */
    private static void calls(Recovery recovery, int fromMillis, int toMillis, double latencyMillis, Outcome outcome) {
        for (int due = fromMillis; due < toMillis; due++) {
            long dueNanos = TimeUnit.MILLISECONDS.toNanos(due) - 7; // an instant of nanoTime may be negative
            recovery.replied(dueNanos, dueNanos + (long) (latencyMillis * 1e6), outcome);
        }
    }

    @Test
    void isOverWithTheFirstStretchThatIsAsBefore() {
        Recovery recovery = new Recovery();
        calls(recovery, 500, 2000, 2.9, Outcome.ANSWERED); // answers come in any order
        calls(recovery, 0, 400, 90, Outcome.ANSWERED);
        calls(recovery, 400, 500, 1, Outcome.REFUSED);
        assertThat(recovery.seconds(NORMAL_P99)).isEqualTo(0.75);
    }

    @Test
    void aRefusalOrALatePercentileIsNotNormal() {
        Recovery recovery = new Recovery();
        calls(recovery, 0, 249, 1, Outcome.ANSWERED);
        calls(recovery, 249, 250, 1, Outcome.REFUSED);
        calls(recovery, 250, 497, 1, Outcome.ANSWERED);
        calls(recovery, 497, 500, 3.1, Outcome.ANSWERED); // more than one in a hundred
        assertThat(recovery.seconds(NORMAL_P99)).isInfinite();
        calls(recovery, 500, 501, 3, Outcome.ANSWERED);
        assertThat(recovery.seconds(NORMAL_P99)).isEqualTo(0.75);
        assertThat(new Recovery().seconds(1)).isInfinite();
    }
}
