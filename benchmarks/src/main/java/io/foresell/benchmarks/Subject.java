package io.foresell.benchmarks;

import java.util.concurrent.CompletableFuture;

/** Something that can be called over and over, by many callers at once. */
interface Subject {
    /** Returns the row's title in the table. */
    String name();

    /**
     * Starts one call.
     *
     * @return completes when the answer is there, exceptionally when the call failed
     */
    CompletableFuture<?> call();
}
