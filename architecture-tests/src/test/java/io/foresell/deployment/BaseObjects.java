package io.foresell.deployment;

import static org.assertj.core.api.Assertions.assertThat;

import io.fabric8.kubernetes.api.model.Container;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.PodTemplateSpec;
import io.fabric8.kubernetes.api.model.apps.Deployment;
import io.fabric8.kubernetes.api.model.apps.StatefulSet;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** The objects of {@code k8s/base}, by kind and name. */
final class BaseObjects {
    private final List<HasMetadata> all = below(Manifests.K8S.resolve("base"));

    /** Reads the manifests of all files below, kustomizations aside. */
    static List<HasMetadata> below(Path folder) {
        List<HasMetadata> objects = new ArrayList<>();
        for (Path file : Manifests.filesBelow(folder)) {
            if (!Manifests.isKustomization(file)) {
                objects.addAll(Manifests.read(file));
            }
        }
        return objects;
    }

    List<HasMetadata> all() {
        return all;
    }

    <T extends HasMetadata> Map<String, T> byName(Class<T> kind) {
        Map<String, T> found = new HashMap<>();
        for (HasMetadata object : all) {
            if (kind.isInstance(object)) {
                found.put(object.getMetadata().getName(), kind.cast(object));
            }
        }
        return found;
    }

    Map<String, PodTemplateSpec> pods() {
        Map<String, PodTemplateSpec> pods = new HashMap<>();
        byName(Deployment.class)
                .forEach((name, workload) -> pods.put(name, workload.getSpec().getTemplate()));
        byName(StatefulSet.class)
                .forEach((name, workload) -> pods.put(name, workload.getSpec().getTemplate()));
        return pods;
    }

    static Container container(PodTemplateSpec pod) {
        assertThat(pod.getSpec().getContainers()).hasSize(1);
        return pod.getSpec().getContainers().get(0);
    }
}
