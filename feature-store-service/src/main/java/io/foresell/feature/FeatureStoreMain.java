package io.foresell.feature;

import io.foresell.kit.ServiceProcess;
import io.foresell.kit.Settings;
import io.foresell.kit.Telemetry;

/** The feature store as a process: {@code java -jar foresell-feature-store-service.jar [file.properties]}. */
public final class FeatureStoreMain {
    private FeatureStoreMain() {}

    public static void main(String[] arguments) {
        ServiceProcess.run(FeatureStoreServer.NAME, arguments, FeatureStoreMain::start);
    }

    private static AutoCloseable start(Settings settings) {
        FeatureStoreConfig config = FeatureStoreConfig.read(settings);
        ServiceProcess.Resources resources = new ServiceProcess.Resources();
        Telemetry telemetry = resources.add(Telemetry.read(FeatureStoreServer.NAME, settings));
        settings.refuseUnknown();
        try {
            resources.add(FeatureStoreServer.start(config, telemetry));
            return resources;
        } catch (RuntimeException e) {
            resources.close();
            throw e;
        }
    }
}
