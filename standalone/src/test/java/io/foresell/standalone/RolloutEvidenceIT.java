package io.foresell.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.common.util.concurrent.Uninterruptibles;
import com.google.gson.JsonParser;
import io.foresell.model.Rows;
import io.foresell.model.graph.Calibration;
import io.foresell.model.graph.Head;
import io.foresell.model.graph.InputEncoding;
import io.foresell.model.graph.NumberEncoding;
import io.foresell.model.graph.Preprocessing;
import io.foresell.model.graph.network.Dense;
import io.foresell.model.graph.network.NetworkBuilder;
import io.foresell.model.graph.network.Tensor;
import io.foresell.model.manifest.Bands;
import io.foresell.model.manifest.Manifest;
import io.foresell.model.pack.GoldenRow;
import io.foresell.model.pack.PackageContent;
import io.foresell.model.pack.PackageWriter;
import io.foresell.model.scorer.Background;
import io.foresell.proto.inference.v1.InferenceServiceGrpc;
import io.foresell.proto.inference.v1.PackedRows;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoredRow;
import io.foresell.proto.prediction.v1.Outcome;
import io.foresell.proto.prediction.v1.PredictionLogServiceGrpc;
import io.foresell.proto.prediction.v1.ReportOutcomesRequest;
import io.foresell.standalone.process.Command;
import io.foresell.standalone.process.Standalone;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * What a rollout goes by, end to end: calls that fail or are slow, what came of predictions as it is reported to the real prediction log, and
 * recorded requests where there is no traffic at all. The models answer the chance to stay, from visits.
 */
final class RolloutEvidenceIT {
    private static final Duration PATIENCE = Duration.ofMinutes(3);
    private static final double SLOPE = 0.1;

    @TempDir
    static Path folder;

    private static Standalone standalone;
    private static Command command;
    private static ManagedChannel inference;
    private static ManagedChannel featureStore;

    @BeforeAll
    static void start() throws Exception {
        standalone = Standalone.start(folder).awaitReady();
        command = standalone.command();
        inference = channel(standalone.inferencePort());
        featureStore = channel(standalone.featureStorePort());
    }

    @AfterAll
    static void stop() {
        inference.shutdownNow();
        featureStore.shutdownNow();
        standalone.close();
    }

    private static ManagedChannel channel(int port) {
        return NettyChannelBuilder.forAddress("127.0.0.1", port).usePlaintext().build();
    }

    /** Its scores are those of the champion: only what people report tells that it is worse. */
    @Test
    void whoeverBringsWorseOutcomesIsTakenBack() throws Exception {
        publish("kept", small("kept", -2, List.of("visits")), small("kept", -2.02, List.of("visits")));
        List<Outcome> known = new ArrayList<>();
        Random chance = new Random(11);
        try (Traffic traffic = new Traffic("kept", (row, error) -> {
            boolean isKept = row != null && chance.nextDouble() < (row.getModelVersion() == 1 ? 0.85 : 0.4);
            if (row != null) {
                known.add(Outcome.newBuilder()
                        .setPredictionId(row.getPredictionId())
                        .setName("kept")
                        .setNumber(isKept ? 1 : 0)
                        .build());
            }
            if (known.size() == 50) {
                report(known);
                known.clear();
            }
        })) {
            begin("kept", "outcome: {name: kept, direction: higher, margin: 0.05, outcomes: 100000}\n  errors: {}");
            String back = awaitStatus("kept", "rolled back:");
            assertThat(back).contains("outcome: mean outcome of").contains("surely worse");
            assertThat(traffic.customerCount).isPositive();
        }
        assertServedByTheFirst("kept");
        assertThat(command.run("release", "history", "kept").succeeded().out())
                .contains("surely worse")
                .contains("rolled back");
    }

    /** The version reads an input that callers do not send. */
    @Test
    void whoeverFailsCallsIsTakenBack() throws Exception {
        publish("failing", small("failing", -2, List.of("visits")), small("failing", -2, List.of("visits", "returns")));
        List<String> errors = new ArrayList<>();
        try (Traffic traffic = new Traffic("failing", (row, error) -> {
            if (error != null) {
                errors.add(error.getStatus().getCode().name());
            }
        })) {
            begin("failing", "errors: {max_excess: 0.05}");
            assertThat(awaitStatus("failing", "rolled back:"))
                    .contains("errors:")
                    .contains("surely more");
            assertThat(traffic.customerCount).isPositive();
        }
        assertThat(errors).isNotEmpty().containsOnly("INVALID_ARGUMENT");
        assertServedByTheFirst("failing");
    }

