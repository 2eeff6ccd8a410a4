package io.foresell.benchmarks;

import io.foresell.proto.inference.v1.EntityKeys;
import io.foresell.proto.inference.v1.InferenceServiceGrpc;
import io.foresell.proto.inference.v1.LoadedModel;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoreResponse;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.TimeUnit;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Measures a running cluster against an echo, interleaved: echo, Score by row, Score by entity id, REST through the gateway. */
@Command(
        name = "serving",
        description = "Measures a running `foresell up --demo` against an echo on the same server settings.",
        mixinStandardHelpOptions = true,
        showDefaultValues = true)
public final class ServingBenchmark implements Callable<Integer> {
    @Option(names = "--model", description = "Released model to score.", defaultValue = "churn")
    private String model = "";

    @Option(names = "--feature-store", defaultValue = "localhost:9001", description = "Feature store, host:port.")
    private String featureStore = "";

    @Option(names = "--training", defaultValue = "localhost:9002", description = "Registry, host:port.")
    private String training = "";

    @Option(names = "--inference", defaultValue = "localhost:9003", description = "Inference, host:port.")
    private String inference = "";

    @Option(names = "--gateway", defaultValue = "http://localhost:8080", description = "Gateway's address.")
    private String gateway = "";

    @Option(names = "--rounds", defaultValue = "5", description = "Interleaved rounds.")
    private int roundCount;

    @Option(names = "--seconds", defaultValue = "4", description = "Length of one run.")
    private int seconds;

    @Option(names = "--rate", defaultValue = "500", description = "Calls a second of the fixed-rate run.")
    private double rate;

    @Option(names = "--concurrency", defaultValue = "64", description = "Calls in flight of the saturating run.")
    private int concurrency;

    @Override
    public Integer call() throws Exception {
        try (Cluster cluster = new Cluster(featureStore, training, inference)) {
            LoadedModel loaded = cluster.servingVersion(model);
            List<String> keys = cluster.entityKeys(loaded, 500);
            ScoreRequest byRow = ScoreRequest.newBuilder()
                    .setModel(model)
                    .setPackedRows(cluster.packedRow(loaded, keys.get(0)))
                    .build();
            ScoreResponse answer = InferenceServiceGrpc.newBlockingStub(
                            cluster.inference().channel())
                    .score(byRow);
            Process echo = startEcho(answer);
            try {
                run(cluster, loaded, keys, byRow, answer, echoTarget(echo));
            } finally {
                echo.getOutputStream().close();
                if (!echo.waitFor(5, TimeUnit.SECONDS)) {
                    echo.destroy();
                }
            }
        }
        return 0;
    }

    private void run(
            Cluster cluster,
            LoadedModel loaded,
            List<String> keys,
            ScoreRequest byRow,
            ScoreResponse answer,
            String echoTarget)
            throws InterruptedException {
        System.out.printf(
                "model %s version %d (%s, %s), request %d bytes, answer %d bytes, %d rounds of %d s, %d in flight, java %s, %d cores%n",
                model,
                loaded.getVersion(),
                loaded.getAlgorithm(),
                loaded.getEngine(),
                byRow.getSerializedSize(),
                answer.getSerializedSize(),
                roundCount,
                seconds,
                concurrency,
                System.getProperty("java.version"),
                Runtime.getRuntime().availableProcessors());
        List<Subject> subjects = List.of(
                new GrpcSubject("echo", cluster.open(echoTarget).channel(), List.of(byRow)),
                new GrpcSubject("Score by row", cluster.inference().channel(), List.of(byRow)),
                new GrpcSubject("Score by entity id", cluster.inference().channel(), byEntity(keys)),
                new RestSubject("REST through gateway", addresses(keys)));
        for (Subject subject : subjects) {
            System.err.println("warming up " + subject.name());
            LoadGenerator.saturate(subject, concurrency, Duration.ofSeconds(seconds));
        }
        Table table = new Table();
        for (int round = 1; round <= roundCount; round++) {
            for (Subject subject : subjects) {
                System.err.printf("round %d of %d: %s%n", round, roundCount, subject.name());
                table.add(
                        subject.name(),
                        new Table.Round(
                                LoadGenerator.saturate(subject, concurrency, Duration.ofSeconds(seconds)),
                                LoadGenerator.atRate(subject, rate, 4 * concurrency, Duration.ofSeconds(seconds))));
            }
        }
        System.out.print(table.render(rate));
    }

    private List<ScoreRequest> byEntity(List<String> keys) {
        List<ScoreRequest> requests = new ArrayList<>();
        for (String key : keys) {
            requests.add(ScoreRequest.newBuilder()
                    .setModel(model)
                    .setEntityKeys(EntityKeys.newBuilder().addKeys(key))
                    .build());
        }
        return requests;
    }

    private List<URI> addresses(List<String> keys) {
        return keys.stream()
                .map(key -> URI.create(gateway + "/v1/models/" + model + "/entities/" + key + "/score"))
                .toList();
    }

    private static Process startEcho(ScoreResponse answer) throws IOException {
        return new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-Xmx256m",
                        "-cp",
                        System.getProperty("java.class.path"),
                        EchoServer.class.getName(),
                        HexFormat.of().formatHex(answer.toByteArray()))
                .redirectError(ProcessBuilder.Redirect.DISCARD)
                .start();
    }

    private static String echoTarget(Process echo) throws IOException {
        BufferedReader lines = new BufferedReader(new InputStreamReader(echo.getInputStream(), StandardCharsets.UTF_8));
        String line = lines.readLine();
        if (line == null || !line.startsWith("port ")) {
            throw new IllegalStateException("echo server said '%s' (expected: its port)".formatted(line));
        }
        return "localhost:" + line.substring(5);
    }
}
