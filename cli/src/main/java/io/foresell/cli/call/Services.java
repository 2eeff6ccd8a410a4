package io.foresell.cli.call;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.feature.v1.ErasureServiceGrpc;
import io.foresell.proto.feature.v1.ErasureServiceGrpc.ErasureServiceBlockingStub;
import io.foresell.proto.feature.v1.FeatureStoreServiceGrpc;
import io.foresell.proto.feature.v1.FeatureStoreServiceGrpc.FeatureStoreServiceBlockingStub;
import io.foresell.proto.feature.v1.FeatureStoreServiceGrpc.FeatureStoreServiceStub;
import io.foresell.proto.inference.v1.InferenceServiceGrpc;
import io.foresell.proto.inference.v1.InferenceServiceGrpc.InferenceServiceBlockingStub;
import io.foresell.proto.inference.v1.InferenceServiceGrpc.InferenceServiceStub;
import io.foresell.proto.prediction.v1.PredictionLogServiceGrpc;
import io.foresell.proto.prediction.v1.PredictionLogServiceGrpc.PredictionLogServiceBlockingStub;
import io.foresell.proto.prediction.v1.ReplayServiceGrpc;
import io.foresell.proto.prediction.v1.ReplayServiceGrpc.ReplayServiceBlockingStub;
import io.foresell.proto.registry.v1.AuditServiceGrpc;
import io.foresell.proto.registry.v1.AuditServiceGrpc.AuditServiceBlockingStub;
import io.foresell.proto.registry.v1.ModelRegistryServiceGrpc;
import io.foresell.proto.registry.v1.ModelRegistryServiceGrpc.ModelRegistryServiceBlockingStub;
import io.foresell.proto.registry.v1.ModelRegistryServiceGrpc.ModelRegistryServiceStub;
import io.foresell.proto.registry.v1.PackageSignatureServiceGrpc;
import io.foresell.proto.registry.v1.PackageSignatureServiceGrpc.PackageSignatureServiceBlockingStub;
import io.foresell.proto.registry.v1.RolloutServiceGrpc;
import io.foresell.proto.registry.v1.RolloutServiceGrpc.RolloutServiceBlockingStub;
import io.foresell.proto.training.v1.ScheduleServiceGrpc;
import io.foresell.proto.training.v1.ScheduleServiceGrpc.ScheduleServiceBlockingStub;
import io.foresell.proto.training.v1.TrainingServiceGrpc;
import io.foresell.proto.training.v1.TrainingServiceGrpc.TrainingServiceBlockingStub;
import io.grpc.Channel;
import io.grpc.ChannelCredentials;
import io.grpc.ClientInterceptors;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.TlsChannelCredentials;
import io.grpc.health.v1.HealthGrpc;
import io.grpc.health.v1.HealthGrpc.HealthBlockingStub;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.AbstractStub;
import io.grpc.stub.MetadataUtils;
import java.io.IOException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Stubs of the services. Channels open on first use; every stub carries a deadline from the moment it is asked for. */
public final class Services implements AutoCloseable {
    /** The deadline of a short call. */
    public static final Duration CALL = Duration.ofSeconds(30);
    /** The deadline of one stream of rows or of a package. */
    public static final Duration TRANSFER = Duration.ofMinutes(10);
    /** The deadline of one call about logged predictions. */
    private static final Duration LOG = Duration.ofMinutes(2);

