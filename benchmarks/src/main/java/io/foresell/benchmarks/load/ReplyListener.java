package io.foresell.benchmarks.load;

/** Hears every reply of a run, on the threads on which replies come. */
@FunctionalInterface
public interface ReplyListener {
    /** Hears nothing. */
    ReplyListener NONE = (dueNanos, sentNanos, reply) -> {};

    /** Hears a reply to a call that was due and sent at instants of {@link System#nanoTime}. */
    void replied(long dueNanos, long sentNanos, Reply reply);
}
