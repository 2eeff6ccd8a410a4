package io.foresell.inference.lookup;

import io.foresell.kit.ServiceException;
import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Status;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Asks the feature store for many callers at once while it is busy: the first calls leave at once, later ones wait until one of
 * those is answered and leave together. A lone caller waits for nothing, and the store, whose work is mostly that of a call and hardly
 * that of a key, gets as few calls as it answers in time. How many wait is bounded by the calls that this server admits. Thread-safe.
 */
final class SharedLookups {
    /** Calls of one feature set that are under way before others wait for them. */
    static final int MAX_CALLS = 4;

    /** A caller with more keys asks alone and holds nobody up. */
    static final int MAX_SHARED_KEYS = 16;

    /** Keys of callers who leave together. */
    static final int MAX_KEYS = 256;

    /** Asks the store once. */
    interface Store {
        /** Returns the rows of the known entities by key; the call takes no longer than the timeout and what its context has left. */
        CompletableFuture<Map<String, FeatureRow>> rows(FeatureSetRef set, Set<String> entityKeys, Duration timeout);
    }

    /** A caller who waits for others. */
    private record Waiting(
            Set<String> keys, Context context, long sinceNanos, CompletableFuture<Map<String, FeatureRow>> answer) {}

    /** The callers of one feature set. */
    private static final class Line {
        private final Queue<Waiting> waiting = new ArrayDeque<>();
        private int callCount;

        /** Takes those who leave together. */
        List<Waiting> next() {
            List<Waiting> together = new ArrayList<>();
            int keyCount = 0;
            for (Waiting first = waiting.peek();
                    first != null && keyCount + first.keys().size() <= MAX_KEYS;
                    first = waiting.peek()) {
                waiting.remove();
                if (!first.answer().isDone()) { // its caller has given up meanwhile
                    together.add(first);
                    keyCount += first.keys().size();
                }
            }
            return together;
        }
    }

    private final Store store;
    private final Duration timeout;
    private final Map<FeatureSetRef, Line> lines =
            new HashMap<>(); // guarded by itself; only of sets that are being asked for

    /** Makes an empty one; {@code timeout} is how long a caller waits at most, for others and for the store. */
    SharedLookups(Store store, Duration timeout) {
        this.store = store;
        this.timeout = timeout;
    }

    /**
     * Returns the rows of the known entities by key.
     *
     * @return fails as the store does; with a {@link java.util.concurrent.TimeoutException} when the time is up before anybody answers
     */
    CompletableFuture<Map<String, FeatureRow>> rows(FeatureSetRef set, Set<String> entityKeys) {
        return rows(set, entityKeys, timeout);
    }

    /** Returns the same; {@code limit} is how long this caller waits, at most the usual time. */
    CompletableFuture<Map<String, FeatureRow>> rows(FeatureSetRef set, Set<String> entityKeys, Duration limit) {
        if (entityKeys.size() > MAX_SHARED_KEYS) {
            return store.rows(set, entityKeys, limit);
        }
        synchronized (lines) {
            Line line = lines.computeIfAbsent(set, key -> new Line());
            if (line.callCount >= MAX_CALLS) {
                Waiting waiting = waiting(entityKeys, limit);
                line.waiting.add(waiting);
                return waiting.answer();
            }
            line.callCount++;
        }
        return ask(set, entityKeys, limit);
    }

    private Waiting waiting(Set<String> entityKeys, Duration limit) {
        Context context = Context.current();
        Deadline deadline = context.getDeadline();
        long left = deadline == null ? Long.MAX_VALUE : Math.max(0, deadline.timeRemaining(TimeUnit.NANOSECONDS));
        return new Waiting(
                entityKeys,
                context,
                System.nanoTime(),
                new CompletableFuture<Map<String, FeatureRow>>()
                        .orTimeout(Math.min(left, limit.toNanos()), TimeUnit.NANOSECONDS));
    }

    /** Asks, and lets those who wait leave before the answer is worked on. */
    private CompletableFuture<Map<String, FeatureRow>> ask(FeatureSetRef set, Set<String> keys, Duration limit) {
        CompletableFuture<Map<String, FeatureRow>> call;
        try {
            call = store.rows(set, keys, limit);
        } catch (RuntimeException e) {
            call = CompletableFuture.failedFuture(e);
        }
        return call.whenComplete((rows, error) -> ended(set));
    }

    private void ended(FeatureSetRef set) {
        List<Waiting> together;
        synchronized (lines) {
            Line line = lines.get(set);
            if (line == null) {
                throw new IllegalStateException("a call of no line has ended");
            }
            together = line.next();
            if (together.isEmpty() && --line.callCount == 0) {
                lines.remove(set);
            }
        }
        if (!together.isEmpty()) {
            askTogether(set, together);
        }
    }

    /**
     * Asks for several callers. The call belongs to none of them: it goes on when one gives up, lasts as long as the youngest may wait, and is
     * part of the trace of the first.
     */
    private void askTogether(FeatureSetRef set, List<Waiting> together) {
        Set<String> keys = new LinkedHashSet<>();
        together.forEach(waiting -> keys.addAll(waiting.keys()));
        long waited = System.nanoTime() - together.get(together.size() - 1).sinceNanos();
        Duration left = timeout.minusNanos(waited);
        Context ofNobody = together.get(0).context().fork();
        ofNobody.run(() -> {
            var unused = ask(set, keys, left.toMillis() < 1 ? Duration.ofMillis(1) : left)
                    .whenComplete((rows, error) -> tell(set, together, rows, cause(error)));
        });
    }

    private void tell(
            FeatureSetRef set,
            List<Waiting> together,
            @Nullable Map<String, FeatureRow> rows,
            @Nullable Throwable error) {
        boolean isOneAtFault = together.size() > 1
                && error instanceof ServiceException refused
                && refused.failure().code() == Status.Code.INVALID_ARGUMENT;
        for (Waiting waiting : together) {
            if (isOneAtFault) {
                waiting.context().run(() -> alone(set, waiting));
            } else if (rows == null) {
                waiting.answer().completeExceptionally(error == null ? new IllegalStateException("no answer") : error);
            } else {
                waiting.context().run(() -> waiting.answer().complete(own(waiting.keys(), rows)));
            }
        }
    }

    /** Returns what went wrong, without what stages wrap it in. */
    private static @Nullable Throwable cause(@Nullable Throwable error) {
        return error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
    }

    /** A key that the store refuses must not cost others their answer. */
    private void alone(FeatureSetRef set, Waiting waiting) {
        var unused = store.rows(set, waiting.keys(), timeout).whenComplete((rows, error) -> {
            if (error == null) {
                waiting.answer().complete(rows);
            } else {
                waiting.answer().completeExceptionally(error);
            }
        });
    }

    private static Map<String, FeatureRow> own(Set<String> keys, Map<String, FeatureRow> rows) {
        Map<String, FeatureRow> own = new LinkedHashMap<>();
        for (String key : keys) {
            FeatureRow row = rows.get(key);
            if (row != null) {
                own.put(key, row);
            }
        }
        return own;
    }
}
