package io.foresell.benchmarks.load;

import java.io.ByteArrayOutputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;

/** Sends the given requests in turn over HTTP/1.1. Status 429 is a refusal, any other but 200 a failure. */
public final class HttpSubject implements Subject {
    private static final int HTTP_PORT = 80;
    private static final int REFUSED = 429;

    private final String name;
    private final List<Supplier<CompletableFuture<Reply>>> calls;
    private final int requestBytes;
    private final AtomicInteger next = new AtomicInteger();

    private HttpSubject(String name, List<Supplier<CompletableFuture<Reply>>> calls, int requestBytes) {
        this.name = name;
        this.calls = List.copyOf(calls);
        this.requestBytes = requestBytes;
    }

    /** Gets the given addresses of one server in turn. */
    public static HttpSubject get(String name, List<URI> addresses) {
        HttpConnections connections = connections(addresses.get(0));
        return new HttpSubject(
                name,
                addresses.stream()
                        .map(address -> plain(connections, message("GET", address, new byte[0], Map.of())))
                        .toList(),
                0);
    }

    /** Posts one body over and over. */
    public static HttpSubject post(String name, URI address, byte[] body, Map<String, String> headers) {
        Supplier<CompletableFuture<Reply>> call = address.getScheme().equals("https")
                ? encrypted(address, body, headers)
                : plain(connections(address), message("POST", address, body, headers));
        return new HttpSubject(name, List.of(call), body.length);
    }

    private static HttpConnections connections(URI address) {
        return new HttpConnections(address.getHost(), address.getPort() < 0 ? HTTP_PORT : address.getPort());
    }

    private static Supplier<CompletableFuture<Reply>> plain(HttpConnections connections, byte[] message) {
        return () -> connections.call(message);
    }

    private static byte[] message(String method, URI address, byte[] body, Map<String, String> headers) {
        String query = address.getRawQuery() == null ? "" : "?" + address.getRawQuery();
        StringBuilder head = new StringBuilder("%s %s%s HTTP/1.1\r\nHost: %s\r\nAccept: */*\r\n"
                .formatted(method, address.getRawPath(), query, address.getRawAuthority()));
        headers.forEach((header, value) -> head.append("%s: %s\r\n".formatted(header, value)));
        if (body.length > 0) {
            head.append("Content-Length: %d\r\n".formatted(body.length));
        }
        ByteArrayOutputStream message = new ByteArrayOutputStream();
        message.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
        message.writeBytes(body);
        return message.toByteArray();
    }

    /** Encryption costs the generator much more, so servers behind it compare with one another only. */
    private static Supplier<CompletableFuture<Reply>> encrypted(URI address, byte[] body, Map<String, String> headers) {
        HttpClient client = HttpClient.newBuilder()
                .version(HttpClient.Version.HTTP_1_1)
                .connectTimeout(Duration.ofSeconds(MAX_CALL_SECONDS))
                .build();
        HttpRequest.Builder request = HttpRequest.newBuilder(address)
                .timeout(Duration.ofSeconds(MAX_CALL_SECONDS))
                .POST(HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        HttpRequest made = request.build();
        return () -> client.sendAsync(made, HttpResponse.BodyHandlers.ofString())
                .handle((answer, error) -> answer == null ? Reply.failed(String.valueOf(error)) : of(answer));
    }

    private static Reply of(HttpResponse<String> answer) {
        if (answer.statusCode() == 200) {
            return Reply.ANSWERED;
        }
        String body = answer.body();
        String cause = "status %d: %s".formatted(answer.statusCode(), body.substring(0, Math.min(200, body.length())));
        return answer.statusCode() == REFUSED ? Reply.refused(cause) : Reply.failed(cause);
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public int requestBytes() {
        return requestBytes;
    }

    @Override
    public CompletableFuture<Reply> call() {
        return calls.get(Math.floorMod(next.getAndIncrement(), calls.size())).get();
    }
}
