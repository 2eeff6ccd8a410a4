package io.foresell.inference;

import static io.foresell.inference.fixture.Cluster.packed;
import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.inference.fixture.Cluster;
import io.foresell.inference.fixture.StreamCaller;
import io.foresell.inference.fixture.TestPackages;
import io.foresell.kit.Failure;
import io.foresell.kit.FailureStatus;
import io.foresell.kit.Telemetry;
import io.foresell.proto.inference.v1.InferenceServiceGrpc;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoreStreamRequest;
import io.foresell.proto.inference.v1.ScoreStreamResponse;
import io.grpc.Attributes;
import io.grpc.EquivalentAddressGroup;
import io.grpc.ManagedChannel;
import io.grpc.NameResolver;
import io.grpc.NameResolverProvider;
import io.grpc.NameResolverRegistry;
import io.grpc.Status;
import io.grpc.StatusOr;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One of two servers goes away under load, again and again: no call fails, and streams say what to send elsewhere. */
final class DrainTest {
    @TempDir
    private Path folder;

    private Cluster cluster;
    private final List<ManagedChannel> channels = new ArrayList<>();

    @BeforeEach
    void startCluster() {
        cluster = new Cluster(folder);
        cluster.registry.publish("churn", 1, TestPackages.logistic("churn", 0));
        cluster.registry.release("churn", 1, 100);
        cluster.startServing();
    }

    @AfterEach
    void closeCluster() {
        channels.forEach(ManagedChannel::shutdownNow);
        cluster.close();
    }

    /** Returns a channel over both servers, as a headless service of Kubernetes gives it. */
    private ManagedChannel channel(int otherPort) {
        Both both = new Both(List.of(cluster.server().grpcPort(), otherPort));
        NameResolverRegistry.getDefaultRegistry().register(both);
        ManagedChannel channel = NettyChannelBuilder.forTarget(both.getDefaultScheme() + ":///servers")
                .defaultLoadBalancingPolicy("round_robin")
                .usePlaintext()
                .build();
        channels.add(channel);
        return channel;
    }

    private static final class Both extends NameResolverProvider {
        private final List<Integer> ports;

        Both(List<Integer> ports) {
            this.ports = ports;
        }

        @Override
        public NameResolver newNameResolver(URI target, NameResolver.Args arguments) {
            return new NameResolver() {
                @Override
                public String getServiceAuthority() {
                    return "localhost";
                }

                @Override
                public void start(Listener2 listener) {
                    List<EquivalentAddressGroup> addresses = ports.stream()
                            .map(port -> new EquivalentAddressGroup(new InetSocketAddress("localhost", port)))
                            .toList();
                    var unused = listener.onResult2(ResolutionResult.newBuilder()
                            .setAddressesOrError(StatusOr.fromValue(addresses))
                            .setAttributes(Attributes.EMPTY)
                            .build());
                }

                @Override
                public void shutdown() {
                    // Nothing was begun.
                }
            };
        }

        @Override
        public String getDefaultScheme() {
            return "both" + ports.get(1);
        }

        @Override
        protected boolean isAvailable() {
            return true;
        }

        @Override
        protected int priority() {
            return 5;
        }
    }

    @Test
    void noUnaryCallFailsWhileAServerDrains() throws Exception {
        AtomicBoolean isOver = new AtomicBoolean();
        AtomicLong answered = new AtomicLong();
        ExecutorService callers = Executors.newFixedThreadPool(4);
        for (int round = 0; round < 3; round++) {
            isOver.set(false);
            InferenceServer other = InferenceServer.start(cluster.config("other" + round), Telemetry.local("other"));
            Cluster.await("other serving", other::isServing);
            var stub = InferenceServiceGrpc.newBlockingStub(channel(other.grpcPort()));
            ScoreRequest request = packed("churn", 12, 70, "basic").build();
            List<Future<?>> calls = new ArrayList<>();
            for (int caller = 0; caller < 4; caller++) {
                calls.add(callers.submit(() -> {
                    while (!isOver.get()) {
                        stub.withDeadlineAfter(20, TimeUnit.SECONDS).score(request);
                        answered.incrementAndGet();
                    }
                }));
            }
            long target = answered.get() + 400;
            Cluster.await("load", () -> answered.get() > target);
            other.close();
            long after = answered.get() + 200;
            Cluster.await(
                    "load goes on",
                    () -> answered.get() > after || calls.stream().anyMatch(Future::isDone));
            isOver.set(true);
            for (Future<?> call : calls) {
                call.get(20, TimeUnit.SECONDS); // fails when any of its calls did
            }
        }
        callers.shutdown();
    }

    @Test
    void aScoreStreamAnswersWhatItBeganAndSaysToGoElsewhere() throws Exception {
        var stream = StreamCaller.<ScoreStreamRequest, ScoreStreamResponse>open(
                InferenceServiceGrpc.newStub(cluster.channel()).withDeadlineAfter(30, TimeUnit.SECONDS)::scoreStream);
        for (int i = 0; i < 20; i++) {
            stream.send(ScoreStreamRequest.newBuilder()
                    .setId("r" + i)
                    .setRequest(packed("churn", i, 70, "basic"))
                    .build());
        }
        assertThat(stream.answers(20)).allMatch(ScoreStreamResponse::hasResponse);
        cluster.server().close();
        Failure failure = FailureStatus.fromStatus(stream.failure());
        assertThat(failure.code()).isEqualTo(Status.Code.UNAVAILABLE);
        assertThat(failure.reason()).isEqualTo("DRAINING");
        assertThat(failure.metadata()).containsEntry("answered_count", "20");
        assertThat(failure.retryAfter()).isNotNull();
    }
}
