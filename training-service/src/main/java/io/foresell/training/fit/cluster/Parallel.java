package io.foresell.training.fit.cluster;

import io.foresell.training.fit.FitRequest;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs independent pieces of one fit on several threads; results come in the order of the pieces, whoever was first. */
final class Parallel {
    private static final Logger log = LoggerFactory.getLogger(Parallel.class);
    private static final long POLL_MILLIS = 100;

    private final int threadCount;
    private final FitRequest request;

    Parallel(int threadCount, FitRequest request) {
        this.threadCount = threadCount;
        this.request = request;
    }

    /** Returns the results of the pieces 0 to count - 1. The pieces ask {@code request.requireWanted()} themselves. */
    <T> List<T> map(int count, IntFunction<T> piece, IntConsumer done) {
        List<T> results = new ArrayList<>(count);
        if (threadCount == 1 || count == 1) {
            for (int i = 0; i < count; i++) {
                results.add(piece.apply(i));
                done.accept(i + 1);
            }
            return results;
        }
        ExecutorService threads = Executors.newFixedThreadPool(Math.min(threadCount, count));
        try {
            List<Future<T>> futures = new ArrayList<>(count);
            for (int i = 0; i < count; i++) {
                int index = i;
                futures.add(threads.submit(() -> piece.apply(index)));
            }
            for (Future<T> future : futures) {
                results.add(await(future));
                done.accept(results.size());
            }
            return results;
        } finally {
            threads.shutdownNow();
        }
    }

    private <T> T await(Future<T> future) {
        while (true) {
            request.requireWanted();
            try {
                return future.get(POLL_MILLIS, TimeUnit.MILLISECONDS);
            } catch (TimeoutException e) {
                log.trace("waiting for a piece", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new CancellationException("interrupted while fitting");
            } catch (ExecutionException e) {
                throw e.getCause() instanceof RuntimeException cause ? cause : new IllegalStateException(e.getCause());
            }
        }
    }
}
