package io.foresell.inference;

import io.foresell.kit.ServiceProcess;
import io.foresell.kit.Settings;
import io.foresell.kit.Telemetry;

/** Runs the inference service: {@code java -jar foresell-inference-service.jar [file.properties]}. */
public final class InferenceMain {
    private InferenceMain() {}

    public static void main(String[] arguments) {
        ServiceProcess.run(InferenceServer.NAME, arguments, InferenceMain::start);
    }

    private static AutoCloseable start(Settings settings) {
        InferenceConfig config = InferenceConfig.read(settings);
        ServiceProcess.Resources resources = new ServiceProcess.Resources();
        Telemetry telemetry = resources.add(Telemetry.read(InferenceServer.NAME, settings));
        try {
            settings.refuseUnknown();
            resources.add(InferenceServer.start(config, telemetry));
            return resources;
        } catch (RuntimeException e) {
            resources.close();
            throw e;
        }
    }
}
