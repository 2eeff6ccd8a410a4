package io.foresell.benchmarks.load;

import java.util.concurrent.CompletableFuture;

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
}
