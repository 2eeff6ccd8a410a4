package io.foresell.standalone.cluster;

/** Where the services listen; the HTTP side of a gRPC service is 100 above its port. */
public record Ports(int featureStore, int training, int inference, int gateway) {
    private static final int HTTP_OFFSET = 100;

    public Ports {
        requirePort("--feature-store-port", featureStore, 65_535 - HTTP_OFFSET);
        requirePort("--training-port", training, 65_535 - HTTP_OFFSET);
        requirePort("--inference-port", inference, 65_535 - HTTP_OFFSET);
        requirePort("--gateway-port", gateway, 65_535);
    }

    private static void requirePort(String option, int port, int max) {
        if (port < 1 || port > max) {
            throw new IllegalArgumentException("%s: %d (expected: 1..%d)".formatted(option, port, max));
        }
    }

    int httpOf(int grpcPort) {
        return grpcPort + HTTP_OFFSET;
    }

    /** Returns {@code host:port} of a local port. */
    public static String local(int port) {
        return "localhost:" + port;
    }
}
