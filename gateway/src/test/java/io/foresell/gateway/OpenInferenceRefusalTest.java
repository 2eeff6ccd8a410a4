package io.foresell.gateway;

import static io.foresell.gateway.InferBodies.LENGTH;
import static io.foresell.gateway.InferBodies.floats;
import static io.foresell.gateway.InferBodies.infer;
import static io.foresell.gateway.InferBodies.joined;
import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.notNullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What REST of the Open Inference Protocol says to requests that are wrong, and when the service refuses. */
@QuarkusTest
@QuarkusTestResource(FixtureResource.class)
class OpenInferenceRefusalTest {
    static List<List<String>> nonsense() {
        String tensor = "{\"inputs\": [{\"name\": \"a\", \"shape\": [1], \"datatype\": \"INT32\", %s}]}";
        return List.of(
                List.of("", "body: nothing (expected: an object)"),
                List.of("{", "failed to parse the request JSON at line 1"),
                List.of("[]", "body: an array (expected: an object)"),
                List.of("7", "body: 7 (expected: an object)"),
                List.of("{} {}", "body: an object (expected: nothing after the object)"),
                List.of("{\"id\": 7}", "id: 7 (expected: a text)"),
                List.of("{\"inputs\": {}}", "inputs: an object (expected: an array)"),
                List.of("{\"inputs\": [7]}", "inputs[0]: 7 (expected: an object)"),
                List.of("{\"inputs\": [{}]}", "inputs[0].name: missing"),
                List.of("{\"inputs\": [{\"name\": \"a\", \"data\": [1]}]}", "inputs[0].datatype: missing"),
                List.of(tensor.formatted("\"data\": [1.5]"), "inputs[0].data[0]: 1.5 (expected: a whole number"),
                List.of(tensor.formatted("\"data\": [\"1\"]"), "inputs[0].data[0]: 1 (expected: a whole number"),
                List.of(
                        tensor.formatted("\"data\": [3000000000]"),
                        "3000000000 (expected: a whole number in -2147483648"),
                List.of(tensor.formatted("\"data\": [null]"), "inputs[0].data[0]: null"),
                List.of(
                        tensor.formatted("\"data\": [{}]"),
                        "inputs[0].data[0]: an object (expected: an element of INT32)"),
                List.of(tensor.formatted("\"data\": 1"), "inputs[0].data: 1 (expected: an array)"),
                List.of(tensor.formatted("\"data\": [1, 2]"), "inputs[0].data: 2 elements (expected: 1 for shape [1])"),
                List.of(tensor.formatted("\"data\": [[[[[[[[[1]]]]]]]]]"), "nested deeper than 8"),
                List.of(tensor.formatted("\"x\": 1"), "neither data nor binary_data_size"),
                List.of(
                        tensor.formatted("\"data\": [1], \"parameters\": {\"binary_data_size\": 4}"),
                        "both data and binary_data_size"),
                List.of(
                        tensor.formatted("\"parameters\": {\"binary_data_size\": 4}"),
                        "binary_data_size: 4 (expected: 0..0"),
                List.of(tensor.formatted("\"parameters\": {\"binary_data_size\": -1}"), "binary_data_size: -1"),
                List.of(tensor.formatted("\"parameters\": {\"binary_data_size\": \"x\"}"), "no whole number"),
                List.of(
                        tensor.formatted("\"data\": [1], \"parameters\": {\"x\": []}"),
                        "inputs[0].parameters.x: an array"),
                List.of("{\"inputs\": [{\"name\": \"a\", \"shape\": [1.5]}]}", "inputs[0].shape[0]: 1.5"),
                List.of(
                        "{\"inputs\": [{\"name\": \"a\", \"shape\": [1], \"datatype\": \"FP16\", \"data\": [1]}]}",
                        "inputs[0].datatype: 'FP16'",
                        "in binary"),
                List.of("{\"outputs\": [7]}", "outputs[0]: 7 (expected: an object)"),
                List.of("{\"parameters\": {\"binary_data_output\": 1}}", "true or false"),
                List.of("{\"id\": \"a\", \"id\": \"b\"}", "failed to parse"));
    }

