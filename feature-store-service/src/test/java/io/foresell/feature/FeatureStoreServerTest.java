package io.foresell.feature;

import static io.foresell.feature.Definitions.definition;
import static io.foresell.feature.Definitions.orders;
import static io.foresell.feature.Definitions.set;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.rpc.RetryInfo;
import io.foresell.feature.database.MongoSettings;
import io.foresell.kit.ServiceException;
import io.foresell.kit.ServiceProcess;
import io.foresell.kit.Telemetry;
import io.foresell.kit.WireSettings;
import io.foresell.store.embedded.EmbeddedStore;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.protobuf.StatusProto;
import io.opentelemetry.context.Context;
import io.opentelemetry.sdk.trace.ReadWriteSpan;
import io.opentelemetry.sdk.trace.ReadableSpan;
import io.opentelemetry.sdk.trace.SpanProcessor;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The server around the service: health, a database that goes away, metrics and traces. */
final class FeatureStoreServerTest {
    private final ServiceProcess.Resources resources = new ServiceProcess.Resources();

    @TempDir
    Path folder;

    @AfterEach
    void close() {
        resources.close();
    }

    private FeatureStoreServer start(String uri, Telemetry telemetry) {
        MongoSettings mongo = new MongoSettings(uri, "test", Duration.ofMillis(300), Duration.ofSeconds(5));
        return resources.add(
                FeatureStoreServer.start(FeatureStoreConfig.of(WireSettings.local(0, 0), mongo), telemetry));
    }

    private static void awaitServing(FeatureStoreServer server, boolean isServing) throws InterruptedException {
        for (int i = 0; i < 300 && server.isServing() != isServing; i++) {
            Thread.sleep(100);
        }
        assertThat(server.isServing()).isEqualTo(isServing);
    }

    private static int httpStatus(FeatureStoreServer server, String path) throws Exception {
        return http(server, path).statusCode();
    }

    private static HttpResponse<String> http(FeatureStoreServer server, String path) throws Exception {
        URI uri = URI.create("http://localhost:" + server.httpPort() + path);
        return HttpClient.newHttpClient()
                .send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString());
    }

    @Test
    void answersUnavailableWhileTheDatabaseIsAwayAndRecovers() throws Exception {
        EmbeddedStore database = EmbeddedStore.open(folder);
        int port = database.port();
        String uri = database.uri();
        database.close();
        FeatureStoreServer server = start(uri, resources.add(Telemetry.local("test")));
        StoreClient store = resources.add(new StoreClient(server.grpcPort()));

        StatusRuntimeException away =
                catchThrowableOfType(StatusRuntimeException.class, () -> store.define(definition(orders())));
        assertThat(away.getStatus().getCode()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(StoreClient.reason(away)).isEqualTo("DATABASE_AWAY");
        assertThat(StatusProto.fromThrowable(away).getDetailsList()).anyMatch(any -> any.is(RetryInfo.class));
        assertThat(httpStatus(server, "/readyz")).isEqualTo(503);

        database = EmbeddedStore.open(folder, port);
        awaitServing(server, true);
        assertThat(store.define(definition(orders()))).hasSize(1);
        assertThat(httpStatus(server, "/readyz")).isEqualTo(200);

        database.close();
        awaitServing(server, false);
        resources.add(EmbeddedStore.open(folder, port));
        awaitServing(server, true);
        assertThat(store.define(definition(orders())).get(0).getVersion()).isEqualTo(1);
    }

    @Test
    void refusesAConnectionStringThatIsNoneWithoutRepeatingIt() {
        Telemetry telemetry = resources.add(Telemetry.local("test"));
        assertThatThrownBy(() -> start("mysql://user:secret@db", telemetry))
                .isInstanceOf(ServiceException.class)
                .hasMessageContaining("mongo.uri")
                .hasMessageNotContaining("secret");
    }

    @Test
    void countsRowsAndTracesReadsUnderTheCall() throws Exception {
        EmbeddedStore database = resources.add(EmbeddedStore.inMemory());
        Queue<ReadableSpan> spans = new ConcurrentLinkedQueue<>();
        FeatureStoreServer server =
                start(database.uri(), resources.add(Telemetry.withSpans("test", new Collector(spans))));
        StoreClient store = resources.add(new StoreClient(server.grpcPort()));
        store.define(definition(orders()), set("all", "orders.spent"));
        store.ingestCsv("orders", "o", "id,at,order_id,amount,kind\na,2024-05-01,1,5,web\na,2024-05-01,2,x,web");
        store.features("all", "a");

        String metrics = http(server, "/metrics").body();
        assertThat(metrics)
                .containsPattern("feature_ingest_rows_total\\{outcome=\"accepted\",[^}]*view=\"orders\"\\} 1.0")
                .containsPattern("feature_ingest_rows_total\\{outcome=\"quarantined\",[^}]*view=\"orders\"\\} 1.0")
                .containsPattern("feature_read_seconds_count\\{kind=\"online\"[^}]*\\} 1");
        ReadableSpan call = spans.stream()
                .filter(span -> span.getName().endsWith("FeatureStoreService/GetFeatures"))
                .findFirst()
                .orElseThrow();
        List<String> inside = spans.stream()
                .filter(span -> span.getParentSpanContext()
                        .getSpanId()
                        .equals(call.getSpanContext().getSpanId()))
                .map(ReadableSpan::getName)
                .toList();
        assertThat(inside).contains("mongo find");
    }

    private record Collector(Queue<ReadableSpan> spans) implements SpanProcessor {
        @Override
        public void onStart(Context parent, ReadWriteSpan span) {
            spans.add(span);
        }

        @Override
        public boolean isStartRequired() {
            return true;
        }

        @Override
        public void onEnd(ReadableSpan span) {}

        @Override
        public boolean isEndRequired() {
            return false;
        }
    }
}
