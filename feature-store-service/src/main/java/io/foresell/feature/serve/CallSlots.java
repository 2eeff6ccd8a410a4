package io.foresell.feature.serve;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.time.Duration;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;

/** Bounds the long calls of one kind, so that they leave threads and memory to the short ones. Thread-safe. */
final class CallSlots {
    private static final Duration RETRY_AFTER = Duration.ofSeconds(1);

    private final String name;
    private final int count;
    private final Semaphore free;

    CallSlots(String name, int count) {
        this.name = name;
        this.count = count;
        free = new Semaphore(count);
    }

    /** A place held by one call; giving it back twice does nothing. */
    final class Slot implements AutoCloseable {
        private final AtomicBoolean isOpen = new AtomicBoolean(true);

        @Override
        public void close() {
            if (isOpen.compareAndSet(true, false)) {
                free.release();
            }
        }
    }

    /**
     * Takes a place.
     *
     * @throws ServiceException RESOURCE_EXHAUSTED when all are taken
     */
    Slot take() {
        if (!free.tryAcquire()) {
            throw new ServiceException(Failure.exhausted(
                    "TOO_MANY_STREAMS",
                    "%s: %d running (expected: at most %d)".formatted(name, count + 1, count),
                    RETRY_AFTER));
        }
        return new Slot();
    }
}
