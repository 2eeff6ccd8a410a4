package io.foresell.kit;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.BooleanSupplier;

/** The plain HTTP side of a gRPC process: {@code /metrics} for Prometheus, {@code /livez} and {@code /readyz} for people and probes. */
public final class HttpEndpoint implements AutoCloseable {
    private static final String METRICS_TYPE = "text/plain; version=0.0.4; charset=utf-8";
    private static final String TEXT_TYPE = "text/plain; charset=utf-8";

    private final HttpServer server;
    private final ExecutorService workers;

    private HttpEndpoint(HttpServer server, ExecutorService workers) {
        this.server = server;
        this.workers = workers;
    }

    /**
     * Binds and starts.
     *
     * @throws ServiceException FAILED_PRECONDITION when the port is in use
     */
    public static HttpEndpoint start(int port, Telemetry telemetry, BooleanSupplier isReady) {
        return start("", port, telemetry, isReady);
    }

    /**
     * Binds one interface and starts.
     *
     * @param host the interface; empty means all
     * @throws ServiceException FAILED_PRECONDITION when the port is in use
     */
    public static HttpEndpoint start(String host, int port, Telemetry telemetry, BooleanSupplier isReady) {
        HttpServer server;
        try {
            server = HttpServer.create(GrpcServer.address(host, port), 16);
        } catch (IOException e) {
            throw new ServiceException(
                    Failure.precondition(
                            "PORT_IN_USE", "http.port: %d cannot be bound (expected: a free port)".formatted(port)),
                    e);
        }
        ExecutorService workers = Executors.newFixedThreadPool(2, task -> {
            Thread thread = new Thread(task, "http-endpoint");
            thread.setDaemon(true);
            return thread;
        });
        server.setExecutor(workers);
        server.createContext(
                "/metrics",
                exchange ->
                        answer(exchange, 200, METRICS_TYPE, telemetry.meters().scrape()));
        server.createContext("/livez", exchange -> answer(exchange, 200, TEXT_TYPE, "live\n"));
        server.createContext("/readyz", exchange -> {
            boolean ready = isReady.getAsBoolean();
            StringBuilder said = new StringBuilder(ready ? "ready\n" : "not ready\n");
            // A rotated file that cannot be used, or a log that is away, makes nothing unready: the process still
            // serves.
            telemetry
                    .notices()
                    .forEach(notice -> said.append("notice: ").append(notice).append('\n'));
            answer(exchange, ready ? 200 : 503, TEXT_TYPE, said.toString());
        });
        server.start();
        return new HttpEndpoint(server, workers);
    }

    private static void answer(HttpExchange exchange, int status, String type, String body) throws IOException {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type);
        exchange.sendResponseHeaders(status, bytes.length);
        try (exchange) {
            exchange.getResponseBody().write(bytes);
        }
    }

    public int port() {
        return server.getAddress().getPort();
    }

    @Override
    public void close() {
        server.stop(0);
        workers.shutdownNow();
    }
}
