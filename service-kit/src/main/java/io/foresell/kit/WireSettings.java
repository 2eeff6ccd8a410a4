package io.foresell.kit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.Optional;

/**
 * How a process is reached and how it reaches others.
 *
 * @param grpcPort the gRPC port; 0 picks a free one
 * @param httpPort the port of /metrics, /livez and /readyz; 0 picks a free one
 * @param maxConcurrentCalls calls in flight above which a call is refused, 1 to 100,000
 * @param maxMessageBytes the largest message accepted, 64 KiB to 256 MiB
 * @param drainDelay how long to go on serving after health turned NOT_SERVING, so that callers notice, 0 to 1 minute
 * @param drain how long calls in flight may go on after shutdown began, 0 to 10 minutes
 * @param callTimeout the deadline of calls to other services that set none, 1 ms to 10 minutes
 * @param token the shared bearer token; empty means open
 * @param tls certificates; empty means plain text
 */
public record WireSettings(
        int grpcPort,
        int httpPort,
        int maxConcurrentCalls,
        int maxMessageBytes,
        Duration drainDelay,
        Duration drain,
        Duration callTimeout,
        String token,
        Optional<Tls> tls) {

    /**
     * PEM files.
     *
     * @param certificateChain what this process shows
     * @param privateKey its PKCS#8 key
     * @param trust the authorities that sign its peers
     * @param isClientRequired whether callers must show a certificate too (mutual TLS)
     */
    public record Tls(Path certificateChain, Path privateKey, Path trust, boolean isClientRequired) {}

    /** Reads the settings; {@code defaultGrpcPort + 100} is the default HTTP port. */
    public static WireSettings read(Settings settings, int defaultGrpcPort) {
        return new WireSettings(
                settings.integer("grpc.port", defaultGrpcPort, 0, 65535, "gRPC port; 0 picks a free one"),
                settings.integer("http.port", defaultGrpcPort + 100, 0, 65535, "port of /metrics, /livez and /readyz"),
                settings.integer("grpc.max-concurrent-calls", 512, 1, 100_000, "calls in flight before refusing"),
                settings.integer("grpc.max-message-bytes", 16 << 20, 64 << 10, 256 << 20, "largest message accepted"),
                settings.duration(
                        "grpc.drain-delay",
                        Duration.ZERO,
                        Duration.ZERO,
                        Duration.ofMinutes(1),
                        "time to go on serving at shutdown after health turned NOT_SERVING"),
                settings.duration(
                        "grpc.drain",
                        Duration.ofSeconds(10),
                        Duration.ZERO,
                        Duration.ofMinutes(10),
                        "time to finish calls at shutdown"),
                settings.duration(
                        "grpc.call-timeout",
                        Duration.ofSeconds(10),
                        Duration.ofMillis(1),
                        Duration.ofMinutes(10),
                        "deadline of calls to other services"),
                settings.secret("auth.token", "shared bearer token; empty means open"),
                tls(settings));
    }

    private static Optional<Tls> tls(Settings settings) {
        String certificate = settings.text("tls.certificate", "", "PEM certificate chain; empty means plain text");
        String key = settings.text("tls.private-key", "", "PEM PKCS#8 private key");
        String trust = settings.text("tls.trust", "", "PEM certificates of trusted authorities");
        boolean isClientRequired = settings.flag("tls.client-required", false, "whether callers need a certificate");
        if (certificate.isEmpty()) {
            return Optional.empty();
        }
        return Optional.of(new Tls(Path.of(certificate), Path.of(key), Path.of(trust), isClientRequired));
    }

    /** Settings for tests and embedding: free ports, plain text, no token. */
    public static WireSettings local(int grpcPort, int httpPort) {
        return new WireSettings(
                grpcPort,
                httpPort,
                512,
                16 << 20,
                Duration.ZERO,
                Duration.ofSeconds(2),
                Duration.ofSeconds(10),
                "",
                Optional.empty());
    }
}
