package io.foresell.kit;

import static org.assertj.core.api.Assertions.assertThat;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

final class HttpEndpointTest {
    @Test
    void showsMetricsAndReadiness() throws Exception {
        AtomicBoolean isReady = new AtomicBoolean();
        try (Telemetry telemetry = Telemetry.local("test");
                HttpEndpoint endpoint = HttpEndpoint.start(0, telemetry, isReady::get)) {
            telemetry.meters().counter("rows_total").increment(3);
            assertThat(get(endpoint, "/metrics").body()).contains("rows_total{service=\"test\"} 3.0");
            assertThat(get(endpoint, "/livez").statusCode()).isEqualTo(200);
            assertThat(get(endpoint, "/readyz").statusCode()).isEqualTo(503);
            isReady.set(true);
            assertThat(get(endpoint, "/readyz").statusCode()).isEqualTo(200);
            assertThat(get(endpoint, "/nothing").statusCode()).isEqualTo(404);
        }
    }

    private static HttpResponse<String> get(HttpEndpoint endpoint, String path) throws Exception {
        return HttpClient.newHttpClient()
                .send(
                        HttpRequest.newBuilder(URI.create("http://localhost:" + endpoint.port() + path))
                                .build(),
                        HttpResponse.BodyHandlers.ofString());
    }
}
