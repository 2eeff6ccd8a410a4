package io.foresell.deployment;

import java.nio.file.Path;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * The environment variables each service reads, from its documented properties file. Each module's own test proves that its
 * file lists exactly the keys its configuration reads.
 */
final class ServiceSettings {
    private static final Pattern KEY = Pattern.compile("(?m)^#?\\s*([a-z][a-z0-9.-]*)\\s*=");
    private static final Pattern VARIABLE = Pattern.compile("\\bFORESELL_[A-Z0-9_]+\\b");
    private static final Map<String, String> FILES = Map.of(
            "feature-store", "feature-store-service/feature-store.properties",
            "training", "training-service/training.properties",
            "inference", "inference-service/inference.properties",
            "gateway", "gateway/src/main/resources/application.properties");

    private ServiceSettings() {}

    static Set<String> variablesOf(String service) {
        Path file = Manifests.ROOT.resolve(FILES.get(service));
        String text = Manifests.text(file);
        Set<String> variables = new TreeSet<>();
        // The gateway is a Quarkus application: its variables stand in the expressions of its properties.
        Matcher matcher = (service.equals("gateway") ? VARIABLE : KEY).matcher(text);
        while (matcher.find()) {
            variables.add(
                    service.equals("gateway")
                            ? matcher.group()
                            : "FORESELL_"
                                    + matcher.group(1)
                                            .toUpperCase(Locale.ROOT)
                                            .replace('.', '_')
                                            .replace('-', '_'));
        }
        return variables;
    }
}
