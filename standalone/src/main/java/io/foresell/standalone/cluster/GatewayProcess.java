package io.foresell.standalone.cluster;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.HttpURLConnection;
import java.net.ServerSocket;
import java.net.URI;
import java.net.URISyntaxException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.Stream;
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
    private static final int STOP_MILLIS = 15_000;
    private static final int ASK_AGAIN_MILLIS = 200;

    private final int port;
    private final URLClassLoader loader; // closed when the thread has ended: the gateway loads classes until then
    private final Class<?> quarkus;
    private final Thread thread;
    private volatile @Nullable Throwable failure;

    private GatewayProcess(int port, Path application) {
        try {
            this.port = port;
            this.loader = loader(application);
            this.quarkus = loader.loadClass("io.quarkus.runtime.Quarkus");
        } catch (IOException | ClassNotFoundException e) {
            throw new ServiceException(
                    Failure.precondition(
                            "NOT_BUILT", "%s: %s (expected: the packaged gateway)".formatted(application, e)),
                    e);
        }
        this.thread = new Thread(this::run, "gateway");
        thread.setContextClassLoader(loader);
        thread.setDaemon(true);
    }

    /**
     * Begins to start the gateway; {@link #isReady} says when it answers.
     *
     * @throws ServiceException FAILED_PRECONDITION when the port is in use or the gateway was not built
     */
    static GatewayProcess start(Ports ports, Wire wire, DataFolder data) {
        requireFree(ports.gateway());
        Path application = application();
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
        System.setProperty("foresell.http.host", wire.host());
        wire.ofGateway().forEach(System::setProperty);
        GatewayProcess gateway = new GatewayProcess(ports.gateway(), application);
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
    private static Path application() {
        try {
            Path here = Path.of(GatewayProcess.class
                    .getProtectionDomain()
                    .getCodeSource()
                    .getLocation()
                    .toURI());
            Path application = here.resolveSibling("gateway");
            if (!Files.isRegularFile(application.resolve("quarkus-run.jar"))) {
                throw new ServiceException(Failure.precondition(
                        "NOT_BUILT",
                        "%s is missing (expected: the gateway, built by './foresell build')".formatted(application)));
            }
            return application;
        } catch (URISyntaxException e) {
            throw new IllegalStateException("the jar's place is not a path", e);
        }
    }

    /**
     * Returns a loader of everything that is packaged, apart from our own classes. The packaged launcher is of no use here: it
     * would load a part of Quarkus from this JVM's own class path, where it is not.
     */
    private static URLClassLoader loader(Path application) throws IOException {
        List<URL> places = new ArrayList<>();
        for (String first : List.of("transformed-bytecode.jar", "generated-bytecode.jar")) {
            places.add(application.resolve("quarkus").resolve(first).toUri().toURL());
        }
        for (String folder : List.of("app", "lib/boot", "lib/main")) {
            try (Stream<Path> jars = Files.list(application.resolve(folder))) {
                for (Path jar : jars.sorted().toList()) {
                    places.add(jar.toUri().toURL());
                }
            }
        }
        return new URLClassLoader("gateway", places.toArray(URL[]::new), ClassLoader.getPlatformClassLoader());
    }

    private void run() {
        try {
            BiConsumer<Integer, @Nullable Throwable> onExit = (exitCode, error) -> failure = error;
            quarkus.getMethod("run", Class.class, BiConsumer.class, String[].class)
                    .invoke(null, null, onExit, new String[0]);
        } catch (InvocationTargetException e) {
            failed(e.getCause() == null ? e : e.getCause());
        } catch (ReflectiveOperationException | RuntimeException e) {
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

    @Override
    public void close() {
        try {
            Method exit = quarkus.getMethod("asyncExit", int.class);
            long end = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(STOP_MILLIS);
            do { // more than once: one that is still starting forgets that it was asked
                exit.invoke(null, 0);
                thread.join(ASK_AGAIN_MILLIS);
            } while (thread.isAlive() && System.nanoTime() < end);
            if (thread.isAlive()) {
                log.warn("gateway still runs after {} ms", STOP_MILLIS);
                return;
            }
            loader.close();
        } catch (ReflectiveOperationException | IOException e) {
            log.warn("gateway did not stop cleanly", e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
