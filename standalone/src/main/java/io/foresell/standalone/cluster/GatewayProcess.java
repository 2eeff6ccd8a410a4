package io.foresell.standalone.cluster;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The gateway as it is packaged, started inside this JVM in a class loader of its own (docs/decisions/0004). One per JVM: Quarkus keeps
 * state in system properties.
 */
final class GatewayProcess implements AutoCloseable {
    private static final Logger log = LoggerFactory.getLogger(GatewayProcess.class);
    private static final int PROBE_MILLIS = 1_000;

    private final int port;
    private final Thread thread;
    private volatile @Nullable Throwable failure;

    private GatewayProcess(int port, Path runner) {
        this.port = port;
        this.thread = new Thread(() -> run(runner), "gateway-main");
        thread.setDaemon(true);
    }

    /**
     * Begins to start the gateway; {@link #isReady} says when it answers.
     *
     * @throws ServiceException FAILED_PRECONDITION when the port is in use or the gateway was not built
     */
    static GatewayProcess start(Ports ports, DataFolder data) {
        requireFree(ports.gateway());
        Path runner = runner();
        Map<String, String> settings = Map.of(
                "foresell.http.port", Integer.toString(ports.gateway()),
                "foresell.feature-store.port", Integer.toString(ports.featureStore()),
                "foresell.training.port", Integer.toString(ports.training()),
                "foresell.inference.port", Integer.toString(ports.inference()),
                "quarkus.log.console.enable", "false",
                "quarkus.log.file.enable", "true",
                "quarkus.log.file.path",
                        data.log().resolveSibling("gateway.log").toString());
        settings.forEach(System::setProperty);
        GatewayProcess gateway = new GatewayProcess(ports.gateway(), runner);
        gateway.thread.start();
        return gateway;
    }

    private static void requireFree(int port) {
        try (ServerSocket probe = new ServerSocket(port)) {
            log.debug("port is free port={}", probe.getLocalPort());
        } catch (IOException e) {
            throw new ServiceException(
                    Failure.precondition(
                            "PORT_IN_USE",
                            "--gateway-port: %d cannot be bound (expected: a free port)".formatted(port)),
                    e);
        }
    }

    /** Finds the packaged gateway beside this module's jar. */
    private static Path runner() {
        try {
            Path here = Path.of(GatewayProcess.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            Path runner = here.resolveSibling("gateway").resolve("quarkus-run.jar");
            if (!Files.isRegularFile(runner)) {
                throw new ServiceException(Failure.precondition(
                        "NOT_BUILT", "%s is missing (expected: built by './foresell build')".formatted(runner)));
            }
            return runner;
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the jar's place is not a path", e);
        }
    }

    private void run(Path runner) {
        try {
            // Not closed: classes load from it until the JVM ends.
            URLClassLoader loader = new URLClassLoader(
                    "gateway", new URL[] {runner.toUri().toURL()}, ClassLoader.getPlatformClassLoader());
            Thread.currentThread().setContextClassLoader(loader);
            loader.loadClass("io.quarkus.bootstrap.runner.QuarkusEntryPoint")
                    .getMethod("main", String[].class)
                    .invoke(null, (Object) new String[0]);
        } catch (InvocationTargetException e) {
            failed(e.getCause() == null ? e : e.getCause());
        } catch (ReflectiveOperationException | IOException | RuntimeException e) {
            failed(e);
        }
    }

    private void failed(Throwable error) {
        log.error("gateway stopped", error);
        failure = error;
    }

    /**
     * Returns whether the gateway answers.
     *
     * @throws ServiceException FAILED_PRECONDITION when its start failed
     */
    boolean isReady() {
        Throwable error = failure;
        if (error != null) {
            throw new ServiceException(
                    Failure.precondition("GATEWAY_FAILED", "gateway: %s (expected: started)".formatted(error)), error);
        }
        try {
            HttpURLConnection connection =
                    (HttpURLConnection) URI.create("http://localhost:%d/q/health/ready".formatted(port))
                            .toURL()
                            .openConnection();
            connection.setConnectTimeout(PROBE_MILLIS);
            connection.setReadTimeout(PROBE_MILLIS);
            return connection.getResponseCode() == HttpURLConnection.HTTP_OK;
        } catch (IOException e) {
            log.debug("gateway does not answer yet", e);
            return false;
        }
    }

    /** The gateway ends with the JVM, by its own shutdown hook: it has no state to lose. */
    @Override
    public void close() {
        thread.interrupt();
    }
}
