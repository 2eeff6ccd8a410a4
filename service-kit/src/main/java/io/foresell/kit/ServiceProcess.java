package io.foresell.kit;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.concurrent.CountDownLatch;
import java.util.function.Function;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.bridge.SLF4JBridgeHandler;

/** The life of one process: print settings, run until SIGTERM, close in reverse order of opening. */
public final class ServiceProcess {
    private static final Logger log = LoggerFactory.getLogger(ServiceProcess.class);

    private ServiceProcess() {}

    /**
     * Starts a service and blocks until the process is told to stop. Exits with status 2 when the settings are wrong and 1
     * when the start fails otherwise, each with one clear line.
     *
     * @param start reads its settings and returns what must be closed at the end
     */
    public static void run(String name, String[] arguments, Function<Settings, AutoCloseable> start) {
        SLF4JBridgeHandler.removeHandlersForRootLogger();
        SLF4JBridgeHandler.install();
        AutoCloseable service;
        try {
            Settings settings = Settings.load(arguments, System.getenv());
            service = start.apply(settings);
            settings.keys().forEach(key -> log.info("setting {}={}", key.name(), key.value()));
            settings.unknownVariables().forEach(variable -> log.warn("unknown variable ignored name={}", variable));
        } catch (ServiceException e) {
            System.err.println(name + ": " + e.failure().message());
            System.exit(e.failure().code() == io.grpc.Status.Code.INVALID_ARGUMENT ? 2 : 1);
            return;
        }
        CountDownLatch stopped = new CountDownLatch(1);
        Runtime.getRuntime()
                .addShutdownHook(new Thread(
                        () -> {
                            closeQuietly(service);
                            stopped.countDown();
                        },
                        "shutdown"));
        try {
            stopped.await();
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void closeQuietly(AutoCloseable service) {
        try {
            service.close();
        } catch (Exception e) {
            log.error("close failed", e);
        }
    }

    /** Resources closed in reverse order of {@link #add}, each even when another fails. Not thread-safe. */
    public static final class Resources implements AutoCloseable {
        private final Deque<AutoCloseable> opened = new ArrayDeque<>();

        public <T extends AutoCloseable> T add(T resource) {
            opened.push(resource);
            return resource;
        }

        @Override
        public void close() {
            while (!opened.isEmpty()) {
                closeQuietly(opened.pop());
            }
        }
    }
}
