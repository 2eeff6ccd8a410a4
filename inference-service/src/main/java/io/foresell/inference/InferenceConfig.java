package io.foresell.inference;

import io.foresell.inference.admit.AdmissionSettings;
import io.foresell.inference.forget.ErasureWatcher;
import io.foresell.inference.record.LogSettings;
import io.foresell.kit.Settings;
import io.foresell.kit.WireSettings;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * Everything the inference service is told at start.
 *
 * @param registryTarget {@code host:port} of the model registry
 * @param featureStoreTarget {@code host:port} of the feature store
 * @param cacheFolder where packages and the releases served last are kept; one process owns it
 * @param cacheMaxBytes above this, packages that no release routes to are deleted, 1 MB or more
 * @param lookupTimeout how long the feature store may take, 1 ms to 1 minute
 * @param lookupCacheRows rows of features kept for the time when the feature store is away, 0 to 10,000,000
 * @param lookupCacheMaxAge how long they are kept, 1 second to 1 day
 * @param heavyThreads threads for batches above 256 rows, 1 to 256
 * @param models what bounds loaded models
 * @param onnxRuntimeThreads threads inside one run of a graph that does not compile, 1 to 64
 * @param openInference how clients of the Open Inference Protocol are answered
 * @param admission what bounds the work
 * @param bulk what bounds bulk streams
 * @param log which predictions are logged
 * @param trustedKeys the public keys one of which must have signed a package; empty takes every package of the registry
 */
