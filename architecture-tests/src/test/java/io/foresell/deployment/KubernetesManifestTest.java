package io.foresell.deployment;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.fabric8.kubernetes.api.model.ConfigMap;
import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.ContainerPort;
import io.fabric8.kubernetes.api.model.EnvVar;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodSpec;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.Probe;
import io.fabric8.kubernetes.api.model.Service;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import io.fabric8.kubernetes.api.model.autoscaling.v2.HorizontalPodAutoscaler;
import io.fabric8.kubernetes.api.model.batch.v1.Job;
import io.fabric8.kubernetes.api.model.networking.v1.NetworkPolicy;
import io.fabric8.kubernetes.api.model.policy.v1.PodDisruptionBudget;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/** The manifests are valid, complete and say what the services really read and answer. */
final class KubernetesManifestTest {
    private static final Set<String> SERVICES = Set.of("feature-store", "training", "inference", "gateway");
    private static final Set<String> KUSTOMIZATION_KEYS =
            Set.of("apiVersion", "kind", "namespace", "labels", "resources", "patches", "images", "replicas");

    private final BaseObjects base = new BaseObjects();

    @Test
    void everyManifestParsesAgainstTheTypedModel() {
        assertThat(BaseObjects.below(Manifests.K8S)).hasSizeGreaterThan(20);
    }

    @Test
    void anUnknownFieldFails() {
        assertThatThrownBy(
                        () -> Manifests.parse(
                                """
                        apiVersion: apps/v1
                        kind: Deployment
                        metadata: {name: a}
                        spec:
                          template:
                            spec:
                              containers:
                                - name: a
                                  imagePullPolice: Always
                        """))
                .hasMessageContaining("imagePullPolice");
        assertThatThrownBy(() -> Manifests.parse("apiVersion: apps/v9\nkind: Deploymint\nmetadata: {name: a}\n"))
                .hasMessageContaining("not a known Kubernetes kind");
        assertThatThrownBy(() -> Manifests.parse("apiVersion: apps/v9\nkind: Deployment\nmetadata: {name: a}\n"))
                .hasMessageContaining("not a known Kubernetes kind");
    }

    @Test
    void kustomizationsNameExistingFilesAndPatchesNameExistingObjects() {
        for (Path file : Manifests.filesBelow(Manifests.K8S)) {
            if (!Manifests.isKustomization(file)) {
                continue;
            }
            Map<?, ?> kustomization = Manifests.readPlain(file);
            assertThat(kustomization.keySet()).map(Object::toString).isSubsetOf(KUSTOMIZATION_KEYS);
            for (Object resource : (List<?>) kustomization.get("resources")) {
                assertThat(Files.exists(file.resolveSibling(resource.toString())))
                        .as("%s: %s", file, resource)
                        .isTrue();
            }
            if (kustomization.get("patches") instanceof List<?> patches) {
                patches.forEach(patch -> checkPatch(
                        file.resolveSibling(((Map<?, ?>) patch).get("path").toString())));
            }
        }
    }

    private void checkPatch(Path file) {
        for (HasMetadata patch : Manifests.read(file)) {
            assertThat(base.all())
                    .as(
                            "%s patches %s/%s",
                            file, patch.getKind(), patch.getMetadata().getName())
                    .anyMatch(object -> object.getKind().equals(patch.getKind())
                            && object.getApiVersion().equals(patch.getApiVersion())
                            && object.getMetadata()
                                    .getName()
                                    .equals(patch.getMetadata().getName()));
        }
    }

    @Test
    void everyBaseFileIsListed() {
        List<?> listed = (List<?>) Manifests.readPlain(Manifests.K8S.resolve("base/kustomization.yaml"))
                .get("resources");
        List<String> present = Manifests.filesBelow(Manifests.K8S.resolve("base")).stream()
                .filter(file -> !Manifests.isKustomization(file))
                .map(file -> file.getFileName().toString())
                .toList();
        assertThat(listed).map(Object::toString).containsExactlyInAnyOrderElementsOf(present);
    }

    @Test
    void everyServiceHasWorkloadServiceBudgetAndPolicy() {
        assertThat(base.pods().keySet()).containsExactlyInAnyOrderElementsOf(SERVICES);
        assertThat(base.byName(Service.class).keySet()).containsExactlyInAnyOrderElementsOf(SERVICES);
        assertThat(base.byName(PodDisruptionBudget.class).keySet()).containsExactlyInAnyOrderElementsOf(SERVICES);
        assertThat(base.byName(NetworkPolicy.class).keySet())
                .containsAll(SERVICES)
                .contains("deny-all");
        assertThat(base.byName(HorizontalPodAutoscaler.class).keySet())
                .containsExactlyInAnyOrder("inference", "gateway");
    }

