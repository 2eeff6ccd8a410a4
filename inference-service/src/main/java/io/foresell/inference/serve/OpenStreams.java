package io.foresell.inference.serve;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The streams that are open, so that a draining server can end them. Bounded by admission. Thread-safe. */
public final class OpenStreams {
    /** A stream that can be told to end. */
    public interface Drainable {
        /** Answers what was begun and ends. Called more than once, from any thread. */
        void drain();
    }

    private final Set<Drainable> streams = ConcurrentHashMap.newKeySet();
    private volatile boolean isDraining;

    /** Adds a stream; one that comes while draining is told at once. */
    public void add(Drainable stream) {
        streams.add(stream);
        if (isDraining) { // after the addition: either this sees it or drain() sees the stream
            stream.drain();
        }
    }

    /** Forgets a stream that has ended. */
    public void remove(Drainable stream) {
        streams.remove(stream);
    }

    /** Tells all streams, and those that open later, to end. */
    public void drain() {
        isDraining = true;
        streams.forEach(Drainable::drain);
    }
}
