package io.foresell.inference.admit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Against a bucket that counts tokens the plain way. */
final class TokenBucketTest {
    private static final double SECOND = TimeUnit.SECONDS.toNanos(1);

    private final AtomicLong clock = new AtomicLong(77);

    @Test
    void givesWhatABucketOfTokensGives() {
        Random random = new Random(5);
        for (int round = 0; round < 300; round++) {
            double perSecond = Math.exp(random.nextDouble() * 12);
            double burst = 1 + random.nextInt(50);
            TokenBucket bucket = new TokenBucket(perSecond, burst, clock::get);
            double tokens = burst;
            for (int step = 0; step < 200; step++) {
                long pause = (long) (random.nextDouble() * 3 * SECOND / perSecond);
                clock.addAndGet(pause);
                tokens = Math.min(burst, tokens + pause * perSecond / SECOND);
                if (random.nextInt(20) == 0) {
                    int rows = random.nextInt(30);
                    bucket.charge(rows);
                    tokens -= rows;
                }
                if (Math.abs(tokens - 1) < 1e-3) {
                    continue; // on the edge, rounding decides
                }
                long waitNanos = bucket.take();
                if (tokens > 1) {
                    assertThat(waitNanos).isZero();
                    tokens -= 1;
                } else {
                    assertThat(waitNanos).isPositive();
                    assertThat(waitNanos * perSecond / SECOND).isCloseTo(1 - tokens, within(1e-2));
                }
            }
        }
    }

    @Test
    void aDebtEnds() {
        TokenBucket bucket = new TokenBucket(10, 20, clock::get);
        bucket.charge(Integer.MAX_VALUE);
        assertThat(bucket.take()).isBetween((long) (59 * SECOND), (long) (61 * SECOND));
        assertThat(bucket.isFull()).isFalse();
        clock.addAndGet((long) (61 * SECOND));
        assertThat(bucket.take()).isZero();
        clock.addAndGet((long) (3 * SECOND));
        assertThat(bucket.isFull()).isTrue();
    }

    @Test
    void refusesABucketThatIsNone() {
        assertThatThrownBy(() -> new TokenBucket(0, 1, clock::get)).hasMessageContaining("0.0 a second");
        assertThatThrownBy(() -> new TokenBucket(Double.NaN, 1, clock::get)).hasMessageContaining("NaN");
        assertThatThrownBy(() -> new TokenBucket(1, 0.5, clock::get)).hasMessageContaining("burst 0.5");
    }
}
