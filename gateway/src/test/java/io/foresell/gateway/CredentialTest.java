package io.foresell.gateway;

import static io.restassured.RestAssured.given;
import static org.hamcrest.Matchers.equalTo;

import io.quarkus.test.junit.QuarkusTest;
import io.quarkus.test.junit.QuarkusTestProfile;
import io.quarkus.test.junit.TestProfile;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Services that ask who calls, behind a gateway that knows no secret: what the caller sends goes on. */
@QuarkusTest
@TestProfile(CredentialTest.PassingOn.class)
class CredentialTest {
    /** Services want a token, the gateway has none. */
    public static class PassingOn implements QuarkusTestProfile {
        @Override
        public List<TestResourceEntry> testResources() {
            return List.of(new TestResourceEntry(AskingResource.class));
        }

        @Override
        public boolean disableGlobalTestResources() {
            return true;
        }
    }

    /** Starts the services. */
    public static class AskingResource extends FixtureResource {
        @Override
        String token() {
            return "of-the-caller";
        }

        @Override
        String sharedToken() {
            return "";
        }

        @Override
        boolean isCredentialRequired() {
            return true;
        }
    }

    @Test
    void whatTheCallerSendsIsJudgedByTheServices() {
        for (String path : List.of("/v1/customers/C-1/churn", "/v1/models", "/v1/jobs", "/v2/models/churn")) {
            given().header("Authorization", "Bearer of-the-caller")
                    .get(path)
                    .then()
                    .statusCode(200);
            given().header("Authorization", "Bearer of-another")
                    .get(path)
                    .then()
                    .statusCode(401);
        }
    }

    @Test
    void withoutACredentialNothingIsAsked() {
        given().get("/v1/models")
                .then()
                .statusCode(401)
                .header("WWW-Authenticate", equalTo("Bearer"))
                .body("reason", equalTo("CREDENTIAL_MISSING"));
        given().get("/v2/health/live").then().statusCode(200);
        given().get("/").then().statusCode(200);
    }
}
