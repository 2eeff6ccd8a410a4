package io.foresell.training.serve;

import com.google.protobuf.UnsafeByteOperations;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.registry.v1.DownloadPackageRequest;
import io.foresell.proto.registry.v1.DownloadPackageResponse;
import io.foresell.proto.registry.v1.GetReportRequest;
import io.foresell.proto.registry.v1.GetReportResponse;
import io.foresell.proto.registry.v1.GetVersionRequest;
import io.foresell.proto.registry.v1.GetVersionResponse;
import io.foresell.proto.registry.v1.ImportModelRequest;
import io.foresell.proto.registry.v1.ImportModelResponse;
import io.foresell.proto.registry.v1.InspectModelRequest;
import io.foresell.proto.registry.v1.InspectModelResponse;
import io.foresell.proto.registry.v1.ListAliasHistoryRequest;
import io.foresell.proto.registry.v1.ListAliasHistoryResponse;
import io.foresell.proto.registry.v1.ListModelsRequest;
import io.foresell.proto.registry.v1.ListModelsResponse;
import io.foresell.proto.registry.v1.ListReleasesRequest;
import io.foresell.proto.registry.v1.ListReleasesResponse;
import io.foresell.proto.registry.v1.ListVersionsRequest;
import io.foresell.proto.registry.v1.ListVersionsResponse;
import io.foresell.proto.registry.v1.ModelRegistryServiceGrpc;
import io.foresell.proto.registry.v1.PublishVersionRequest;
import io.foresell.proto.registry.v1.PublishVersionResponse;
import io.foresell.proto.registry.v1.SetAliasRequest;
import io.foresell.proto.registry.v1.SetAliasResponse;
import io.foresell.proto.registry.v1.SetReleaseRequest;
import io.foresell.proto.registry.v1.SetReleaseResponse;
import io.foresell.proto.registry.v1.WatchReleasesRequest;
import io.foresell.proto.registry.v1.WatchReleasesResponse;
import io.foresell.training.registry.ModelRegistry;
import io.foresell.training.registry.ModelVersion;
import io.foresell.training.registry.StoreFailures;
import io.foresell.training.registry.foreign.ForeignImports;
import io.grpc.stub.ServerCallStreamObserver;
import io.grpc.stub.StreamObserver;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.OptionalInt;

/** The registry on the wire. Handlers may block. */
public final class RegistryEdge extends ModelRegistryServiceGrpc.ModelRegistryServiceImplBase {
    private final ModelRegistry registry;
    private final ForeignImports imports;
    private final Watchers watchers;
    private final MeterRegistry meters;

    public RegistryEdge(ModelRegistry registry, int maxWatchers, MeterRegistry meters) {
        this.registry = registry;
        this.imports = new ForeignImports(registry);
        this.watchers = new Watchers("releases", maxWatchers, meters);
        this.meters = meters;
    }

    /** Ends all watches and admits no more. */
    public void drain() {
        watchers.drain();
    }

    @Override
    public StreamObserver<PublishVersionRequest> publishVersion(StreamObserver<PublishVersionResponse> caller) {
        return new PublishStream(registry, caller);
    }

    @Override
    public StreamObserver<ImportModelRequest> importModel(StreamObserver<ImportModelResponse> caller) {
        return new ImportStream(imports, caller);
    }

    @Override
    public StreamObserver<InspectModelRequest> inspectModel(StreamObserver<InspectModelResponse> caller) {
        return new InspectStream(imports, caller);
    }

    @Override
    public void listModels(ListModelsRequest request, StreamObserver<ListModelsResponse> caller) {
        Answers.unary(caller, () -> ListModelsResponse.newBuilder()
                .addAllModels(
                        registry.models().stream().map(RegistryProtos::ofModel).toList())
                .build());
    }

    @Override
    public void listVersions(ListVersionsRequest request, StreamObserver<ListVersionsResponse> caller) {
        Answers.unary(caller, () -> ListVersionsResponse.newBuilder()
                .addAllVersions(registry.versions(request.getModel()).stream()
                        .map(RegistryProtos::ofVersion)
                        .toList())
                .build());
    }

