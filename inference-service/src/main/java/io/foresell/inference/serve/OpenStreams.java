package io.foresell.inference.serve;

import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** The streams that are open, so that a draining server can end them. Bounded by admission. Thread-safe. */
final class OpenStreams {
    /** A stream that can be told to end. */
    interface Drainable {
        /** Answers what was begun and ends. Called more than once, from any thread. */
        void drain();
    }

    private final Set<Drainable> streams = ConcurrentHashMap.newKeySet();
    private volatile boolean isDraining;

    void add(Drainable stream) {
        streams.add(stream);
        if (isDraining) { // after the addition: either this sees it or drain() sees the stream
            stream.drain();
        }
    }

    void remove(Drainable stream) {
        streams.remove(stream);
    }

    void drain() {
        isDraining = true;
        streams.forEach(Drainable::drain);
    }
}
