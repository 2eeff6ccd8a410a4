package io.foresell.benchmarks.load;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** Sends the given requests in turn over HTTP/1.1. Status 429 is a refusal, any other but 200 a failure. */
public final class HttpSubject implements Subject {
    private static final int REFUSED = 429;

    private final String name;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final List<HttpRequest> requests;
    private final int requestBytes;
    private final AtomicInteger next = new AtomicInteger();

    private HttpSubject(String name, List<HttpRequest> requests, int requestBytes) {
        this.name = name;
        this.requests = List.copyOf(requests);
        this.requestBytes = requestBytes;
    }

    /** Gets the given addresses in turn. */
    public static HttpSubject get(String name, List<URI> addresses) {
        return new HttpSubject(
                name,
                addresses.stream()
                        .map(address -> timed(HttpRequest.newBuilder(address)).build())
                        .toList(),
                0);
    }

    /** Posts one body over and over. */
    public static HttpSubject post(String name, URI address, byte[] body, Map<String, String> headers) {
        HttpRequest.Builder request =
                timed(HttpRequest.newBuilder(address)).POST(HttpRequest.BodyPublishers.ofByteArray(body));
        headers.forEach(request::header);
        return new HttpSubject(name, List.of(request.build()), body.length);
    }

    private static HttpRequest.Builder timed(HttpRequest.Builder request) {
        return request.timeout(Duration.ofSeconds(MAX_CALL_SECONDS));
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
        HttpRequest request = requests.get(Math.floorMod(next.getAndIncrement(), requests.size()));
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())
                .handle((answer, error) -> answer == null ? Reply.failed(String.valueOf(error)) : of(answer));
    }

    private static Reply of(HttpResponse<byte[]> answer) {
        if (answer.statusCode() == 200) {
            return Reply.ANSWERED;
        }
        String cause = "status " + answer.statusCode() + ": "
                + new String(
                        answer.body(), 0, Math.min(200, answer.body().length), java.nio.charset.StandardCharsets.UTF_8);
        return answer.statusCode() == REFUSED ? Reply.refused(cause) : Reply.failed(cause);
    }
}
