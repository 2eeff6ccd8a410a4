package io.foresell.benchmarks.faults;

import io.grpc.EquivalentAddressGroup;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.StatusOr;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Resolves a name to several ports of this machine, and tells channels what a caller of several replicas tells them by service config: take them in
 * turn, leave out those whose health says NOT_SERVING, and ask once or twice more after UNAVAILABLE, since scoring changes nothing.
 */
final class ReplicaAddresses extends NameResolverProvider {
    static final String SCHEME = "replicas";

    private static final Map<String, ?> SERVICE_CONFIG = Map.of(
            "loadBalancingConfig",
            List.of(Map.of("round_robin", Map.of())),
            "healthCheckConfig",
            Map.of("serviceName", ""),
            "methodConfig",
            List.of(Map.of(
                    "name",
                    List.of(Map.of("service", "foresell.inference.v1.InferenceService")),
                    "retryPolicy",
                    Map.of(
                            "maxAttempts",
                            3.0,
                            "initialBackoff",
                            "0.02s",
                            "maxBackoff",
                            "0.2s",
                            "backoffMultiplier",
                            2.0,
                            "retryableStatusCodes",
                            List.of("UNAVAILABLE")))));

    private final List<Integer> ports;

    ReplicaAddresses(List<Integer> ports) {
        this.ports = List.copyOf(ports);
    }

    @Override
    protected boolean isAvailable() {
        return true;
    }

    @Override
    protected int priority() {
        return 5; // as good as any
    }

    @Override
    public String getDefaultScheme() {
        return SCHEME;
    }

    @Override
    public @Nullable NameResolver newNameResolver(URI target, NameResolver.Args args) {
        return SCHEME.equals(target.getScheme()) ? new Fixed(args) : null;
    }

    private final class Fixed extends NameResolver {
        private final Args args;

        Fixed(Args args) {
            this.args = args;
        }

        @Override
        public String getServiceAuthority() {
            return "localhost";
        }

        @Override
        public void start(Listener2 listener) {
            List<EquivalentAddressGroup> addresses = ports.stream()
                    .map(port -> new EquivalentAddressGroup(new InetSocketAddress("localhost", port)))
                    .toList();
            listener.onResult(ResolutionResult.newBuilder()
                    .setAddressesOrError(StatusOr.fromValue(addresses))
                    .setServiceConfig(args.getServiceConfigParser().parseServiceConfig(SERVICE_CONFIG))
                    .build());
        }

        @Override
        public void shutdown() {}
    }
}
