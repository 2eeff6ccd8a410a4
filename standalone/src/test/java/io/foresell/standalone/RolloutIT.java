package io.foresell.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.Uninterruptibles;
import io.foresell.proto.inference.v1.InferenceServiceGrpc;
import io.foresell.proto.inference.v1.NamedRow;
import io.foresell.proto.inference.v1.NamedRows;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.Value;
import io.foresell.standalone.process.ChildProcess;
import io.foresell.standalone.process.Command;
import io.foresell.store.embedded.EmbeddedStore;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.io.IOException;
import java.io.UncheckedIOException;
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
    private static final int AWAY = 4;

    @TempDir
    Path folder;

    private final int featureStorePort = freePort();
    private final int trainingPort = freePort();
    private final int firstPort = freePort();
    private final int secondPort = freePort();
    private final Command command = new Command(featureStorePort, trainingPort, firstPort);

    private static int freePort() {
        try {
            return ChildProcess.freePort();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    private ChildProcess service(String module, String name, int port, String settings) throws Exception {
        Path jar = ChildProcess.ROOT.resolve(module + "/target/foresell-" + module + ".jar");
        Path file = Files.writeString(
                folder.resolve(name + ".properties"), "grpc.port=%d%nhttp.port=0%n%s%n".formatted(port, settings));
        ChildProcess process = ChildProcess.jar(folder, jar, List.of("-Xmx400m"), List.of(file.toString()));
        process.awaitOutput("started server=", PATIENCE);
        return process;
    }

    private ChildProcess training(EmbeddedStore store) throws Exception {
        return service(
                "training-service",
                "training",
                trainingPort,
                "mongo.uri=%s%nfeature-store.target=localhost:%d%nrollout.inference-targets=localhost:%d,localhost:%d%nrollout.interval=300ms"
                        .formatted(store.uri(), featureStorePort, firstPort, secondPort));
    }

    private ChildProcess inference(String name, int port) throws Exception {
        return service(
                "inference-service",
                name,
                port,
                "registry.target=localhost:%d%nfeature-store.target=localhost:%d%ncache.folder=%s"
                        .formatted(trainingPort, featureStorePort, folder.resolve(name)));
    }

    /** Repeats a command until it is answered: services come up, and back, in their own time. */
    private Command.Result eventually(String... arguments) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        Command.Result result = command.run(arguments);
        while (result.exitCode() == AWAY && System.nanoTime() < end) {
            Thread.sleep(250);
            result = command.run(arguments);
        }
        return result;
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
                        command.run("release", "history", "leaving").out()));
    }

    @Test
    void theGoodTakesOverAndTheBadIsTakenBackWithoutAFailedCall() throws Exception {
        try (EmbeddedStore store = EmbeddedStore.open(folder.resolve("store"));
                ChildProcess featureStore = service(
                        "feature-store-service", "feature-store", featureStorePort, "mongo.uri=" + store.uri());
                ChildProcess training = training(store);
                ChildProcess first = inference("first", firstPort);
                ChildProcess second = inference("second", secondPort)) {
            train();
            eventually("release", "leaving@1").succeeded();
            try (Traffic traffic = new Traffic(List.of(firstPort, secondPort));
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
                .contains(":" + firstPort)
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
        Path csv = Files.writeString(folder.resolve("rows.csv"), rows());
        eventually(
                        "define",
                        "--from",
                        csv.toString(),
                        "--name",
                        "buyers",
                        "--key",
                        "id",
                        "--label",
                        "left",
                        "--label-positive",
                        "Yes",
                        "--force",
                        "--out",
                        folder.resolve("buyers.yaml").toString())
                .succeeded();
        eventually("ingest", "buyers,buyers_left", csv.toString()).succeeded();
        for (String candidate : List.of(
                "logistic_regression: {}",
                "logistic_regression: {inverse_penalty: 0.9}",
                "decision_tree: {max_depth: 1}")) {
            Path spec = Files.writeString(
                    folder.resolve("spec.yaml"),
                    "model: leaving\nfeature_set: buyers_features\nlabel_view: buyers_left\ncandidates: [{%s}]\n"
                            .formatted(candidate));
            eventually("train", spec.toString()).succeeded();
        }
    }

    private static String rows() {
        StringBuilder text = new StringBuilder("id,visits,left\n");
        Random random = new Random(5);
        for (int i = 0; i < 600; i++) {
            int visits = random.nextInt(50);
            boolean isLeaving = random.nextDouble() < 1 / (1 + Math.exp(0.15 * (visits - 20)));
            text.append("B%d,%d,%s\n".formatted(i, visits, isLeaving ? "Yes" : "No"));
        }
        return text.toString();
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
