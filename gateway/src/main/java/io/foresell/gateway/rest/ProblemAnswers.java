package io.foresell.gateway.rest;

import io.foresell.gateway.problem.Problems;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.security.SecurityScheme;

/** Adds to the OpenAPI document what all operations share: the problems they may answer with, and the token. */
public class ProblemAnswers implements OASFilter {
    private static final Map<String, String> MEANINGS = Map.of(
            "400", "The request must be fixed; `violations` names the fields.",
            "401", "The bearer token of the cluster is missing or wrong.",
            "404", "There is no such model, version or entity.",
            "409", "Some state must change first, e.g. nothing is released yet.",
            "429", "Too many calls: slow down, and try again after `Retry-After` seconds.",
            "500", "Unforeseen; the log of the service named in `domain` has the stack.",
            "503", "A service is away or starting: try again after `Retry-After` seconds.",
            "504", "A service did not answer in time.");

    @Override
    public void filterOpenAPI(OpenAPI openApi) {
        openApi.getInfo()
                .setDescription(
                        "Answers from sales data: scores with reasons, models, releases, jobs and the state of the cluster."
                                + " Errors are application/problem+json.");
        openApi.getComponents()
                .addSecurityScheme(
                        "token",
                        OASFactory.createSecurityScheme()
                                .type(SecurityScheme.Type.HTTP)
                                .scheme("bearer")
                                .description("The bearer token of the cluster, when one is set."));
        MEANINGS.forEach((status, meaning) -> openApi.getComponents()
                .addResponse(
                        "Problem" + status,
                        OASFactory.createAPIResponse()
                                .description(meaning)
                                .content(OASFactory.createContent()
                                        .addMediaType(
                                                Problems.MEDIA_TYPE,
                                                OASFactory.createMediaType()
                                                        .schema(OASFactory.createSchema()
                                                                .ref("#/components/schemas/Problem"))))));
        openApi.getPaths().getPathItems().values().forEach(path -> path.getOperations()
                .values()
                .forEach(ProblemAnswers::complete));
    }

    private static void complete(Operation operation) {
        List.of("400", "401", "404", "409", "429", "500", "503", "504").forEach(status -> operation
                .getResponses()
                .addAPIResponse(status, OASFactory.createAPIResponse().ref("#/components/responses/Problem" + status)));
        operation.addSecurityRequirement(OASFactory.createSecurityRequirement().addScheme("token"));
    }
}
