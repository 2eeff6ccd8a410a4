package io.foresell.gateway.rest;

import io.foresell.gateway.backend.Backends;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.QueryParam;
import jakarta.ws.rs.core.Context;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.UriInfo;
import java.util.List;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.parameters.Parameter;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Shows training jobs. */
@Path("/v1/jobs")
@Blocking
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Jobs", description = "What is and was being trained.")
public class JobResource {
    private final Backends backends;

    JobResource(Backends backends) {
        this.backends = backends;
    }

    /** Lists jobs. */
    @GET
    @Operation(
            operationId = "listJobs",
            summary = "Training jobs",
            description = "Lists training jobs with progress and outcomes, newest first, at most 200.")
    public Jobs.JobList jobs(
            @QueryParam("model")
                    @Parameter(description = "Keeps the jobs of this model; absent means all.", example = "churn")
                    @Nullable
                    String model,
            @Context UriInfo uri) {
        Query.allow(uri, List.of("model"));
        return new Jobs.JobList(backends.jobs(model == null ? "" : model).getJobsList().stream()
                .map(JobProtos::job)
                .toList());
    }
}