    @Test
    void selectorsFindTheirPods() {
        Map<String, PodTemplateSpec> pods = base.pods();
        base.byName(Service.class).forEach((name, service) -> assertThat(
                        pods.get(name).getMetadata().getLabels())
                .containsAllEntriesOf(service.getSpec().getSelector()));
        base.byName(PodDisruptionBudget.class).forEach((name, budget) -> assertThat(
                        pods.get(name).getMetadata().getLabels())
                .containsAllEntriesOf(budget.getSpec().getSelector().getMatchLabels()));
        base.byName(Deployment.class).forEach((name, workload) -> assertThat(
                        pods.get(name).getMetadata().getLabels())
                .containsAllEntriesOf(workload.getSpec().getSelector().getMatchLabels()));
        base.byName(HorizontalPodAutoscaler.class).forEach((name, scaler) -> assertThat(base.all())
                .anyMatch(object -> object.getKind()
                                .equals(scaler.getSpec().getScaleTargetRef().getKind())
                        && object.getMetadata()
                                .getName()
                                .equals(scaler.getSpec().getScaleTargetRef().getName())));
    }

    @Test
    void portsOfContainersServicesAndPoliciesAgreeWithTheSettings() {
        base.pods().forEach((name, pod) -> {
            Map<String, Integer> ports = new HashMap<>();
            for (ContainerPort port : BaseObjects.container(pod).getPorts()) {
                ports.put(port.getName(), port.getContainerPort());
            }
            base.byName(Service.class).get(name).getSpec().getPorts().forEach(port -> {
                assertThat(ports).containsEntry(port.getName(), port.getPort());
                assertThat(port.getTargetPort().getStrVal()).isEqualTo(port.getName());
            });
            if (!name.equals("gateway")) {
                Map<String, String> settings =
                        base.byName(ConfigMap.class).get(name).getData();
                assertThat(settings).containsEntry("FORESELL_GRPC_PORT", "" + ports.get("grpc"));
                assertThat(settings).containsEntry("FORESELL_HTTP_PORT", "" + ports.get("http"));
            }
            Set<Integer> allowed = new TreeSet<>();
            base.byName(NetworkPolicy.class).get(name).getSpec().getIngress().forEach(rule -> rule.getPorts()
                    .forEach(port -> allowed.add(port.getPort().getIntVal())));
            assertThat(allowed).containsExactlyInAnyOrderElementsOf(Set.copyOf(ports.values()));
        });
    }

    @Test
    void probesAskPortsPathsAndServicesThatExist() {
        Set<String> grpcServices = Set.of(
                io.foresell.proto.feature.v1.FeatureStoreServiceGrpc.SERVICE_NAME,
                io.foresell.proto.registry.v1.ModelRegistryServiceGrpc.SERVICE_NAME,
                io.foresell.proto.inference.v1.InferenceServiceGrpc.SERVICE_NAME);
        base.pods().forEach((name, pod) -> {
            Container container = BaseObjects.container(pod);
            for (Probe probe :
                    List.of(container.getStartupProbe(), container.getLivenessProbe(), container.getReadinessProbe())) {
                if (probe.getGrpc() != null) {
                    assertThat(container.getPorts())
                            .extracting(ContainerPort::getContainerPort)
                            .contains(probe.getGrpc().getPort());
                    assertThat(grpcServices).contains(probe.getGrpc().getService());
                } else {
                    assertThat(probe.getHttpGet().getPort().getStrVal()).isEqualTo("http");
                    assertThat(probe.getHttpGet().getPath())
                            .matches(name.equals("gateway") ? "/q/health/(started|live|ready)" : "/livez");
                }
            }
            if (!name.equals("gateway")) {
                assertThat(container.getReadinessProbe().getGrpc())
                        .as("%s readiness", name)
                        .isNotNull();
            }
        });
    }

