package io.foresell.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasItem;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.config.DecoderConfig;
import io.restassured.config.EncoderConfig;
import io.restassured.config.RestAssuredConfig;
import io.restassured.response.Response;
import io.restassured.specification.RequestSpecification;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The short way answers as the usual way does; whatever it does not know goes the usual way. */
@QuarkusTest
@QuarkusTestResource(FixtureResource.class)
class ScoreRouteTest {
    private static final Pattern TAKEN = Pattern.compile("(?m)^gateway_short_way_total\\{[^}]*} ([0-9.E]+)");
    private static final String ROW = "{\"rows\": [{\"plan\": \"gold\", \"spend\": 70}]}";

    /** Layouts are learnt in the background, and connections made, by the first requests. */
    @BeforeEach
    void takeTheShortWay() throws InterruptedException {
        for (int i = 0; i < 200; i++) {
            double before = taken();
            for (int connection = 0; connection < 8; connection++) {
                json().body(ROW).post("/v1/models/packed:score");
            }
            if (taken() > before) {
                return;
            }
            Thread.sleep(50);
        }
        throw new AssertionError("the short way was not taken in 10 s");
    }

    @Test
    void answersInOrderWithSubjects() {
        Response answer = streamed(
                """
                {"rows": [{"spend": 1.5}, {"plan": "é", "spend": 2}], "subjects": ["s1", ""]}""");

        answer.then()
                .statusCode(200)
                .contentType(equalTo("application/json;charset=UTF-8"))
                .header("X-Content-Type-Options", "nosniff")
                .header("Referrer-Policy", "no-referrer")
                .body("model", equalTo("packed"))
                .body("release", equalTo(7))
                .body("rows.score", equalTo(List.of(1.5f, 2f)))
                .body("rows.label", equalTo(List.of("", "é")))
                .body("rows.band", equalTo(List.of("s1", "")));
    }

    @Test
    void goesTheUsualWayWhenInputsChanged() {
        json().body(ROW)
                .post("/v1/models/repacked:score")
                .then()
                .statusCode(200)
                .body("rows[0].missing_features", hasItem("[plan:TEXT, spend:NUMBER]"));
    }

    /** Refusals of the service read the same on both ways. */
    @ParameterizedTest
    @ValueSource(strings = {"fail-RESOURCE_EXHAUSTED", "fail-NOT_FOUND"})
    void refusesInTheSameWords(String model) {
        Response shortWay = json().body(ROW).post("/v1/models/" + model + ":score");
        Response usualWay = json().header("traceparent", "00-4bf92f3577b34da6a3ce929d0e0e4736-00f067aa0ba902b7-01")
                .body(ROW)
                .post("/v1/models/" + model + ":score");

        assertThat(shortWay.statusCode()).isEqualTo(model.endsWith("NOT_FOUND") ? 404 : 429);
        assertThat(shortWay.asString()).isEqualTo(usualWay.asString());
        assertThat(shortWay.header("Retry-After")).isEqualTo(usualWay.header("Retry-After"));
        assertThat(shortWay.contentType()).isEqualTo("application/problem+json");
    }

    /** Each of these is for the usual way, which reads the body that the short way has read already. */
    @ParameterizedTest
    @ValueSource(
            strings = {
                "{\"rows\": [{\"spend\": 70}], \"version\": 2}",
                "{\"rows\": [{\"spend\": 70}], \"labels\": 2}",
                "{\"rows\": [{\"spend\": [1, 2]}]}",
                "{\"entities\": [\"C-1\"]}"
            })
    void leavesOtherQuestionsToTheUsualWay(String body) {
        double before = taken();
        json().body(body).post("/v1/models/packed:score").then().statusCode(200);
        assertThat(taken()).isEqualTo(before);
    }

    @Test
    void leavesWordsAboutMistakesToTheUsualWay() {
        json().body("{\"rows\": [{\"spend\": 70}")
                .post("/v1/models/packed:score")
                .then()
                .statusCode(400)
                .body("reason", equalTo("JSON_MALFORMED"));
        json().body("{\"rows\": [{\"spend\": {}}]}")
                .post("/v1/models/packed:score")
                .then()
                .statusCode(400)
                .body("reason", equalTo("VALUE_INVALID"));
        json().body("{\"rows\": [{\"spend\": 1}], \"rows\": []}")
                .post("/v1/models/packed:score")
                .then()
                .statusCode(400);
    }

    @Test
    void doesNotCompressSmallAnswers() {
        Response answer = streamed(ROW);
        String plain = answer.asString();
        Response asked = given().config(RestAssuredConfig.config()
                        .decoderConfig(DecoderConfig.decoderConfig().noContentDecoders())
                        .encoderConfig(EncoderConfig.encoderConfig()
                                .appendDefaultContentCharsetToContentTypeIfUndefined(false)))
                .contentType("application/json")
                .header("Accept-Encoding", "gzip, deflate")
                .body(ROW)
                .post("/v1/models/packed:score");
        assertThat(asked.asString()).isEqualTo(plain);
    }

    /** Connections are spread over threads, of which each has its own lane: one of a few requests finds a lane that is connected. */
    private static Response streamed(String body) {
        for (int i = 0; i < 100; i++) {
            double before = taken();
            Response answer = json().body(body).post("/v1/models/packed:score");
            if (taken() > before && answer.asString().contains("streamed")) {
                return answer;
            }
        }
        throw new AssertionError("no answer over a stream");
    }

    private static RequestSpecification json() {
        return given().config(RestAssuredConfig.config()
                        .encoderConfig(EncoderConfig.encoderConfig()
                                .appendDefaultContentCharsetToContentTypeIfUndefined(false)))
                .contentType("application/json");
    }

    private static double taken() {
        Matcher taken = TAKEN.matcher(given().get("/q/metrics").asString());
        return taken.find() ? Double.parseDouble(taken.group(1)) : 0;
    }
}
