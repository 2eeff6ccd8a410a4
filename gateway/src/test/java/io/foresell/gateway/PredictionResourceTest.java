package io.foresell.gateway;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;

import io.foresell.gateway.fixture.FixturePredictions;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.http.ContentType;
import org.junit.jupiter.api.Test;

/** Outcomes, logged predictions, replays and live metrics by REST. */
@QuarkusTest
@QuarkusTestResource(FixtureResource.class)
class PredictionResourceTest {
    @Test
    void takesOutcomesEachForItself() {
        given().contentType(ContentType.JSON)
                .body("{\"outcomes\": [{\"prediction_id\": \"%s\", \"value\": true}, {\"subject\": \"C-1\", \"model\":"
                                .formatted(FixturePredictions.ID)
                        + " \"churn\", \"until\": \"2024-06-01T00:00:00Z\", \"value\": 13}]}")
                .post("/v1/outcomes")
                .then()
                .statusCode(200)
                .body("accepted_count", equalTo(1))
                .body("labelled_prediction_count", equalTo(1))
                .body("errors", hasSize(1))
                .body("errors[0].index", equalTo(1))
                .body("errors[0].reason", equalTo("OUTCOME_CONTRADICTS"));
        given().contentType(ContentType.JSON)
                .body("{\"outcomes\": [{\"value\": 1}]}")
                .post("/v1/outcomes")
                .then()
                .statusCode(400)
                .body("reason", equalTo("INPUT_INVALID"));
    }

    @Test
    void showsAPrediction() {
        given().get("/v1/predictions/" + FixturePredictions.ID)
                .then()
                .statusCode(200)
                .body("record.model", equalTo("churn"))
                .body("record.answer.score", equalTo(0.25f))
                .body("outcomes[0].number", equalTo(1f));
        given().get("/v1/predictions/nobody").then().statusCode(404);
    }

    @Test
    void measuresAKindByName() {
        given().get("/v1/models/churn/live?kind=shadow&version=2").then().statusCode(200);
        given().get("/v1/models/churn/live?kind=degraded").then().statusCode(200);
        given().get("/v1/models/churn/live?kind=Shadow")
                .then()
                .statusCode(400)
                .body("reason", equalTo("PARAMETER_INVALID"));
    }

    @Test
    void replaysAPrediction() {
        given().post("/v1/predictions/" + FixturePredictions.ID + "/replay?reasons=2")
                .then()
                .statusCode(200)
                .body("is_answer_same", equalTo(true))
                .body("replayed.reasons", hasSize(2))
                .body("package_source", equalTo("registry"));
    }

    @Test
    void measuresAModel() {
        given().get("/v1/models/churn/live?version=2&from=2024-06-01T00:00:00Z")
                .then()
                .statusCode(200)
                .body("model", equalTo("churn"))
                .body("from_millis", equalTo(1717200000000L))
                .body("versions[0].version", equalTo(2))
                .body("versions[0].metrics.roc_auc", equalTo(0.81f));
        given().get("/v1/models/churn/live?form=x").then().statusCode(400);
    }
}
