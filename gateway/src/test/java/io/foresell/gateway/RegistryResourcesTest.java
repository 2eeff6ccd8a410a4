package io.foresell.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.equalTo;
import static org.hamcrest.Matchers.greaterThan;
import static org.hamcrest.Matchers.hasSize;
import static org.hamcrest.Matchers.nullValue;
import static org.hamcrest.Matchers.startsWith;

import io.foresell.gateway.fixture.FixtureCluster;
import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.response.Response;
import java.util.List;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(FixtureResource.class)
class RegistryResourcesTest {
    @Test
    void listsModels() {
        given().get("/v1/models")
                .then()
                .statusCode(200)
                .body("models", hasSize(1))
                .body("models[0].name", equalTo("churn"))
                .body("models[0].version_count", equalTo(3))
                .body("models[0].aliases.champion", equalTo(3))
                .body("models[0].release.routes.weight", equalTo(List.of(90, 10)))
                .body("models[0].latest_version.algorithm", equalTo("boosted_trees"));
    }

    @Test
    void returnsOneModel() {
        given().get("/v1/models/churn")
                .then()
                .statusCode(200)
                .body("name", equalTo("churn"))
                .body("release.revision", equalTo(2));
    }

    @Test
    void listsVersionsWithTheirEvaluation() {
        given().get("/v1/models/churn/versions")
                .then()
                .statusCode(200)
                .body("versions.version", equalTo(List.of(3, 2, 1)))
                .body("versions.engine", equalTo(List.of("compiled", "onnxruntime", "compiled")))
                .body("versions[1].fallback_reason", equalTo("operator TopK: unknown"))
                .body("versions[0].evaluation.metrics.roc_auc", equalTo(0.871f))
                .body("versions[0].evaluation.baseline_metrics.roc_auc", equalTo(0.5f))
                .body("versions[0].evaluation.calibration", hasSize(10))
                .body("versions[0].evaluation.calibration[0].mean_predicted", equalTo(0.012f))
                .body("versions[0].evaluation.lift[0].top_fraction", equalTo(0.05f))
                .body("versions[0].evaluation.importance[0].feature", equalTo("days_since_last_order"))
                .body("versions[0].evaluation.evaluation_row_count", equalTo(12384))
                .body("versions[0].evaluation.champion.version", equalTo(1))
                .body("versions[0].evaluation.champion.way", equalTo("repeated"))
                .body("versions[0].evaluation.champion.low", equalTo(0.044f))
                .body("versions[0].evaluation.champion.p_value", equalTo(0.0001f))
                .body("versions[0].is_eligible", equalTo(true))
                .body("versions[0].gates[0].gate", equalTo("champion roc_auc"))
                .body("versions[0].gates[0].is_held", equalTo(true))
                .body("versions[0].created_at_millis", greaterThan(1_700_000_000_000L));
    }

    @Test
    void returnsAReportThatMayDoNothing() {
        Response answer = given().get("/v1/models/churn/versions/3/report");

        assertThat(answer.statusCode()).isEqualTo(200);
        assertThat(answer.contentType()).isEqualToIgnoringCase("text/html;charset=UTF-8");
        assertThat(answer.asString()).isEqualTo(FixtureCluster.REPORT);
        // Two policies would both hold, and the console's own allows scripts but not the page's styles.
        assertThat(answer.headers().getValues("Content-Security-Policy"))
                .singleElement()
                .satisfies(policy -> assertThat(policy)
                        .contains("default-src 'none'", "style-src 'unsafe-inline'", "sandbox")
                        .doesNotContain("script-src", "'self'"));
        assertThat(answer.headers().getValues("X-Content-Type-Options")).containsExactly("nosniff");
    }

    @Test
    void saysThatThereIsNoReport() {
        given().get("/v1/models/fail-NOT_FOUND/versions/1/report")
                .then()
                .statusCode(404)
                .contentType("application/problem+json")
                .body("reason", equalTo("FIXTURE_NOT_FOUND"));
        given().get("/v1/models/churn/versions/newest/report").then().statusCode(404);
    }

    @Test
    void listsReleases() {
        given().get("/v1/models/churn/releases")
                .then()
                .statusCode(200)
                .body("releases.revision", equalTo(List.of(2, 1)))
                .body("releases[0].actor", equalTo("mei"))
                .body("releases[1].reason", startsWith("first model"));
    }

    @Test
    void listsJobs() {
        given().get("/v1/jobs")
                .then()
                .statusCode(200)
                .body("jobs.state", equalTo(List.of("running", "succeeded", "failed")))
                .body("jobs[0].progress.fraction", equalTo(0.42f))
                .body("jobs[1].results.is_best", equalTo(List.of(false, false, true)))
                .body("jobs[1].results[2].gates[0].value", startsWith("lead +0.05200"))
                .body("jobs[1].results[2].evaluation.champion", nullValue())
                .body("jobs[2].failure_reason", equalTo("LABEL_SINGLE_CLASS"))
                .body("jobs[2].progress", nullValue());
        given().get("/v1/jobs?model=other").then().statusCode(200).body("jobs", hasSize(0));
    }

    @Test
    void saysHowTheServicesDo() {
        given().get("/v1/services")
                .then()
                .statusCode(200)
                .body("services.name", equalTo(List.of("feature-store", "training", "inference")))
                .body("services.status", equalTo(List.of("serving", "serving", "serving")))
                .body("services[0].target", startsWith("127.0.0.1:"))
                .body("services[0].latency_millis", greaterThan(0f))
                .body("loaded.is_registry_connected", equalTo(true))
                .body("loaded.kernels", equalTo("vector 512"))
                .body("loaded.models.findAll { it.engine != '' }.version", equalTo(List.of(2, 3, 1)))
                .body(
                        "loaded.models.findAll { it.engine != '' }.engine",
                        equalTo(List.of("compiled", "compiled", "onnxruntime")))
                .body(
                        "loaded.models.findAll { it.engine != '' }.fallback_reason",
                        equalTo(List.of("", "", "operator TopK: unknown")))
                .body("loaded.models[2].task", equalTo("multiclass"))
                .body("loaded.models[1].state", equalTo("ready"))
                .body("store.views", hasSize(5))
                .body("store.views[2].quarantined_count", equalTo(57));
    }
}
