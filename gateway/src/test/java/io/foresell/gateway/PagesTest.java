package io.foresell.gateway;

import static io.restassured.RestAssured.given;
import static org.assertj.core.api.Assertions.assertThat;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.common.QuarkusTestResource;
import io.quarkus.test.junit.QuarkusTest;
import io.restassured.path.json.JsonPath;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

@QuarkusTest
@QuarkusTestResource(FixtureResource.class)
class PagesTest {
    @Test
    void describesEveryPathAndSchema() {
        JsonPath api = given().get("/q/openapi?format=json")
                .then()
                .statusCode(200)
                .extract()
                .jsonPath();
        Map<String, Map<String, Map<String, Object>>> paths = api.getMap("paths");
        assertThat(paths)
                .containsOnlyKeys(
                        "/v1/customers/{id}/churn",
                        "/v1/models/{model}/entities/{id}/score",
                        "/v1/models/{model}:score",
                        "/v1/models",
                        "/v1/models/{model}",
                        "/v1/models/{model}/versions",
                        "/v1/models/{model}/versions/{version}/report",
                        "/v1/models/{model}/releases",
                        "/v1/models/{model}/live",
                        "/v1/models/{model}/rollout",
                        "/v1/models/{model}/rollout/events",
                        "/v1/outcomes",
                        "/v1/predictions/{id}",
                        "/v1/predictions/{id}/replay",
                        "/v1/jobs",
                        "/v1/services");
        paths.forEach((path, operations) -> operations.forEach((method, operation) -> {
            assertThat(operation.get("summary")).as(path).isNotNull();
            assertThat(operation.get("description")).as(path).isNotNull();
            assertThat(((Map<?, ?>) operation.get("responses")).containsKey("503"))
                    .as(path)
                    .isTrue();
        }));
    }

    @Test
    void describesEveryFieldWithItsWireName() {
        JsonPath api = given().get("/q/openapi?format=json").then().extract().jsonPath();
        Map<String, Map<String, Object>> schemas = api.getMap("components.schemas");
        assertThat(schemas)
                .containsKeys(
                        "CustomerChurn",
                        "EntityScore",
                        "ScoreQuestion",
                        "ScoreAnswer",
                        "ScoredRow",
                        "Reason",
                        "Problem",
                        "Violation",
                        "Model",
                        "ModelVersion",
                        "Evaluation",
                        "Release",
                        "Job",
                        "Cluster",
                        "ViewStatus");
        schemas.forEach((name, schema) -> {
            if (!(schema.get("properties") instanceof Map<?, ?> properties)) {
                return;
            }
            properties.forEach((property, described) -> {
                assertThat((String) property).as(name).matches("[a-z][a-z0-9_]*");
                assertThat(((Map<?, ?>) described).containsKey("description"))
                        .as(name + "." + property)
                        .isTrue();
            });
        });
        assertThat(api.getString("components.schemas.CustomerChurn.properties.feature_age_seconds.description"))
                .contains("seconds");
    }

    @Test
    void servesHealthMetricsAndSwagger() {
        given().get("/q/health/ready").then().statusCode(200).body("status", equalTo("UP"));
        given().get("/q/health/live").then().statusCode(200);
        given().get("/v1/models").then().statusCode(200);
        given().get("/q/metrics")
                .then()
                .statusCode(200)
                .body(containsString("http_server_requests_seconds_count"))
                .body(containsString("service=\"gateway\""));
        given().get("/q/swagger-ui/").then().statusCode(200);
    }

    @Test
    void servesTheConsoleWithEverythingItNames() {
        String page = given().get("/")
                .then()
                .statusCode(200)
                .header("Content-Security-Policy", containsString("default-src 'self'"))
                .header("X-Content-Type-Options", equalTo("nosniff"))
                .extract()
                .asString();
        Matcher named = Pattern.compile("(?:src|href)=\"([^\"#]+)\"").matcher(page);
        int count = 0;
        while (named.find()) {
            assertThat(named.group(1)).doesNotContain("//");
            given().get(named.group(1)).then().statusCode(200);
            count++;
        }
        assertThat(count).isGreaterThan(3);
    }
}
