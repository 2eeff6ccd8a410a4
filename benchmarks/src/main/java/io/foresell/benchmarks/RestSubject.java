package io.foresell.benchmarks;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;

/** Gets the given addresses in turn; any status but 200 is a failure. */
final class RestSubject implements Subject {
    private final String name;
    private final HttpClient client = HttpClient.newBuilder()
            .version(HttpClient.Version.HTTP_1_1)
            .connectTimeout(Duration.ofSeconds(5))
            .build();
    private final List<HttpRequest> requests;
    private final AtomicInteger next = new AtomicInteger();

    RestSubject(String name, List<URI> addresses) {
        this.name = name;
        this.requests = addresses.stream()
                .map(address -> HttpRequest.newBuilder(address)
                        .timeout(Duration.ofSeconds(10))
                        .build())
                .toList();
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public CompletableFuture<?> call() {
        HttpRequest request = requests.get(Math.floorMod(next.getAndIncrement(), requests.size()));
        return client.sendAsync(request, HttpResponse.BodyHandlers.ofByteArray())
                .thenApply(answer -> {
                    if (answer.statusCode() != 200) {
                        throw new IllegalStateException("status " + answer.statusCode());
                    }
                    return answer;
                });
    }
}
