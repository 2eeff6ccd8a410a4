package io.foresell.feature;

import io.foresell.feature.database.MongoSettings;
import io.foresell.kit.Telemetry;
import io.foresell.kit.WireSettings;
import io.foresell.store.embedded.EmbeddedStore;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;

/** A process of its own with a feature store on the embedded store, until it is killed. Writes its port to a file. */
final class KilledFeatureStore {
    private KilledFeatureStore() {}

    @SuppressWarnings("resource") // open until killed
    public static void main(String[] arguments) throws IOException, InterruptedException {
        EmbeddedStore database = EmbeddedStore.open(Path.of(arguments[0]));
        FeatureStoreConfig defaults =
                FeatureStoreConfig.of(WireSettings.local(0, 0), MongoSettings.of(database.uri(), "killed"));
        FeatureStoreConfig config = new FeatureStoreConfig(
                defaults.wire(),
                defaults.mongo(),
                200,
                defaults.maxIngestStreams(),
                defaults.maxTrainingStreams(),
                defaults.trainingSets(),
                defaults.predictions());
        FeatureStoreServer server = FeatureStoreServer.start(config, Telemetry.local("killed"));
        Path written = Files.writeString(Path.of(arguments[1] + ".tmp"), Integer.toString(server.grpcPort()));
        Files.move(written, Path.of(arguments[1]), StandardCopyOption.ATOMIC_MOVE);
        Thread.sleep(120_000);
        Runtime.getRuntime().halt(1); // nobody killed us: the test is gone
    }
}