    @Test
    void whoeverIsSlowIsTakenBack() throws Exception {
        publish("slow", small("slow", -2, List.of("visits")), large("slow", -2, 2000));
        try (Traffic traffic = new Traffic("slow", (row, error) -> {})) {
            begin("slow", "latency: {quantile: 0.9, max_ratio: 1.5, floor_millis: 0.5}\n  errors: {}");
            assertThat(awaitStatus("slow", "rolled back:"))
                    .contains("latency: p90")
                    .contains("surely above");
            assertThat(traffic.customerCount).isPositive();
        }
        assertServedByTheFirst("slow");
    }

    /** Nobody asks while these go on: what the champion was asked before is all there is. */
    @Test
    void recordedRequestsAreEvidenceWhereTrafficIsLow() throws Exception {
        publish(
                "quiet",
                small("quiet", -2, List.of("visits")),
                small("quiet", -2.02, List.of("visits")),
                small("quiet", 1, List.of("visits")));
        Random visits = new Random(3);
        PackedRows.Builder rows = PackedRows.newBuilder().setRowCount(400);
        IntStream.range(0, 400).forEach(row -> rows.addNumbers(visits.nextInt(50)));
        long before = logged();
        InferenceServiceGrpc.newBlockingStub(inference)
                .score(ScoreRequest.newBuilder()
                        .setModel("quiet")
                        .setPackedRows(rows)
                        .build());
        await("400 predictions logged", () -> logged() >= before + 400);
        String stages = "shadow: {at_least: 1s, rows: 400, replay_rows: 400}\n";

        start("quiet", 2, stages, "drift: {}\n  flips: {max_share: 0.2}");
        awaitStatus("quiet", "step: waits for");
        assertThat(command.run("release", "rollback", "quiet", "--reason", "seen enough")
                        .succeeded()
                        .out())
                .contains("rolled back");
        start("quiet", 3, stages, "drift: {}\n  flips: {max_share: 0.2}");
        assertThat(awaitStatus("quiet", "rolled back:", "surely")).containsAnyOf("drift:", "flips:");
        assertServedByTheFirst("quiet");
    }

    private static long logged() {
        return JsonParser.parseString(command.run("predictions", "status", "--json")
                        .succeeded()
                        .out())
                .getAsJsonObject()
                .get("predictionCount")
                .getAsLong();
    }

    private static void assertServedByTheFirst(String model) throws InterruptedException {
        await("the first version answers alone", () -> IntStream.range(0, 20)
                .allMatch(subject -> score(model, "last-" + subject, 7).getModelVersion() == 1));
    }

    private static ScoredRow score(String model, String subject, float visits) {
        return InferenceServiceGrpc.newBlockingStub(inference)
                .withDeadlineAfter(30, TimeUnit.SECONDS)
                .score(ScoreRequest.newBuilder()
                        .setModel(model)
                        .setPackedRows(PackedRows.newBuilder()
                                .setRowCount(1)
                                .addNumbers(visits)
                                .addSubjects(subject))
                        .build())
                .getRows(0);
    }

    private static void report(List<Outcome> outcomes) {
        assertThat(PredictionLogServiceGrpc.newBlockingStub(featureStore)
                        .withDeadlineAfter(30, TimeUnit.SECONDS)
                        .reportOutcomes(ReportOutcomesRequest.newBuilder()
                                .addAllOutcomes(outcomes)
                                .build())
                        .getErrorsList())
                .isEmpty();
    }

    private static void publish(String model, byte[]... packages) throws Exception {
        for (byte[] each : packages) {
            Path file = Files.write(Files.createTempFile(folder, "model", ".zip"), each);
            command.run("models", "publish", "--model", model, file.toString()).succeeded();
        }
        command.run("release", model + "@1").succeeded();
        await(
                model + " serves",
                () -> command.run("score", model, "--row", "{\"visits\": 1}").exitCode() == 0);
    }

    private static void begin(String model, String gates) throws Exception {
        start(model, 2, "", gates);
    }

    private static void start(String model, int candidate, String stages, String gates) throws Exception {
        Path plan = Files.writeString(
                Files.createTempFile(folder, "plan", ".yaml"),
                "model: %s%ncandidate: %d%n%ssteps: [{weight: 50, at_least: 10m, rows: 1000000}]%ngates:%n  %s%n"
                        .formatted(model, candidate, stages, gates));
        command.run("release", "start", plan.toString()).succeeded();
    }

