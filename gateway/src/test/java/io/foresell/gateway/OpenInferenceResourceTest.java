package io.foresell.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.notNullValue;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import io.restassured.response.Response;
import io.restassured.response.ValidatableResponse;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** REST of the Open Inference Protocol against an inference service that echoes tensors. */
@QuarkusTest
@QuarkusTestResource(FixtureResource.class)
class OpenInferenceResourceTest {
    private static final String LENGTH = "Inference-Header-Content-Length";

    private static ValidatableResponse infer(String body) {
        return given().contentType(ContentType.JSON)
                .body(body)
                .post("/v2/models/churn/infer")
                .then();
    }

    private static byte[] joined(String json, byte[]... parts) {
        ByteArrayOutputStream body = new ByteArrayOutputStream();
        body.writeBytes(json.getBytes(StandardCharsets.UTF_8));
        for (byte[] part : parts) {
            body.writeBytes(part);
        }
        return body.toByteArray();
    }

    private static byte[] floats(float... values) {
        ByteBuffer bytes = ByteBuffer.allocate(4 * values.length).order(ByteOrder.LITTLE_ENDIAN);
        for (float value : values) {
            bytes.putFloat(value);
        }
        return bytes.array();
    }

    @Test
    void tellsHealth() {
        given().get("/v2/health/live").then().statusCode(200).body("live", equalTo(true));
        given().get("/v2/health/ready").then().statusCode(200).body("ready", equalTo(true));
    }

    @Test
    void describesServerAndModels() {
        given().get("/v2")
                .then()
                .statusCode(200)
                .contentType(ContentType.JSON)
                .body("name", equalTo("fixture"))
                .body("version", equalTo("1.2"))
                .body("extensions", equalTo(List.of("statistics")));
        given().get("/v2/models").then().statusCode(200).body("models", equalTo(List.of("churn")));
        given().get("/v2/models/churn?any=1")
                .then()
                .statusCode(200)
                .body("name", equalTo("churn"))
                .body("versions", equalTo(List.of("3")))
                .body("inputs[0].shape", equalTo(List.of(-1, 1)));
        given().get("/v2/models/churn/versions/2").then().body("versions", equalTo(List.of("2")));
        given().get("/v2/models/churn/config")
                .then()
                .body("max_batch_size", equalTo(8))
                .body("input[0].data_type", equalTo("TYPE_FP32"))
                .body("input[0].dims", equalTo(List.of(1)));
        given().get("/v2/models/churn/versions/2/config").then().statusCode(200);
    }

    @Test
    void tellsWhetherAModelIsReady() {
        given().get("/v2/models/churn/ready")
                .then()
                .statusCode(200)
                .body("name", equalTo("churn"))
                .body("ready", equalTo(true));
        given().get("/v2/models/churn/versions/3/ready").then().statusCode(200);
        given().get("/v2/models/away/ready").then().statusCode(503).body("ready", equalTo(false));
        given().get("/v2/models/fail-NOT_FOUND/ready").then().statusCode(404).body("error", notNullValue());
    }

    @Test
    void tellsStatistics() {
        for (String path : List.of("/v2/models/stats", "/v2/models/churn/stats", "/v2/models/churn/versions/3/stats")) {
            given().get(path)
                    .then()
                    .statusCode(200)
                    .body("model_stats", hasSize(1))
                    .body("model_stats[0].inference_count", equalTo(7))
                    .body("model_stats[0].inference_stats.success.ns", equalTo(9_000_000_000L));
        }
    }

    @Test
    void listsLoadsAndUnloads() {
        given().post("/v2/repository/index").then().statusCode(200).body("name", equalTo(List.of("churn", "away")));
        given().body("{\"ready\": true}")
                .post("/v2/repository/index")
                .then()
                .body("name", equalTo(List.of("churn")))
                .body("state", equalTo(List.of("READY")));
        given().body("{}").post("/v2/repository/models/churn/load").then().statusCode(200);
        given().body("{\"parameters\": {\"unload_dependents\": false}}")
                .post("/v2/repository/models/churn/unload")
                .then()
                .statusCode(200);
        given().post("/v2/repository/models/fail-NOT_FOUND/load").then().statusCode(404);
        given().body("[").post("/v2/repository/index").then().statusCode(400).body("error", containsString("JSON"));
    }

