package io.foresell.inference.load;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.foresell.inference.route.ParkedRelease;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.grpc.Context;
import io.grpc.Deadline;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Calls for parked models, on their way to the load lane: however many ask for a model, it is loaded once. A call that the load comes too late
 * for is told so at once, and the load goes on. Calls go on on threads of their own, neither the lane's nor the network's. Bounded,
 * thread-safe.
 */
public final class LoadDemands implements AutoCloseable {
    private static final int THREADS = 2;
    private static final long LONGEST_WAIT_NANOS = TimeUnit.MINUTES.toNanos(1); // of a call without a deadline
    private static final Duration SHORTEST_RETRY = Duration.ofMillis(20);

    private final IntSupplier maxWaiting;
    private final Timer waits;
    private final ScheduledThreadPoolExecutor pool = new ScheduledThreadPoolExecutor(THREADS, task -> {
        Thread thread = new Thread(task, "parked-calls");
        thread.setDaemon(true);
        return thread;
    });

    @GuardedBy("this")
    private final Map<String, Demand> demands = new LinkedHashMap<>(); // by model, oldest first

    @GuardedBy("this")
    private final Map<String, Refused> refused =
            new HashMap<>(); // by model: those that could not be loaded, for a while

    @GuardedBy("this")
    private int waitingCount;

    @GuardedBy("this")
    private Runnable listener = () -> {};

    @GuardedBy("this")
    private boolean isClosed;

    private record Refused(Failure failure, long untilNanos) {}

    private static final class Demand {
        private final ParkedRelease release;
        private final Set<Waiter> waiters = new HashSet<>();
        private long dueNanos = System.nanoTime(); // not before: there is no room
        private boolean isWithoutRoom;

        Demand(ParkedRelease release) {
            this.release = release;
        }
    }

    private static final class Waiter {
        private final CompletableFuture<Void> done = new CompletableFuture<>();
        private final long beganNanos = System.nanoTime();
        private final long endNanos;
        private final Context context;
        private @Nullable Future<?> end;
        private Context.@Nullable CancellationListener whenCancelled;
        private volatile boolean isOver;

        Waiter(long leftNanos, Context context) {
            this.endNanos = beganNanos + leftNanos;
            this.context = context;
        }

        /** Lets go of what would have ended its wait before the load. */
        void over() {
            isOver = true;
            if (end != null) {
                end.cancel(false);
            }
            if (whenCancelled != null) {
                context.removeListener(whenCancelled);
            }
        }
    }

    /** Starts without demands; {@code maxWaiting} is asked how many calls may wait. */
    public LoadDemands(IntSupplier maxWaiting, MeterRegistry meters) {
        this.maxWaiting = maxWaiting;
        pool.setRemoveOnCancelPolicy(true);
        this.waits = Timer.builder("model_demand_wait")
                .description("Time that calls waited for a model to be loaded")
                .register(meters);
        Gauge.builder("model_demand_waiting_calls", this, LoadDemands::waitingCount)
                .description("Calls that wait for a model to be loaded")
                .register(meters);
    }

    /**
     * Has a parked model loaded.
     *
     * @return completes on a thread that may score when the model may be asked for again, or with why it cannot be
     * @throws ServiceException UNAVAILABLE when the caller's deadline is nearer than the load, or a load failed just now; RESOURCE_EXHAUSTED
     *     when too many calls wait or there is no room in time
     */
    public CompletableFuture<Void> load(ParkedRelease release) {
        Deadline deadline = Context.current().getDeadline();
        long leftNanos = deadline == null
                ? LONGEST_WAIT_NANOS
                : Math.min(LONGEST_WAIT_NANOS, deadline.timeRemaining(TimeUnit.NANOSECONDS));
        Waiter waiter;
        Runnable told;
        try {
            synchronized (this) {
                requireHope(release);
                Demand demand = demands.computeIfAbsent(release.model(), model -> new Demand(release));
                told = listener;
                long neededNanos = neededNanos(demand);
                if (leftNanos < neededNanos) {
                    throw tooLate(demand, neededNanos, leftNanos);
                }
                waiter = new Waiter(leftNanos, Context.current());
                waitingCount++;
                demand.waiters.add(waiter);
                waiter.end = pool.schedule(() -> giveUp(demand, waiter), leftNanos, TimeUnit.NANOSECONDS);
                waiter.whenCancelled = cancelled -> giveUp(demand, waiter); // a caller who left holds no place
            }
            listen(waiter);
        } catch (ServiceException e) {
            wake(); // the load goes on though this caller does not wait
            throw e;
        }
        told.run();
        return waiter.done;
    }

    /** A call may be over before it is listened to; a stream's context lasts longer than the call. */
    private void listen(Waiter waiter) {
        Context.CancellationListener listening = waiter.whenCancelled;
        if (listening != null) {
            waiter.context.addListener(listening, pool);
        }
        if (waiter.isOver) {
            waiter.over();
        }
    }

    private void wake() {
        Runnable told;
        synchronized (this) {
            told = listener;
        }
        told.run();
    }

    @GuardedBy("this")
    private void requireHope(ParkedRelease release) {
        if (isClosed) {
            throw draining();
        }
        Refused before = refused.get(release.model());
        if (before != null) {
            if (before.untilNanos() - System.nanoTime() > 0) {
                throw new ServiceException(before.failure());
            }
            refused.remove(release.model());
        }
        int most = maxWaiting.getAsInt();
        if (waitingCount >= most) {
            throw new ServiceException(Failure.exhausted(
                    "TOO_MANY_CALLS_WAIT_FOR_MODELS",
                    "model '%s': parked, and %d calls wait for models (expected: below %d)"
                            .formatted(release.model(), waitingCount, most),
                    retry(release.loadTime().toNanos())));
        }
    }

