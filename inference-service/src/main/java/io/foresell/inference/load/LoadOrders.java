package io.foresell.inference.load;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Orders of callers to load or unload a model, on their way to the load lane. Bounded; one above is refused. Thread-safe. */
public final class LoadOrders {
    private static final int MAX_WAITING = 64;

    /**
     * An order.
     *
     * @param done completes when it was carried out, or with the ServiceException why it could not be
     */
    record Order(String model, boolean isLoad, CompletableFuture<Void> done) {}

    private final Queue<Order> waiting = new ArrayDeque<>(); // guarded by this
    private Runnable listener = () -> {}; // guarded by this
    private boolean isClosed; // guarded by this

    /**
     * Orders that a released model be loaded which was unloaded or failed.
     *
     * @return completes when it is ready, with NOT_FOUND when no release of it is known, or with why it cannot be loaded
     */
    public CompletableFuture<Void> load(String model) {
        return offer(model, true);
    }

    /**
     * Orders that a model be taken out of memory until it is loaded, released anew or the process restarts.
     *
     * @return completes when no new call reaches it, or with NOT_FOUND when no release of it is known
     */
    public CompletableFuture<Void> unload(String model) {
        return offer(model, false);
    }

    private CompletableFuture<Void> offer(String model, boolean isLoad) {
        Order order = new Order(model, isLoad, new CompletableFuture<>());
        Runnable told;
        synchronized (this) {
            if (isClosed) {
                throw draining();
            }
            if (waiting.size() >= MAX_WAITING) {
                throw new ServiceException(Failure.exhausted(
                        "LOAD_ORDERS_FULL",
                        "loads and unloads waiting: %d (expected: below %d)".formatted(MAX_WAITING, MAX_WAITING),
                        Duration.ofSeconds(1)));
            }
            waiting.add(order);
            told = listener;
        }
        told.run();
        return order.done();
    }

    synchronized void whenOffered(Runnable listener) {
        this.listener = listener;
    }

    synchronized @Nullable Order poll() {
        return waiting.poll();
    }

    synchronized boolean isEmpty() {
        return waiting.isEmpty();
    }

    /** Ends all that wait; nothing is taken any more. */
    synchronized void close() {
        isClosed = true;
        for (Order order = waiting.poll(); order != null; order = waiting.poll()) {
            order.done().completeExceptionally(draining());
        }
    }

    private static ServiceException draining() {
        return new ServiceException(
                Failure.unavailable("DRAINING", "server: shutting down (expected: serving)", Duration.ofSeconds(1)));
    }
}
