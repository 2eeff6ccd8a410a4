package io.foresell.training;

import io.foresell.kit.Settings;
import io.foresell.kit.WireSettings;
import io.foresell.training.job.JobsConfig;
import io.foresell.training.registry.RegistryConfig;
import io.foresell.training.rollout.RolloutConfig;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Everything the training service is told at start.
 *
 * @param mongo where jobs and registry are kept
 * @param featureStoreTarget {@code host:port} of the feature store
 * @param readTimeout how long reading one training set may take
 */
public record TrainingConfig(
        WireSettings wire,
        Mongo mongo,
        String featureStoreTarget,
        Duration readTimeout,
        JobsConfig jobs,
        RegistryConfig registry,
        RolloutConfig rollout) {
    /** Default gRPC port; HTTP is 100 above. */
    public static final int DEFAULT_PORT = 9002;

    private static final String LOCAL_MONGO = "mongodb://127.0.0.1:27017";

    /**
     * Where MongoDB is and how long to wait for it.
     *
     * @param uri connection string; may hold a password, never printed
     * @param connectTimeout how long to look for a server before a call answers UNAVAILABLE
     * @param callTimeout the longest wait for one answer of the server
     */
    public record Mongo(String uri, String database, Duration connectTimeout, Duration callTimeout) {
        private static Mongo read(Settings settings) {
            String uri = settings.secret("mongo.uri", "MongoDB connection string; empty means " + LOCAL_MONGO);
            return new Mongo(
                    uri.isEmpty() ? LOCAL_MONGO : uri,
                    settings.text("mongo.database", "foresell", "MongoDB database"),
                    settings.duration(
                            "mongo.connect-timeout",
                            Duration.ofSeconds(3),
                            Duration.ofMillis(100),
                            Duration.ofMinutes(1),
                            "wait for a server before a call answers UNAVAILABLE"),
                    settings.duration(
                            "mongo.call-timeout",
                            Duration.ofSeconds(30),
                            Duration.ofMillis(100),
                            Duration.ofMinutes(10),
                            "longest wait for one answer of the server"));
        }
    }

    /** Reads the settings; every key is described in {@code training.properties}. */
    public static TrainingConfig read(Settings settings) {
        WireSettings wire = WireSettings.read(settings, DEFAULT_PORT);
        Mongo mongo = Mongo.read(settings);
        Path scratchFolder = settings.path(
                "scratch.folder",
                Path.of(System.getProperty("java.io.tmpdir"), "foresell-training")
                        .toString(),
                "folder of packages while they are checked");
        return new TrainingConfig(
                wire,
                mongo,
                settings.text("feature-store.target", "localhost:9001", "host:port of the feature store"),
                settings.duration(
                        "feature-store.read-timeout",
                        Duration.ofMinutes(30),
                        Duration.ofSeconds(1),
                        Duration.ofDays(1),
                        "longest time to read one training set"),
                JobsConfig.read(settings, scratchFolder),
                RegistryConfig.read(settings, scratchFolder),
                RolloutConfig.read(settings));
    }

    /** Settings for tests and embedding: the ports given (0 picks free ones), defaults otherwise. */
    public static TrainingConfig local(
            WireSettings wire, String mongoUri, String featureStoreTarget, Path scratchFolder) {
        Settings defaults = Settings.of(java.util.Map.of("jobs.niceness", "0"));
        return new TrainingConfig(
                wire,
                new Mongo(mongoUri, "foresell", Duration.ofSeconds(3), Duration.ofSeconds(30)),
                featureStoreTarget,
                Duration.ofMinutes(30),
                JobsConfig.read(defaults, scratchFolder),
                RegistryConfig.read(defaults, scratchFolder),
                RolloutConfig.read(defaults));
    }
}
