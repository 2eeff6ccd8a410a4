package io.foresell.gateway.tensor;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.foresell.gateway.backend.BackendException;
import io.foresell.gateway.backend.Backends;
import io.foresell.gateway.config.GatewayConfig;
import io.foresell.gateway.problem.Problem;
import io.foresell.gateway.problem.ProblemException;
import io.foresell.proto.openinference.ModelConfigRequest;
import io.foresell.proto.openinference.ModelMetadataRequest;
import io.foresell.proto.openinference.ModelReadyRequest;
import io.foresell.proto.openinference.ModelRepositoryParameter;
import io.foresell.proto.openinference.ModelStatisticsRequest;
import io.foresell.proto.openinference.RepositoryIndexRequest;
import io.foresell.proto.openinference.RepositoryModelLoadRequest;
import io.foresell.proto.openinference.RepositoryModelUnloadRequest;
import io.foresell.proto.openinference.ServerMetadataRequest;
import io.foresell.proto.openinference.ServerReadyRequest;
import io.smallrye.common.annotation.Blocking;
import io.smallrye.common.annotation.NonBlocking;
import jakarta.ws.rs.Consumes;
import jakarta.ws.rs.GET;
import jakarta.ws.rs.HeaderParam;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import jakarta.ws.rs.PathParam;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.MediaType;
import jakarta.ws.rs.core.Response;
import java.io.IOException;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import org.eclipse.microprofile.context.ManagedExecutor;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.jspecify.annotations.Nullable;

/**
 * The Open Inference Protocol over REST, for its clients as they are: any media type, any query, errors as {@code {"error": ...}}.
 * Hidden from our own OpenAPI document, the protocol has one.
 */
@Path("/v2")
@Blocking
@Consumes(MediaType.WILDCARD)
public class OpenInferenceResource {
    private static final JsonNodeFactory NODES = JsonNodeFactory.instance;
    private static final int MAX_PARAMETERS_BYTES = 64 << 10;

    private final Backends backends;
    private final ObjectMapper mapper;
    private final ManagedExecutor workers;
    private final long maxBodyBytes;

    OpenInferenceResource(Backends backends, ObjectMapper mapper, ManagedExecutor workers, GatewayConfig config) {
        this.backends = backends;
        this.mapper = mapper;
        this.workers = workers;
        this.maxBodyBytes = config.http().maxBody().asLongValue();
    }

    @GET
    @Path("/health/live")
    @Operation(hidden = true)
    public Response live() {
        return json(200, NODES.objectNode().put("live", true));
    }

    /** Answers 503 when the inference service is away or still loads. */
    @GET
    @Path("/health/ready")
    @Operation(hidden = true)
    public Response ready() {
        boolean isReady;
        try {
            isReady = backends.inference(service -> service.serverReady(ServerReadyRequest.getDefaultInstance()))
                    .getReady();
        } catch (BackendException e) {
            isReady = false;
        }
        return json(isReady ? 200 : 503, NODES.objectNode().put("ready", isReady));
    }

    @GET
    @Operation(hidden = true)
    public Response server() {
        return json(
                200,
                ModelJson.server(backends.inference(
                        service -> service.serverMetadata(ServerMetadataRequest.getDefaultInstance()))));
    }

    @GET
    @Path("/models")
    @Operation(hidden = true)
    public Response models() {
        ArrayNode names = NODES.arrayNode();
        backends
                .inference(service -> service.repositoryIndex(
                        RepositoryIndexRequest.newBuilder().setReady(true).build()))
                .getModelsList()
                .stream()
                .map(model -> model.getName())
                .distinct()
                .forEach(names::add);
        return json(200, NODES.objectNode().set("models", names));
    }

    @GET
    @Path("/models/{model}")
    @Operation(hidden = true)
    public Response metadata(@PathParam("model") String model) {
        return metadata(model, "");
    }

    @GET
    @Path("/models/{model}/versions/{version}")
    @Operation(hidden = true)
    public Response metadata(@PathParam("model") String model, @PathParam("version") String version) {
        return json(
                200, ModelJson.metadata(backends.inference(service -> service.modelMetadata(about(model, version)))));
    }