    @ParameterizedTest
    @MethodSource("nonsense")
    void refusesNonsense(List<String> bodyAndParts) {
        String error = infer(bodyAndParts.get(0))
                .statusCode(400)
                .contentType(ContentType.JSON)
                .extract()
                .path("error");
        for (String part : bodyAndParts.subList(1, bodyAndParts.size())) {
            assertThat(error).contains(part);
        }
    }

    @ParameterizedTest
    @CsvSource({"0", "-1", "x", "999999"})
    void refusesAWrongLengthOfTheJson(String length) {
        given().header(LENGTH, length)
                .body("{\"inputs\": []}")
                .post("/v2/models/churn/infer")
                .then()
                .statusCode(400)
                .body("error", containsString(LENGTH));
    }

    @Test
    void refusesBytesThatNoTensorClaims() {
        String json = "{\"inputs\": []}";
        given().header(LENGTH, json.length())
                .body(joined(json, floats(1)))
                .post("/v2/models/churn/infer")
                .then()
                .statusCode(400)
                .body(
                        "error",
                        equalTo("binary data: 4 bytes after the JSON (expected: 0, the sum of all binary_data_size)"));
    }

    @Test
    void refusesBytesThatJsonCannotTell() {
        String json =
                "{\"inputs\":[{\"name\":\"a\",\"shape\":[1],\"datatype\":\"BYTES\",\"parameters\":{\"binary_data_size\":5}}]}";
        byte[] text = {1, 0, 0, 0, (byte) 0xFF};
        given().header(LENGTH, json.length())
                .body(joined(json, text))
                .post("/v2/models/churn/infer")
                .then()
                .statusCode(400)
                .body("error", containsString("binary_data true"));
    }

    @ParameterizedTest
    @CsvSource({
        "INVALID_ARGUMENT,400",
        "NOT_FOUND,404",
        "PERMISSION_DENIED,403",
        "RESOURCE_EXHAUSTED,429",
        "UNAVAILABLE,503",
        "UNIMPLEMENTED,501",
        "DEADLINE_EXCEEDED,504",
        "INTERNAL,500"
    })
    void saysWhatTheServiceSaid(String code, int status) {
        Response response = given().body("{\"inputs\": []}").post("/v2/models/fail-" + code + "/infer");
        assertThat(response.statusCode()).isEqualTo(status);
        assertThat(response.contentType()).startsWith("application/json");
        assertThat(response.<Object>path("$"))
                .isEqualTo(java.util.Map.of("error", "row_count: 5000 (expected: 1..4096)"));
        assertThat(response.header("Retry-After")).isEqualTo(status == 429 || status == 503 ? "3" : null);
    }

    @Test
    void speaksTheProtocolWhenAPathIsNotThere() {
        given().get("/v2/nothing").then().statusCode(404).body("error", containsString("/v2/nothing"));
        given().get("/v2/models/churn/infer").then().statusCode(405).body("error", notNullValue());
        given().body(new byte[100_000])
                .post("/v2/models/churn/infer")
                .then()
                .statusCode(413)
                .body("error", containsString("100000 bytes"));
    }

    @Test
    void staysSoundUnderMutilatedBodies() {
        Random random = new Random(5);
        byte[] sound = joined(
                "{\"id\":\"r\",\"parameters\":{\"a\":1},\"inputs\":[{\"name\":\"a\",\"shape\":[2,1],\"datatype\":\"INT32\",\"data\":[[1],[2]]}]}");
        for (int i = 0; i < 30; i++) {
            byte[] body = sound.clone();
            for (int edits = 1 + random.nextInt(3); edits > 0; edits--) {
                body[random.nextInt(body.length)] = (byte) random.nextInt(256);
            }
            Response response = given().body(body).post("/v2/models/churn/infer");
            assertThat(response.statusCode())
                    .as(new String(body, StandardCharsets.ISO_8859_1))
                    .isIn(200, 400);
            if (response.statusCode() == 400) {
                assertThat(response.<String>path("error")).isNotEmpty();
            }
        }
    }
}
