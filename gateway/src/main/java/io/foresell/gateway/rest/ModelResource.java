package io.foresell.gateway.rest;

import io.foresell.gateway.backend.Backends;
import io.foresell.gateway.problem.Nearest;
import io.foresell.gateway.problem.Problem;
import io.foresell.gateway.problem.ProblemException;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.media.Content;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.responses.APIResponse;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;

/** Shows the model registry. */
@Path("/v1")
@Blocking
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Models", description = "What has been trained and released.")
public class ModelResource {
    /** Styles of the page itself and nothing else: no scripts, no other files, no forms, no frames, an origin of its own. */
    private static final String REPORT_POLICY =
            "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'; sandbox";

    private final Backends backends;

    ModelResource(Backends backends) {
        this.backends = backends;
    }

    /** Lists all models. */
    @GET
    @Path("/models")
    @Operation(
            operationId = "listModels",
            summary = "All models",
            description = "Lists all models with their newest version, release and aliases, by name.")
    public Models.ModelList models() {
        return new Models.ModelList(backends.models().getModelsList().stream()
                .map(ModelProtos::model)
                .toList());
    }

    /** Returns one model. */
    @GET
    @Path("/models/{model}")
    @Operation(
            operationId = "getModel",
            summary = "One model",
            description = "Returns a model with its newest version, release and aliases.")
    public Models.Model model(
            @PathParam("model") @Parameter(description = "Names the model.", example = "churn") String model) {
        List<io.foresell.proto.registry.v1.Model> known = backends.models().getModelsList();
        return known.stream()
                .filter(candidate -> candidate.getName().equals(model))
                .findFirst()
                .map(ModelProtos::model)
                .orElseThrow(() -> unknown(
                        model,
                        known.stream()
                                .map(io.foresell.proto.registry.v1.Model::getName)
                                .toList()));
    }

    /** Lists the versions of a model. */
    @GET
    @Path("/models/{model}/versions")
    @Operation(
            operationId = "listVersions",
            summary = "Versions of a model",
            description = "Lists the versions of a model with their evaluations, newest first.")
    public Models.VersionList versions(
            @PathParam("model") @Parameter(description = "Names the model.", example = "churn") String model) {
        return new Models.VersionList(backends.versions(model).getVersionsList().stream()
                .map(ModelProtos::version)
                .toList());
    }

    /** Returns the report of a version. Its content comes from a package that anyone may have published, so it may do nothing. */
    @GET
    @Path("/models/{model}/versions/{version}/report")
    @Produces(MediaType.TEXT_HTML)
    @Operation(
            operationId = "getReport",
            summary = "Report of a version",
            description =
                    "Returns the report that lies in the package of a version: one page of HTML for people, complete in"
                            + " itself. 404 when the package holds none, as those trained elsewhere.")
    @APIResponse(
            responseCode = "200",
            description = "The page.",
            content = @Content(mediaType = MediaType.TEXT_HTML, schema = @Schema(implementation = String.class)))
    public Response report(
            @PathParam("model") @Parameter(description = "Names the model.", example = "churn") String model,
            @PathParam("version") @Parameter(description = "Is the version.", example = "3") int version) {
        return Response.ok(backends.report(model, version).getHtml().toByteArray(), "text/html;charset=UTF-8")
                .header("Content-Security-Policy", REPORT_POLICY)
                .header("Cache-Control", "private, no-cache")
                .build();
    }

    /** Lists the releases of a model. */
    @GET
    @Path("/models/{model}/releases")
    @Operation(
            operationId = "listReleases",
            summary = "Releases of a model",
            description = "Lists the releases of a model with who and why, newest first.")
    public Models.ReleaseList releases(
            @PathParam("model") @Parameter(description = "Names the model.", example = "churn") String model) {
        return new Models.ReleaseList(backends.releases(model).getReleasesList().stream()
                .map(ModelProtos::release)
                .toList());
    }

    private static ProblemException unknown(String model, List<String> known) {
        return new ProblemException(Problem.of(
                404,
                "MODEL_NOT_FOUND",
                "model: '%s' not found (expected: %s)"
                        .formatted(
                                model,
                                known.isEmpty()
                                        ? "none is registered yet"
                                        : "a registered model, nearest is '" + Nearest.to(model, known) + "'")));
    }
}
