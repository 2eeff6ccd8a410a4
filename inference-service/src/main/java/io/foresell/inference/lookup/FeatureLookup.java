package io.foresell.inference.lookup;

import io.foresell.inference.forget.EntityMemory;
import io.foresell.kit.Failure;
import io.foresell.kit.GrpcClient;
import io.foresell.kit.ServiceException;
import io.foresell.model.Signature;
import io.grpc.Status;
import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.Timer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Finds the features of entities: from the feature store, or while it is away from the rows it gave last, whose age then
 * grows. Never blocks. Thread-safe.
 */
public final class FeatureLookup {
    private static final int KEYS_NAMED = 10;

    private final FeatureStoreClient client;
    private final SharedLookups shared;
    private final Duration timeout;
    private final FeatureCache cache;
    private final Timer timer;
    private final Counter cachedRows;

    /**
     * Makes a lookup.
     *
     * @param timeout how long the feature store may take
     * @param maxCachedRows rows kept for the time when it is away
     * @param maxCachedAge how long they are kept
     */
    public FeatureLookup(
            GrpcClient featureStore, Duration timeout, int maxCachedRows, Duration maxCachedAge, MeterRegistry meters) {
        this.client = new FeatureStoreClient(featureStore);
        this.shared = new SharedLookups(client, timeout);
        this.timeout = timeout;
        this.cache = new FeatureCache(maxCachedRows, maxCachedAge, System::nanoTime);
        this.timer = Timer.builder("feature_lookup")
                .description("Time until the feature store had answered or failed, waiting for other calls included")
                .serviceLevelObjectives(
                        Duration.ofMillis(1),
                        Duration.ofMillis(5),
                        Duration.ofMillis(25),
                        Duration.ofMillis(100),
                        Duration.ofMillis(500),
                        Duration.ofSeconds(2))
                .register(meters);
        this.cachedRows = Counter.builder("feature_lookup_cached_rows")
                .description("Rows answered from the cache because the feature store was away")
                .register(meters);
        Gauge.builder("feature_cache_size", cache, FeatureCache::size)
                .description("Entities in the feature cache")
                .register(meters);
    }

    /** Returns the rows that it remembers. */
    public EntityMemory memory() {
        return cache;
    }

    /**
     * Finds the features of entities for a model with these inputs.
     *
     * @return rows in the order of the keys, completed on a network thread; fails with {@link ServiceException} NOT_FOUND
     *     for unknown entities, UNAVAILABLE when the store is away and an entity was not seen lately,
     *     FAILED_PRECONDITION when the feature set is not the one the model was trained on
     */
    public CompletableFuture<FoundFeatures> find(FeatureSetRef set, Signature inputs, List<String> entityKeys) {
        return find(set, inputs, entityKeys, timeout);
    }

    /** Finds the same, waiting no longer than {@code limit}, which counts when it is less than the timeout. */
    public CompletableFuture<FoundFeatures> find(
            FeatureSetRef set, Signature inputs, List<String> entityKeys, Duration limit) {
        Set<String> unique = new LinkedHashSet<>(entityKeys);
        long startNanos = System.nanoTime();
        return shared.rows(set, unique, limit.compareTo(timeout) < 0 ? limit : timeout)
                .handle((rows, error) -> {
                    timer.record(System.nanoTime() - startNanos, TimeUnit.NANOSECONDS);
                    List<FeatureRow> found = error == null
                            ? fresh(set, entityKeys, rows)
                            : lastKnown(set, entityKeys, unique, failure(error));
                    return RowAssembly.assemble(found, inputs);
                });
    }

    /**
     * Finds the features of those entities that are known, for work in bulk: past the cache, whose rows are those of customers who
     * were asked for lately.
     *
     * @param entityKeys an empty key is unknown
     * @return completed on a network thread; fails as {@link #find} does, but not for unknown entities
     */
    public CompletableFuture<KnownFeatures> findKnown(FeatureSetRef set, Signature inputs, List<String> entityKeys) {
        Set<String> unique = new LinkedHashSet<>(entityKeys);
        unique.remove("");
        if (unique.isEmpty()) {
            return CompletableFuture.completedFuture(known(Map.of(), inputs, entityKeys));
        }
        return client.rows(set, unique, timeout).handle((rows, error) -> {
            if (error != null) {
                ServiceException failure = failure(error);
                refuseOurFault(set, failure);
                throw new ServiceException(
                        Failure.unavailable(
                                "FEATURE_STORE_UNAVAILABLE",
                                "features of %d entities: the feature store does not answer (expected: an answer)"
                                        .formatted(unique.size()),
                                Duration.ofSeconds(2)),
                        failure);
            }
            return known(rows, inputs, entityKeys);
        });
    }

