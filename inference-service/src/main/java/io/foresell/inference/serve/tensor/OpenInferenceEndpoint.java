package io.foresell.inference.serve.tensor;

import io.foresell.inference.admit.CallAdmission;
import io.foresell.inference.admit.CallerQuotas;
import io.foresell.inference.audit.AuditTrail;
import io.foresell.inference.ladder.Cause;
import io.foresell.inference.load.LoadOrders;
import io.foresell.inference.serve.Calls;
import io.foresell.inference.serve.HeavyLane;
import io.foresell.inference.serve.OpenStreams;
import io.foresell.inference.serve.ParkedModels;
import io.foresell.inference.serve.ServeParts;
import io.foresell.inference.serve.StepDowns;
import io.foresell.inference.serve.log.PredictionLog;
import io.foresell.inference.shadow.ShadowLane;
import io.foresell.kit.Admission;
import io.foresell.kit.Admission.Place;
import io.foresell.kit.Failure;
import io.foresell.kit.Refusal;
import io.foresell.kit.ServiceException;
import io.foresell.proto.openinference.GRPCInferenceServiceGrpc;
import io.foresell.proto.openinference.ModelConfigRequest;
import io.foresell.proto.openinference.ModelConfigResponse;
import io.foresell.proto.openinference.ModelInferRequest;
import io.foresell.proto.openinference.ModelInferResponse;
import io.foresell.proto.openinference.ModelMetadataRequest;
import io.foresell.proto.openinference.ModelMetadataResponse;
import io.foresell.proto.openinference.ModelReadyRequest;
import io.foresell.proto.openinference.ModelReadyResponse;
import io.foresell.proto.openinference.ModelStatisticsRequest;
import io.foresell.proto.openinference.ModelStatisticsResponse;
import io.foresell.proto.openinference.ModelStreamInferResponse;
import io.foresell.proto.openinference.RepositoryIndexRequest;
import io.foresell.proto.openinference.RepositoryIndexResponse;
import io.foresell.proto.openinference.RepositoryModelLoadRequest;
import io.foresell.proto.openinference.RepositoryModelLoadResponse;
import io.foresell.proto.openinference.RepositoryModelUnloadRequest;
import io.foresell.proto.openinference.RepositoryModelUnloadResponse;
import io.foresell.proto.openinference.ServerLiveRequest;
import io.foresell.proto.openinference.ServerLiveResponse;
import io.foresell.proto.openinference.ServerMetadataRequest;
import io.foresell.proto.openinference.ServerMetadataResponse;
import io.foresell.proto.openinference.ServerReadyRequest;
import io.foresell.proto.openinference.ServerReadyResponse;
import io.grpc.Context;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Answers clients of the Open Inference Protocol. A request is answered whole by one version, where it arrives, on the network
 * thread; large batches go to the heavy lane.
 */
public final class OpenInferenceEndpoint extends GRPCInferenceServiceGrpc.GRPCInferenceServiceImplBase {
    private static final List<String> EXTENSIONS = List.of(
            "binary_tensor_data",
            "classification",
            "model_configuration",
            "model_repository",
            "model_repository(unload_dependents)",
            "parameters",
            "statistics");

    /**
     * What an operator may choose.
     *
     * @param serverName the name that the server tells
     * @param hasTestModels whether the built-in test models are there
     * @param isControlled whether callers may load and unload models
     * @param isAlwaysRaw whether answers are raw even when the request was not
     */
    public record Options(String serverName, boolean hasTestModels, boolean isControlled, boolean isAlwaysRaw) {}

    private final String domain;
    private final Options options;
    private final ModelDirectory directory;
    private final Repository repository;
    private final ModelControl control;
    private final ParkedModels parked;
    private final HeavyLane heavyLane;
    private final TensorLadder ladder;
    private final ShadowLane shadows;
    private final CallAdmission admission;
    private final CallerQuotas quotas;
    private final PredictionLog predictions;
    private final OpenStreams streams = new OpenStreams();

