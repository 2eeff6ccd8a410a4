package io.foresell.gateway;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(FixtureResource.class)
class ScoreResourceTest {
    @Test
    void answersChurnOfOneCustomerWithReasons() {
        given().get("/v1/customers/C-1043/churn")
                .then()
                .statusCode(200)
                .contentType(ContentType.JSON)
                .body("customer", equalTo("C-1043"))
                .body("score", equalTo(0.084f))
                .body("band", equalTo("low"))
                .body("model", equalTo("churn"))
                .body("version", equalTo(3))
                .body("release", equalTo(2))
                .body("feature_age_seconds", equalTo(5400f))
                .body("reasons", hasSize(3))
                .body("reasons[0].feature", equalTo("orders_90d"))
                .body("reasons[0].value", equalTo("9"))
                .body("reasons[0].contribution", equalTo(-0.91f))
                .body("reasons[0].sentence", equalTo("9 orders in 90 days lower the risk"))
                .body("missing_features", equalTo(java.util.List.of("age_band")))
                .body("stale_features", equalTo(java.util.List.of("web_visits_30d")));
    }

    @Test
    void passesReasonCountAndLanguageOn() {
        given().queryParam("reasons", "1")
                .queryParam("language", "zh")
                .get("/v1/customers/C-1042/churn")
                .then()
                .statusCode(200)
                .body("reasons", hasSize(1))
                .body("reasons[0].sentence", startsWith("距上次下单"));
    }

    @Test
    void keepsUnusualKeysWhole() {
        given().urlEncodingEnabled(false)
                .get("/v1/customers/a%2Fb%20c:%E5%BC%A0/churn")
                .then()
                .statusCode(200)
                .body("customer", equalTo("a/b c:张"));
    }

    @Test
    void scoresAnEntityWithANamedVersion() {
        given().get("/v1/models/churn/entities/C-1042/score?version=2&reasons=0")
                .then()
                .statusCode(200)
                .body("entity", equalTo("C-1042"))
                .body("version", equalTo(2))
                .body("release", equalTo(0))
                .body("reasons", hasSize(0));
    }

    @Test
    void scoresRowsOfEveryKindOfValue() {
        given().contentType(ContentType.JSON)
                .body(
                        """
                        {"rows": [{"a": 1.5, "b": "x", "c": true, "d": [1, null, 3], "e": null}, {"a": 2}]}""")
                .post("/v1/models/churn:score")
                .then()
                .statusCode(200)
                .body("model", equalTo("churn"))
                .body("release", equalTo(2))
                .body("rows", hasSize(2))
                .body("rows[0].entity", equalTo(""))
                .body("rows[0].feature_age_seconds", nullValue())
                .body(
                        "rows[0].missing_features[0]",
                        equalTo("[a:NUMBER, b:TEXT, c:BOOLEAN, d:NUMBERS, e:KIND_NOT_SET]"));
    }

    @Test
    void scoresEntitiesInOrder() {
        given().contentType(ContentType.JSON)
                .body(
                        """
                        {"entities": ["C-2", "C-1"], "version": 1, "reasons": 2, "language": "en"}""")
                .post("/v1/models/churn:score")
                .then()
                .statusCode(200)
                .body("rows.entity", equalTo(java.util.List.of("C-2", "C-1")))
                .body("rows[0].version", equalTo(1))
                .body("rows[0].reasons", hasSize(2));
    }

    @Test
    void answersClassesBestFirst() {
        given().contentType(ContentType.JSON)
                .body(
                        """
                        {"rows": [{"spend": 70}], "labels": 2, "reasons": 1, "reason_label": "silver"}""")
                .post("/v1/models/plan:score")
                .then()
                .statusCode(200)
                .body("rows[0].label", equalTo("gold"))
                .body("rows[0].score", equalTo(0.62f))
                .body("rows[0].band", equalTo(""))
                .body("rows[0].labels.label", equalTo(java.util.List.of("gold", "silver")))
                .body("rows[0].labels[1].score", equalTo(0.28f))
                .body("rows[0].reasons[0].sentence", equalTo("spend is 70: raises the score of silver"));
        given().get("/v1/models/plan/entities/C-1/score?labels=1&reason_label=basic")
                .then()
                .statusCode(200)
                .body("label", equalTo("gold"))
                .body("labels", hasSize(1))
                .body("reasons[0].sentence", equalTo("spend is 70: raises the score of basic"));
    }
}
