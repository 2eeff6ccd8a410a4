package io.foresell.kit;

import io.foresell.kit.frame.Door;
import io.foresell.kit.frame.GuardedCredentials;
import io.foresell.kit.frame.ReadyAnswer;
import io.foresell.kit.identity.Authenticator;
import io.foresell.kit.rotate.Rotation;
import io.foresell.kit.rotate.UnusableFileException;
import io.foresell.kit.tls.TlsIdentity;
import io.grpc.BindableService;
import io.grpc.InsecureServerCredentials;
import io.grpc.Server;
import io.grpc.ServerCredentials;
import io.grpc.ServerInterceptor;
import io.grpc.ServerInterceptors;
import io.grpc.ServerServiceDefinition;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder;
import io.grpc.protobuf.services.HealthStatusManager;
import io.grpc.protobuf.services.ProtoReflectionServiceV1;
import io.micrometer.core.instrument.Gauge;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A running gRPC server with health v1, reflection, failure translation, a bound on calls in flight, metrics and traces.
 * Starts NOT_SERVING; {@link #setServing} says when it is ready. Closing drains: health turns NOT_SERVING for good, after a
 * delay in which callers notice new calls are refused, calls in flight may finish within the drain time.
 */
public final class GrpcServer implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(GrpcServer.class);

    private final String name;
    private final WireSettings wire;
    private final Server server;
    private final HealthStatusManager health;
    private final @Nullable ExecutorService callbacks;
    private final List<String> serviceNames;
    private final Rotation rotation;
    private volatile boolean isServing;
    private volatile boolean isDraining;
    private volatile Runnable whenDraining = () -> {};

    private GrpcServer(
            String name,
            WireSettings wire,
            Server server,
            HealthStatusManager health,
            @Nullable ExecutorService callbacks,
            List<String> serviceNames,
            Rotation rotation) {
        this.name = name;
        this.wire = wire;
        this.server = server;
        this.health = health;
        this.callbacks = callbacks;
        this.serviceNames = serviceNames;
        this.rotation = rotation;
    }

    /** Says where handlers run. */
    public enum Threads {
        /** On the network thread: handlers must never block. For scoring from memory. */
        NETWORK,
        /** On a pool of {@code 8 x cores}: handlers may block, e.g. on the database. */
        POOL
    }

    /**
     * Binds the port and starts.
     *
     * @param name the process's name, the domain of its failures
     * @throws ServiceException FAILED_PRECONDITION when the port is in use or certificates cannot be read
     */
    public static GrpcServer start(
            String name, WireSettings wire, Telemetry telemetry, Threads threads, List<BindableService> services) {
        return start(name, wire, telemetry, threads, services, fixedGate(name, wire, telemetry, List.of()));
    }

    /**
     * Binds the port and starts behind a gate of the caller's own.
     *
     * @throws ServiceException FAILED_PRECONDITION when the port is in use or certificates cannot be read
     */
    public static GrpcServer start(
            String name,
            WireSettings wire,
            Telemetry telemetry,
            Threads threads,
            List<BindableService> services,
            Gate gate) {
        return start(name, wire, telemetry, threads, services, gate, null);
    }

    /**
     * Binds the port and starts with rights of its own for every method.
     *
     * @param watching interceptors that see also the calls that are refused for want of rights
     * @throws ServiceException FAILED_PRECONDITION when the port is in use or certificates cannot be read
     */
    public static GrpcServer start(
            String name,
            WireSettings wire,
            Telemetry telemetry,
            Threads threads,
            List<BindableService> services,
            AccessTable rights,
            ServerInterceptor... watching) {
        Gate gate = fixedGate(name, wire, telemetry, List.of(watching));
        return start(name, wire, telemetry, threads, services, gate, rights);
    }

    private static Gate fixedGate(
            String name, WireSettings wire, Telemetry telemetry, List<ServerInterceptor> watching) {
        Admission fixed = new FixedAdmission(wire.maxConcurrentCalls(), name, telemetry.meters());
        return new Gate(fixed, List.of(), null, watching, 2 * wire.maxConcurrentCalls());
    }

    /**
     * Binds the port and starts.
     *
     * @param rights who may call which method; null only where nobody is asked
     * @throws ServiceException FAILED_PRECONDITION when the port is in use or certificates cannot be read
     * @throws IllegalStateException when a method has no entry in {@code rights}
     */
    public static GrpcServer start(
            String name,
            WireSettings wire,
            Telemetry telemetry,
            Threads threads,
            List<BindableService> services,
            Gate gate,
            @Nullable AccessTable rights) {
        Rotation rotation = Rotation.every(wire.security().rotation());
        telemetry.watch(rotation);
        try {
            return start(name, wire, telemetry, threads, services, gate, rights, rotation);
        } catch (UnusableFileException e) {
            rotation.close();
            throw unusable(e);
        } catch (RuntimeException e) {
            rotation.close();
            throw e;
        }
    }

    private static GrpcServer start(
            String name,
            WireSettings wire,
            Telemetry telemetry,
            Threads threads,
            List<BindableService> services,
            Gate gate,
            @Nullable AccessTable rights,
            Rotation rotation)
            throws UnusableFileException {
        ServerCredentials credentials = credentials(wire, rotation, telemetry);
        Optional<ServerInterceptor> access = access(wire, rights, rotation, telemetry);
        ExecutorService callbacks = threads == Threads.POOL ? pool(name) : null;
        HealthStatusManager health = new HealthStatusManager();
        MetricsInterceptor metrics = new MetricsInterceptor(telemetry.meters());
        NettyServerBuilder builder = NettyServerBuilder.forAddress(
                        address(wire.host(), wire.grpcPort()),
                        GuardedCredentials.of(credentials, headers -> turnsAway(gate, metrics, headers)))
                .maxInboundMessageSize(wire.maxMessageBytes())
                // Above our own limit, so that what is too much is said in words; HTTP/2 has none for it.
                .maxInboundMetadataSize(4 * FailureInterceptor.MAX_METADATA_BYTES)
                .decompressorRegistry(ReadableRequests.decompressors())
                .permitKeepAliveTime(5, TimeUnit.SECONDS)
                .permitKeepAliveWithoutCalls(true)
                // A caller that vanished without a word must not keep its streams' places.
                .keepAliveTime(30, TimeUnit.SECONDS)
                .keepAliveTimeout(10, TimeUnit.SECONDS)
                // What waits in one connection is bounded too; above it, calls wait at the caller.
                .maxConcurrentCallsPerConnection(gate.maxCallsPerConnection())
                .addService(ReadableRequests.of(health.getHealthService().bindService()))
                .addService(ReadableRequests.of(
                        ProtoReflectionServiceV1.newInstance().bindService()));
        if (callbacks == null) {
            builder.directExecutor();
        } else {
            builder.executor(callbacks);
        }
        if (gate.loops() != null) {
            gate.loops().use(builder);
        }
        List<String> names = new ArrayList<>();
        for (BindableService service : services) {
            ServerServiceDefinition bound = service.bindService();
            names.add(bound.getServiceDescriptor().getName());
            if (rights != null) {
                rights.requireComplete(bound);
            }
            builder.addService(
                    ReadableRequests.of(ServerInterceptors.interceptForward(bound, gate.afterAuthentication())));
        }
        // The last interceptor added runs first: metrics see the translated status of everything inside.
        access.ifPresent(builder::intercept);
        gate.beforeAuthentication().forEach(builder::intercept);
        builder.intercept(new FailureInterceptor(name));
        builder.intercept(telemetry.traces().server());
        builder.intercept(new AdmissionInterceptor(gate.admission()));
        builder.intercept(metrics);
        return new GrpcServer(name, wire, bind(builder, wire), health, callbacks, names, rotation)
                .starting(access.isPresent());
    }

    private static @Nullable ReadyAnswer turnsAway(Gate gate, MetricsInterceptor metrics, Door.Headers headers) {
        Refusal refusal = gate.admission().turnsAway(headers);
        if (refusal == null) {
            return null;
        }
        metrics.turnedAway(
                headers.path().toString().substring(1), refusal.failure().code());
        return refusal.answer();
    }

    private static Optional<ServerInterceptor> access(
            WireSettings wire, @Nullable AccessTable rights, Rotation rotation, Telemetry telemetry)
            throws UnusableFileException {
        WireSettings.Security security = wire.security();
        if (!security.isAsking()) {
            return wire.token().isEmpty() ? Optional.empty() : Optional.of(new TokenAuth(wire.token()));
        }
        if (rights == null) {
            throw new IllegalStateException("a server that asks who calls needs rights for its methods");
        }
        Authenticator authenticator =
                Authenticator.open(security.accessFile(), security.tokens(), rotation, Clock.systemUTC());
        return Optional.of(new AccessInterceptor(authenticator, rights, telemetry.meters()));
    }

    static ServiceException unusable(UnusableFileException cause) {
        return new ServiceException(Failure.precondition("FILE_UNUSABLE", String.valueOf(cause.getMessage())), cause);
    }

    static InetSocketAddress address(String host, int port) {
        return host.isEmpty() ? new InetSocketAddress(port) : new InetSocketAddress(host, port);
    }

    private GrpcServer starting(boolean isAsking) {
        setServing(false);
        boolean isLocal = server.getListenSockets().stream()
                .allMatch(socket -> socket instanceof InetSocketAddress address
                        && address.getAddress().isLoopbackAddress());
        if (!isAsking && !isLocal) {
            log.warn(
                    "OPEN TO EVERYONE who reaches the port: nobody is asked who they are server={} grpc_port={}"
                            + " (expected: auth.access-file, auth.jwt.keys or grpc.host=localhost)",
                    name,
                    server.getPort());
        } else if (!isLocal && wire.tls().isEmpty()) {
            log.warn(
                    "UNENCRYPTED: keys and data can be read on the way server={} grpc_port={} (expected: tls.certificate)",
                    name,
                    server.getPort());
        }
        log.info(
                "started server={} grpc_port={} tls={}",
                name,
                server.getPort(),
                wire.tls().isPresent());
        return this;
    }

    private static Server bind(NettyServerBuilder builder, WireSettings wire) {
        try {
            return builder.build().start();
        } catch (IOException e) {
            throw new ServiceException(
                    Failure.precondition(
                            "PORT_IN_USE",
                            "grpc.port: %d cannot be bound (expected: a free port)".formatted(wire.grpcPort())),
                    e);
        }
    }

    private static ServerCredentials credentials(WireSettings wire, Rotation rotation, Telemetry telemetry)
            throws UnusableFileException {
        if (wire.tls().isEmpty()) {
            return InsecureServerCredentials.create();
        }
        WireSettings.Tls tls = wire.tls().get();
        TlsIdentity identity = TlsIdentity.ofServer(tls.files(), rotation);
        Gauge.builder("tls_certificate_expires_timestamp", identity, now -> now.expiresAt()
                        .map(end -> (double) end.getEpochSecond())
                        .orElse(Double.NaN))
                .description("When the certificate in use ends, seconds since 1970")
                .baseUnit("seconds")
                .register(telemetry.meters());
        return identity.server(tls.asked());
    }

    private static ExecutorService pool(String name) {
        AtomicInteger count = new AtomicInteger();
        // The pool's queue is bounded by the limit on calls in flight.
        return Executors.newFixedThreadPool(8 * Runtime.getRuntime().availableProcessors(), task -> {
            Thread thread = new Thread(task, name + "-grpc-" + count.incrementAndGet());
            thread.setDaemon(true);
            return thread;
        });
    }

    /** Returns the bound gRPC port. */
    public int port() {
        return server.getPort();
    }

    /** Says whether every service of this server, and the server as a whole, answers SERVING to health checks. */
    public void setServing(boolean isServing) {
        if (isDraining) {
            return; // not serving for good
        }
        this.isServing = isServing;
        ServingStatus status = isServing ? ServingStatus.SERVING : ServingStatus.NOT_SERVING;
        health.setStatus(HealthStatusManager.SERVICE_NAME_ALL_SERVICES, status);
        serviceNames.forEach(service -> health.setStatus(service, status));
    }

    public boolean isServing() {
        return isServing;
    }

    /** Says what to do when draining begins and callers have had time to notice: long streams are to end by themselves. */
    public void whenDraining(Runnable action) {
        whenDraining = action;
    }

    @Override
    public void close() {
        isDraining = true;
        isServing = false;
        health.enterTerminalState();
        log.info("draining server={} delay_millis={}", name, wire.drainDelay().toMillis());
        try {
            // Callers and load balancers look at health now and then; until they have looked, calls still come and are
            // answered.
            Thread.sleep(wire.drainDelay().toMillis());
            whenDraining.run();
            server.shutdown();
            if (!server.awaitTermination(wire.drain().toMillis(), TimeUnit.MILLISECONDS)) {
                server.shutdownNow();
                server.awaitTermination(5, TimeUnit.SECONDS);
            }
        } catch (InterruptedException e) {
            server.shutdownNow();
            Thread.currentThread().interrupt();
        }
        if (callbacks != null) {
            callbacks.shutdownNow();
        }
        rotation.close();
        log.info("stopped server={}", name);
    }
}
