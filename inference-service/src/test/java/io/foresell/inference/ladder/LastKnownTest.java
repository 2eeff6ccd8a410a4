package io.foresell.inference.ladder;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.inference.forget.ErasedEntities;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** What is kept to be given again: the newest, not too old, not too much, of one model and one kind of subject. */
final class LastKnownTest {
    private static final Duration MINUTE = Duration.ofMinutes(1);

    private final AtomicLong usedBytes = new AtomicLong();

    private static KnownScore score(int version, long atNanos, int bytes) {
        return new KnownScore(version, "digest", atNanos, new byte[bytes]);
    }

    @Test
    void keepsTheNewestAnswerWhateverTheOrderInWhichTheyCome() {
        LastKnown known = new LastKnown(MINUTE, usedBytes, 1 << 20);
        known.put(true, "c1", score(2, 2000, 10));
        known.put(true, "c1", score(1, 1000, 10));
        assertThat(known.get(true, "c1", 3000).version()).isEqualTo(2);
        known.put(true, "c1", score(3, 3000, 10));
        assertThat(known.get(true, "c1", 3000).version()).isEqualTo(3);
        assertThat(known.size()).isEqualTo(1);
    }

    @Test
    void entitiesAndSubjectsOfRowsAreApart() {
        LastKnown known = new LastKnown(MINUTE, usedBytes, 1 << 20);
        known.put(false, "c1", score(1, 1000, 10));
        assertThat(known.get(true, "c1", 1000)).isNull();
        assertThat(known.get(false, "c1", 1000)).isNotNull();
        known.put(false, "", score(1, 1000, 10));
        known.put(false, "x".repeat(513), score(1, 1000, 10));
        assertThat(known.size()).isEqualTo(1);
    }

    @Test
    void givesNothingThatIsTooOldAndForgetsIt() {
        LastKnown known = new LastKnown(MINUTE, usedBytes, 1 << 20);
        known.put(true, "c1", score(1, 0, 10));
        known.put(true, "c2", score(1, TimeUnit.SECONDS.toNanos(30), 10));
        long now = TimeUnit.SECONDS.toNanos(60);
        assertThat(known.get(true, "c1", now)).isNotNull();
        assertThat(known.get(true, "c1", now + 1)).isNull();
        known.sweep(now + 1);
        assertThat(known.size()).isEqualTo(1);
        known.setMaxAge(Duration.ofSeconds(10));
        known.sweep(now);
        assertThat(known.size()).isZero();
        assertThat(usedBytes).hasValue(0);
    }

    @Test
    void forgetsWhoWasErasedHoweverTheyWereAskedFor() {
        // SHA-256 of "customer", a line feed and "c-1".
        String digest = "4ca97a04f76a9cffa553f269eaab1040a9efb349c62702da0d34e0c096082dee";
        LastKnown known = new LastKnown(MINUTE, usedBytes, 1 << 20);
        known.put(true, "c-1", score(1, 0, 10));
        known.put(false, "c-1", score(1, 0, 10));
        known.put(true, "c-2", score(1, 0, 10));
        known.forget(ErasedEntities.of(Map.of("customer", Set.of(digest))));
        assertThat(known.get(true, "c-1", 0)).isNull();
        assertThat(known.get(false, "c-1", 0)).isNull();
        assertThat(known.get(true, "c-2", 0)).isNotNull();
        known.remove(true, "c-2");
        assertThat(usedBytes).hasValue(0);
    }

    @Test
    void holdsNoMoreThanItsBounds() {
        LastKnown many = new LastKnown(MINUTE, usedBytes, Long.MAX_VALUE);
        for (int i = 0; i < 3 * LastKnown.MAX_ENTRIES; i++) {
            many.put(true, "c" + i, score(1, i, 1));
        }
        assertThat(many.size()).isBetween(LastKnown.MAX_ENTRIES / 4, LastKnown.MAX_ENTRIES);
        assertThat(many.get(true, "c" + (3 * LastKnown.MAX_ENTRIES - 1), 0)).isNotNull();
        assertThat(many.get(true, "c0", 0)).isNull();
        many.close();
        assertThat(usedBytes).hasValue(0);

        LastKnown large = new LastKnown(MINUTE, usedBytes, 100_000);
        for (int i = 0; i < 1000; i++) {
            large.put(false, "c" + i, score(1, i, 5_000));
            assertThat(usedBytes.get()).isLessThanOrEqualTo(100_000);
        }
        assertThat(large.size()).isPositive();
        large.put(false, "c0", score(1, 5000, 200_000));
        assertThat(large.get(false, "c0", 5000)).isNull();
        assertThat(usedBytes.get()).isLessThanOrEqualTo(100_000);
    }

    @Test
    void behavesAsAMapOverRandomSteps() {
        Random random = new Random(18);
        LastKnown known = new LastKnown(MINUTE, usedBytes, Long.MAX_VALUE);
        Map<String, KnownScore> model = new HashMap<>();
        for (int step = 0; step < 20_000; step++) {
            String subject = "c" + random.nextInt(50);
            switch (random.nextInt(5)) {
                case 0 -> {
                    known.remove(true, subject);
                    model.remove(subject);
                }
                case 1 -> assertThat(known.get(true, subject, step)).isSameAs(model.get(subject));
                default -> {
                    KnownScore score = score(1, step - random.nextInt(30), random.nextInt(100));
                    known.put(true, subject, score);
                    model.merge(subject, score, (a, b) -> a.atNanos() > b.atNanos() ? a : b);
                }
            }
            assertThat(known.size()).isEqualTo(model.size());
        }
        model.forEach((subject, score) -> known.remove(true, subject));
        assertThat(usedBytes).hasValue(0);
    }

    @Test
    void aModelHasItsOwnAndLosesThemWithTheDeclaration() {
        try (LastKnownScores scores = new LastKnownScores(new SimpleMeterRegistry())) {
            Ladder ladder = new Ladder(0, MINUTE);
            LastKnown churn = scores.open("churn", ladder, false);
            churn.put(true, "c1", score(1, 0, 10));
            assertThat(scores.open("offer", ladder, false).get(true, "c1", 0)).isNull();
            assertThat(scores.open("churn", new Ladder(2, MINUTE), true)).isSameAs(churn);
            assertThat(scores.open("churn", new Ladder(2, Duration.ZERO), true)).isNull();
            assertThat(churn.get(true, "c1", 0)).isNull();
            churn.put(true, "c1", score(1, 0, 10)); // of a call that was in flight
            assertThat(churn.size()).isZero();
            assertThat(scores.open("churn", ladder, true).get(true, "c1", 0)).isNull();
            assertThat(scores.open("churn", null, true)).isNull();
        }
    }
}