    /** Makes the service; the parts stay the caller's. */
    public OpenInferenceEndpoint(ServeParts parts, LoadOrders orders, AuditTrail audit, Options options) {
        TestModels tests = new TestModels(options.hasTestModels());
        this.domain = parts.domain();
        this.options = options;
        this.directory = new ModelDirectory(parts.board(), parts.states(), tests);
        this.repository = new Repository(directory, tests, orders, options.isControlled());
        this.control = new ModelControl(repository, directory, audit);
        this.parked = new ParkedModels(parts.board(), parts.demands());
        this.heavyLane = parts.heavyLane();
        this.ladder = new TensorLadder(heavyLane, new StepDowns(parts.meters()));
        this.shadows = parts.shadows();
        this.admission = parts.admission();
        this.quotas = parts.quotas();
        this.predictions = parts.log();
    }

    /** Ends all streams when what they have begun is answered; those that open later end at once. */
    public void drain() {
        streams.drain();
    }

    @Override
    public void serverLive(ServerLiveRequest request, StreamObserver<ServerLiveResponse> responses) {
        answer(responses, ServerLiveResponse.newBuilder().setLive(true).build());
    }

    @Override
    public void serverReady(ServerReadyRequest request, StreamObserver<ServerReadyResponse> responses) {
        answer(
                responses,
                ServerReadyResponse.newBuilder().setReady(directory.isStarted()).build());
    }

    @Override
    public void modelReady(ModelReadyRequest request, StreamObserver<ModelReadyResponse> responses) {
        boolean isReady = directory.isReady(request.getName(), request.getVersion());
        answer(responses, ModelReadyResponse.newBuilder().setReady(isReady).build());
    }

    @Override
    public void serverMetadata(ServerMetadataRequest request, StreamObserver<ServerMetadataResponse> responses) {
        @Nullable String version = OpenInferenceEndpoint.class.getPackage().getImplementationVersion();
        answer(
                responses,
                ServerMetadataResponse.newBuilder()
                        .setName(options.serverName())
                        .setVersion(version == null ? "development" : version)
                        .addAllExtensions(EXTENSIONS)
                        .build());
    }

    @Override
    public void modelMetadata(ModelMetadataRequest request, StreamObserver<ModelMetadataResponse> responses) {
        if (parked.defer(request.getName(), responses, later -> modelMetadata(request, later))) {
            return;
        }
        answer(responses, ModelProtos.metadata(directory.describe(request.getName(), request.getVersion())));
    }

    @Override
    public void modelConfig(ModelConfigRequest request, StreamObserver<ModelConfigResponse> responses) {
        if (parked.defer(request.getName(), responses, later -> modelConfig(request, later))) {
            return;
        }
        TensorModel model = directory.describe(request.getName(), request.getVersion());
        answer(
                responses,
                ModelConfigResponse.newBuilder()
                        .setConfig(ModelProtos.config(model))
                        .build());
    }

    @Override
    public void modelStatistics(ModelStatisticsRequest request, StreamObserver<ModelStatisticsResponse> responses) {
        String name = request.getName();
        ModelStatisticsResponse.Builder response = ModelStatisticsResponse.newBuilder();
        if (directory.isParked(name)) {
            answer(responses, response.build()); // counted since it was loaded, hence nothing
            return;
        }
        if (!name.isEmpty() && !request.getVersion().isEmpty()) {
            response.addModelStats(ModelProtos.statistics(directory.find(name, request.getVersion(), "")));
        } else {
            if (!name.isEmpty()) {
                directory.describe(name, ""); // or says why it is not there
            }
            directory.all().stream()
                    .filter(model -> name.isEmpty() || model.name().equals(name))
                    .forEach(model -> response.addModelStats(ModelProtos.statistics(model)));
        }
        answer(responses, response.build());
    }

