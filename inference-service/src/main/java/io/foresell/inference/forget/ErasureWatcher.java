package io.foresell.inference.forget;

import io.foresell.kit.FailureStatus;
import io.foresell.kit.GrpcClient;
import io.foresell.proto.feature.v1.ErasedEntity;
import io.foresell.proto.feature.v1.ErasureServiceGrpc;
import io.foresell.proto.feature.v1.ErasureServiceGrpc.ErasureServiceBlockingStub;
import io.foresell.proto.feature.v1.ListErasedEntitiesRequest;
import io.foresell.proto.feature.v1.ListErasedEntitiesResponse;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Asks the feature store every {@value #PERIOD_SECONDS} seconds whom it erased, and has them forgotten. Each erasure is heard for
 * {@value #OVERLAP_SECONDS} seconds, hence many times: a row that was on its way when its entity was erased is forgotten by a later one. While the
 * store is away it goes on asking, and the first answer covers the time since the last one.
 */
public final class ErasureWatcher implements AutoCloseable {
    /** How long something is remembered at most, whatever the feature store says: so far back it is asked. */
    public static final Duration LONGEST_MEMORY = Duration.ofDays(1);

    private static final Logger log = LoggerFactory.getLogger(ErasureWatcher.class);
    private static final int PERIOD_SECONDS = 3;
    // More than the longest time that a look-up takes, and clocks of feature stores differ.
    private static final int OVERLAP_SECONDS = 120;
    private static final int TIMEOUT_SECONDS = 3;

    private final GrpcClient featureStore;
    private final ErasureServiceBlockingStub stub;
    private final List<EntityMemory> memories;
    private final ScheduledExecutorService thread = Executors.newSingleThreadScheduledExecutor(task -> {
        Thread made = new Thread(task, "erasure-watch");
        made.setDaemon(true);
        return made;
    });
    private volatile long heardNanos = System.nanoTime(); // before that nothing was remembered; written by the thread
    private Status.Code trouble = Status.Code.OK; // what kept it from hearing; belongs to the thread

    private ErasureWatcher(GrpcClient featureStore, List<EntityMemory> memories, MeterRegistry meters) {
        this.featureStore = featureStore;
        this.stub = ErasureServiceGrpc.newBlockingStub(featureStore.channel());
        this.memories = List.copyOf(memories);
        Gauge.builder("erasures_heard_age", this, ErasureWatcher::ageSeconds)
                .description(
                        "Time since the feature store told whom it erased; such entities are remembered for so long")
                .baseUnit("seconds")
                .register(meters);
    }

    /** Starts asking. */
    public static ErasureWatcher start(GrpcClient featureStore, List<EntityMemory> memories, MeterRegistry meters) {
        ErasureWatcher watch = new ErasureWatcher(featureStore, memories, meters);
        var unused =
                watch.thread.scheduleWithFixedDelay(watch::forget, PERIOD_SECONDS, PERIOD_SECONDS, TimeUnit.SECONDS);
        return watch;
    }

    private void forget() {
        try {
            ErasedEntities erased = hear();
            memories.forEach(memory -> memory.forget(erased));
        } catch (RuntimeException e) { // a bug; the next one goes on
            log.error("erased entities are perhaps remembered", e);
        }
    }

    private ErasedEntities hear() {
        long askedNanos = System.nanoTime();
        long seconds = OVERLAP_SECONDS
                + Math.min(LONGEST_MEMORY.toSeconds(), 1 + TimeUnit.NANOSECONDS.toSeconds(askedNanos - heardNanos));
        try {
            ListErasedEntitiesResponse response = stub.withDeadlineAfter(TIMEOUT_SECONDS, TimeUnit.SECONDS)
                    .listErasedEntities(ListErasedEntitiesRequest.newBuilder()
                            .setWithinSeconds((int) seconds)
                            .build());
            heardNanos = askedNanos;
            trouble = Status.Code.OK;
            return response.getHasMore() ? ErasedEntities.ALL : ErasedEntities.of(digests(response));
        } catch (StatusRuntimeException e) {
            if (featureStore.channel() instanceof ManagedChannel channel) {
                channel.resetConnectBackoff(); // its own wait between attempts grows to two minutes
            }
            tell(e);
            return ErasedEntities.NONE;
        }
    }

    /** Once for each cause: look-ups say often enough that a store is away. */
    private void tell(StatusRuntimeException error) {
        Status.Code cause = error.getStatus().getCode();
        if (cause != trouble && !thread.isShutdown()) {
            trouble = cause;
            log.warn(
                    "whom the feature store erased is not known, asking again cause=\"{}: {}\"",
                    cause,
                    FailureStatus.fromStatus(error).message());
        }
    }

    private static Map<String, Set<String>> digests(ListErasedEntitiesResponse response) {
        Map<String, Set<String>> digests = new HashMap<>();
        for (ErasedEntity erased : response.getErasedList()) {
            digests.computeIfAbsent(erased.getEntity(), entity -> new HashSet<>())
                    .add(erased.getKeyDigest());
        }
        return digests;
    }

    private double ageSeconds() {
        return (System.nanoTime() - heardNanos) / 1e9;
    }

    @Override
    public void close() {
        thread.shutdownNow();
    }
}
