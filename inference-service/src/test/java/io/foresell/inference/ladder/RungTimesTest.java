package io.foresell.inference.ladder;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** The choice of a rung, as a law and by examples. */
final class RungTimesTest {
    private static final long SEED = 20_261_122;

    private static long nanos(Random random) {
        return switch (random.nextInt(6)) {
            case 0 -> RungTimes.UNAVAILABLE;
            case 1 -> 0;
            default -> random.nextInt(1_000);
        };
    }

    private static long left(Random random) {
        return random.nextInt(10) == 0 ? Long.MAX_VALUE : random.nextInt(1_100);
    }

    private static long timeOf(RungTimes times, Rung rung) {
        return switch (rung) {
            case CHOSEN -> times.chosenNanos();
            case FALLBACK -> times.fallbackNanos();
            case LAST_KNOWN -> times.lastKnownNanos();
            case REFUSAL -> 0;
        };
    }

    @Test
    void moreTimeNeverLeadsToALowerRung() {
        Random random = new Random(SEED);
        for (int i = 0; i < 100_000; i++) {
            RungTimes times = new RungTimes(nanos(random), nanos(random), nanos(random));
            long less = left(random);
            long more = Math.max(less, left(random));
            Rung from = List.of(Rung.values()).get(random.nextInt(4));
            assertThat(times.highest(more, from))
                    .as("%s from %s with %d after %d", times, from, more, less)
                    .isLessThanOrEqualTo(times.highest(less, from));
        }
    }

    @Test
    void takesTheFirstRungThatFitsAndNoneAboveWhereItBegins() {
        Random random = new Random(SEED + 1);
        for (int i = 0; i < 100_000; i++) {
            RungTimes times = new RungTimes(nanos(random), nanos(random), nanos(random));
            long left = left(random);
            Rung from = List.of(Rung.values()).get(random.nextInt(4));
            Rung expected = Rung.REFUSAL;
            for (Rung rung : Rung.values()) {
                long time = timeOf(times, rung);
                if (rung.compareTo(from) >= 0 && time != RungTimes.UNAVAILABLE && time <= left) {
                    expected = rung;
                    break;
                }
            }
            assertThat(times.highest(left, from)).as("%s", times).isEqualTo(expected);
        }
    }

    @Test
    void withoutADeadlineTheVersionChosenAnswers() {
        assertThat(new RungTimes(Long.MAX_VALUE - 1, 0, 0).highest(Long.MAX_VALUE))
                .isEqualTo(Rung.CHOSEN);
        assertThat(new RungTimes(5, 5, 5).highest(5)).isEqualTo(Rung.CHOSEN);
        assertThat(new RungTimes(6, 7, 5).highest(5)).isEqualTo(Rung.LAST_KNOWN);
        assertThat(new RungTimes(6, 5, 0).highest(5)).isEqualTo(Rung.FALLBACK);
        assertThat(new RungTimes(6, RungTimes.UNAVAILABLE, RungTimes.UNAVAILABLE).highest(5))
                .isEqualTo(Rung.REFUSAL);
    }
}
