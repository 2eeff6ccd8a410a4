package io.foresell.deployment;

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
    private static final Map<String, String> FILES = Map.of(
            "feature-store", "feature-store-service/feature-store.properties",
            "training", "training-service/training.properties",
            "inference", "inference-service/inference.properties",
            "gateway", "gateway/src/main/resources/application.properties");

    private ServiceSettings() {}

    static Set<String> variablesOf(String service) {
        Set<String> variables = new TreeSet<>();
        Matcher matcher = KEY.matcher(Manifests.text(Manifests.ROOT.resolve(FILES.get(service))));
        while (matcher.find()) {
            String key =
                    matcher.group(1).toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
            // The gateway's file says the prefix itself, and Quarkus' own keys in it are not for operators.
            if (!service.equals("gateway")) {
                variables.add("FORESELL_" + key);
            } else if (key.startsWith("FORESELL_")) {
                variables.add(key);
            }
        }
        return variables;
    }
}
