package io.foresell.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import java.io.IOException;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.Charset;
import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Requests that fuzzing found to be answered wrongly: by 500, without a problem, at length, or never. */
@QuarkusTest
@QuarkusTestResource(FixtureResource.class)
class WireFaultsTest {
    /** Returns all that the server says until it closes. */
    private static String raw(String... lines) throws IOException {
        byte[] request = String.join("\r\n", lines).getBytes(StandardCharsets.ISO_8859_1);
        try (Socket socket = new Socket("localhost", RestAssured.port)) {
            socket.setSoTimeout(10_000);
            OutputStream out = socket.getOutputStream();
            out.write(request);
            out.flush();
            return new String(socket.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"/v1/models/churn:score", "/v1/outcomes"})
    void bytesThatAreNoTextAreMalformedJson(String path) {
        byte[] wide = "{\"rows\": []}".getBytes(Charset.forName("UTF-32"));
        wide[20] = 0x7F; // beyond the last letter of Unicode
        wide[21] = 0x7F;
        given().contentType("application/json")
                .body(wide)
                .post(path)
                .then()
                .statusCode(400)
                .body("reason", equalTo("JSON_MALFORMED"));
    }

    @Test
    void aBrokenChunkIsTheCallersFault() throws IOException {
        String answer = raw(
                "POST /v1/outcomes HTTP/1.1",
                "Host: localhost",
                "Content-Type: application/json",
                "Transfer-Encoding: chunked",
                "Connection: close",
                "",
                "zz",
                "{}",
                "0",
                "",
                "");
        assertThat(answer).doesNotContain("500");
    }

    @ParameterizedTest
    @ValueSource(strings = {"[::1", "a:b:c"})
    void aHostThatIsNoneIsAProblem(String host) throws IOException {
        assertThat(raw("GET /v1/models HTTP/1.1", "Host: " + host, "Connection: close", "", ""))
                .startsWith("HTTP/1.1 400")
                .contains("application/problem+json", "REQUEST_MALFORMED")
                .doesNotContain("Error id");
    }

    @Test
    void anUpgradeThatIsNotMeantIsAnswered() throws IOException {
        assertThat(raw("GET /v1/models HTTP/1.1", "Host: localhost", "Upgrade: h2c", "Connection: close", "", ""))
                .startsWith("HTTP/1.1 200");
    }

    @Test
    void whatIsToldBackIsBounded() {
        String name = "x".repeat(40_000);
        String unknownKey = given().contentType("application/json")
                .body("{\"" + name + "\": 1}")
                .post("/v1/models/churn:score")
                .then()
                .statusCode(400)
                .extract()
                .asString();
        assertThat(unknownKey).hasSizeLessThan(8_000).contains("xxx...");
        String wrongValue = given().contentType("application/json")
                .body("{\"rows\": [{\"a\": [\"" + name + "\"]}]}")
                .post("/v1/models/churn:score")
                .then()
                .statusCode(400)
                .extract()
                .asString();
        assertThat(wrongValue).hasSizeLessThan(8_000);
    }
}
