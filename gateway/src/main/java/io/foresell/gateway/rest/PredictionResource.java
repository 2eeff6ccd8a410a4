package io.foresell.gateway.rest;

import io.foresell.gateway.backend.Backends;
import io.foresell.gateway.problem.Problem;
import io.foresell.gateway.problem.ProblemException;
import io.foresell.proto.prediction.v1.GetLiveMetricsRequest;
import io.foresell.proto.prediction.v1.PredictionKind;
import io.foresell.proto.prediction.v1.ReplayPredictionRequest;
import io.smallrye.common.annotation.Blocking;
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
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Predictions after they were answered: what came true, how good they were, and the same answer again. */
@Path("/v1")
@Blocking
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Predictions", description = "What was answered, what came true, and how good it was.")
public class PredictionResource {
    private final Backends backends;

    PredictionResource(Backends backends) {
        this.backends = backends;
    }

    /** Takes outcomes, each for itself. */
    @POST
    @Path("/outcomes")
    @Consumes(MediaType.APPLICATION_JSON)
    @Operation(
            operationId = "reportOutcomes",
            summary = "Report what came true",
            description =
                    "Takes 1 to 1000 outcomes, each for itself; those that cannot be taken are named. Idempotent.")
    public Outcomes.Answer outcomes(Outcomes.@Nullable Report report, @Context UriInfo uri) {
        Query.allow(uri, List.of());
        return OutcomeProtos.answer(backends.outcomes(OutcomeProtos.request(report)));
    }

    /** Returns one prediction. */
    @GET
    @Path("/predictions/{id}")
    @Operation(
            operationId = "getPrediction",
            summary = "One logged prediction",
            description = "Returns a logged prediction with features, answer and outcomes; fields as in the proto"
                    + " LoggedPrediction.")
    public Map<String, @Nullable Object> prediction(
            @PathParam("id") @Parameter(description = "Is the prediction's id.") String id, @Context UriInfo uri) {
        Query.allow(uri, List.of());
        return MessageJson.of(backends.prediction(id).getPrediction());
    }

    /** Scores a logged prediction again. */
    @POST
    @Path("/predictions/{id}/replay")
    @Operation(
            operationId = "replayPrediction",
            summary = "Score a logged prediction again",
            description = "Scores the recorded features on the very package that answered and says whether score and"
                    + " reasons are the same bit for bit; fields as in the proto ReplayPredictionResponse.")
    public Map<String, @Nullable Object> replay(
            @PathParam("id") @Parameter(description = "Is the prediction's id.") String id,
            @QueryParam("reasons")
                    @Parameter(description = "Is the number of reasons, 0 to 20; as many as then by default.")
                    @Nullable
                    String reasons,
            @QueryParam("language")
                    @Parameter(description = "Is the language of the reasons; that of then by default.")
                    @Nullable
                    String language,
            @Context UriInfo uri) {
        Query.allow(uri, List.of("reasons", "language"));
        return MessageJson.of(backends.replay(ReplayPredictionRequest.newBuilder()
                .setPredictionId(id)
                .setReasonCount(Query.integer("reasons", reasons, 0))
                .setLanguage(language == null ? "" : language)
                .build()));
    }

    /** Measures the versions of a model. */
    @GET
    @Path("/models/{model}/live")
    @Operation(
            operationId = "liveMetrics",
            summary = "How good a model is as it serves",
            description =
                    "Measures each version over a window: AUC, log loss, calibration, drift; fields as in the proto"
                            + " GetLiveMetricsResponse.")
    public Map<String, @Nullable Object> live(
            @PathParam("model") @Parameter(description = "Names the model.", example = "churn") String model,
            @QueryParam("from")
                    @Parameter(description = "Is where the window begins; 7 days before its end by default.")
                    @Nullable
                    String from,
            @QueryParam("until") @Parameter(description = "Is where the window ends; now by default.") @Nullable
                    String until,
            @QueryParam("version") @Parameter(description = "Is the version; all by default.") @Nullable String version,
            @QueryParam("outcome") @Parameter(description = "Names the outcome; label by default.") @Nullable
                    String outcome,
            @QueryParam("slice_by") @Parameter(description = "Names the input to slice by.") @Nullable String sliceBy,
            @QueryParam("kind")
                    @Parameter(
                            description = "Is online, open_inference, bulk, shadow or degraded; online and"
                                    + " open_inference by default.")
                    @Nullable
                    String kind,
            @Context UriInfo uri) {
        Query.allow(uri, List.of("from", "until", "version", "outcome", "slice_by", "kind"));
        GetLiveMetricsRequest.Builder request = GetLiveMetricsRequest.newBuilder()
                .setModel(model)
                .setFromMillis(OutcomeProtos.millis("from", from))
                .setUntilMillis(OutcomeProtos.millis("until", until))
                .setOutcomeName(outcome == null ? "" : outcome)
                .setSliceBy(sliceBy == null ? "" : sliceBy);
        if (kind != null) {
            request.addKinds(kind(kind));
        }
        int number = Query.integer("version", version, 0);
        if (number != 0) {
            request.addVersions(number);
        }
        return MessageJson.of(backends.liveMetrics(request.build()));
    }

    private static PredictionKind kind(String text) {
        return switch (text) {
            case "online" -> PredictionKind.PREDICTION_KIND_ONLINE;
            case "open_inference" -> PredictionKind.PREDICTION_KIND_OPEN_INFERENCE;
            case "bulk" -> PredictionKind.PREDICTION_KIND_BULK;
            case "shadow" -> PredictionKind.PREDICTION_KIND_SHADOW;
            case "degraded" -> PredictionKind.PREDICTION_KIND_DEGRADED;
            default -> throw new ProblemException(Problem.invalid(
                    "PARAMETER_INVALID", "kind", "'" + text + "'", "online, open_inference, bulk, shadow or degraded"));
        };
    }
}
