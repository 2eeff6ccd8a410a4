package io.foresell.kit;

import io.foresell.kit.identity.TokenRules;
import io.foresell.kit.tls.TlsFiles;
import io.foresell.kit.tls.TlsIdentity.ClientCertificate;
import java.net.URI;
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
 * @param host the interface to listen on; empty means all
 * @param security who may call, and as whom this process calls
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
        Optional<Tls> tls,
        String host,
        Security security) {

    /**
     * Certificates of this process.
     *
     * @param files what it shows and trusts
     * @param asked whether its callers show a certificate
     */
    public record Tls(TlsFiles files, ClientCertificate asked) {}

    /**
     * Who may call, and as whom this process calls.
     *
     * @param accessFile the keys and certificates that are let in and their grants
     * @param tokens which signed tokens are believed
     * @param tokenFile holds the credential that this process sends to others; it is read again when it changes
     * @param rotation how often files are looked at
     */
    public record Security(
            Optional<Path> accessFile, Optional<TokenRules> tokens, Optional<Path> tokenFile, Duration rotation) {
        /** Nobody is asked who they are. */
        public static final Security NONE =
                new Security(Optional.empty(), Optional.empty(), Optional.empty(), Duration.ofSeconds(5));

        /** Returns whether callers are asked who they are. */
        public boolean isAsking() {
            return accessFile.isPresent() || tokens.isPresent();
        }
    }

    /** Settings that ask nobody and listen on all interfaces. */
    public WireSettings(
            int grpcPort,
            int httpPort,
            int maxConcurrentCalls,
            int maxMessageBytes,
            Duration drainDelay,
            Duration drain,
            Duration callTimeout,
            String token,
            Optional<Tls> tls) {
        this(
                grpcPort,
                httpPort,
                maxConcurrentCalls,
                maxMessageBytes,
                drainDelay,
                drain,
                callTimeout,
                token,
                tls,
                "",
                Security.NONE);
    }

    /** Reads the settings; {@code defaultGrpcPort + 100} is the default HTTP port. */
    public static WireSettings read(Settings settings, int defaultGrpcPort) {
        return read(settings, defaultGrpcPort, 512);
    }

    /** Reads the settings of a server with a default of its own for the calls in flight. */
    public static WireSettings read(Settings settings, int defaultGrpcPort, int defaultConcurrentCalls) {
        return new WireSettings(
                settings.integer("grpc.port", defaultGrpcPort, 0, 65535, "gRPC port; 0 picks a free one"),
                settings.integer("http.port", defaultGrpcPort + 100, 0, 65535, "port of /metrics, /livez and /readyz"),
                settings.integer(
                        "grpc.max-concurrent-calls",
                        defaultConcurrentCalls,
                        1,
                        100_000,
                        "calls in flight before refusing"),
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
                tls(settings),
                settings.text("grpc.host", "", "interface to listen on; empty means all"),
                security(settings));
    }

    private static Security security(Settings settings) {
        Optional<Path> access = file(settings.text("auth.access-file", "", "who may do what; empty asks nobody"));
        Optional<Path> token = file(settings.text("auth.token-file", "", "file with the credential sent to services"));
        Optional<TokenRules> tokens = tokens(settings);
        Duration rotation = settings.duration(
                "auth.rotation",
                Duration.ofSeconds(5),
                Duration.ofMillis(50),
                Duration.ofHours(1),
                "how often certificates, keys and rights are looked at");
        return new Security(access, tokens, token, rotation);
    }

    private static Optional<TokenRules> tokens(Settings settings) {
        String keys =
                settings.text("auth.jwt.keys", "", "JWKS of the issuer, https:// or a file; empty takes no tokens");
        String issuer = settings.text("auth.jwt.issuer", "", "what iss must be");
        String audience = settings.text("auth.jwt.audience", "", "what aud must hold");
        String name = settings.text("auth.jwt.name-claim", "sub", "claim that names the caller");
        String roles = settings.text("auth.jwt.roles-claim", "roles", "claim that lists roles; dots go into objects");
        String prefix = settings.text("auth.jwt.role-prefix", "foresell:", "what a role of Foresell begins with");
        Duration skew = settings.duration(
                "auth.jwt.clock-skew",
                Duration.ofSeconds(30),
                Duration.ZERO,
                Duration.ofMinutes(5),
                "how far clocks may differ");
        Duration refresh = settings.duration(
                "auth.jwt.refresh",
                Duration.ofMinutes(5),
                Duration.ofSeconds(1),
                Duration.ofDays(1),
                "how often the issuer's keys are fetched");
        if (keys.isEmpty()) {
            return Optional.empty();
        }
        try {
            URI address =
                    keys.contains("://") ? URI.create(keys) : Path.of(keys).toUri();
            return Optional.of(new TokenRules(issuer, audience, address, name, roles, prefix, skew, refresh));
        } catch (IllegalArgumentException e) {
            throw new ServiceException(Failure.invalid("SETTING_INVALID", String.valueOf(e.getMessage())), e);
        }
    }

    private static Optional<Path> file(String path) {
        return path.isEmpty() ? Optional.empty() : Optional.of(Path.of(path));
    }

    private static Optional<Tls> tls(Settings settings) {
        String certificate = settings.text("tls.certificate", "", "PEM certificate chain; empty means plain text");
        String key = settings.text("tls.private-key", "", "PEM PKCS#8 private key");
        String trust = settings.text("tls.trust", "", "PEM certificates of trusted authorities");
        String asked = settings.text("tls.client-certificate", "none", "of callers: none, optional or required");
        ClientCertificate clients =
                switch (asked) {
                    case "none" -> ClientCertificate.NONE;
                    case "optional" -> ClientCertificate.OPTIONAL;
                    case "required" -> ClientCertificate.REQUIRED;
                    default -> throw new ServiceException(Failure.invalid(
                            "SETTING_INVALID", "tls.client-certificate", asked, "none, optional or required"));
                };
        if (certificate.isEmpty() && key.isEmpty() && trust.isEmpty()) {
            return Optional.empty();
        }
        if (certificate.isEmpty() || key.isEmpty() || trust.isEmpty()) {
            throw new ServiceException(Failure.invalid(
                    "SETTING_INVALID", "tls: incomplete (expected: tls.certificate, tls.private-key and tls.trust)"));
        }
        TlsFiles files = new TlsFiles(file(certificate), file(key), Path.of(trust));
        return Optional.of(new Tls(files, clients));
    }

    /** Settings for tests and embedding: loopback, plain text, no token. */
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
                Optional.empty(),
                "localhost",
                Security.NONE);
    }

    /** Returns these settings with others for who may call. */
    public WireSettings with(Optional<Tls> other, Security asking) {
        return new WireSettings(
                grpcPort,
                httpPort,
                maxConcurrentCalls,
                maxMessageBytes,
                drainDelay,
                drain,
                callTimeout,
                token,
                other,
                host,
                asking);
    }
}
