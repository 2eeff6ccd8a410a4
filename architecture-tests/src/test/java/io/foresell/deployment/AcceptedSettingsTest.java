package io.foresell.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.foresell.feature.FeatureStoreConfig;
import io.foresell.inference.InferenceConfig;
import io.foresell.kit.ServiceException;
import io.foresell.kit.Settings;
import io.foresell.kit.Telemetry;
import io.foresell.kit.WireSettings;
import io.foresell.training.TrainingConfig;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/** The values in manifests and compose file, read by the services' own configuration, as their mains do. */
final class AcceptedSettingsTest {
    private static final Map<String, Function<Settings, WireSettings>> READERS = Map.of(
            "feature-store", settings -> FeatureStoreConfig.read(settings).wire(),
            "training", settings -> TrainingConfig.read(settings).wire(),
            "inference", settings -> InferenceConfig.read(settings).wire());

    private final BaseObjects base = new BaseObjects();

    /** Returns how the process would be reached; fails on a value that is refused and on a variable that is not read. */
    private static WireSettings start(String service, Map<String, String> environment) {
        Settings settings = Settings.load(new String[0], environment);
        WireSettings wire = READERS.get(service).apply(settings);
        Telemetry.read(service, settings).close();
        settings.refuseUnknown();
        assertThat(settings.unknownVariables()).as("%s reads", service).isEmpty();
        return wire;
    }

    /** Secrets are not in the repository: any word stands for them. */
    private Map<String, String> environmentOfPod(String service) {
        Map<String, String> environment =
                new HashMap<>(base.byName(ConfigMap.class).get(service).getData());
        for (EnvVar variable : BaseObjects.container(base.pods().get(service)).getEnv()) {
            environment.put(variable.getName(), variable.getValue() == null ? "word" : variable.getValue());
        }
        return environment;
    }

    @Test
    void servicesAcceptTheirConfigMaps() {
        for (String service : READERS.keySet()) {
            WireSettings wire = start(service, environmentOfPod(service));
            Container container = BaseObjects.container(base.pods().get(service));
            assertThat(container.getPorts())
                    .extracting(port -> port.getContainerPort())
                    .containsExactly(wire.grpcPort(), wire.httpPort());
            assertThat(wire.token()).isEqualTo("word");
        }
    }

    @Test
    void servicesAcceptTheComposeFile() {
        for (String service : READERS.keySet()) {
            Map<?, ?> described = (Map<?, ?>) Manifests.composeServices().get(service);
            Map<String, String> environment = new HashMap<>();
            ((Map<?, ?>) described.get("environment"))
                    .forEach((name, value) -> environment.put(
                            name.toString(), value.toString().replaceAll("\\$\\{\\w+:-([^}]*)}", "$1")));
            WireSettings wire = start(service, environment);
            assertThat((List<?>) described.get("ports"))
                    .map(Object::toString)
                    .containsExactly(wire.grpcPort() + ":" + wire.grpcPort());
        }
    }

    @Test
    void aValueThatIsRefusedAndAVariableThatIsNotReadAreSeen() {
        Map<String, String> environment = environmentOfPod("inference");
        environment.put("FORESELL_CACHE_FOLDERS", "/tmp");
        assertThatThrownBy(() -> start("inference", environment)).hasMessageContaining("FORESELL_CACHE_FOLDERS");
        environment.put("FORESELL_GRPC_PORT", "9003a");
        assertThatThrownBy(() -> start("inference", environment))
                .isInstanceOf(ServiceException.class)
                .hasMessageContaining("9003a");
    }
}