    @Test
    void everyVariableIsOneTheServiceReads() {
        base.pods().forEach((name, pod) -> {
            Set<String> known = ServiceSettings.variablesOf(name);
            assertThat(known).as("%s documents its settings", name).isNotEmpty();
            assertThat(known)
                    .containsAll(
                            base.byName(ConfigMap.class).get(name).getData().keySet());
            assertThat(known)
                    .containsAll(BaseObjects.container(pod).getEnv().stream()
                            .map(EnvVar::getName)
                            .toList());
            assertThat(BaseObjects.container(pod).getEnvFrom()).singleElement().satisfies(source -> assertThat(
                            source.getConfigMapRef().getName())
                    .isEqualTo(name));
        });
    }

    /** The process of a training reads the service's own keys and those of docs/training-job.md. */
    @Test
    void theTrainingJobIsWhatATrainingProcessReads() {
        Job job = BaseObjects.below(Manifests.K8S.resolve("optional")).stream()
                .filter(Job.class::isInstance)
                .map(Job.class::cast)
                .findFirst()
                .orElseThrow();
        Container container = BaseObjects.container(job.getSpec().getTemplate());
        assertThat(container.getCommand()).endsWith("io.foresell.training.TrainMain");
        String contract = Manifests.text(Manifests.ROOT.resolve("docs/training-job.md"));
        Set<String> known = ServiceSettings.variablesOf("training");
        assertThat(container.getEnv())
                .extracting(EnvVar::getName)
                .allMatch(variable -> known.contains(variable) || contract.contains("`" + variable + "`"));
        String secrets = Manifests.text(Manifests.ROOT.resolve("docs/security.md"));
        assertThat(job.getSpec().getTemplate().getSpec().getVolumes())
                .filteredOn(volume -> volume.getSecret() != null)
                .hasSize(2)
                .allMatch(volume -> secrets.contains("`" + volume.getSecret().getSecretName() + "`"));
        assertThat(container.getEnv()).as("no shared token").allMatch(variable -> variable.getValueFrom() == null);
        assertThat(container.getImage())
                .isEqualTo(BaseObjects.container(base.pods().get("training")).getImage());
        assertThat(job.getSpec().getTemplate().getSpec().getSecurityContext().getRunAsNonRoot())
                .isTrue();
        assertThat(container.getSecurityContext().getReadOnlyRootFilesystem()).isTrue();
    }

    @Test
    void targetsNameServicesAndTheirPorts() {
        Map<String, Service> services = base.byName(Service.class);
        base.byName(ConfigMap.class)
                .forEach((name, settings) -> settings.getData().forEach((variable, value) -> {
                    if (variable.endsWith("_TARGET")) {
                        String[] target = value.replace("dns:///", "").split(":", -1);
                        assertThat(services.get(target[0]).getSpec().getPorts())
                                .anyMatch(port -> port.getPort() == Integer.parseInt(target[1]));
                    } else if (variable.endsWith("_HOST")) {
                        int port = Integer.parseInt(settings.getData().get(variable.replace("_HOST", "_PORT")));
                        assertThat(services.get(value).getSpec().getPorts()).anyMatch(one -> one.getPort() == port);
                    }
                }));
    }

    @Test
    void podsRunRestrictedWithRequestsAndLimits() {
        base.pods().forEach((name, pod) -> {
            PodSpec spec = pod.getSpec();
            assertThat(spec.getSecurityContext().getRunAsNonRoot()).isTrue();
            assertThat(spec.getSecurityContext().getSeccompProfile().getType()).isEqualTo("RuntimeDefault");
            assertThat(spec.getAutomountServiceAccountToken()).isFalse();
            Container container = BaseObjects.container(pod);
            assertThat(container.getSecurityContext().getAllowPrivilegeEscalation())
                    .isFalse();
            assertThat(container.getSecurityContext().getReadOnlyRootFilesystem())
                    .isTrue();
            assertThat(container.getSecurityContext().getCapabilities().getDrop())
                    .containsExactly("ALL");
            assertThat(container.getResources().getRequests()).containsKeys("cpu", "memory");
            assertThat(container.getResources().getLimits()).containsKey("memory");
            Set<String> volumes = new TreeSet<>();
            spec.getVolumes().forEach(volume -> volumes.add(volume.getName()));
            StatefulSet stateful = base.byName(StatefulSet.class).get(name);
            if (stateful != null) {
                stateful.getSpec()
                        .getVolumeClaimTemplates()
                        .forEach(claim -> volumes.add(claim.getMetadata().getName()));
            }
            assertThat(container.getVolumeMounts()).allMatch(mount -> volumes.contains(mount.getName()));
        });
    }
}
