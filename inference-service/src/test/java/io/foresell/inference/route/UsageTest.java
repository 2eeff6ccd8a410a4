package io.foresell.inference.route;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** How models are asked for. */
final class UsageTest {
    private static final long SECOND = 1_000_000_000;

    @Test
    void isIdleWhenEveryCallHasEnded() {
        Usage usage = new Usage(0);
        assertThat(usage.isIdle()).isTrue();
        usage.begin(SECOND);
        usage.begin(SECOND);
        usage.end();
        assertThat(usage.isIdle()).isFalse();
        usage.end();
        assertThat(usage.isIdle()).isTrue();
        assertThat(usage.hits()).isEqualTo(2);
        assertThat(usage.lastNanos()).isEqualTo(SECOND);
    }

    @Test
    void sortsByWhenModelsWereAskedForLast() {
        long now = System.nanoTime();
        Usage newest = new Usage(now);
        Usage oldest = new Usage(now - 3 * SECOND);
        Usage between = new Usage(now - 2 * SECOND);
        assertThat(Usage.oldestFirst(List.of(newest, oldest, between), Function.identity()))
                .containsExactly(oldest, between, newest);
    }

    @Test
    void remembersLoadsOnDemandToTheNanosecond() {
        Usage early = new Usage(0);
        Usage late = new Usage(10);
        early.asked(SECOND);
        late.asked(SECOND + 10);
        late.loadedOnDemand(SECOND + 20);
        early.loadedOnDemand(SECOND + 30); // well within what calls are not remembered for
        assertThat(Usage.oldestFirst(List.of(early, late), Function.identity())).containsExactly(late, early);
        assertThat(early.lastNanos()).isEqualTo(SECOND + 30);
    }

    /** A sort whose keys change under it may throw. */
    @Test
    void sortsWhileModelsAreAskedFor() throws InterruptedException {
        List<Usage> usages = new ArrayList<>();
        Random random = new Random(3);
        for (int i = 0; i < 2000; i++) {
            usages.add(new Usage(System.nanoTime() - random.nextInt(1_000_000)));
        }
        AtomicBoolean isOver = new AtomicBoolean();
        Thread callers = new Thread(() -> {
            for (int i = 0; !isOver.get(); i++) {
                usages.get(i % usages.size()).asked(System.nanoTime() + i * SECOND);
            }
        });
        callers.start();
        try {
            for (int round = 0; round < 200; round++) {
                assertThat(Usage.oldestFirst(usages, Function.identity())).hasSameSizeAs(usages);
            }
        } finally {
            isOver.set(true);
            callers.join();
        }
    }
}