    private static ModelMetadataRequest about(String model, String version) {
        return ModelMetadataRequest.newBuilder()
                .setName(model)
                .setVersion(version)
                .build();
    }

    @GET
    @Path("/models/{model}/ready")
    @Operation(hidden = true)
    public Response modelReady(@PathParam("model") String model) {
        return modelReady(model, "");
    }

    /** Answers 404 for a model that is not known, 503 for one that does not answer now. */
    @GET
    @Path("/models/{model}/versions/{version}/ready")
    @Operation(hidden = true)
    public Response modelReady(@PathParam("model") String model, @PathParam("version") String version) {
        boolean isReady = backends.inference(service -> service.modelReady(ModelReadyRequest.newBuilder()
                        .setName(model)
                        .setVersion(version)
                        .build()))
                .getReady();
        if (!isReady) {
            // Says why, unless it has become ready meanwhile.
            var unused = backends.inference(service -> service.modelMetadata(about(model, version)));
        }
        return json(isReady ? 200 : 503, NODES.objectNode().put("name", model).put("ready", isReady));
    }

    @GET
    @Path("/models/{model}/config")
    @Operation(hidden = true)
    public Response config(@PathParam("model") String model) {
        return config(model, "");
    }

    @GET
    @Path("/models/{model}/versions/{version}/config")
    @Operation(hidden = true)
    public Response config(@PathParam("model") String model, @PathParam("version") String version) {
        ModelConfigRequest request = ModelConfigRequest.newBuilder()
                .setName(model)
                .setVersion(version)
                .build();
        return json(
                200,
                ModelJson.config(backends.inference(service -> service.modelConfig(request))
                        .getConfig()));
    }

    @GET
    @Path("/models/stats")
    @Operation(hidden = true)
    public Response statistics() {
        return statistics("", "");
    }

    @GET
    @Path("/models/{model}/stats")
    @Operation(hidden = true)
    public Response statistics(@PathParam("model") String model) {
        return statistics(model, "");
    }

    @GET
    @Path("/models/{model}/versions/{version}/stats")
    @Operation(hidden = true)
    public Response statistics(@PathParam("model") String model, @PathParam("version") String version) {
        ModelStatisticsRequest request = ModelStatisticsRequest.newBuilder()
                .setName(model)
                .setVersion(version)
                .build();
        return json(200, ModelJson.statistics(backends.inference(service -> service.modelStatistics(request))));
    }

    @POST
    @NonBlocking
    @Path("/models/{model}/infer")
    @Operation(hidden = true)
    public CompletionStage<Response> infer(
            @PathParam("model") String model,
            @HeaderParam(InferQuestion.JSON_LENGTH) @Nullable String jsonLength,
            @HeaderParam(HttpHeaders.CONTENT_ENCODING) @Nullable String encoding,
            byte @Nullable [] body) {
        return infer(model, "", jsonLength, encoding, body);
    }

    /** Infers; binary tensors in the question and in the answer where the caller wants them. */
    @POST
    @NonBlocking
    @Path("/models/{model}/versions/{version}/infer")
    @Operation(hidden = true)
    public CompletionStage<Response> infer(
            @PathParam("model") String model,
            @PathParam("version") String version,
            @HeaderParam(InferQuestion.JSON_LENGTH) @Nullable String jsonLength,
            @HeaderParam(HttpHeaders.CONTENT_ENCODING) @Nullable String encoding,
            byte @Nullable [] body) {
        byte[] sent = body == null ? new byte[0] : body;
        if (encoding == null) {
            return infer(model, version, InferQuestion.read(sent, jsonLength));
        }
        // A small body may be a large one packed, too much for a network thread. The executor carries the request's
        // context to the
        // worker; a stage of its own would also leave it on whichever network thread reads the answer, for all requests
        // after.
        return bare(CompletableFuture.supplyAsync(
                        () -> InferQuestion.read(Encodings.decoded(sent, encoding, maxBodyBytes), jsonLength), workers)
                .thenCompose(question -> infer(model, version, question)));
    }