public record InferenceConfig(
        WireSettings wire,
        String registryTarget,
        String featureStoreTarget,
        Path cacheFolder,
        long cacheMaxBytes,
        Duration lookupTimeout,
        int lookupCacheRows,
        Duration lookupCacheMaxAge,
        int heavyThreads,
        int onnxRuntimeThreads,
        Models models,
        OpenInference openInference,
        AdmissionSettings admission,
        Bulk bulk,
        LogSettings log,
        Optional<Path> trustedKeys) {
    /**
     * How clients of the Open Inference Protocol are answered.
     *
     * @param serverName the name that the server tells
     * @param hasTestModels whether the built-in test models are there
     * @param isModelControlled whether callers may load and unload models
     * @param isAlwaysRaw whether answers are raw even when the request was not
     */
    public record OpenInference(
            String serverName, boolean hasTestModels, boolean isModelControlled, boolean isAlwaysRaw) {
        private static OpenInference read(Settings settings) {
            return new OpenInference(
                    settings.text("open-inference.server-name", "foresell", "name told to Open Inference clients"),
                    settings.flag("open-inference.test-models", false, "whether built-in test models are there"),
                    settings.flag("open-inference.model-control", true, "whether callers may load and unload models"),
                    settings.flag(
                            "open-inference.always-raw", false, "whether answers are raw even when requests are not"));
        }
    }

    /**
     * What bounds loaded models.
     *
     * @param memoryBudget of all of them
     * @param minResidence how long one that was loaded stays in memory at least, 0 to 1 hour
     * @param maxWaitingCalls how many calls may wait for loads, 1 to 100,000; never more than half of the calls admitted
     */
    public record Models(MemorySize memoryBudget, Duration minResidence, int maxWaitingCalls) {
        public Models {
            requireRange(
                    "models min residence millis",
                    minResidence.toMillis(),
                    0,
                    Duration.ofHours(1).toMillis());
            requireRange("models max waiting calls", maxWaitingCalls, 1, 100_000);
        }

        static Models local() {
            return new Models(MemorySize.NONE, Duration.ofSeconds(1), 256);
        }

        private static Models read(Settings settings) {
            return new Models(
                    MemorySize.parse(
                            "models.memory-budget",
                            settings.text(
                                    "models.memory-budget",
                                    "50%",
                                    "what loaded models may keep in memory: a share of the heap, or e.g. 800MB; none for any")),
                    settings.duration(
                            "models.min-residence",
                            Duration.ofSeconds(1),
                            Duration.ZERO,
                            Duration.ofHours(1),
                            "how long a model that was loaded stays in memory at least"),
                    settings.integer(
                            "models.max-waiting-calls",
                            256,
                            1,
                            100_000,
                            "calls that may wait for models to be loaded"));
        }
    }

    /**
     * What bounds bulk streams.
     *
     * @param threads of all of them, 1 to 64
     * @param hold how long the version of a broken stream stays in memory, 0 to 1 day
     * @param idle how long a stream that was answered may send nothing, 1 second to 1 day
     */
    public record Bulk(int threads, Duration hold, Duration idle) {
        public Bulk {
            requireRange("bulk threads", threads, 1, 64);
            requireRange(
                    "bulk hold millis", hold.toMillis(), 0, Duration.ofDays(1).toMillis());
            requireRange(
                    "bulk idle millis",
                    idle.toMillis(),
                    1000,
                    Duration.ofDays(1).toMillis());
        }

        private static Bulk read(Settings settings) {
            return new Bulk(
                    settings.integer("bulk.threads", 1, 1, 64, "threads of bulk streams"),
                    settings.duration(
                            "bulk.hold",
                            Duration.ofMinutes(10),
                            Duration.ZERO,
                            Duration.ofDays(1),
                            "how long the version of a broken bulk stream stays in memory"),
                    settings.duration(
                            "bulk.idle-timeout",
                            Duration.ofMinutes(2),
                            Duration.ofSeconds(1),
                            Duration.ofDays(1),
                            "how long a bulk stream may send nothing before it is ended"));
        }
    }

    /** Default gRPC port; HTTP is 100 above. */
    public static final int DEFAULT_PORT = 9003;

    /** Eight connections with all of their share: an answer that waits to be written is in flight, too. */
    private static final int DEFAULT_CONCURRENT_CALLS = 1024;

    private static final long MEGABYTE = 1_000_000;

    public InferenceConfig {
        requireRange("cache bytes", cacheMaxBytes, MEGABYTE, 1_000_000 * MEGABYTE);
        requireRange("lookup millis", lookupTimeout.toMillis(), 1, 60_000);
        requireRange("lookup cache rows", lookupCacheRows, 0, 10_000_000);
        requireRange(
                "lookup cache max age millis",
                lookupCacheMaxAge.toMillis(),
                1000,
                ErasureWatcher.LONGEST_MEMORY.toMillis());
        requireRange("heavy threads", heavyThreads, 1, 256);
        requireRange("onnxruntime threads", onnxRuntimeThreads, 1, 64);
    }

    private static void requireRange(String what, long value, long min, long max) {
        if (value < min || value > max) {
            throw new IllegalArgumentException("%s: %d (expected: %d..%d)".formatted(what, value, min, max));
        }
    }

    /** Reads the settings; every key is described in {@code inference.properties}. */
    public static InferenceConfig read(Settings settings) {
        WireSettings wire = WireSettings.read(settings, DEFAULT_PORT, DEFAULT_CONCURRENT_CALLS);
        return new InferenceConfig(
                wire,
                settings.text("registry.target", "localhost:9002", "host:port of the model registry"),
                settings.text("feature-store.target", "localhost:9001", "host:port of the feature store"),
                settings.path("cache.folder", "data/inference", "folder of packages and of the releases served last"),
                MEGABYTE
                        * settings.integer(
                                "cache.max-megabytes",
                                2000,
                                1,
                                1_000_000,
                                "above this, packages that no release routes to are deleted"),
                settings.duration(
                        "lookup.timeout",
                        Duration.ofSeconds(2),
                        Duration.ofMillis(1),
                        Duration.ofMinutes(1),
                        "how long the feature store may take"),
                settings.integer(
                        "lookup.cache-rows",
                        20_000,
                        0,
                        10_000_000,
                        "rows of features kept for the time when the feature store is away"),
                settings.duration(
                        "lookup.cache-max-age",
                        ErasureWatcher.LONGEST_MEMORY,
                        Duration.ofSeconds(1),
                        ErasureWatcher.LONGEST_MEMORY,
                        "how long such rows are kept"),
                settings.integer(
                        "heavy.threads",
                        Math.min(256, Runtime.getRuntime().availableProcessors()),
                        1,
                        256,
                        "threads for batches above 256 rows"),
                settings.integer(
                        "onnxruntime.threads", 1, 1, 64, "threads inside one run of a graph that does not compile"),
                Models.read(settings),
                OpenInference.read(settings),
                AdmissionSettings.read(settings, wire.maxConcurrentCalls()),
                Bulk.read(settings),
                LogSettings.read(settings),
                trustedKeys(settings));
    }

    private static Optional<Path> trustedKeys(Settings settings) {
        String file = settings.text(
                "packages.trusted-keys", "", "public keys, one of which must have signed a package; empty takes all");
        return file.isEmpty() ? Optional.empty() : Optional.of(Path.of(file));
    }

    /** Settings for tests and embedding: free ports, small cache. */
    public static InferenceConfig local(String registryTarget, String featureStoreTarget, Path cacheFolder) {
        WireSettings wire = WireSettings.local(0, 0);
        return new InferenceConfig(
                wire,
                registryTarget,
                featureStoreTarget,
                cacheFolder,
                200 * MEGABYTE,
                Duration.ofSeconds(2),
                5_000,
                ErasureWatcher.LONGEST_MEMORY,
                2,
                1,
                Models.local(),
                new OpenInference("foresell", false, true, false),
                AdmissionSettings.local(wire.maxConcurrentCalls()),
                new Bulk(1, Duration.ofMinutes(1), Duration.ofMinutes(1)),
                LogSettings.local(),
                Optional.empty());
    }
}
