package io.foresell.inference.ladder;

import io.foresell.inference.forget.EntityMemory;
import io.foresell.inference.forget.ErasedEntities;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * The last known scores of the models whose release declares them. Bounded by number a model and by memory over all of them; what is too
 * old is forgotten within a second, whether anybody asks or not. Opened and dropped by the load lane's thread.
 */
public final class LastKnownScores implements EntityMemory, AutoCloseable {
    private static final long MAX_BYTES =
            Math.min(64L << 20, Runtime.getRuntime().maxMemory() / 16);

    private final Map<String, LastKnown> byModel = new ConcurrentHashMap<>(); // changed by the load lane's thread only
    private final AtomicLong usedBytes = new AtomicLong();
    private final ScheduledExecutorService sweeper = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "last-known-sweeper");
        thread.setDaemon(true);
        return thread;
    });

    public LastKnownScores(MeterRegistry meters) {
        Gauge.builder("inference_last_known_scores", this, LastKnownScores::size)
                .description("Scores kept to be given again, of models whose release declares it")
                .register(meters);
        Gauge.builder("inference_last_known", usedBytes, AtomicLong::get)
                .description("Memory of scores kept to be given again, about")
                .baseUnit("bytes")
                .register(meters);
        var unused = sweeper.scheduleWithFixedDelay(this::sweep, 1, 1, TimeUnit.SECONDS);
    }

    /**
     * Returns the scores of a model under a release that is about to serve.
     *
     * @param ladder null, or without last known scores, drops what there is
     * @param isContinued whether answers under the release before mean the same under this one
     */
    public @Nullable LastKnown open(String model, @Nullable Ladder ladder, boolean isContinued) {
        boolean isDeclared = ladder != null && ladder.hasLastKnown();
        if (!isDeclared || !isContinued) {
            drop(model);
        }
        if (ladder == null || !isDeclared) {
            return null;
        }
        LastKnown known =
                byModel.computeIfAbsent(model, name -> new LastKnown(ladder.lastKnownMaxAge(), usedBytes, MAX_BYTES));
        known.setMaxAge(ladder.lastKnownMaxAge());
        return known;
    }

    /** Forgets the scores of a model. */
    public void drop(String model) {
        LastKnown known = byModel.remove(model);
        if (known != null) {
            known.close();
        }
    }

    @Override
    public void forget(ErasedEntities erased) {
        if (!erased.isNobody()) {
            byModel.values().forEach(known -> known.forget(erased));
        }
    }

    private void sweep() {
        long now = System.nanoTime();
        byModel.values().forEach(known -> known.sweep(now));
    }

    private int size() {
        return byModel.values().stream().mapToInt(LastKnown::size).sum();
    }

    @Override
    public void close() {
        sweeper.shutdownNow();
    }
}