    private static KnownFeatures known(Map<String, FeatureRow> rows, Signature inputs, List<String> entityKeys) {
        List<FeatureRow> found = new ArrayList<>();
        int[] places = new int[entityKeys.size()];
        for (int i = 0; i < places.length; i++) {
            FeatureRow row = rows.get(entityKeys.get(i));
            if (row != null) {
                places[found.size()] = i;
                found.add(row);
            }
        }
        return new KnownFeatures(RowAssembly.assemble(found, inputs), Arrays.copyOf(places, found.size()));
    }

    private List<FeatureRow> fresh(FeatureSetRef set, List<String> entityKeys, Map<String, FeatureRow> rows) {
        rows.forEach((key, row) -> cache.put(set, key, row));
        List<FeatureRow> found = new ArrayList<>(entityKeys.size());
        Set<String> unknown = new LinkedHashSet<>();
        for (String key : entityKeys) {
            FeatureRow row = rows.get(key);
            if (row == null) {
                unknown.add(key);
                cache.remove(set, key); // erased at the store, so forgotten here too
            } else {
                found.add(row);
            }
        }
        if (!unknown.isEmpty()) {
            throw new ServiceException(Failure.notFound("entity", named(unknown), "an entity with features")
                    .with("unknown_count", Integer.toString(unknown.size())));
        }
        return found;
    }

    private List<FeatureRow> lastKnown(
            FeatureSetRef set, List<String> entityKeys, Set<String> unique, ServiceException error) {
        refuseOurFault(set, error);
        List<FeatureRow> found = new ArrayList<>(entityKeys.size());
        for (String key : entityKeys) {
            FeatureRow row = cache.get(set, key);
            if (row == null) {
                throw new ServiceException(
                        Failure.unavailable(
                                "FEATURE_STORE_UNAVAILABLE",
                                "features of '%s': the feature store does not answer and they were not asked lately (expected: an answer)"
                                        .formatted(shortened(key)),
                                Duration.ofSeconds(2)),
                        error);
            }
            found.add(row);
        }
        cachedRows.increment(unique.size());
        return found;
    }

    /** A store that answers and refuses is not away: the model and the definitions do not fit. */
    private static void refuseOurFault(FeatureSetRef set, ServiceException error) {
        Failure failure = error.failure();
        boolean isRefusal = failure.code() == Status.Code.FAILED_PRECONDITION
                || failure.code() == Status.Code.NOT_FOUND
                || failure.code() == Status.Code.INVALID_ARGUMENT;
        if (isRefusal) {
            throw new ServiceException(
                    Failure.precondition(
                                    failure.code() == Status.Code.NOT_FOUND
                                            ? "FEATURE_SET_NOT_FOUND"
                                            : failure.reason(),
                                    "feature set '%s': %s".formatted(set.name(), failure.message()))
                            .with("feature_set", set.name()),
                    error);
        }
    }

    private static ServiceException failure(@Nullable Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        return cause instanceof ServiceException known
                ? known
                : new ServiceException(
                        Failure.unavailable(
                                "FEATURES_UNREADABLE",
                                "the feature store's answer cannot be read",
                                Duration.ofSeconds(5)),
                        cause);
    }

    private static String named(Set<String> keys) {
        List<String> first =
                keys.stream().limit(KEYS_NAMED).map(FeatureLookup::shortened).toList();
        String more = keys.size() > KEYS_NAMED ? " and %d more".formatted(keys.size() - KEYS_NAMED) : "";
        return String.join(", ", first) + more;
    }

    private static String shortened(String key) {
        return key.length() <= 64 ? key : key.substring(0, 61) + "...";
    }
}