    @Override
    public void getVersion(GetVersionRequest request, StreamObserver<GetVersionResponse> caller) {
        Answers.unary(caller, () -> GetVersionResponse.newBuilder()
                .setVersion(RegistryProtos.ofVersion(version(request)))
                .build());
    }

    private ModelVersion version(GetVersionRequest request) {
        return switch (request.getWhichCase()) {
            case VERSION -> registry.version(request.getModel(), request.getVersion());
            case ALIAS -> registry.version(request.getModel(), request.getAlias());
            case WHICH_NOT_SET -> throw new ServiceException(
                    Failure.invalid("VERSION_MISSING", "which", "nothing", "version or alias"));
        };
    }

    @Override
    public void downloadPackage(DownloadPackageRequest request, StreamObserver<DownloadPackageResponse> caller) {
        try {
            var call = (ServerCallStreamObserver<DownloadPackageResponse>) caller;
            new DownloadStream(registry.download(request.getModel(), request.getVersion()), call, meters).start();
        } catch (RuntimeException e) {
            caller.onError(StoreFailures.translated(e));
        }
    }

    @Override
    public void getReport(GetReportRequest request, StreamObserver<GetReportResponse> caller) {
        Answers.unary(caller, () -> GetReportResponse.newBuilder()
                .setHtml(UnsafeByteOperations.unsafeWrap(registry.report(request.getModel(), request.getVersion())))
                .build());
    }

    @Override
    public void setAlias(SetAliasRequest request, StreamObserver<SetAliasResponse> caller) {
        OptionalInt expected =
                request.hasExpectedVersion() ? OptionalInt.of(request.getExpectedVersion()) : OptionalInt.empty();
        Answers.unary(caller, () -> SetAliasResponse.newBuilder()
                .setMove(RegistryProtos.ofMove(registry.releases()
                        .setAlias(
                                request.getModel(),
                                request.getAlias(),
                                request.getVersion(),
                                expected,
                                request.getActor(),
                                request.getReason())))
                .build());
    }

    @Override
    public void listAliasHistory(ListAliasHistoryRequest request, StreamObserver<ListAliasHistoryResponse> caller) {
        Answers.unary(caller, () -> ListAliasHistoryResponse.newBuilder()
                .addAllMoves(registry.releases().aliasHistory(request.getModel()).stream()
                        .map(RegistryProtos::ofMove)
                        .toList())
                .build());
    }

    @Override
    public void setRelease(SetReleaseRequest request, StreamObserver<SetReleaseResponse> caller) {
        OptionalInt expected =
                request.hasExpectedRevision() ? OptionalInt.of(request.getExpectedRevision()) : OptionalInt.empty();
        Answers.unary(caller, () -> SetReleaseResponse.newBuilder()
                .setRelease(ReleaseProtos.ofRelease(registry.releases()
                        .setRelease(
                                request.getModel(),
                                ReleaseProtos.toUnit(request),
                                request.getSalt(),
                                expected,
                                request.getActor(),
                                request.getReason(),
                                request.getIsForced())))
                .build());
    }

    @Override
    public void listReleases(ListReleasesRequest request, StreamObserver<ListReleasesResponse> caller) {
        Answers.unary(caller, () -> ListReleasesResponse.newBuilder()
                .addAllReleases(registry.releases().history(request.getModel()).stream()
                        .map(ReleaseProtos::ofRelease)
                        .toList())
                .build());
    }

    @Override
    public void watchReleases(WatchReleasesRequest request, StreamObserver<WatchReleasesResponse> caller) {
        if (registry.releases().feed().current() == null) {
            throw new ServiceException(Failure.unavailable(
                    "STORE_UNAVAILABLE",
                    "releases: not read yet (expected: MongoDB at mongo.uri)",
                    Duration.ofSeconds(1)));
        }
        var call = (ServerCallStreamObserver<WatchReleasesResponse>) caller;
        new ReleaseWatch(registry.releases().feed(), watchers, call).start();
    }
}