    private static String awaitStatus(String model, String... words) throws InterruptedException {
        String[] seen = {""};
        await(model + " " + List.of(words), () -> {
            seen[0] = command.run("release", "status", model).succeeded().out();
            return Arrays.stream(words).allMatch(seen[0]::contains);
        });
        return seen[0];
    }

    private interface Question {
        boolean isSo();
    }

    private static void await(String what, Question question) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!question.isSo()) {
            if (System.nanoTime() - end > 0) {
                throw new AssertionError("never so: " + what);
            }
            Thread.sleep(200);
        }
    }

    private static double score(double intercept, float visits) {
        return 1 / (1 + Math.exp(-(intercept + SLOPE * (Float.isNaN(visits) ? 0 : visits))));
    }

    /** Answers {@code sigmoid(intercept + 0.1 visits)}; other inputs do not count. */
    private static byte[] small(String model, double intercept, List<String> inputs) {
        float[] weights = new float[inputs.size()];
        weights[0] = (float) SLOPE;
        NetworkBuilder network = new NetworkBuilder(inputs(inputs));
        Tensor score =
                network.apply(new Dense(inputs.size(), 1, weights, new float[] {(float) intercept}), network.columns());
        return pack(model, intercept, inputs, network, score);
    }

    /** Answers the same by way of two layers of {@code width} neurons: some milliseconds. */
    private static byte[] large(String model, double intercept, int width) {
        float[] first = new float[width];
        Arrays.fill(first, 1);
        float[] second = new float[width * width];
        Arrays.fill(second, 1f / width);
        float[] last = new float[width];
        Arrays.fill(last, (float) (SLOPE / width));
        NetworkBuilder network = new NetworkBuilder(inputs(List.of("visits")));
        Tensor wide = network.apply(new Dense(1, width, first, new float[width]), network.columns());
        Tensor again = network.apply(new Dense(width, width, second, new float[width]), wide);
        Tensor score = network.apply(new Dense(width, 1, last, new float[] {(float) intercept}), again);
        return pack(model, intercept, List.of("visits"), network, score);
    }

    private static Preprocessing inputs(List<String> names) {
        List<InputEncoding> encodings = new ArrayList<>();
        names.forEach(name -> encodings.add(new NumberEncoding(name, 0, 0, 1)));
        return new Preprocessing(encodings);
    }

    private static byte[] pack(
            String model, double intercept, List<String> names, NetworkBuilder network, Tensor score) {
        Preprocessing inputs = inputs(names);
        float[] numbers = new float[3 * names.size()];
        List<GoldenRow> golden = new ArrayList<>();
        IntStream.range(0, 3).forEach(row -> numbers[row * names.size()] = 10 * row);
        Rows rows = new Rows(3, numbers, new String[0]);
        for (int row = 0; row < 3; row++) {
            golden.add(GoldenRow.of(inputs.signature(), rows, row, score(intercept, 10 * row)));
        }
        return PackageWriter.write(new PackageContent(
                Manifest.newBuilder()
                        .setModel(model)
                        .setTask("binary")
                        .setAlgorithm("network")
                        .setBands(Bands.newBuilder().setMediumFrom(0.3).setHighFrom(0.7))
                        .addAllInputs(PackageContent.inputsOf(inputs.signature(), Map.of()))
                        .build(),
                network.build(score).onnx(Head.binary(Calibration.NONE)),
                Background.of(inputs.signature(), rows),
                golden,
                Map.of()));
    }

    /** One customer after the other, each for itself. */
    private static final class Traffic implements AutoCloseable {
        private final Thread thread;
        private volatile boolean isOver;
        private volatile int customerCount;

        Traffic(String model, BiConsumer<ScoredRow, StatusRuntimeException> answers) {
            thread = new Thread(() -> ask(model, answers), "traffic-" + model);
            thread.setDaemon(true);
            thread.start();
        }

        private void ask(String model, BiConsumer<ScoredRow, StatusRuntimeException> answers) {
            Random random = new Random(7);
            for (int customer = 0; !isOver; customer++) {
                try {
                    answers.accept(score(model, "C-" + customer, random.nextInt(50)), null);
                } catch (StatusRuntimeException e) {
                    answers.accept(null, e);
                }
                customerCount = customer + 1;
                Uninterruptibles.sleepUninterruptibly(2, TimeUnit.MILLISECONDS); // the machine is shared
            }
        }

        @Override
        public void close() {
            isOver = true;
            Uninterruptibles.joinUninterruptibly(thread);
        }
    }
}