    @Override
    public void repositoryIndex(RepositoryIndexRequest request, StreamObserver<RepositoryIndexResponse> responses) {
        answer(responses, repository.index(request));
    }

    @Override
    public void repositoryModelLoad(
            RepositoryModelLoadRequest request, StreamObserver<RepositoryModelLoadResponse> responses) {
        answerLater(responses, () -> control.load(request), model -> RepositoryModelLoadResponse.newBuilder()
                .setModelName(model)
                .setIsLoaded(true)
                .build());
    }

    @Override
    public void repositoryModelUnload(
            RepositoryModelUnloadRequest request, StreamObserver<RepositoryModelUnloadResponse> responses) {
        answerLater(responses, () -> control.unload(request), model -> RepositoryModelUnloadResponse.newBuilder()
                .setModelName(model)
                .setIsUnloaded(true)
                .build());
    }

    @Override
    public void modelInfer(ModelInferRequest request, StreamObserver<ModelInferResponse> responses) {
        Calls.requireTimeLeft();
        if (parked.defer(request.getModelName(), responses, later -> modelInfer(request, later))) {
            return;
        }
        Inference inference;
        try {
            inference = begin(request);
        } catch (ServiceException e) {
            if (ParkedModels.hasLeft(e)
                    && parked.defer(request.getModelName(), responses, later -> modelInfer(request, later))) {
                return;
            }
            throw e;
        }
        if (!inference.isHeavy()) {
            answer(responses, inference.run());
            return;
        }
        Calls.ignoreCancellation(responses);
        onHeavyLane(inference, () -> Calls.guarded(responses, () -> answer(responses, inference.run())));
    }

    @Override
    public StreamObserver<ModelInferRequest> modelStreamInfer(StreamObserver<ModelStreamInferResponse> responses) {
        InferStream stream = new InferStream((ServerCallStreamObserver<ModelStreamInferResponse>) responses, this);
        stream.start();
        streams.add(stream);
        return stream;
    }

    String domain() {
        return domain;
    }

    void ended(InferStream stream) {
        streams.remove(stream);
    }

    /**
     * Admits one request of a stream.
     *
     * @throws ServiceException RESOURCE_EXHAUSTED above the limit or over quota
     */
    Place enter() {
        Admission.Outcome outcome = admission.enterRequest();
        if (outcome instanceof Refusal refusal) {
            throw new ServiceException(refusal.failure());
        }
        Place place = (Place) outcome;
        Failure spent = quotas.takeOne();
        if (spent != null) {
            place.leave();
            throw new ServiceException(spent);
        }
        return place;
    }

    ParkedModels parked() {
        return parked;
    }

    /** Begins an inference, or says why it cannot begin. */
    Inference begin(ModelInferRequest request) {
        return Inference.begin(request, directory, ladder, options.isAlwaysRaw(), shadows::copy, predictions);
    }

    /** Runs work of an inference on the heavy lane, or here when that is full and a lower rung needs none. */
    void onHeavyLane(Inference inference, Runnable work) {
        try {
            heavyLane.run(inference.estimatedNanos(), Context.current().wrap(work));
        } catch (ServiceException full) {
            if (!inference.isAnsweredBelow(Cause.QUEUE_FULL)) {
                inference.refused(full);
                throw full;
            }
            work.run();
        } catch (RuntimeException e) {
            inference.refused(e);
            throw e;
        }
    }

    private static <A> void answer(StreamObserver<A> responses, A answer) {
        responses.onNext(answer);
        responses.onCompleted();
    }

    private static <A> void answerLater(
            StreamObserver<A> responses, Supplier<CompletableFuture<String>> work, Function<String, A> answer) {
        Calls.ignoreCancellation(responses);
        var unused = work.get().whenComplete((model, error) -> {
            if (error != null) {
                Calls.fail(responses, error);
            } else {
                Calls.guarded(responses, () -> answer(responses, answer.apply(model)));
            }
        });
    }
}