    private static final int MAX_MESSAGE_BYTES = 64 << 20;
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);

    private final Targets targets;
    private final Map<String, ManagedChannel> channels = new LinkedHashMap<>();

    public Services(Targets targets) {
        this.targets = targets;
    }

    public Targets targets() {
        return targets;
    }

    public FeatureStoreServiceBlockingStub featureStore() {
        return dated(FeatureStoreServiceGrpc.newBlockingStub(channel(targets.featureStore())), CALL);
    }

    /** Returns a stub for streams of rows. */
    public FeatureStoreServiceStub featureStoreStreams() {
        return dated(FeatureStoreServiceGrpc.newStub(channel(targets.featureStore())), TRANSFER);
    }

    public TrainingServiceBlockingStub training() {
        return dated(TrainingServiceGrpc.newBlockingStub(channel(targets.training())), CALL);
    }

    public ScheduleServiceBlockingStub schedules() {
        return dated(ScheduleServiceGrpc.newBlockingStub(channel(targets.training())), CALL);
    }

    /** Returns a stub for watching a job; a watch that ends at its deadline is simply begun again. */
    public TrainingServiceBlockingStub trainingWatch() {
        return dated(TrainingServiceGrpc.newBlockingStub(channel(targets.training())), TRANSFER);
    }

    public ModelRegistryServiceBlockingStub registry() {
        return dated(ModelRegistryServiceGrpc.newBlockingStub(channel(targets.training())), CALL);
    }

    public PackageSignatureServiceBlockingStub signatures() {
        return dated(PackageSignatureServiceGrpc.newBlockingStub(channel(targets.training())), CALL);
    }

    public AuditServiceBlockingStub audit() {
        return dated(AuditServiceGrpc.newBlockingStub(channel(targets.training())), CALL);
    }

    public RolloutServiceBlockingStub rollouts() {
        return dated(RolloutServiceGrpc.newBlockingStub(channel(targets.training())), CALL);
    }

    /** Returns a stub for packages on their way down. */
    public ModelRegistryServiceBlockingStub registryDownloads() {
        return dated(ModelRegistryServiceGrpc.newBlockingStub(channel(targets.training())), TRANSFER);
    }

    /** Returns a stub for packages on their way up. */
    public ModelRegistryServiceStub registryUploads() {
        return dated(ModelRegistryServiceGrpc.newStub(channel(targets.training())), TRANSFER);
    }

    public InferenceServiceBlockingStub inference() {
        return dated(InferenceServiceGrpc.newBlockingStub(channel(targets.inference())), CALL);
    }

    /** Returns a stub for bulk streams; one that ends at its deadline is simply gone on with. */
    public InferenceServiceStub inferenceStreams() {
        return dated(InferenceServiceGrpc.newStub(channel(targets.inference())), TRANSFER);
    }

    /** Returns a stub of erasures, which the feature store hosts; it may have to look through much. */
    public ErasureServiceBlockingStub erasure() {
        return dated(ErasureServiceGrpc.newBlockingStub(channel(targets.featureStore())), LOG);
    }

    /** Returns a stub of the prediction log, which the feature store hosts; what it computes may take a while. */
    public PredictionLogServiceBlockingStub predictionLog() {
        return dated(PredictionLogServiceGrpc.newBlockingStub(channel(targets.featureStore())), LOG);
    }

    /** Returns a stub of replays, which the inference service hosts; a package may have to be fetched first. */
    public ReplayServiceBlockingStub replays() {
        return dated(ReplayServiceGrpc.newBlockingStub(channel(targets.inference())), LOG);
    }

    /** Returns the health check of the server at an address, with a deadline of a few seconds. */
    public HealthBlockingStub health(String target) {
        return dated(HealthGrpc.newBlockingStub(channel(target)), Duration.ofSeconds(5));
    }

    private <S extends AbstractStub<S>> S dated(S stub, Duration usual) {
        return stub.withDeadlineAfter(targets.timeout().orElse(usual).toMillis(), TimeUnit.MILLISECONDS);
    }

    private Channel channel(String target) {
        ManagedChannel channel = channels.computeIfAbsent(target, this::open);
        if (targets.token().isEmpty()) {
            return channel;
        }
        Metadata headers = new Metadata();
        headers.put(AUTHORIZATION, "Bearer " + targets.token());
        return ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers));
    }

    private ManagedChannel open(String target) {
        return NettyChannelBuilder.forTarget(target, credentials())
                .maxInboundMessageSize(MAX_MESSAGE_BYTES)
                .keepAliveTime(30, TimeUnit.SECONDS)
                .userAgent("foresell-cli")
                .build();
    }

    private ChannelCredentials credentials() {
        if (targets.tls().isEmpty()) {
            return InsecureChannelCredentials.create();
        }
        Targets.Tls tls = targets.tls().get();
        try {
            TlsChannelCredentials.Builder credentials =
                    TlsChannelCredentials.newBuilder().trustManager(tls.trust().toFile());
            if (tls.certificate().isPresent() && tls.privateKey().isPresent()) {
                credentials.keyManager(
                        tls.certificate().get().toFile(), tls.privateKey().get().toFile());
            }
            return credentials.build();
        } catch (IOException e) {
            throw new ServiceException(
                    Failure.invalid(
                            "CERTIFICATE_UNREADABLE",
                            "tls: %s (expected: readable PEM files)".formatted(e.getMessage())),
                    e);
        }
    }

    @Override
    public void close() {
        channels.values().forEach(ManagedChannel::shutdownNow);
    }
}
