package io.foresell.gateway.rest;

import io.foresell.gateway.backend.Backend;
import io.foresell.gateway.backend.Backends;
import io.grpc.health.v1.HealthCheckResponse.ServingStatus;
import io.smallrye.common.annotation.Blocking;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.Produces;
import jakarta.ws.rs.core.MediaType;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.eclipse.microprofile.openapi.annotations.tags.Tag;
import org.jspecify.annotations.Nullable;

/** Shows how the cluster does; answers 200 also when services are away, for that is the answer. */
@Path("/v1/services")
@Blocking
@Produces(MediaType.APPLICATION_JSON)
@Tag(name = "Services", description = "How the cluster does.")
public class ServiceResource {
    private final Backends backends;

    ServiceResource(Backends backends) {
        this.backends = backends;
    }

    /** Asks all services at the same time. */
    @GET
    @Operation(
            operationId = "listServices",
            summary = "How the services do",
            description =
                    "Asks every service for its health, inference for its loaded models and the feature store for its"
                            + " counts, all at once within a short deadline.")
    public Services.Cluster services() {
        CompletableFuture<Services.@Nullable Loaded> loaded = backends.loadedModels()
                .handle((answer, failure) -> answer == null ? null : ServiceProtos.loaded(answer));
        CompletableFuture<Services.@Nullable Store> store =
                backends.storeStatus().handle((answer, failure) -> answer == null ? null : ServiceProtos.store(answer));
        List<CompletableFuture<Services.Service>> asked =
                Arrays.stream(Backend.values()).map(this::ask).toList();
        // Every question has a deadline, so these ends come.
        return new Services.Cluster(asked.stream().map(CompletableFuture::join).toList(), loaded.join(), store.join());
    }

    private CompletableFuture<Services.Service> ask(Backend backend) {
        long startNanos = System.nanoTime();
        return backends.health(backend).handle((answer, failure) -> {
            double tookMillis = (System.nanoTime() - startNanos) / 1e6;
            if (answer == null) {
                return new Services.Service(backend.title(), backends.target(backend), "unreachable", null);
            }
            String status = answer.getStatus() == ServingStatus.SERVING ? "serving" : "not_serving";
            return new Services.Service(backend.title(), backends.target(backend), status, tookMillis);
        });
    }
}
