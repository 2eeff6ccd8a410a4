package io.foresell.gateway.rest;

import java.util.List;
import org.eclipse.microprofile.openapi.annotations.media.Schema;
import org.jspecify.annotations.Nullable;

/** The JSON of the cluster's state. */
final class Services {
    private Services() {}

    /** Says how a service does. */
    @Schema(description = "Says how a service does.")
    record Service(
            @Schema(description = "Names the service.", examples = "inference") String name,
            @Schema(description = "Is its host and port.", examples = "localhost:9003") String target,
            @Schema(
                            description =
                                    "Is one of serving, not_serving (starting, draining or a dependency away) and unreachable.",
                            examples = "serving")
                    String status,
            @Schema(description = "Is the time its health check took; null when it did not answer.", examples = "0.8")
                    @Nullable
                    Double latencyMillis) {}

    /** Describes a model version on the inference service. */
    @Schema(description = "Describes a model version on the inference service.")
    record LoadedModel(
            @Schema(description = "Names the model.", examples = "churn") String model,
            @Schema(description = "Is the version.", examples = "3") int version,
            @Schema(description = "Is one of loading, ready, parked and failed.", examples = "ready") String state,
            @Schema(description = "Says why loading failed; empty otherwise.", examples = "") String failure,
            @Schema(description = "Names what runs it: compiled or onnxruntime.", examples = "compiled") String engine,
            @Schema(
                            description =
                                    "Says why the graph does not compile: the operator and what about it; empty when it does.",
                            examples = "")
                    String fallbackReason,
            @Schema(description = "Names the task.", examples = "binary") String task,
            @Schema(description = "Is the time from the package on disk to ready.", examples = "41.5") @Nullable
                    Double loadMillis,
            @Schema(description = "Is the share of subjects it serves, 0 to 100.", examples = "100") int weight,
            @Schema(description = "Names the algorithm.", examples = "boosted_trees") String algorithm) {}

    /** Says what inference has loaded. */
    @Schema(description = "Says what the inference service has loaded.")
    record Loaded(
            @Schema(description = "Says that its watch on the registry is connected.", examples = "true")
                    boolean isRegistryConnected,
            @Schema(
                            description = "Names the arithmetic of compiled networks: plain, or vector and its bits.",
                            examples = "vector 512")
                    String kernels,
            @Schema(description = "Are the versions by model and version.") List<LoadedModel> models) {}

    /** Counts what one view holds. */
    @Schema(description = "Counts what one view holds.")
    record ViewStatus(
            @Schema(description = "Names the view.", examples = "orders") String view,
            @Schema(description = "Is the number of different entities.", examples = "4000") long entityCount,
            @Schema(description = "Is the number of rows in the history.", examples = "182344") long rowCount,
            @Schema(description = "Is the number of rows in quarantine.", examples = "57") long quarantinedCount,
            @Schema(
                            description = "Is the newest event time, milliseconds since the epoch; 0 without rows.",
                            examples = "1767225600000")
                    long newestEventMillis) {}

    /** Says what the feature store holds. */
    @Schema(description = "Says what the feature store holds.")
    record Store(@Schema(description = "Are the views by name.") List<ViewStatus> views) {}

    /** Says how the cluster does. */
    @Schema(description = "Says how the cluster does.")
    record Cluster(
            @Schema(description = "Are the three services behind the gateway.") List<Service> services,
            @Schema(description = "Is what inference has loaded; null when it did not say.") @Nullable Loaded loaded,
            @Schema(description = "Is what the feature store holds; null when it did not say.") @Nullable
                    Store store) {}
}
