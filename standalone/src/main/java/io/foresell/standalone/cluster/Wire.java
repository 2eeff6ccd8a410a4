package io.foresell.standalone.cluster;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.io.IOException;
import java.io.Reader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Properties;

/**
 * Who reaches the cluster and what is asked of them.
 *
 * @param host what everything listens on: {@code localhost}, {@code 127.0.0.1}, or {@code 0.0.0.0} for all interfaces
 * @param settings settings of the services by their keys; {@code SERVICE/KEY} is for one service alone
 */
public record Wire(String host, Map<String, String> settings) {
    private static final List<String> FAMILIES = List.of("auth.", "tls.", "packages.", "grpc.max-");
    private static final List<String> HOSTS = List.of("localhost", "127.0.0.1", "0.0.0.0");
    private static final String GATEWAY = "gateway/";
    private static final String QUARKUS = "quarkus."; // the gateway's own HTTPS, for example

    public Wire {
        if (!HOSTS.contains(host)) {
            // The services reach each other at localhost.
            throw new ServiceException(Failure.invalid("HOST_INVALID", "--host", host, "one of " + HOSTS));
        }
        settings = Map.copyOf(settings);
    }

    /**
     * Reads the settings from a properties file.
     *
     * @param file holds settings of the families {@code auth.}, {@code tls.}, {@code packages.} and {@code grpc.max-}, and
     *     {@code gateway/quarkus.} ones; none holds nothing
     * @throws ServiceException INVALID_ARGUMENT when it cannot be read or holds others
     */
    public static Wire read(String host, Optional<Path> file) {
        Map<String, String> settings = new LinkedHashMap<>();
        if (file.isPresent()) {
            Properties properties = new Properties();
            try (Reader reader = Files.newBufferedReader(file.get(), StandardCharsets.UTF_8)) {
                properties.load(reader);
            } catch (IOException | IllegalArgumentException e) {
                throw new ServiceException(
                        Failure.invalid(
                                "SETTINGS_UNREADABLE", "--settings", file.get().toString(), "a properties file"),
                        e);
            }
            for (String key : properties.stringPropertyNames()) {
                String own = key.substring(key.indexOf('/') + 1);
                boolean isOfGateway = key.startsWith(GATEWAY) && own.startsWith(QUARKUS);
                if (!isOfGateway && FAMILIES.stream().noneMatch(own::startsWith)) {
                    throw new ServiceException(Failure.invalid(
                            "SETTING_UNKNOWN", "--settings", key, "keys that begin with one of " + FAMILIES));
                }
                settings.put(key, properties.getProperty(key));
            }
        }
        return new Wire(host, settings);
    }

    /** Returns the settings of one service. */
    Map<String, String> of(String service) {
        Map<String, String> own = new LinkedHashMap<>();
        settings.forEach((key, value) -> {
            if (key.indexOf('/') < 0) {
                own.put(key, value);
            }
        });
        settings.forEach((key, value) -> {
            if (key.startsWith(service + "/")) {
                own.put(key.substring(service.length() + 1), value);
            }
        });
        return own;
    }

    /** Returns the settings of the gateway, which has names of its own for them. */
    Map<String, String> ofGateway() {
        Map<String, String> own = of("gateway");
        Map<String, String> settings = new LinkedHashMap<>();
        Map.of(
                        "tls.trust", "foresell.tls.trust",
                        "tls.certificate", "foresell.tls.certificate",
                        "tls.private-key", "foresell.tls.private-key",
                        "auth.token", "foresell.token")
                .forEach((from, to) -> {
                    if (own.containsKey(from)) {
                        settings.put(to, own.get(from));
                    }
                });
        settings.put("foresell.credential.required", Boolean.toString(isAsking()));
        own.forEach((key, value) -> {
            if (key.startsWith(QUARKUS)) {
                settings.put(key, value);
            }
        });
        return settings;
    }

    /** Returns whether callers are asked who they are. */
    public boolean isAsking() {
        return !settings.getOrDefault("auth.access-file", "").isEmpty()
                || !settings.getOrDefault("auth.jwt.keys", "").isEmpty()
                || !settings.getOrDefault("auth.token", "").isEmpty();
    }

    /** Returns whether the services speak TLS. */
    public boolean isEncrypted() {
        return !settings.getOrDefault("tls.certificate", "").isEmpty();
    }

    /** Returns whether others than this machine can reach the cluster. */
    public boolean isBeyondThisMachine() {
        return host.equals("0.0.0.0");
    }
}
