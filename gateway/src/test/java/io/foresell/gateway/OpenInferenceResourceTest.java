package io.foresell.gateway;

import static io.foresell.gateway.InferBodies.LENGTH;
import static io.foresell.gateway.InferBodies.floats;
import static io.foresell.gateway.InferBodies.gzip;
import static io.foresell.gateway.InferBodies.infer;
import static io.foresell.gateway.InferBodies.joined;
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
import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** REST of the Open Inference Protocol against an inference service that echoes tensors. */
@QuarkusTest
@QuarkusTestResource(FixtureResource.class)
class OpenInferenceResourceTest {
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
}
