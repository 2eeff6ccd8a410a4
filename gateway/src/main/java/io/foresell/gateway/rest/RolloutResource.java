package io.foresell.gateway.rest;

import io.foresell.gateway.backend.RolloutBackend;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import java.util.Map;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Shows how new versions are brought into service. Rollouts are steered by gRPC and the command line, with credentials of their own. */
@Path("/v1/models/{model}/rollout")
@Blocking
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Models", description = "What has been trained and released.")
public class RolloutResource {
    private final RolloutBackend rollouts;

    RolloutResource(RolloutBackend rollouts) {
        this.rollouts = rollouts;
    }

    /** Returns the rollout under way, else the last one. */
    @GET
    @Operation(
            operationId = "getRollout",
            summary = "Rollout of a model",
            description = "Returns the rollout that is under way, else the last one: plan, stage, gates with their"
                    + " numbers, versions, replicas; fields as in the proto Rollout. 404 when there was none.")
    public Map<String, @Nullable Object> rollout(
            @PathParam("model") @Parameter(description = "Names the model.", example = "churn") String model,
            @Context UriInfo uri) {
        Query.allow(uri, List.of());
        return MessageJson.of(rollouts.rollout(model));
    }

    /** Lists what was done and why. */
    @GET
    @Path("/events")
    @Operation(
            operationId = "listRolloutEvents",
            summary = "What rollouts of a model did",
            description = "Lists what all rollouts of a model did and why, newest first; fields as in the proto"
                    + " RolloutEvent.")
    public Map<String, @Nullable Object> events(
            @PathParam("model") @Parameter(description = "Names the model.", example = "churn") String model,
            @Context UriInfo uri) {
        Query.allow(uri, List.of());
        return MessageJson.of(rollouts.events(model));
    }
}