    @Test
    void infersFromNestedAndFlatData() {
        infer(
                        """
                {"id": "r1", "inputs": [
                  {"name": "a", "shape": [2, 2], "datatype": "FP32", "data": [[1, 2.5], [null, -4]]},
                  {"data": ["x", "张"], "name": "b", "datatype": "BYTES", "shape": [2]}]}""")
                .statusCode(200)
                .contentType(ContentType.JSON)
                .header(LENGTH, nullValue())
                .body("model_name", equalTo("churn"))
                .body("model_version", equalTo("3"))
                .body("id", equalTo("r1"))
                .body("outputs[0].shape", equalTo(List.of(2, 2)))
                .body("outputs[0].data", equalTo(Arrays.asList(1f, 2.5f, null, -4f)))
                .body("outputs[1].data", equalTo(List.of("x", "张")));
        infer("{\"inputs\": []}").statusCode(200).body("id", nullValue());
        given().body("{\"inputs\": []}")
                .post("/v2/models/churn/versions/2/infer")
                .then()
                .body("model_version", equalTo("2"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "BOOL|[true, false, 1]|[true, false, true]",
                "INT8|[-128, 127, 0]|[-128, 127, 0]",
                "UINT8|[0, 255, 1]|[0, 255, 1]",
                "INT16|[-32768, 32767, 0]|[-32768, 32767, 0]",
                "UINT16|[0, 65535, 1]|[0, 65535, 1]",
                "INT32|[-2147483648, 2147483647, 0]|[-2147483648, 2147483647, 0]",
                "UINT32|[0, 4294967295, 1]|[0, 4294967295, 1]",
                "INT64|[-9223372036854775808, 9223372036854775807, 0]|[-9223372036854775808,9223372036854775807,0]",
                "UINT64|[0, 18446744073709551615, 1]|[0,18446744073709551615,1]",
                "FP64|[0.1, 1e300, -3]|[0.1,1.0E300,-3.0]",
                "FP32|[0.1, NaN, -3]|[0.1,null,-3.0]"
            })
    void carriesEveryDatatype(String datatype, String data, String expected) {
        String body = infer("{\"inputs\": [{\"name\": \"a\", \"shape\": [3], \"datatype\": \"%s\", \"data\": %s}]}"
                        .formatted(datatype, data))
                .statusCode(200)
                .extract()
                .asString();
        assertThat(body).contains("\"data\":" + expected.replace(" ", ""));
    }

    @Test
    void takesBinaryAndAnswersItWhereWanted() {
        String json =
                """
                {"inputs": [{"name": "a", "shape": [2], "datatype": "FP32", "parameters": {"binary_data_size": 8}},
                 {"name": "b", "shape": [1], "datatype": "INT32", "data": [7]},
                 {"name": "c", "shape": [1], "datatype": "FP16", "parameters": {"binary_data_size": 2}}],
                 "parameters": {"binary_data_output": true, "subject": "C-1"},
                 "outputs": [{"name": "b", "parameters": {"binary_data": false}}]}""";
        byte[] half = {0, 0x4E};
        Response response = given().header(LENGTH, json.getBytes(StandardCharsets.UTF_8).length)
                .contentType("application/octet-stream")
                .body(joined(json, floats(1, 2), half))
                .post("/v2/models/churn/infer");
        assertThat(response.statusCode()).isEqualTo(200);
        int length = Integer.parseInt(response.header(LENGTH));
        byte[] body = response.asByteArray();
        String answer = new String(body, 0, length, StandardCharsets.UTF_8);
        assertThat(answer)
                .contains(
                        "{\"name\":\"a\",\"datatype\":\"FP32\",\"shape\":[2],\"parameters\":{\"binary_data_size\":8}}")
                .contains("{\"name\":\"b\",\"datatype\":\"INT32\",\"shape\":[1],\"data\":[7]}")
                .contains("\"parameters\":{\"seen\":\"subject\"}");
        assertThat(Arrays.copyOfRange(body, length, body.length)).isEqualTo(joined("", floats(1, 2), half));
    }

    /** The common client sends no media type with binary data. */
    @Test
    void needsNoMediaType() throws Exception {
        String json =
                "{\"inputs\":[{\"name\":\"a\",\"shape\":[1],\"datatype\":\"FP32\",\"parameters\":{\"binary_data_size\":4}}]}";
        HttpRequest request = HttpRequest.newBuilder(URI.create(
                        "http://localhost:" + io.restassured.RestAssured.port + "/v2/models/churn/infer?test_1=1"))
                .header(LENGTH, String.valueOf(json.length()))
                .POST(HttpRequest.BodyPublishers.ofByteArray(joined(json, floats(3))))
                .build();
        HttpResponse<String> response = HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
        assertThat(response.statusCode()).isEqualTo(200);
        assertThat(response.body()).contains("\"data\":[3.0]");
    }

    @Test
    void takesCompressedBodiesUpToTheLimit() throws IOException {
        String json = "{\"inputs\": [{\"name\": \"a\", \"shape\": [1], \"datatype\": \"INT32\", \"data\": [7]}]}";
        given().header("Content-Encoding", "gzip")
                .body(gzip(json.getBytes(StandardCharsets.UTF_8)))
                .post("/v2/models/churn/infer")
                .then()
                .statusCode(200)
                .body("outputs[0].data", equalTo(List.of(7)));
        given().header("Content-Encoding", "gzip")
                .body(gzip(new byte[1 << 20]))
                .post("/v2/models/churn/infer")
                .then()
                .statusCode(413)
                .body("error", containsString("when inflated (expected: 0..65536)"));
        given().header("Content-Encoding", "gzip")
                .body("no gzip")
                .post("/v2/models/churn/infer")
                .then()
                .statusCode(400)
                .body("error", containsString("not gzip"));
        given().header("Content-Encoding", "br")
                .body("x")
                .post("/v2/models/churn/infer")
                .then()
                .statusCode(415);
    }

    private static byte[] gzip(byte[] bytes) throws IOException {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        try (GZIPOutputStream gzip = new GZIPOutputStream(out)) {
            gzip.write(bytes);
        }
        return out.toByteArray();
    }

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
    void saysWhichRungOfALadderAnswered() {
        given().body(
                        "{\"parameters\": {\"hurried\": true}, \"inputs\": [{\"name\": \"a\", \"shape\": [1], \"datatype\": \"FP32\", \"data\": [1]}]}")
                .post("/v2/models/churn/infer")
                .then()
                .statusCode(200)
                .body("model_version", equalTo("1"))
                .body("parameters.degradation", equalTo("fallback"))
                .body("parameters.degradation_cause", equalTo("deadline"))
                .body("parameters.chosen_version", equalTo(3));
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
