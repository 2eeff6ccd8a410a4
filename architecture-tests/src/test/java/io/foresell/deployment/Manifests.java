package io.foresell.deployment;

import io.fabric8.kubernetes.api.model.GenericKubernetesResource;
import io.fabric8.kubernetes.api.model.HasMetadata;
import io.fabric8.kubernetes.api.model.KubernetesResource;
import io.fabric8.kubernetes.client.utils.KubernetesSerialization;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.lang.reflect.Field;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** The manifests of {@code k8s/} as typed objects. A field that the typed model does not know is an error. */
final class Manifests {
    static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    static final Path K8S = ROOT.resolve("k8s");

    private Manifests() {}

    static List<Path> filesBelow(Path folder) {
        try (Stream<Path> files = Files.walk(folder)) {
            return files.filter(file -> file.toString().endsWith(".yaml"))
                    .sorted()
                    .toList();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    static boolean isKustomization(Path file) {
        return file.endsWith("kustomization.yaml");
    }

    /** Reads all documents of a file. */
    static List<HasMetadata> read(Path file) {
        List<HasMetadata> objects = new ArrayList<>();
        for (String document : documents(file)) {
            objects.add(parse(document));
        }
        return objects;
    }

    static HasMetadata parse(String document) {
        Object parsed = new KubernetesSerialization().unmarshal(document);
        if (!(parsed instanceof HasMetadata object) || parsed instanceof GenericKubernetesResource) {
            throw new IllegalArgumentException(
                    "not a known Kubernetes kind: " + document.lines().limit(6).toList());
        }
        List<String> unknown = new ArrayList<>();
        collectUnknown(object, object.getKind() + "/" + object.getMetadata().getName(), unknown);
        if (!unknown.isEmpty()) {
            throw new IllegalArgumentException("unknown fields: " + unknown);
        }
        return object;
    }

    static Map<?, ?> readPlain(Path file) {
        return (Map<?, ?>) new KubernetesSerialization().unmarshal(text(file), Map.class);
    }

    static Map<?, ?> composeServices() {
        return (Map<?, ?>) readPlain(ROOT.resolve("deploy/compose.yaml")).get("services");
    }

    static List<String> documents(Path file) {
        return Stream.of(text(file).split("(?m)^---\\s*$"))
                .filter(document -> document.lines().anyMatch(line -> !line.isBlank() && !line.startsWith("#")))
                .toList();
    }

    static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** The typed model keeps fields it does not know in {@code additionalProperties}: none may be there, at any depth. */
    private static void collectUnknown(Object value, String path, List<String> unknown) {
        if (value instanceof Iterable<?> items) {
            int index = 0;
            for (Object item : items) {
                collectUnknown(item, path + "[" + index++ + "]", unknown);
            }
        } else if (value instanceof Map<?, ?> entries) {
            entries.forEach((key, item) -> collectUnknown(item, path + "." + key, unknown));
        } else if (value instanceof KubernetesResource) {
            for (Field field : value.getClass().getDeclaredFields()) {
                if (!Modifier.isStatic(field.getModifiers())) {
                    collectUnknownOf(field, value, path, unknown);
                }
            }
        }
    }

    private static void collectUnknownOf(Field field, Object owner, String path, List<String> unknown) {
        try {
            field.setAccessible(true);
            Object value = field.get(owner);
            if (field.getName().equals("additionalProperties")) {
                if (value instanceof Map<?, ?> extra) {
                    extra.keySet().forEach(key -> unknown.add(path + "." + key));
                }
            } else if (value != null) {
                collectUnknown(value, path + "." + field.getName(), unknown);
            }
        } catch (IllegalAccessException e) {
            throw new IllegalStateException(e);
        }
    }
}
