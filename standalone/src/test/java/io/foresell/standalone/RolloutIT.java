package io.foresell.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.Uninterruptibles;
import io.foresell.proto.inference.v1.InferenceServiceGrpc;
import io.foresell.proto.inference.v1.NamedRow;
import io.foresell.proto.inference.v1.NamedRows;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.Value;
import io.foresell.standalone.process.Buyers;
import io.foresell.standalone.process.ChildProcess;
import io.foresell.standalone.process.Command;
import io.foresell.standalone.process.ServiceProcesses;
import io.foresell.store.embedded.EmbeddedStore;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Rollouts on five processes, two of them replicas of inference, while customers are scored: what is good takes over, what drifts is taken back. */
final class RolloutIT {
    private static final Duration PATIENCE = Duration.ofMinutes(4);

    @TempDir
    Path folder;

    private final int secondPort = ServiceProcesses.freePort();
    private ServiceProcesses services;

    private ChildProcess training(EmbeddedStore store) throws Exception {
        return services.training(
                store,
                "rollout.inference-targets=localhost:%d,localhost:%d".formatted(services.inferencePort(), secondPort),
                "rollout.interval=300ms");
    }

    private Command.Result eventually(String... arguments) throws InterruptedException {
        return services.eventually(arguments);
    }

    private String awaitStatus(String... words) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        String seen = "";
        while (System.nanoTime() < end) {
            seen = eventually("release", "status", "leaving").out();
            if (List.of(words).stream().allMatch(seen::contains)) {
                return seen;
            }
            Thread.sleep(200);
        }
        throw new AssertionError("no %s in:%n%s%n%s"
                .formatted(
                        List.of(words),
                        seen,
                        services.command().run("release", "history", "leaving").out()));
    }

    @Test
    void theGoodTakesOverAndTheBadIsTakenBackWithoutAFailedCall() throws Exception {
        services = new ServiceProcesses(folder, PATIENCE);
        try (EmbeddedStore store = EmbeddedStore.open(folder.resolve("store"));
                ChildProcess featureStore = services.featureStore(store);
                ChildProcess training = training(store);
                ChildProcess first = services.inference("first", services.inferencePort());
                ChildProcess second = services.inference("second", secondPort)) {
            train();
            eventually("release", "leaving@1").succeeded();
            try (Traffic traffic = new Traffic(List.of(services.inferencePort(), secondPort));
                    ChildProcess again = goodOne(store, training)) {
                badOne();
                assertThat(traffic.failures).isEmpty();
                assertThat(traffic.answered.get()).isGreaterThan(1_000);
                traffic.stop();
                first.kill();
                second.kill();
                withInferenceAway();
                assertThat(again.stop()).isIn(0, 143);
            }
            assertThat(featureStore.stop()).isIn(0, 143);
        }
    }

    /** On its way the service that steers is killed and started again. */
    private ChildProcess goodOne(EmbeddedStore store, ChildProcess training) throws Exception {
        String plan = plan(2);
        assertThat(eventually("release", "plan", plan).succeeded().out()).contains("can begin");
        eventually("release", "start", plan, "--reason", "a finer penalty").succeeded();
        awaitStatus("step:");
        training.kill();
        ChildProcess again = training(store);
        assertThat(awaitStatus("promoted: all 2 serve"))
                .contains(":" + services.inferencePort())
                .contains(":" + secondPort);
        assertThat(eventually("release", "history", "leaving").succeeded().out())
                .contains("started")
                .contains("step 50 %")
                .contains("promotion")
                .contains("proof of leaving-1")
                .contains("a finer penalty");
        return again;
    }

    private void badOne() throws Exception {
        eventually("release", "start", plan(3)).succeeded();
        String back = awaitStatus("rolled back:");
        assertThat(back).contains("drift").contains("surely");
        assertThat(eventually("release", "history", "leaving").out()).contains("leaving-2");
    }

    private void withInferenceAway() throws Exception {
        eventually("release", "start", plan(3)).succeeded();
        awaitStatus("waits for", "not reached");
        Command.Result back = eventually("release", "rollback", "leaving", "--reason", "inference is away");
        assertThat(back.succeeded().out()).contains("rolled back: inference is away");
    }

    private String plan(int candidate) throws IOException {
        return Files.writeString(
                        folder.resolve("plan%d.yaml".formatted(candidate)),
                        """
                        model: leaving
                        candidate: %d
                        shadow: {at_least: 1s, rows: 100}
                        steps: [{weight: 50, at_least: 2s, rows: 300}]
                        gates:
                          errors: {max_excess: 0.05}
                          latency: {max_ratio: 10, floor_millis: 200}
                          drift: {}
                        """
                                .formatted(candidate))
                .toString();
    }

    private void train() throws Exception {
        Buyers.likelyCsv(folder);
        eventually(Buyers.define(folder)).succeeded();
        eventually(Buyers.ingest(folder)).succeeded();
        for (String candidate : List.of(
                "logistic_regression: {}",
                "logistic_regression: {inverse_penalty: 0.9}",
                "decision_tree: {max_depth: 1}")) {
            eventually("train", Buyers.spec(folder, candidate).toString()).succeeded();
        }
    }

    /** Customers who ask both replicas without a pause. */
    private static final class Traffic implements AutoCloseable {
        final ConcurrentLinkedQueue<String> failures = new ConcurrentLinkedQueue<>();
        final AtomicLong answered = new AtomicLong();
        private final List<Thread> threads = new ArrayList<>();
        private final List<ManagedChannel> channels = new ArrayList<>();
        private volatile boolean isOver;

        Traffic(List<Integer> ports) {
            for (int port : ports) {
                ManagedChannel channel = NettyChannelBuilder.forAddress("127.0.0.1", port)
                        .usePlaintext()
                        .build();
                channels.add(channel);
                Thread thread = new Thread(() -> ask(channel, port), "traffic-" + port);
                thread.setDaemon(true);
                threads.add(thread);
                thread.start();
            }
        }

        private void ask(ManagedChannel channel, int port) {
            Random random = new Random(port);
            while (!isOver) {
                String subject = "B" + random.nextInt(5_000);
                NamedRow row = NamedRow.newBuilder()
                        .setSubject(subject)
                        .putValues(
                                "visits",
                                Value.newBuilder().setNumber(random.nextInt(50)).build())
                        .build();
                try {
                    InferenceServiceGrpc.newBlockingStub(channel)
                            .withDeadlineAfter(30, TimeUnit.SECONDS)
                            .score(ScoreRequest.newBuilder()
                                    .setModel("leaving")
                                    .setNamedRows(NamedRows.newBuilder().addRows(row))
                                    .build());
                    answered.incrementAndGet();
                    Thread.sleep(2); // the machine is shared
                } catch (StatusRuntimeException e) {
                    failures.add(e.toString());
                } catch (InterruptedException e) {
                    return;
                }
            }
        }

        /** Ends when the calls under way have ended; doing it again changes nothing. */
        void stop() {
            isOver = true;
            threads.forEach(Uninterruptibles::joinUninterruptibly);
            channels.forEach(ManagedChannel::shutdownNow);
        }

        @Override
        public void close() {
            stop();
        }
    }
}
