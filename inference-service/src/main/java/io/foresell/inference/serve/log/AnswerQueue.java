package io.foresell.inference.serve.log;

import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/**
 * A ring with many writers and one reader. Writing is one compare-and-set of the tail and one ordered store; it never waits, and fails when
 * the ring is full. The reader may see the ring as empty while a writer is between the two steps, and comes back.
 */
final class AnswerQueue {
    private final AtomicReferenceArray<@Nullable LoggedAnswer> ring;
    private final int mask;
    private final AtomicLong tail = new AtomicLong(); // the next place to write, claimed by writers
    private final AtomicLong head = new AtomicLong(); // the next place to read, written by the reader only

    /** Makes a ring of {@code length} places, rounded up to a power of two. */
    AnswerQueue(int length) {
        int places = Integer.highestOneBit(Math.max(2, length) - 1) << 1;
        this.ring = new AtomicReferenceArray<>(places);
        this.mask = places - 1;
    }

    /** Writes an answer and returns whether there was room. */
    boolean offer(LoggedAnswer answer) {
        while (true) {
            long at = tail.get();
            if (at - head.get() > mask) {
                return false;
            }
            if (tail.compareAndSet(at, at + 1)) {
                ring.lazySet((int) at & mask, answer);
                return true;
            }
        }
    }

    /** Reads the oldest answer, or returns null; the reader's thread only. */
    @Nullable
    LoggedAnswer poll() {
        long at = head.get();
        int place = (int) at & mask;
        LoggedAnswer answer = ring.get(place);
        if (answer != null) {
            ring.lazySet(place, null);
            head.lazySet(at + 1); // after the place is free
        }
        return answer;
    }

    int size() {
        return (int) Math.max(0, tail.get() - head.get());
    }
}
