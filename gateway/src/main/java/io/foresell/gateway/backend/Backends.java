package io.foresell.gateway.backend;

import com.google.common.util.concurrent.ListenableFuture;
import io.foresell.gateway.config.GatewayConfig;
import io.foresell.proto.feature.v1.FeatureStoreServiceGrpc;
import io.foresell.proto.feature.v1.FeatureStoreServiceGrpc.FeatureStoreServiceBlockingStub;
import io.foresell.proto.feature.v1.GetStoreStatusRequest;
import io.foresell.proto.feature.v1.GetStoreStatusResponse;
import io.foresell.proto.inference.v1.InferenceServiceGrpc;
import io.foresell.proto.inference.v1.InferenceServiceGrpc.InferenceServiceBlockingStub;
import io.foresell.proto.inference.v1.InferenceServiceGrpc.InferenceServiceFutureStub;
import io.foresell.proto.inference.v1.ListLoadedModelsRequest;
import io.foresell.proto.inference.v1.ListLoadedModelsResponse;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoreResponse;
import io.foresell.proto.openinference.GRPCInferenceServiceGrpc;
import io.foresell.proto.openinference.GRPCInferenceServiceGrpc.GRPCInferenceServiceBlockingStub;
import io.foresell.proto.openinference.GRPCInferenceServiceGrpc.GRPCInferenceServiceFutureStub;
import io.foresell.proto.openinference.ModelInferRequest;
import io.foresell.proto.openinference.ModelInferResponse;
import io.foresell.proto.prediction.v1.GetLiveMetricsRequest;
import io.foresell.proto.prediction.v1.GetLiveMetricsResponse;
import io.foresell.proto.prediction.v1.GetPredictionRequest;
import io.foresell.proto.prediction.v1.GetPredictionResponse;
import io.foresell.proto.prediction.v1.PredictionLogServiceGrpc;
import io.foresell.proto.prediction.v1.PredictionLogServiceGrpc.PredictionLogServiceBlockingStub;
import io.foresell.proto.prediction.v1.ReplayPredictionRequest;
import io.foresell.proto.prediction.v1.ReplayPredictionResponse;
import io.foresell.proto.prediction.v1.ReplayServiceGrpc;
import io.foresell.proto.prediction.v1.ReportOutcomesRequest;
import io.foresell.proto.prediction.v1.ReportOutcomesResponse;
import io.foresell.proto.registry.v1.GetReportRequest;
import io.foresell.proto.registry.v1.GetReportResponse;
import io.foresell.proto.registry.v1.ListModelsRequest;
import io.foresell.proto.registry.v1.ListModelsResponse;
import io.foresell.proto.registry.v1.ListReleasesRequest;
import io.foresell.proto.registry.v1.ListReleasesResponse;
import io.foresell.proto.registry.v1.ListVersionsRequest;
import io.foresell.proto.registry.v1.ListVersionsResponse;
import io.foresell.proto.registry.v1.ModelRegistryServiceGrpc.ModelRegistryServiceBlockingStub;
import io.foresell.proto.training.v1.ListJobsRequest;
import io.foresell.proto.training.v1.ListJobsResponse;
import io.foresell.proto.training.v1.TrainingServiceGrpc.TrainingServiceBlockingStub;
import io.grpc.Channel;
import io.grpc.StatusRuntimeException;
import io.grpc.health.v1.HealthCheckRequest;
import io.grpc.health.v1.HealthCheckResponse;
import io.grpc.health.v1.HealthGrpc;
import io.quarkus.grpc.GrpcClient;
import io.quarkus.runtime.StartupEvent;
import jakarta.enterprise.context.ApplicationScoped;
import jakarta.enterprise.event.Observes;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jboss.logging.Logger;

/**
 * Calls the services. Every call carries a deadline and none is repeated here. Calls that return a value block the
 * calling thread; calls that return a future end with the service's answer or its {@link StatusRuntimeException}.
 * Thread-safe.
 */
@ApplicationScoped
public class Backends {
    private static final Logger log = Logger.getLogger(Backends.class);

    private final FeatureStoreServiceBlockingStub featureStore;
    private final TrainingServiceBlockingStub training;
    private final ModelRegistryServiceBlockingStub registry;
    private final InferenceServiceBlockingStub inference;
    private final GRPCInferenceServiceBlockingStub tensors;
    private final InferenceServiceFutureStub scores;
    private final GRPCInferenceServiceFutureStub inferences;
    private final ScoreLanes lanes;
    private final ClusterToken token;
    private final CallsUnderWay underWay = new CallsUnderWay();
    private final GatewayConfig.Deadline deadline;

