package io.foresell.benchmarks.load;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Something that can be called over and over, by many callers at once. Every call ends within {@link #MAX_CALL_SECONDS}. */
public interface Subject {
    /** No call waits longer for its answer. */
    int MAX_CALL_SECONDS = 10;

    /** Returns the row's title in the table. */
    String name();

    /** Returns the size of the first request's content, without the transport's own headers. */
    int requestBytes();

    /**
     * Starts one call.
     *
     * @return completes when the call has ended, however it ended; an exception counts as a failure
     */
    CompletableFuture<Reply> call();

    /** Lets time pass on the sending thread until the next call is due; a subject without threads of its own reads answers meanwhile. */
    default void pass(long nanos) {
        LockSupport.parkNanos(nanos);
    }

    /** Waits on the sending thread for so many calls to end; answers are read meanwhile as by {@link #pass}. */
    default boolean acquire(Semaphore places, int count, long patienceNanos) throws InterruptedException {
        return places.tryAcquire(count, patienceNanos, TimeUnit.NANOSECONDS);
    }
}
