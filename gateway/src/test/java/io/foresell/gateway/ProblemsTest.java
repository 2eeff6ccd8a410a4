package io.foresell.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.not;
import static org.hamcrest.Matchers.nullValue;

import io.foresell.gateway.problem.Problems;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.RestAssured;
import io.restassured.http.ContentType;
import io.restassured.response.ValidatableResponse;
import java.io.ByteArrayInputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@QuarkusTestResource(FixtureResource.class)
class ProblemsTest {
    private static final String PROBLEM = "application/problem+json";

    private static ValidatableResponse problem(ValidatableResponse response, int status, String reason) {
        return response.statusCode(status)
                .contentType(PROBLEM)
                .body("status", equalTo(status))
                .body("reason", equalTo(reason))
                .body("type", equalTo("urn:foresell:problem:" + reason.toLowerCase(java.util.Locale.ROOT)));
    }

    private static ValidatableResponse posted(String body) {
        return given().contentType(ContentType.JSON)
                .body(body)
                .post("/v1/models/churn:score")
                .then();
    }

    @ParameterizedTest
    @CsvSource({
        "INVALID_ARGUMENT, 400, Bad Request",
        "OUT_OF_RANGE, 400, Bad Request",
        "UNAUTHENTICATED, 401, Unauthorized",
        "PERMISSION_DENIED, 403, Forbidden",
        "NOT_FOUND, 404, Not Found",
        "ALREADY_EXISTS, 409, Conflict",
        "ABORTED, 409, Conflict",
        "FAILED_PRECONDITION, 409, Conflict",
        "RESOURCE_EXHAUSTED, 429, Too Many Requests",
        "UNIMPLEMENTED, 501, Not Implemented",
        "UNAVAILABLE, 503, Service Unavailable",
        "DEADLINE_EXCEEDED, 504, Gateway Timeout",
        "DATA_LOSS, 500, Internal Server Error",
        "INTERNAL, 500, Internal Server Error"
    })
    void tellsWhatAServiceAnswered(String code, int status, String title) {
        problem(given().get("/v1/customers/fail-" + code + "/churn").then(), status, "FIXTURE_" + code)
                .body("title", equalTo(title))
                .body("detail", equalTo("row_count: 5000 (expected: 1..4096)"))
                .body("instance", equalTo("/v1/customers/fail-" + code + "/churn"))
                .body("domain", equalTo("inference"))
                .body("metadata.value", equalTo("5000"))
                .body("violations", hasSize(code.equals("INVALID_ARGUMENT") ? 1 : 0));
    }

    @Test
    void namesTheFieldsAtFault() {
        given().get("/v1/customers/fail-INVALID_ARGUMENT/churn")
                .then()
                .body("violations[0].field", equalTo("row_count"))
                .body("violations[0].description", equalTo("5000 (expected: 1..4096)"));
    }

    @ParameterizedTest
    @CsvSource({
        "fail-UNAVAILABLE, 3",
        "fail-RESOURCE_EXHAUSTED, 3",
        "bare-UNAVAILABLE, 1",
        "bare-RESOURCE_EXHAUSTED, 1",
        "fail-NOT_FOUND,",
        "fail-DEADLINE_EXCEEDED,"
    })
    void saysWhenToTryAgain(String entity, String wholeSeconds) {
        given().get("/v1/customers/" + entity + "/churn")
                .then()
                .header("Retry-After", wholeSeconds == null ? nullValue() : equalTo(wholeSeconds));
    }

    @ParameterizedTest
    @CsvSource({
        "UNAVAILABLE, 503, inference cannot be reached",
        "INTERNAL, 500, see the log of inference",
        "UNKNOWN, 500, see the log of inference"
    })
    void hidesWordsForProgrammers(String code, int status, String detail) {
        problem(given().get("/v1/customers/bare-" + code + "/churn").then(), status, code)
                .body("detail", containsString(detail))
                .body("detail", not(containsString("netty")));
    }

    @Test
    void endsACallThatIsNotAnsweredInTime() {
        problem(given().get("/v1/customers/silent/churn").then(), 504, "DEADLINE_EXCEEDED")
                .body("detail", equalTo("inference: no answer (expected: within 3000 ms)"));
    }

    @Test
    void refusesWorkOnOtherServicesInTheSameWay() {
        problem(given().get("/v1/models/fail-NOT_FOUND/versions").then(), 404, "FIXTURE_NOT_FOUND");
        problem(given().get("/v1/models/fail-UNAVAILABLE/releases").then(), 503, "FIXTURE_UNAVAILABLE");
        problem(given().get("/v1/jobs?model=bare-UNAVAILABLE").then(), 503, "UNAVAILABLE")
                .body("domain", equalTo("training"));
    }

    @Test
    void namesTheNearestModel() {
        problem(given().get("/v1/models/chrun").then(), 404, "MODEL_NOT_FOUND")
                .body("detail", equalTo("model: 'chrun' not found (expected: a registered model, nearest is 'churn')"));
    }

    @Test
    void refusesUnknownKeysAndNamesTheNearest() {
        problem(posted("{\"row\": [{\"a\": 1}]}"), 400, "KEY_UNKNOWN")
                .body("violations[0].field", equalTo("row"))
                .body("detail", containsString("nearest is 'rows'"))
                .body(
                        "detail",
                        containsString(
                                "one of entities, labels, language, reason_label, reasons, rows, subjects, version"))
                .body("metadata.nearest", equalTo("rows"));
    }

