package io.foresell.inference.route;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.concurrent.atomic.LongAdder;

/** What one loaded version did for clients that ask for statistics: counts and sums since it was loaded. Thread-safe, without locks. */
public final class CallStatistics {
    private static final int MAX_BATCH = 4096;

    private final Sum success = new Sum();
    private final Sum fail = new Sum();
    private final Sum queue = new Sum();
    private final Sum input = new Sum();
    private final Sum infer = new Sum();
    private final Sum output = new Sum();
    private final LongAdder rows = new LongAdder();
    private final AtomicLong lastMillis = new AtomicLong();
    private final AtomicReferenceArray<Batches> batches = new AtomicReferenceArray<>(MAX_BATCH + 1); // by size

    /** How often something happened and how long it took in sum. */
    public static final class Sum {
        private final LongAdder count = new LongAdder();
        private final LongAdder nanos = new LongAdder();

        private void add(long added) {
            count.increment();
            nanos.add(added);
        }

        public long count() {
            return count.sum();
        }

        public long nanos() {
            return nanos.sum();
        }
    }

    /** Batches of one size. */
    public static final class Batches {
        private final int size;
        private final Sum input = new Sum();
        private final Sum infer = new Sum();
        private final Sum output = new Sum();

        private Batches(int size) {
            this.size = size;
        }

        /** Returns the rows of each. */
        public int size() {
            return size;
        }

        public Sum input() {
            return input;
        }

        public Sum infer() {
            return infer;
        }

        public Sum output() {
            return output;
        }
    }

    /** Counts an answered call. */
    public void succeeded(
            int rowCount, long totalNanos, long queueNanos, long inputNanos, long inferNanos, long outputNanos) {
        success.add(totalNanos);
        queue.add(queueNanos);
        input.add(inputNanos);
        infer.add(inferNanos);
        output.add(outputNanos);
        rows.add(rowCount);
        lastMillis.set(System.currentTimeMillis());
        Batches batch = batchesOf(Math.min(rowCount, MAX_BATCH));
        batch.input.add(inputNanos);
        batch.infer.add(inferNanos);
        batch.output.add(outputNanos);
    }

    /** Counts a call that was refused or failed. */
    public void failed(long totalNanos) {
        fail.add(totalNanos);
    }

    private Batches batchesOf(int size) {
        Batches known = batches.get(size);
        if (known != null) {
            return known;
        }
        Batches fresh = new Batches(size);
        Batches winner = batches.compareAndExchange(size, null, fresh);
        return winner == null ? fresh : winner;
    }

    public Sum success() {
        return success;
    }

    public Sum fail() {
        return fail;
    }

    /** Returns the time that answered calls waited for a thread. */
    public Sum queue() {
        return queue;
    }

    public Sum input() {
        return input;
    }

    public Sum infer() {
        return infer;
    }

    public Sum output() {
        return output;
    }

    public long rows() {
        return rows.sum();
    }

    /** Returns when the last call was answered, milliseconds since the epoch; 0 before the first. */
    public long lastMillis() {
        return lastMillis.get();
    }

    /** Returns the sizes that occurred, smallest first. */
    public List<Batches> batches() {
        List<Batches> known = new ArrayList<>();
        for (int size = 0; size <= MAX_BATCH; size++) {
            Batches batch = batches.get(size);
            if (batch != null) {
                known.add(batch);
            }
        }
        return known;
    }
}
