package io.foresell.gateway;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.containsString;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

@QuarkusTest
@TestProfile(TokenTest.WithToken.class)
class TokenTest {
    /** The same cluster, open only to those who know the token. */
    public static class WithToken implements QuarkusTestProfile {
        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(TokenResource.class));
        }

        @Override
        public boolean disableGlobalTestResources() {
            return true;
        }
    }

    /** Starts services that want the token, too. */
    public static class TokenResource extends FixtureResource {
        @Override
        String token() {
            return "s3cret";
        }
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"Bearer wrong", "Bearer ", "s3cret", "Basic czNjcmV0"})
    void refusesCallersWithoutTheToken(String authorization) {
        var request = given();
        if (authorization != null) {
            request.header("Authorization", authorization);
        }
        request.get("/v1/customers/C-1/churn")
                .then()
                .statusCode(401)
                .contentType("application/problem+json")
                .header("WWW-Authenticate", equalTo("Bearer"))
                .body("reason", equalTo("TOKEN_REQUIRED"))
                .body("instance", equalTo("/v1/customers/C-1/churn"));
    }

    @Test
    void sendsTheTokenToEveryService() {
        for (String path : List.of("/v1/customers/C-1/churn", "/v1/models", "/v1/jobs", "/v1/services")) {
            given().header("Authorization", "Bearer s3cret").get(path).then().statusCode(200);
        }
        given().header("Authorization", "Bearer s3cret")
                .get("/v1/services")
                .then()
                .body("store.views.size()", equalTo(5));
    }

    @Test
    void refusesOpenInferenceClientsInTheirWords() {
        given().get("/v2/models/churn")
                .then()
                .statusCode(401)
                .contentType("application/json")
                .header("WWW-Authenticate", equalTo("Bearer"))
                .body("error", containsString("bearer token"));
        given().header("Authorization", "Bearer s3cret")
                .get("/v2/models/churn")
                .then()
                .statusCode(200);
    }

    @Test
    void leavesConsoleAndHealthOpen() {
        for (String path :
                List.of("/", "/q/health/ready", "/q/metrics", "/q/openapi", "/v2/health/live", "/v2/health/ready")) {
            given().get(path).then().statusCode(200);
        }
    }
}