    @Test
    void refusesUnknownParametersAndNamesTheNearest() {
        problem(given().get("/v1/customers/C-1/churn?reason=3").then(), 400, "PARAMETER_UNKNOWN")
                .body("violations[0].field", equalTo("reason"))
                .body("detail", containsString("nearest is 'reasons'"));
        problem(given().get("/v1/customers/C-1/churn?reasons=three").then(), 400, "PARAMETER_INVALID")
                .body("detail", equalTo("reasons: 'three' (expected: an integer)"));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"{}", "null", "", "{\"rows\": [], \"entities\": []}", "{\"rows\": null}", "{\"version\": 1}"})
    void wantsExactlyOneOfRowsAndEntities(String body) {
        problem(posted(body), 400, "INPUT_INVALID").body("detail", containsString("exactly one of rows and entities"));
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "{'rows': [{'a': {'b': 1}}]} | rows[0].a",
                "{'rows': [{'a': 1}, {'a': [1, 'x']}]} | rows[1].a[1]",
                "{'rows': [null]} | rows[0]",
                "{'entities': [null]} | entities[0]",
                "{'rows': {'a': 1}} | rows",
                "{'rows': [5]} | rows[0]",
                "{'entities': 'C-1'} | entities",
                "{'entities': [7]} | entities[0]",
                "{'entities': ['C-1'], 'version': 1.5} | version",
                "{'entities': ['C-1'], 'version': '1'} | version",
                "{'entities': ['C-1'], 'language': 7} | language",
                "[] | body"
            })
    void namesTheValueOfTheWrongType(String body, String field) {
        problem(posted(body.replace('\'', '"')), 400, "VALUE_INVALID").body("violations.field", hasItem(field));
    }

    @Test
    void saysWhereJsonIsMalformed() {
        problem(posted("{\"rows\": [\n  {\"a\": 1,,}\n]}"), 400, "JSON_MALFORMED")
                .body("detail", containsString("line 2, column "))
                .body("metadata.line", equalTo("2"))
                .body("detail", not(containsString("com.fasterxml")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"rows\": [{\"a\": 1",
                "not json",
                "{\"rows\": [{\"a\": 1, \"a\": 2}]}",
                "{\"entities\": [\"C-1\"]} {}",
                "{\"entities\": [\"C-1\"], \"entities\": [\"C-2\"]}",
                "{\"rows\": [{\"a\": NaN}]}"
            })
    void refusesWhatIsNotOneJsonDocument(String body) {
        posted(body).statusCode(400).contentType(PROBLEM).body("detail", not(containsString("com.fasterxml")));
    }

    @Test
    void answersUnknownPathsMethodsAndMediaTypes() {
        problem(given().get("/v1/nothing/here").then(), 404, "PATH_NOT_FOUND")
                .body("instance", equalTo("/v1/nothing/here"));
        problem(given().get("/nothing.html").then(), 404, "PATH_NOT_FOUND");
        problem(given().delete("/v1/models").then(), 405, "METHOD_NOT_ALLOWED");
        problem(given().put("/v1/models/churn:score").then(), 405, "METHOD_NOT_ALLOWED");
        problem(
                given().contentType("text/csv")
                        .body("a,b")
                        .post("/v1/models/churn:score")
                        .then(),
                415,
                "MEDIA_TYPE_UNSUPPORTED");
        problem(given().accept("text/csv").get("/v1/models").then(), 406, "NOT_ACCEPTABLE");
    }

    @Test
    void refusesBodiesOverTheLimit() {
        String row = "{\"rows\": [{\"a\": \"" + "x".repeat(70_000) + "\"}]}";
        problem(posted(row), 413, "BODY_TOO_LARGE").body("detail", containsString("65536"));
    }

    /** The length of a chunked body shows only when it is read; what came is read to its end, so that the answer is heard. */
    @ParameterizedTest
    @ValueSource(ints = {70_000, 200_000, 9_000_000})
    void refusesBodiesOfUnannouncedLengthOverTheLimit(int length) throws Exception {
        HttpResponse<String> answer = sentInChunks("{\"rows\": [{\"a\": \"" + "x".repeat(length) + "\"}]}");
        assertThat(answer.statusCode()).isEqualTo(413);
        assertThat(answer.headers().firstValue("Content-Type")).hasValue(Problems.MEDIA_TYPE);
        assertThat(answer.body())
                .contains("BODY_TOO_LARGE", "body: more than 65536 bytes (expected: 0..65536)", "churn:score");
    }

    @Test
    void takesBodiesOfUnannouncedLengthWithinTheLimit() throws Exception {
        HttpResponse<String> answer = sentInChunks("{\"rows\": [{\"a\": \"" + "x".repeat(60_000) + "\"}]}");
        assertThat(answer.statusCode())
                .isEqualTo(posted("{\"rows\": [{\"a\": \"x\"}]}").extract().statusCode());
    }

    private static HttpResponse<String> sentInChunks(String body) throws Exception {
        byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
        HttpRequest request = HttpRequest.newBuilder(
                        URI.create(RestAssured.baseURI + ":" + RestAssured.port + "/v1/models/churn:score"))
                .timeout(Duration.ofSeconds(30))
                .header("Content-Type", "application/json")
                .POST(HttpRequest.BodyPublishers.ofInputStream(() -> new ByteArrayInputStream(bytes)))
                .build();
        return HttpClient.newHttpClient().send(request, HttpResponse.BodyHandlers.ofString());
    }
}
