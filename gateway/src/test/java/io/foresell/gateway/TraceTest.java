package io.foresell.gateway;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.startsWith;

import io.foresell.gateway.fixture.FixtureCluster;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The service hears of the trace that its caller's request came with, whatever was served before on the same threads. */
@QuarkusTest
@QuarkusTestResource(FixtureResource.class)
class TraceTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String TRACE_PARENT = "00-" + TRACE + "-00f067aa0ba902b7-01";

    @Test
    void isHandedOn() {
        given().header("traceparent", TRACE_PARENT)
                .get("/v1/customers/" + FixtureCluster.TRACE_ENTITY + "/churn")
                .then()
                .statusCode(200)
                .body("band", startsWith("00-" + TRACE + "-"));
    }

    /** Small bodies are read on the network thread, larger ones on a worker thread. */
    @ParameterizedTest
    @ValueSource(ints = {0, 30_000})
    void isHandedOnWithABodyOfAnySize(int padding) {
        given().header("traceparent", TRACE_PARENT)
                .contentType(ContentType.JSON)
                .body("{\"entities\": [\"" + FixtureCluster.TRACE_ENTITY + "\"]" + " ".repeat(padding) + "}")
                .post("/v1/models/churn:score")
                .then()
                .statusCode(200)
                .body("rows[0].band", startsWith("00-" + TRACE + "-"));
    }

    /** Packed bodies change threads twice; what they left on a network thread once hid the traces of all requests after them. */
    @Test
    void isHandedOnWithPackedBodiesAndAfterThem() throws IOException {
        byte[] packed = InferBodies.gzip(
                "{\"parameters\": {\"traced\": true}, \"inputs\": []}".getBytes(StandardCharsets.UTF_8));
        for (int i = 0; i < 50; i++) {
            String own = "%032x".formatted(i + 1);
            given().header("Content-Encoding", "gzip")
                    .header("traceparent", "00-" + own + "-00f067aa0ba902b7-01")
                    .body(packed)
                    .post("/v2/models/churn/infer")
                    .then()
                    .statusCode(200)
                    .body("parameters.traceparent", startsWith("00-" + own + "-"));
        }
        for (int i = 0; i < 8; i++) { // connections take turns on the network threads
            isHandedOn();
        }
    }
}
