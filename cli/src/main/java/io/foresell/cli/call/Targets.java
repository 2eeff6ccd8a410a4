package io.foresell.cli.call;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Where the services are and how they are spoken to.
 *
 * @param featureStore {@code host:port} of the feature store
 * @param training {@code host:port} of training and registry
 * @param inference {@code host:port} of inference
 * @param token the bearer token; empty means none
 * @param tls certificates; empty means plain text
 * @param timeout the deadline of a call; empty means one that fits the call
 */
public record Targets(
        String featureStore,
        String training,
        String inference,
        String token,
        Optional<Tls> tls,
        Optional<Duration> timeout) {
    private static final int FEATURE_STORE_PORT = 9001;
    private static final int TRAINING_PORT = 9002;
    private static final int INFERENCE_PORT = 9003;

    /**
     * PEM files.
     *
     * @param trust the authorities that sign the servers
     * @param certificate what this client shows; empty shows nothing
     * @param privateKey the key of the certificate
     */
    public record Tls(Path trust, Optional<Path> certificate, Optional<Path> privateKey) {}

    /**
     * Returns the targets that the environment names, changed by the options of the command line.
     *
     * @param servers each {@code HOST} for all three services on their usual ports, or {@code SERVICE=HOST:PORT}
     */
    public static Targets read(
            Map<String, String> environment,
            List<String> servers,
            String token,
            Optional<Tls> tls,
            Optional<Duration> timeout) {
        String featureStore = environment.getOrDefault("FORESELL_FEATURE_STORE", "localhost:" + FEATURE_STORE_PORT);
        String training = environment.getOrDefault("FORESELL_TRAINING", "localhost:" + TRAINING_PORT);
        String inference = environment.getOrDefault("FORESELL_INFERENCE", "localhost:" + INFERENCE_PORT);
        for (String server : servers) {
            int equals = server.indexOf('=');
            String service = equals < 0 ? "" : server.substring(0, equals);
            String address = server.substring(equals + 1);
            switch (service) {
                case "" -> {
                    featureStore = withPort(address, FEATURE_STORE_PORT);
                    training = withPort(address, TRAINING_PORT);
                    inference = withPort(address, INFERENCE_PORT);
                }
                case "feature-store" -> featureStore = withPort(address, FEATURE_STORE_PORT);
                case "training" -> training = withPort(address, TRAINING_PORT);
                case "inference" -> inference = withPort(address, INFERENCE_PORT);
                default -> throw refused(server);
            }
            if (address.isEmpty() || (service.isEmpty() && address.contains(":"))) {
                throw refused(server);
            }
        }
        return new Targets(featureStore, training, inference, token, tls, timeout);
    }

    private static ServiceException refused(String server) {
        return new ServiceException(Failure.invalid(
                "SERVER_INVALID", "--server", server, "HOST, or feature-store|training|inference=HOST:PORT"));
    }

    private static String withPort(String address, int port) {
        return address.contains(":") ? address : address + ":" + port;
    }
}
