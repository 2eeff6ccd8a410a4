package io.foresell.training;

import com.google.protobuf.ByteString;
import io.foresell.kit.Failure;
import io.foresell.kit.FailureStatus;
import io.foresell.kit.Settings;
import io.foresell.kit.Telemetry;
import io.foresell.kit.WireSettings;
import io.foresell.proto.registry.v1.ModelRegistryServiceGrpc;
import io.foresell.proto.registry.v1.ModelVersion;
import io.foresell.proto.registry.v1.PublishVersionHeader;
import io.foresell.proto.registry.v1.PublishVersionRequest;
import io.foresell.proto.registry.v1.PublishVersionResponse;
import io.foresell.proto.training.v1.TrainingServiceGrpc;
import io.foresell.training.job.JobsConfig;
import io.foresell.training.job.Trainer;
import io.foresell.training.registry.RegistryConfig;
import io.foresell.training.rollout.RolloutConfig;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.StreamObserver;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.assertj.core.api.Assertions;
import org.assertj.core.api.ThrowableAssert.ThrowingCallable;

/** A real service over TCP on a store given by URI, with a trainer of the test's choice. */
final class TestService implements AutoCloseable {
    /** Trains nothing. */
    static final Trainer NO_TRAINER = (spec, run, listener, isStopped) -> {
        throw new IllegalStateException("no job expected");
    };

    final Telemetry telemetry = Telemetry.local("training");
    final TrainingServer server;
    final ManagedChannel channel;

    TestService(String mongoUri, Path scratchFolder, Trainer trainer, Map<String, String> settings) {
        server = TrainingServer.start(config(mongoUri, scratchFolder, settings), telemetry, trainer);
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.grpcPort())
                .usePlaintext()
                .maxInboundMessageSize(16 << 20)
                .build();
    }

    TestService(TrainingConfig config) {
        server = TrainingServer.start(config, telemetry, NO_TRAINER);
        channel = NettyChannelBuilder.forAddress("127.0.0.1", server.grpcPort())
                .usePlaintext()
                .maxInboundMessageSize(16 << 20)
                .build();
    }

    static TrainingConfig config(String mongoUri, Path scratchFolder, Map<String, String> values) {
        return config(WireSettings.local(0, 0), mongoUri, scratchFolder, values);
    }

    static TrainingConfig config(WireSettings wire, String mongoUri, Path scratchFolder, Map<String, String> values) {
        Map<String, String> inside = new HashMap<>(values); // a scripted trainer needs no process
        inside.putIfAbsent("jobs.mode", "inside");
        Settings settings = Settings.of(inside);
        return new TrainingConfig(
                wire,
                new TrainingConfig.Mongo(mongoUri, "test", Duration.ofSeconds(1), Duration.ofSeconds(10)),
                "localhost:1",
                Duration.ofSeconds(10),
                JobsConfig.read(settings, scratchFolder),
                RegistryConfig.read(settings, scratchFolder),
                RolloutConfig.read(settings));
    }

    ModelRegistryServiceGrpc.ModelRegistryServiceBlockingStub registry() {
        return ModelRegistryServiceGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    TrainingServiceGrpc.TrainingServiceBlockingStub training() {
        return TrainingServiceGrpc.newBlockingStub(channel).withDeadlineAfter(20, TimeUnit.SECONDS);
    }

    ModelVersion publish(String model, byte[] packageBytes) {
        return publish(model, TestPackages.digestOf(packageBytes), packageBytes);
    }

    ModelVersion publish(String model, String digest, byte[] packageBytes) {
        return publish(model, channel, digest, packageBytes);
    }

    ModelVersion publish(String model, Channel caller, byte[] packageBytes) {
        return publish(model, caller, TestPackages.digestOf(packageBytes), packageBytes);
    }

    private static ModelVersion publish(String model, Channel caller, String digest, byte[] packageBytes) {
        CompletableFuture<ModelVersion> answer = new CompletableFuture<>();
        StreamObserver<PublishVersionRequest> upload = ModelRegistryServiceGrpc.newStub(caller)
                .withDeadlineAfter(20, TimeUnit.SECONDS)
                .publishVersion(new StreamObserver<>() {
                    @Override
                    public void onNext(PublishVersionResponse response) {
                        answer.complete(response.getVersion());
                    }

                    @Override
                    public void onError(Throwable error) {
                        answer.completeExceptionally(error);
                    }

                    @Override
                    public void onCompleted() {}
                });
        upload.onNext(PublishVersionRequest.newBuilder()
                .setHeader(PublishVersionHeader.newBuilder()
                        .setModel(model)
                        .setDigest(digest)
                        .setJobId("job-of-test"))
                .build());
        for (int from = 0; from < packageBytes.length; from += 100_000) {
            int count = Math.min(100_000, packageBytes.length - from);
            upload.onNext(PublishVersionRequest.newBuilder()
                    .setChunk(ByteString.copyFrom(packageBytes, from, count))
                    .build());
        }
        upload.onCompleted();
        try {
            return answer.get(20, TimeUnit.SECONDS);
        } catch (ExecutionException e) {
            throw (StatusRuntimeException) e.getCause();
        } catch (InterruptedException | TimeoutException e) {
            throw new IllegalStateException(e);
        }
    }

    /** Asserts status code and reason of a refused call, and returns the failure. */
    static Failure assertRefused(Status.Code code, String reason, ThrowingCallable call) {
        Throwable thrown = Assertions.catchThrowable(call);
        Assertions.assertThat(thrown).isInstanceOf(StatusRuntimeException.class);
        Failure failure = FailureStatus.fromStatus((StatusRuntimeException) thrown);
        Assertions.assertThat(failure.code()).as(failure.message()).isEqualTo(code);
        Assertions.assertThat(failure.reason()).as(failure.message()).isEqualTo(reason);
        return failure;
    }

    @Override
    public void close() {
        channel.shutdownNow();
        server.close();
        telemetry.close();
    }
}
