package io.foresell.inference.serve;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

/** Ids ascend with time, differ between replicas and read as ULIDs. */
final class PredictionIdsTest {
    @Test
    void writesTheTextOfAUlid() {
        // The instant and its ten digits are the example of the ULID specification.
        PredictionIds ids = new PredictionIds(0, () -> 1469918176385L);
        assertThat(ids.text(ids.reserve(1))).isEqualTo("01ARYZ6S410000000000000000");
        PredictionIds last = new PredictionIds(-1, () -> (1L << 47) - 1);
        assertThat(last.text(last.reserve(1) | 0xFFFF)).isEqualTo("3ZZZZZZZZZZZZZZZZZZZZZZZZZ");
    }

    @Test
    void ascendEvenWhenTheClockStandsOrGoesBack() {
        AtomicLong clock = new AtomicLong(1_700_000_000_000L);
        PredictionIds ids = new PredictionIds(new Random(1).nextLong(), clock::get);
        Random random = new Random(2);
        String before = "";
        for (int i = 0; i < 20_000; i++) {
            clock.addAndGet(random.nextInt(3) - 1);
            int count = 1 + random.nextInt(50);
            long first = ids.reserve(count);
            for (int row = 0; row < count; row++) {
                String text = ids.text(first + row);
                assertThat(text).hasSize(26).isGreaterThan(before);
                before = text;
            }
        }
    }

    @Test
    void noTwoAreEqualAcrossThreadsAndReplicas() throws Exception {
        List<PredictionIds> replicas = List.of(
                new PredictionIds(1L << 63, System::currentTimeMillis),
                new PredictionIds(1, System::currentTimeMillis),
                new PredictionIds(2, System::currentTimeMillis));
        Set<String> all = ConcurrentHashMap.newKeySet();
        ExecutorService threads = Executors.newFixedThreadPool(6);
        List<Future<?>> running = new ArrayList<>();
        for (int thread = 0; thread < 6; thread++) {
            PredictionIds ids = replicas.get(thread % 3);
            running.add(threads.submit(() -> {
                for (int i = 0; i < 500; i++) {
                    long first = ids.reserve(20);
                    for (int row = 0; row < 20; row++) {
                        all.add(ids.text(first + row));
                    }
                }
            }));
        }
        for (Future<?> each : running) {
            each.get();
        }
        threads.shutdown();
        assertThat(all).hasSize(6 * 500 * 20);
    }
}
