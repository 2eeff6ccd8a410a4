package io.foresell.inference.load;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.inference.fetch.Release;
import io.foresell.inference.fetch.RoutedVersion;
import java.time.Duration;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** What waits for the load lane. */
final class ReleaseQueueTest {
    private final ReleaseQueue queue = new ReleaseQueue();

    private static Release release(String model, int revision) {
        return new Release(model, revision, List.of(new RoutedVersion(1, 100, "a".repeat(64), 1)), "");
    }

    @Test
    void keepsOnlyTheNewestReleaseOfAModelInItsPlace() {
        queue.offer(List.of(release("a", 1), release("b", 1)));
        queue.offer(List.of(release("a", 2)));
        assertThat(queue.length()).isEqualTo(2);
        assertThat(queue.poll()).isEqualTo(release("a", 2));
        assertThat(queue.poll()).isEqualTo(release("b", 1));
        assertThat(queue.poll()).isNull();
    }

    @Test
    void isBoundedByTheNumberOfModels() {
        int offered = ReleaseQueue.MAX_MODELS + 100;
        queue.offer(
                IntStream.range(0, offered).mapToObj(i -> release("m" + i, 1)).toList());
        assertThat(queue.length()).isEqualTo(ReleaseQueue.MAX_MODELS);
        queue.offer(List.of(release("m0", 2)));
        assertThat(queue.poll()).isEqualTo(release("m0", 2));
    }

    @Test
    void givesARetryOnlyAfterItsPause() throws Exception {
        queue.offerLater(release("a", 1), Duration.ofMillis(50));
        assertThat(queue.poll()).isNull();
        long startNanos = System.nanoTime();
        queue.awaitWork(Duration.ofHours(1));
        assertThat(queue.poll()).isEqualTo(release("a", 1));
        assertThat(System.nanoTime() - startNanos).isGreaterThan(40_000_000L);
    }

    @Test
    void neverWaitsPastARetryThatIsJustDue() throws Exception {
        for (int round = 0; round < 2000; round++) {
            queue.offerLater(release("a", round), Duration.ofNanos(1_000_000 + 500L * (round % 100)));
            long dueNanos = System.nanoTime() + 1_000_000;
            while (System.nanoTime() < dueNanos) {
                Thread.onSpinWait();
            }
            queue.awaitWork(Duration.ofHours(1)); // would hang otherwise
            while (queue.poll() == null) {
                queue.awaitWork(Duration.ofHours(1));
            }
        }
    }

    @Test
    void forgetsTheRetryOfAReplacedRelease() {
        queue.offerLater(release("a", 1), Duration.ZERO);
        queue.offer(List.of(release("a", 2)));
        queue.offerLater(release("a", 1), Duration.ZERO);
        assertThat(queue.poll()).isEqualTo(release("a", 2));
        assertThat(queue.poll()).isNull();
    }

    @Test
    void doesNotMissAWakeUpThatCameBeforeTheWait() throws Exception {
        queue.wake();
        queue.awaitWork(Duration.ofHours(1)); // would hang otherwise
        assertThat(queue.poll()).isNull();
    }
}
