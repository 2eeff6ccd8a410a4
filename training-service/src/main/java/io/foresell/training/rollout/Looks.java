package io.foresell.training.rollout;

import io.foresell.training.rollout.gate.ReplicaStanding;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Looks at every rollout under way, again and again, on a thread of its own. A failure of one is kept for people to see and hinders no other;
 * with the store away everything waits. Metrics: rollouts under way and held, replicas not reached, looks by outcome, age of the last look.
 */
final class Looks implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(Looks.class);

    private final RolloutStore store;
    private final RolloutEngine engine;
    private final RolloutEngine.Sources sources;
    private final Duration interval;
    private final Map<String, String> failures = new ConcurrentHashMap<>(); // by model under way
    private final Counter succeeded;
    private final Counter failed;
    private final ScheduledExecutorService looker = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread thread = new Thread(task, "rollouts");
        thread.setDaemon(true);
        return thread;
    });
    private volatile long lastLookNanos = System.nanoTime();
    private volatile int underWayCount;
    private volatile int heldCount;
    private volatile int unreachedCount;
    private volatile boolean isStoreAway;

    Looks(
            RolloutStore store,
            RolloutEngine engine,
            RolloutEngine.Sources sources,
            Duration interval,
            MeterRegistry meters) {
        this.store = store;
        this.engine = engine;
        this.sources = sources;
        this.interval = interval;
        this.succeeded = meters.counter("rollout_looks", "outcome", "ok");
        this.failed = meters.counter("rollout_looks", "outcome", "failed");
        meters.gauge("rollout_under_way", this, looks -> looks.underWayCount);
        meters.gauge("rollout_held", this, looks -> looks.heldCount);
        meters.gauge("rollout_replicas_not_reached", this, looks -> looks.unreachedCount);
        meters.gauge("rollout_last_look_age_seconds", this, looks -> (System.nanoTime() - looks.lastLookNanos) / 1e9);
    }

    void start() {
        var unused = looker.scheduleWithFixedDelay(
                this::lookQuietly, interval.toMillis(), interval.toMillis(), TimeUnit.MILLISECONDS);
    }

    /** Returns why the last look at a model failed; empty when it did not. */
    String failure(String model) {
        return failures.getOrDefault(model, "");
    }

    private void lookQuietly() {
        try {
            lookAtAll();
            if (isStoreAway) {
                isStoreAway = false;
                log.info("rollouts go on");
            }
        } catch (RuntimeException e) {
            failed.increment();
            if (!isStoreAway) {
                isStoreAway = true;
                log.warn("rollouts cannot be read, they wait error={}", e.toString());
            }
        } catch (Error e) {
            log.error("rollouts failed, they go on", e); // a thread that dies silently would hold every rollout
            failed.increment();
        }
    }

    private void lookAtAll() {
        List<String> models = store.underWay();
        failures.keySet().retainAll(models);
        int held = 0;
        int unreached = 0;
        for (String model : models) {
            try {
                Rollout rollout = engine.look(model, sources);
                failures.remove(model);
                succeeded.increment();
                held += rollout.isHeld() ? 1 : 0;
                unreached += (int) rollout.observation().replicas().stream()
                        .filter(replica -> !replica.isReached())
                        .map(ReplicaStanding::address)
                        .count();
            } catch (RuntimeException e) {
                failed.increment();
                String before = failures.put(model, e.toString());
                if (before == null) {
                    log.error("look failed, tried again model={}", model, e);
                }
            }
        }
        underWayCount = models.size();
        heldCount = held;
        unreachedCount = unreached;
        lastLookNanos = System.nanoTime();
    }

    @Override
    public void close() {
        looker.shutdownNow();
    }
}