    /** Returns a stage that fails with what went wrong, not with what stages wrap it in: that is what errors are mapped by. */
    private static <A> CompletionStage<A> bare(CompletionStage<A> stage) {
        CompletableFuture<A> bare = new CompletableFuture<>();
        var unused = stage.whenComplete((answer, error) -> {
            if (error == null) {
                bare.complete(answer);
            } else {
                bare.completeExceptionally(
                        error instanceof CompletionException && error.getCause() != null ? error.getCause() : error);
            }
        });
        return bare;
    }

    private CompletionStage<Response> infer(String model, String version, InferQuestion question) {
        return backends.infer(question.to(model, version), answered -> {
            InferAnswer answer = InferAnswer.of(answered, question::isBinary);
            Response.ResponseBuilder response = Response.ok(answer.body());
            return answer.isBinary()
                    ? response.type(MediaType.APPLICATION_OCTET_STREAM_TYPE)
                            .header(InferQuestion.JSON_LENGTH, answer.jsonLength())
                            .build()
                    : response.type(MediaType.APPLICATION_JSON_TYPE).build();
        });
    }

    @POST
    @Path("/repository/index")
    @Operation(hidden = true)
    public Response index(byte @Nullable [] body) {
        JsonNode ready = object(body).path("ready");
        RepositoryIndexRequest request = RepositoryIndexRequest.newBuilder()
                .setReady(ready.asBoolean(false))
                .build();
        return json(200, ModelJson.index(backends.inference(service -> service.repositoryIndex(request))));
    }

    @POST
    @Path("/repository/models/{model}/load")
    @Operation(hidden = true)
    public Response load(@PathParam("model") String model, byte @Nullable [] body) {
        RepositoryModelLoadRequest request = RepositoryModelLoadRequest.newBuilder()
                .setModelName(model)
                .putAllParameters(parameters(body))
                .build();
        var unused = backends.loading(service -> service.repositoryModelLoad(request));
        return Response.ok().build();
    }

    @POST
    @Path("/repository/models/{model}/unload")
    @Operation(hidden = true)
    public Response unload(@PathParam("model") String model, byte @Nullable [] body) {
        RepositoryModelUnloadRequest request = RepositoryModelUnloadRequest.newBuilder()
                .setModelName(model)
                .putAllParameters(parameters(body))
                .build();
        var unused = backends.loading(service -> service.repositoryModelUnload(request));
        return Response.ok().build();
    }

    private JsonNode object(byte @Nullable [] body) {
        if (body == null || body.length == 0) {
            return NODES.objectNode();
        }
        try {
            JsonNode node = body.length > MAX_PARAMETERS_BYTES ? NODES.missingNode() : mapper.readTree(body);
            if (node.isObject()) {
                return node;
            }
        } catch (IOException e) {
            throw malformed();
        }
        throw malformed();
    }

    private static ProblemException malformed() {
        return new ProblemException(Problem.of(
                400,
                "JSON_MALFORMED",
                "failed to parse the request JSON (expected: an object of at most %d bytes)"
                        .formatted(MAX_PARAMETERS_BYTES)));
    }

    private Map<String, ModelRepositoryParameter> parameters(byte @Nullable [] body) {
        JsonNode given = object(body).path("parameters");
        Map<String, ModelRepositoryParameter> parameters = new TreeMap<>();
        if (!given.isObject()) {
            return parameters;
        }
        given.properties().forEach(field -> parameters.put(field.getKey(), parameter(field.getValue())));
        return parameters;
    }

    private static ModelRepositoryParameter parameter(JsonNode value) {
        ModelRepositoryParameter.Builder parameter = ModelRepositoryParameter.newBuilder();
        if (value.isBoolean()) {
            return parameter.setBoolParam(value.booleanValue()).build();
        }
        if (value.isIntegralNumber()) {
            return parameter.setInt64Param(value.longValue()).build();
        }
        return parameter
                .setStringParam(value.isTextual() ? value.textValue() : value.toString())
                .build();
    }

    private static Response json(int status, JsonNode body) {
        return Response.status(status)
                .type(MediaType.APPLICATION_JSON_TYPE)
                .entity(body.toString())
                .build();
    }
}
