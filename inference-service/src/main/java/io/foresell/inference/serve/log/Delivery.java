package io.foresell.inference.serve.log;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/** Whether records reach the prediction log, for health and metrics. Written by senders and those who drop, read by anybody. */
final class Delivery {
    private static final long DROPS_TOLD_NANOS = Duration.ofMinutes(10).toNanos();

    private record Trouble(long sinceNanos, String cause) {}

    private final IntSupplier waiting;
    private final AtomicLong dropped = new AtomicLong();
    private volatile long droppedAtNanos;
    private volatile @Nullable Trouble trouble; // null: the last try succeeded

    Delivery(IntSupplier waiting) {
        this.waiting = waiting;
    }

    void succeeded() {
        if (trouble != null) {
            trouble = null;
        }
    }

    void failed(String cause) {
        Trouble before = trouble;
        trouble = new Trouble(before == null ? System.nanoTime() : before.sinceNanos(), cause);
    }

    void dropped(int count) {
        droppedAtNanos = System.nanoTime();
        dropped.addAndGet(count);
    }

    /** Returns for how long nothing could be delivered, seconds; 0 while it can. */
    double undeliveredSeconds() {
        Trouble now = trouble;
        return now == null ? 0 : (System.nanoTime() - now.sinceNanos()) / 1e9;
    }

    /** Returns what is wrong, a sentence each. */
    List<String> notices() {
        List<String> sentences = new ArrayList<>();
        Trouble now = trouble;
        if (now != null) {
            sentences.add("prediction log: nothing delivered for %.0f s, %d wait: %s"
                    .formatted(undeliveredSeconds(), waiting.getAsInt(), now.cause()));
        }
        long count = dropped.get();
        if (count > 0 && System.nanoTime() - droppedAtNanos < DROPS_TOLD_NANOS) {
            sentences.add("prediction log: %d predictions dropped since the start, some within the last 10 minutes"
                    .formatted(count));
        }
        return sentences;
    }
}
