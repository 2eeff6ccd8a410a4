package io.foresell.training.fit.linear;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;

/**
 * Runs loops whose passes do not depend on each other on several threads, the calling one among them. What a pass computes does not
 * depend on the number of threads. Close it to end the threads.
 */
final class ChunkedLoops implements AutoCloseable {
    /** The passes of a loop [from, until). */
    @FunctionalInterface
    interface Body {
        void run(int from, int until);
    }

    private static final int CHUNKS = 64;

    private final List<ExecutorService> helpers = new ArrayList<>();
    private final BooleanSupplier isCancelled;

    /**
     * Starts threads.
     *
     * @param isCancelled asked by the calling thread before each of its chunks, of which a loop has 64 or fewer
     */
    ChunkedLoops(int threadCount, BooleanSupplier isCancelled) {
        this.isCancelled = isCancelled;
        for (int i = 1; i < threadCount; i++) {
            helpers.add(Executors.newSingleThreadExecutor(body -> {
                Thread thread = new Thread(body, "fit");
                thread.setDaemon(true);
                return thread;
            }));
        }
    }

    /**
     * Runs all passes of a loop.
     *
     * @throws CancellationException when cancelled; then no thread computes any more
     */
    void run(int count, Body body) {
        int chunk = Math.max(1, (count + CHUNKS - 1) / CHUNKS);
        AtomicInteger next = new AtomicInteger();
        List<Future<?>> running = new ArrayList<>();
        for (ExecutorService helper : helpers) {
            running.add(helper.submit(() -> take(next, chunk, count, body, () -> false)));
        }
        try {
            take(next, chunk, count, body, isCancelled);
        } finally {
            next.set(count);
            running.forEach(ChunkedLoops::await);
        }
    }

    private static void take(AtomicInteger next, int chunk, int count, Body body, BooleanSupplier isCancelled) {
        while (true) {
            if (isCancelled.getAsBoolean()) {
                throw new CancellationException("cancelled while fitting");
            }
            int from = next.getAndUpdate(at -> Math.min(count, at + chunk));
            if (from >= count) {
                return;
            }
            body.run(from, Math.min(count, from + chunk));
        }
    }

    private static void await(Future<?> running) {
        try {
            running.get();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new CancellationException("interrupted while fitting");
        } catch (ExecutionException e) {
            throw new IllegalStateException("a part of a fit failed", e.getCause());
        }
    }

    @Override
    public void close() {
        helpers.forEach(ExecutorService::shutdownNow);
    }
}
