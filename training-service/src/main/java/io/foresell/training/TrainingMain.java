package io.foresell.training;

import io.foresell.kit.ServiceProcess;
import io.foresell.kit.Settings;
import io.foresell.kit.Telemetry;

/** Runs the training service: {@code java -jar foresell-training-service.jar [file.properties]}. */
public final class TrainingMain {
    private TrainingMain() {}

    public static void main(String[] arguments) {
        ServiceProcess.run(TrainingServer.NAME, arguments, TrainingMain::start);
    }

    private static AutoCloseable start(Settings settings) {
        TrainingConfig config = TrainingConfig.read(settings);
        ServiceProcess.Resources resources = new ServiceProcess.Resources();
        Telemetry telemetry = resources.add(Telemetry.read(TrainingServer.NAME, settings));
        try {
            settings.refuseUnknown();
            resources.add(TrainingServer.start(config, telemetry));
            return resources;
        } catch (RuntimeException e) {
            resources.close();
            throw e;
        }
    }
}
