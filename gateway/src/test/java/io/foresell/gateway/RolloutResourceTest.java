package io.foresell.gateway;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import org.junit.jupiter.api.Test;

/** Rollouts by REST, as the console reads them. */
@QuarkusTest
@QuarkusTestResource(FixtureResource.class)
class RolloutResourceTest {
    @Test
    void showsTheRolloutOfAModel() {
        given().get("/v1/models/churn/rollout")
                .then()
                .statusCode(200)
                .body("id", equalTo("churn-1"))
                .body("phase", equalTo("ROLLOUT_PHASE_STEP"))
                .body("plan.steps", hasSize(2))
                .body("plan.steps[1].weight", equalTo(50))
                .body("plan.shadow.rows", equalTo(1000))
                .body("gates[0].verdict", equalTo("GATE_VERDICT_PASS"))
                .body("gates[0].numbers.calls", nullValue());
        given().get("/v1/models/nobody/rollout").then().statusCode(404).body("domain", equalTo("training"));
        given().get("/v1/models/churn/rollout?page=1")
                .then()
                .statusCode(400)
                .body("reason", equalTo("PARAMETER_UNKNOWN"));
    }

    @Test
    void listsWhatRolloutsDid() {
        given().get("/v1/models/churn/rollout/events")
                .then()
                .statusCode(200)
                .body("events[0].action", equalTo("started"))
                .body("events[0].reason", equalTo("a finer penalty"));
    }
}