    Backends(
            @GrpcClient("feature-store") FeatureStoreServiceBlockingStub featureStore,
            @GrpcClient("training") TrainingServiceBlockingStub training,
            @GrpcClient("training") ModelRegistryServiceBlockingStub registry,
            @GrpcClient("inference") InferenceServiceBlockingStub inference,
            @GrpcClient("inference") GRPCInferenceServiceBlockingStub tensors,
            @GrpcClient("inference") Channel inferenceChannel,
            ScoreLanes lanes,
            ClusterToken token,
            GatewayConfig config) {
        this.featureStore = featureStore;
        this.training = training;
        this.registry = registry;
        this.inference = inference;
        this.lanes = lanes;
        this.token = token;
        this.tensors = tensors;
        // Answers are read on the network thread: a hand-over to a pool would cost more than the reading.
        // The channel of a blocking stub would refuse to be used there.
        this.scores = InferenceServiceGrpc.newFutureStub(inferenceChannel).withExecutor(Runnable::run);
        this.inferences =
                GRPCInferenceServiceGrpc.newFutureStub(inferenceChannel).withExecutor(Runnable::run);
        this.deadline = config.deadline();
    }

    /**
     * Opens the connections before the gateway says that it is ready, so that the first caller does not wait for them.
     * A service that is away holds the start up by one health deadline and is no error.
     */
    void connect(@Observes StartupEvent started) {
        Map<Backend, CompletableFuture<Boolean>> asked = new EnumMap<>(Backend.class);
        for (Backend backend : Backend.values()) {
            asked.put(backend, health(backend).handle((answer, failure) -> failure == null));
        }
        asked.forEach((backend, isAnswered) -> log.infof(
                "asked service=%s target=%s answers=%s", backend.title(), target(backend), isAnswered.join()));
    }

    /**
     * Scores rows or entities without holding a thread.
     *
     * @param read makes of the service's answer what completes the stage; runs on a network thread
     * @return fails with {@link BackendException}, or with what {@code read} throws
     * @throws RejectedExecutionException when as many calls are under way as the gateway takes
     */
    public <R> CompletionStage<R> score(ScoreRequest request, Function<ScoreResponse, R> read) {
        return underWay.take(
                Backend.INFERENCE,
                deadline.score(),
                () -> within(scores, deadline.score()).score(request),
                read);
    }

    /**
     * Scores rows that are answered at once, on the shortest way: from a network thread over a stream that stands, without the parts of a
     * call. Otherwise as {@link #score}.
     *
     * @param authorization what the caller sent to say who it is; empty when it sent nothing
     */
    public <R> CompletionStage<R> scoreRows(
            ScoreRequest request, String authorization, Function<ScoreResponse, R> read) {
        long untilNanos = System.nanoTime() + deadline.score().toNanos();
        String shown = token.shownFor(authorization);
        return underWay.take(
                Backend.INFERENCE,
                deadline.score(),
                () -> lanes.score(request, shown, untilNanos, () -> asCall(request, shown, untilNanos)),
                read);
    }

    private ListenableFuture<ScoreResponse> asCall(ScoreRequest request, String shown, long untilNanos) {
        return scores.withInterceptors(ClusterToken.showing(shown))
                .withDeadlineAfter(untilNanos - System.nanoTime(), TimeUnit.NANOSECONDS)
                .score(request);
    }

    /** Infers in the words of the Open Inference Protocol without holding a thread; otherwise as {@link #score}. */
    public <R> CompletionStage<R> infer(ModelInferRequest request, Function<ModelInferResponse, R> read) {
        return underWay.take(
                Backend.INFERENCE,
                deadline.score(),
                () -> within(inferences, deadline.score()).modelInfer(request),
                read);
    }

    /** Asks the inference service in the words of the Open Inference Protocol. */
    public <A> A inference(Function<GRPCInferenceServiceBlockingStub, A> question) {
        return call(Backend.INFERENCE, deadline.score(), () -> question.apply(within(tensors, deadline.score())));
    }

    /** Asks the inference service to load or unload a model and waits until it is done. */
    public <A> A loading(Function<GRPCInferenceServiceBlockingStub, A> order) {
        return call(Backend.INFERENCE, deadline.load(), () -> order.apply(within(tensors, deadline.load())));
    }

    /** Reports what came true. */
    public ReportOutcomesResponse outcomes(ReportOutcomesRequest request) {
        return call(Backend.FEATURE_STORE, deadline.load(), () -> predictionLog(deadline.load())
                .reportOutcomes(request));
    }

    /** Returns a logged prediction. */
    public GetPredictionResponse prediction(String id) {
        return call(Backend.FEATURE_STORE, deadline.list(), () -> predictionLog(deadline.list())
                .getPrediction(
                        GetPredictionRequest.newBuilder().setPredictionId(id).build()));
    }

