package io.foresell.inference.serve.log;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.inference.route.ServedVersion;
import io.foresell.proto.prediction.v1.PredictionRecord;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Many writers and one reader. */
final class AnswerQueueTest {
    private record Numbered(int writer, int number) implements LoggedAnswer {
        @Override
        public ServedVersion served() {
            throw new UnsupportedOperationException();
        }

        @Override
        public int bytes() {
            return 1;
        }

        @Override
        public List<PredictionRecord> records() {
            return List.of();
        }
    }

    @Test
    void refusesWhenFullAndTakesAgainWhenRead() {
        AnswerQueue queue = new AnswerQueue(4);
        for (int round = 0; round < 3; round++) {
            for (int i = 0; i < 4; i++) {
                assertThat(queue.offer(new Numbered(0, i))).isTrue();
            }
            assertThat(queue.offer(new Numbered(0, 4))).isFalse();
            assertThat(queue.size()).isEqualTo(4);
            for (int i = 0; i < 4; i++) {
                assertThat(queue.poll()).isEqualTo(new Numbered(0, i));
            }
            assertThat(queue.poll()).isNull();
        }
    }

    @Test
    void roundsItsLengthUp() {
        AnswerQueue queue = new AnswerQueue(5);
        int count = 0;
        while (queue.offer(new Numbered(0, count))) {
            count++;
        }
        assertThat(count).isEqualTo(8);
    }

    /** Everything that was taken is read once, and of each writer in its order. */
    @Test
    void losesNothingAndRepeatsNothing() throws InterruptedException {
        AnswerQueue queue = new AnswerQueue(64);
        int writers = 4;
        int each = 50_000;
        List<Thread> threads = new ArrayList<>();
        for (int writer = 0; writer < writers; writer++) {
            int own = writer;
            Thread thread = new Thread(() -> {
                for (int i = 0; i < each; i++) {
                    while (!queue.offer(new Numbered(own, i))) {
                        Thread.onSpinWait();
                    }
                }
            });
            threads.add(thread);
            thread.start();
        }
        int[] next = new int[writers];
        int read = 0;
        while (read < writers * each) {
            if (queue.poll() instanceof Numbered answer) {
                assertThat(answer.number()).isEqualTo(next[answer.writer()]++);
                read++;
            } else {
                Thread.onSpinWait();
            }
        }
        for (Thread thread : threads) {
            thread.join();
        }
        assertThat(queue.poll()).isNull();
    }
}
