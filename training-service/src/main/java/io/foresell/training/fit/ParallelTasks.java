package io.foresell.training.fit;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;

/** Runs the independent parts of a fit side by side; results come in the order of the parts, so that a model does not depend on the number of threads. */
public final class ParallelTasks {
    private static final long MILLIS_BETWEEN_CHECKS = 50;

    private ParallelTasks() {}

    /** One part of a fit. */
    @FunctionalInterface
    public interface Part<T> {
        /**
         * Computes the part on a thread of its own.
         *
         * @param isStopped asked often; when true, the result is not wanted any more
         */
        T compute(int index, BooleanSupplier isStopped);
    }

    /**
     * Computes parts 0 to {@code partCount - 1} on so many threads; the calling thread takes the results and asks the request
     * whether they are still wanted. At most two results per thread wait.
     *
     * @throws CancellationException when cancelled; threads then end as soon as their parts do
     */
    public static <T> void run(int threadCount, int partCount, FitRequest request, Part<T> part, Consumer<T> taker) {
        AtomicBoolean isStopped = new AtomicBoolean();
        ExecutorService threads = Executors.newFixedThreadPool(Math.min(threadCount, partCount));
        Deque<Future<T>> running = new ArrayDeque<>();
        try {
            int submitted = 0;
            for (int taken = 0; taken < partCount; taken++) {
                while (submitted < partCount && running.size() < 2 * threadCount) {
                    int index = submitted++;
                    running.add(threads.submit(() -> part.compute(index, isStopped::get)));
                }
                taker.accept(await(running.remove(), request));
            }
        } finally {
            isStopped.set(true);
            threads.shutdownNow();
        }
    }

    private static <T> T await(Future<T> running, FitRequest request) {
        while (true) {
            request.requireWanted();
            try {
                return running.get(MILLIS_BETWEEN_CHECKS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                // Asks again whether it is wanted.
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancellationException("interrupted while fitting");
            } catch (ExecutionException e) {
                throw e.getCause() instanceof RuntimeException cause
                        ? cause
                        : new IllegalStateException("a part of a fit failed", e.getCause());
            }
        }
    }
}
