package io.foresell.gateway.rest;

import io.foresell.gateway.backend.Backends;
import io.foresell.gateway.config.GatewayConfig;
import io.foresell.gateway.problem.Problem;
import io.foresell.gateway.problem.ProblemException;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoreResponse;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.enums.SchemaType;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/**
 * Scores by REST. Idempotent, and as fast as the inference service plus one hop: small requests are read, passed on and answered on the
 * network thread; a body above 10 KiB is read on a worker thread.
 */
@Path("/v1")
@NonBlocking
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Scores", description = "Answers from the released models.")
public class ScoreResource {
    private final Backends backends;
    private final String churnModel;

    ScoreResource(Backends backends, GatewayConfig config) {
        this.backends = backends;
        this.churnModel = config.churn().model();
    }

    /** Scores one customer with the churn model. */
    @GET
    @Path("/customers/{id}/churn")
    @Operation(
            operationId = "customerChurn",
            summary = "How likely is this customer to leave, and why?",
            description =
                    "Scores one customer with the released churn model; features are looked up by the customer's key.")
    public CompletionStage<Scores.CustomerChurn> churn(
            @PathParam("id") @Parameter(description = "Is the customer's key.", example = "C-1042") String id,
            @QueryParam("reasons")
                    @Parameter(
                            description = "Is the number of reasons, 0 to 20; 3 by default.",
                            schema =
                                    @Schema(
                                            type = SchemaType.INTEGER,
                                            minimum = "0",
                                            maximum = "20",
                                            defaultValue = "3"))
                    @Nullable
                    String reasons,
            @QueryParam("language")
                    @Parameter(
                            description = "Is the language of the reasons.",
                            schema =
                                    @Schema(
                                            enumeration = {"en", "zh"},
                                            defaultValue = "en"))
                    @Nullable
                    String language,
            @Context UriInfo uri) {
        Query.allow(uri, List.of("reasons", "language"));
        return backends.score(
                ScoreProtos.entity(
                        churnModel, id, 0, Query.integer("reasons", reasons, 3), language == null ? "" : language),
                response -> churn(id, response));
    }

    private static Scores.CustomerChurn churn(String id, ScoreResponse response) {
        Scores.ScoredRow row = onlyRow(response);
        return new Scores.CustomerChurn(
                id,
                row.score(),
                row.band(),
                response.getModel(),
                row.version(),
                response.getReleaseRevision(),
                row.featureAgeSeconds(),
                row.reasons(),
                row.missingFeatures(),
                row.staleFeatures(),
                row.refused(),
                row.refuseBelow(),
                row.heldOut(),
                row.degradation(),
                row.predictionId());
    }

    /** Scores one entity with any model. */
    @GET
    @Path("/models/{model}/entities/{id}/score")
    @Operation(
            operationId = "entityScore",
            summary = "Score one entity",
            description = "Scores one entity with a model; features are looked up by the entity's key.")
    public CompletionStage<Scores.EntityScore> entity(
            @PathParam("model") @Parameter(description = "Names the model.", example = "churn") String model,
            @PathParam("id") @Parameter(description = "Is the entity's key.", example = "C-1042") String id,
            @QueryParam("version")
                    @Parameter(
                            description = "Is the version; absent means the released one.",
                            schema = @Schema(type = SchemaType.INTEGER, minimum = "1"))
                    @Nullable
                    String version,
            @QueryParam("reasons")
                    @Parameter(
                            description = "Is the number of reasons, 0 to 20; 3 by default.",
                            schema =
                                    @Schema(
                                            type = SchemaType.INTEGER,
                                            minimum = "0",
                                            maximum = "20",
                                            defaultValue = "3"))
                    @Nullable
                    String reasons,
            @QueryParam("language")
                    @Parameter(
                            description = "Is the language of the reasons.",
                            schema =
                                    @Schema(
                                            enumeration = {"en", "zh"},
                                            defaultValue = "en"))
                    @Nullable
                    String language,
            @QueryParam("labels")
                    @Parameter(
                            description = "Is how many labels the answer lists, best first; 5 by default.",
                            schema =
                                    @Schema(
                                            type = SchemaType.INTEGER,
                                            minimum = "0",
                                            maximum = "1000",
                                            defaultValue = "5"))
                    @Nullable
                    String labels,
            @QueryParam("reason_label")
                    @Parameter(description = "Names the label that the reasons are about; the winner by default.")
                    @Nullable
                    String reasonLabel,
            @Context UriInfo uri) {
        Query.allow(uri, List.of("version", "reasons", "language", "labels", "reason_label"));
        ScoreRequest request = ScoreProtos.entity(
                        model,
                        id,
                        Query.integer("version", version, 0),
                        Query.integer("reasons", reasons, 3),
                        language == null ? "" : language)
                .toBuilder()
                .setLabelCount(Query.integer("labels", labels, 0))
                .setReasonLabel(reasonLabel == null ? "" : reasonLabel)
                .build();
        return backends.score(request, response -> entity(id, response));
    }

    private static Scores.EntityScore entity(String id, ScoreResponse response) {
        Scores.ScoredRow row = onlyRow(response);
        return new Scores.EntityScore(
                id,
                row.score(),
                row.band(),
                row.label(),
                row.labels(),
                response.getModel(),
                row.version(),
                response.getReleaseRevision(),
                row.featureAgeSeconds(),
                row.reasons(),
                row.missingFeatures(),
                row.staleFeatures(),
                row.refused(),
                row.refuseBelow(),
                row.heldOut(),
                row.degradation(),
                row.predictionId());
    }

    /** Scores many rows or entities at once. */
    @POST
    @Path("/models/{model}:score")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "scoreMany",
            summary = "Score rows or entities",
            description =
                    "Scores 1 to 4096 rows given by value, or entities whose features are looked up. Fails as a whole.")
    public CompletionStage<Scores.ScoreAnswer> many(
            @PathParam("model") @Parameter(description = "Names the model.", example = "churn") String model,
            Scores.@Nullable ScoreQuestion question,
            @Context UriInfo uri) {
        Query.allow(uri, List.of());
        return backends.score(ScoreProtos.question(model, question), ScoreProtos::answer);
    }

    private static Scores.ScoredRow onlyRow(ScoreResponse response) {
        if (response.getRowsCount() != 1) {
            throw new ProblemException(
                    Problem.of(500, "ANSWER_INVALID", "rows: %d (expected: 1)".formatted(response.getRowsCount())));
        }
        return ScoreProtos.row(response.getRows(0));
    }
}