    /** Measures the versions of a model as they serve. */
    public GetLiveMetricsResponse liveMetrics(GetLiveMetricsRequest request) {
        return call(Backend.FEATURE_STORE, deadline.load(), () -> predictionLog(deadline.load())
                .getLiveMetrics(request));
    }

    private PredictionLogServiceBlockingStub predictionLog(Duration limit) {
        return within(PredictionLogServiceGrpc.newBlockingStub(channel(Backend.FEATURE_STORE)), limit);
    }

    /** Scores a logged prediction again. */
    public ReplayPredictionResponse replay(ReplayPredictionRequest request) {
        return call(Backend.INFERENCE, deadline.load(), () -> within(
                        ReplayServiceGrpc.newBlockingStub(channel(Backend.INFERENCE)), deadline.load())
                .replayPrediction(request));
    }

    /** Lists the models of the registry. */
    public ListModelsResponse models() {
        return call(Backend.TRAINING, deadline.list(), () -> within(registry, deadline.list())
                .listModels(ListModelsRequest.getDefaultInstance()));
    }

    /** Lists the versions of a model. */
    public ListVersionsResponse versions(String model) {
        return call(Backend.TRAINING, deadline.list(), () -> within(registry, deadline.list())
                .listVersions(ListVersionsRequest.newBuilder().setModel(model).build()));
    }

    /** Returns the report of a version. */
    public GetReportResponse report(String model, int version) {
        return call(Backend.TRAINING, deadline.list(), () -> within(registry, deadline.list())
                .getReport(GetReportRequest.newBuilder()
                        .setModel(model)
                        .setVersion(version)
                        .build()));
    }

    /** Lists the releases of a model. */
    public ListReleasesResponse releases(String model) {
        return call(Backend.TRAINING, deadline.list(), () -> within(registry, deadline.list())
                .listReleases(ListReleasesRequest.newBuilder().setModel(model).build()));
    }

    /** Lists training jobs; an empty name means those of all models. */
    public ListJobsResponse jobs(String model) {
        return call(Backend.TRAINING, deadline.list(), () -> within(training, deadline.list())
                .listJobs(ListJobsRequest.newBuilder().setModel(model).build()));
    }

    /** Asks a service whether it serves. */
    public CompletableFuture<HealthCheckResponse> health(Backend backend) {
        return Futures.of(HealthGrpc.newFutureStub(channel(backend))
                .withDeadlineAfter(deadline.health().toNanos(), TimeUnit.NANOSECONDS)
                .check(HealthCheckRequest.getDefaultInstance()));
    }

    /** Asks the feature store what it holds. */
    public CompletableFuture<GetStoreStatusResponse> storeStatus() {
        return Futures.of(FeatureStoreServiceGrpc.newFutureStub(channel(Backend.FEATURE_STORE))
                .withDeadlineAfter(deadline.health().toNanos(), TimeUnit.NANOSECONDS)
                .getStoreStatus(GetStoreStatusRequest.getDefaultInstance()));
    }

    /** Asks inference what it has loaded, outside of a request, for a caller who sent this to say who it is. */
    public CompletableFuture<ListLoadedModelsResponse> loadedModels(String authorization) {
        return Futures.of(scores.withInterceptors(ClusterToken.showing(token.shownFor(authorization)))
                .withDeadlineAfter(deadline.health().toNanos(), TimeUnit.NANOSECONDS)
                .listLoadedModels(ListLoadedModelsRequest.getDefaultInstance()));
    }

    /** Asks inference what it has loaded. */
    public CompletableFuture<ListLoadedModelsResponse> loadedModels() {
        return Futures.of(InferenceServiceGrpc.newFutureStub(channel(Backend.INFERENCE))
                .withDeadlineAfter(deadline.health().toNanos(), TimeUnit.NANOSECONDS)
                .listLoadedModels(ListLoadedModelsRequest.getDefaultInstance()));
    }

    /** Returns the host and port of a service. */
    public String target(Backend backend) {
        return channel(backend).authority();
    }

    private Channel channel(Backend backend) {
        return switch (backend) {
            case FEATURE_STORE -> featureStore.getChannel();
            case TRAINING -> training.getChannel();
            case INFERENCE -> inference.getChannel();
        };
    }

    private static <S extends io.grpc.stub.AbstractStub<S>> S within(S stub, Duration limit) {
        return stub.withDeadlineAfter(limit.toNanos(), TimeUnit.NANOSECONDS);
    }

    private static <A> A call(Backend backend, Duration limit, Supplier<A> call) {
        try {
            return call.get();
        } catch (StatusRuntimeException e) {
            throw new BackendException(backend, limit, e);
        }
    }
}