    /** Returns the estimated time to the end of a load: of all that were asked for before, too. */
    @GuardedBy("this")
    private long neededNanos(Demand demand) {
        long nanos = 0;
        for (Demand before : demands.values()) {
            nanos += before.release.loadTime().toNanos();
            if (before == demand) {
                break;
            }
        }
        return nanos + Math.max(0, demand.dueNanos - System.nanoTime());
    }

    private static ServiceException tooLate(Demand demand, long neededNanos, long leftNanos) {
        String model = demand.release.model();
        if (demand.isWithoutRoom) {
            return noRoom(model, neededNanos);
        }
        return new ServiceException(Failure.unavailable(
                "MODEL_PARKED",
                "model '%s': being loaded in about %d ms (expected: within the deadline, %d ms)"
                        .formatted(
                                model,
                                TimeUnit.NANOSECONDS.toMillis(neededNanos),
                                TimeUnit.NANOSECONDS.toMillis(leftNanos)),
                retry(neededNanos)));
    }

    private static ServiceException noRoom(String model, long neededNanos) {
        return new ServiceException(Failure.exhausted(
                "MODEL_MEMORY_FULL",
                "model '%s': parked, and memory is full of models in use for about %d ms (expected: room in time)"
                        .formatted(model, TimeUnit.NANOSECONDS.toMillis(neededNanos)),
                retry(neededNanos)));
    }

    private static Duration retry(long nanos) {
        Duration wait = Duration.ofNanos(nanos);
        return wait.compareTo(SHORTEST_RETRY) < 0 ? SHORTEST_RETRY : wait;
    }

    private void giveUp(Demand demand, Waiter waiter) {
        ServiceException error;
        synchronized (this) {
            if (!demand.waiters.remove(waiter)) {
                return;
            }
            waitingCount--;
            error = tooLate(demand, neededNanos(demand), 0);
        }
        waiter.over();
        waiter.done.completeExceptionally(error);
    }

    synchronized void whenOffered(Runnable listener) {
        this.listener = listener;
    }

    /** Returns the model that was asked for first and is not to wait for room; null when there is none. */
    synchronized @Nullable String next() {
        long now = System.nanoTime();
        for (Demand demand : demands.values()) {
            if (demand.dueNanos - now <= 0) {
                return demand.release.model();
            }
        }
        return null;
    }

    /** Returns when {@link #next} may have one that waits for room now. */
    synchronized Duration untilNext() {
        long now = System.nanoTime();
        long nanos = LONGEST_WAIT_NANOS;
        for (Demand demand : demands.values()) {
            nanos = Math.min(nanos, Math.max(0, demand.dueNanos - now));
        }
        return Duration.ofNanos(nanos);
    }

    /** Learns that there is no room for a model yet: callers who cannot wait so long are told at once. */
    void postpone(String model, long nanos) {
        List<Waiter> late = new ArrayList<>();
        long needed;
        synchronized (this) {
            Demand demand = demands.get(model);
            if (demand == null) {
                return;
            }
            long now = System.nanoTime();
            demand.isWithoutRoom = true;
            demand.dueNanos = now + nanos;
            needed = nanos + demand.release.loadTime().toNanos();
            for (Waiter waiter : List.copyOf(demand.waiters)) {
                if (waiter.endNanos - now < needed) {
                    demand.waiters.remove(waiter);
                    late.add(waiter);
                }
            }
            waitingCount -= late.size();
        }
        late.forEach(waiter -> end(waiter, noRoom(model, needed)));
    }

    /** Lets all who wait for a model ask for it again. */
    void loaded(String model) {
        taken(model).forEach(waiter -> end(waiter, null));
    }

    /** Refuses a model to all who wait for it, and for a while to all who ask. */
    void failed(String model, Failure failure, Duration pause) {
        synchronized (this) {
            refused.put(model, new Refused(failure, System.nanoTime() + pause.toNanos()));
        }
        taken(model).forEach(waiter -> end(waiter, new ServiceException(failure)));
    }

    /** Forgets that a model could not be loaded: there is news of it. */
    synchronized void forgive(String model) {
        refused.remove(model);
    }

    private synchronized Set<Waiter> taken(String model) {
        Demand demand = demands.remove(model);
        if (demand == null) {
            return Set.of();
        }
        Set<Waiter> waiters = Set.copyOf(demand.waiters);
        demand.waiters.clear();
        waitingCount -= waiters.size();
        return waiters;
    }

    private void end(Waiter waiter, @Nullable ServiceException error) {
        waiter.over();
        waits.record(System.nanoTime() - waiter.beganNanos, TimeUnit.NANOSECONDS);
        Runnable told = () -> {
            if (error == null) {
                waiter.done.complete(null);
            } else {
                waiter.done.completeExceptionally(error);
            }
        };
        try {
            pool.execute(told);
        } catch (RejectedExecutionException e) { // closed meanwhile
            waiter.done.completeExceptionally(draining());
        }
    }

    /** Returns how many calls wait. */
    public synchronized int waitingCount() {
        return waitingCount;
    }

    synchronized boolean isEmpty() {
        return demands.isEmpty();
    }

    private static ServiceException draining() {
        return new ServiceException(
                Failure.unavailable("DRAINING", "server: shutting down (expected: serving)", Duration.ofSeconds(1)));
    }

    /** Refuses all who wait. */
    @Override
    public void close() {
        List<String> models;
        synchronized (this) {
            isClosed = true;
            models = List.copyOf(demands.keySet());
        }
        for (String model : models) {
            taken(model).forEach(waiter -> waiter.done.completeExceptionally(draining()));
        }
        pool.shutdownNow();
    }
}
