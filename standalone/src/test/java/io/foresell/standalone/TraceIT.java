package io.foresell.standalone;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.feature.FeatureStoreConfig;
import io.foresell.feature.FeatureStoreServer;
import io.foresell.inference.InferenceConfig;
import io.foresell.inference.InferenceServer;
import io.foresell.kit.ServiceProcess;
import io.foresell.kit.Settings;
import io.foresell.kit.Telemetry;
import io.foresell.standalone.process.Buyers;
import io.foresell.standalone.process.ChildProcess;
import io.foresell.standalone.process.Command;
import io.foresell.standalone.process.TraceCollector;
import io.foresell.standalone.process.TraceCollector.Span;
import io.foresell.store.embedded.EmbeddedStore;
import io.foresell.training.TrainingConfig;
import io.foresell.training.TrainingServer;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** One question to the REST API is one trace: from the gateway through inference to the feature store and its database. */
final class TraceIT {
    private static final Duration PATIENCE = Duration.ofSeconds(60);

    @TempDir
    Path folder;

    private final ServiceProcess.Resources resources = new ServiceProcess.Resources();
    private final HttpClient http = HttpClient.newHttpClient();

    @AfterEach
    void close() {
        resources.close();
    }

    @Test
    void aQuestionIsOneTraceThroughAllServices() throws Exception {
        TraceCollector collector = resources.add(TraceCollector.start());
        EmbeddedStore store = resources.add(EmbeddedStore.open(folder.resolve("store")));
        FeatureStoreServer featureStore = resources.add(FeatureStoreServer.start(
                FeatureStoreConfig.read(settings(Map.of("mongo.uri", store.uri()))),
                telemetry("feature-store", collector)));
        String featureTarget = "localhost:" + featureStore.grpcPort();
        TrainingServer training = resources.add(TrainingServer.start(
                TrainingConfig.read(settings(Map.of(
                        "mongo.uri", store.uri(),
                        "feature-store.target", featureTarget,
                        "scratch.folder", folder.resolve("scratch").toString()))),
                telemetry("training", collector)));
        InferenceServer inference = resources.add(InferenceServer.start(
                InferenceConfig.read(settings(Map.of(
                        "registry.target",
                        "localhost:" + training.grpcPort(),
                        "feature-store.target",
                        featureTarget,
                        "cache.folder",
                        folder.resolve("packages").toString()))),
                telemetry("inference", collector)));
        release(new Command(featureStore.grpcPort(), training.grpcPort(), inference.grpcPort()));
        int port = ChildProcess.freePort();
        resources.add(gateway(port, featureStore, training, inference, collector));

        HttpResponse<String> answer = ask("http://localhost:%d/v1/customers/B7/churn".formatted(port));
        assertThat(answer.body()).contains("\"score\"");
        List<Span> trace = await(collector, Set.of("gateway", "inference", "feature-store"));
        assertThat(trace)
                .filteredOn(span -> span.parentId().isEmpty())
                .singleElement()
                .extracting(Span::service)
                .isEqualTo("gateway");
    }

    private static Settings settings(Map<String, String> own) {
        Map<String, String> values = new LinkedHashMap<>(own);
        values.putAll(Map.of("grpc.port", "0", "http.port", "0"));
        return Settings.of(values);
    }

    private Telemetry telemetry(String service, TraceCollector collector) {
        return resources.add(Telemetry.read(service, Settings.of(Map.of("traces.endpoint", collector.endpoint()))));
    }

    private ChildProcess gateway(
            int port,
            FeatureStoreServer featureStore,
            TrainingServer training,
            InferenceServer inference,
            TraceCollector collector)
            throws Exception {
        Map<String, Object> settings = Map.of(
                "http.port", port,
                "feature-store.port", featureStore.grpcPort(),
                "training.port", training.grpcPort(),
                "inference.port", inference.grpcPort(),
                "traces.endpoint", collector.endpoint());
        List<String> options = settings.entrySet().stream()
                .map(entry -> "-Dforesell.%s=%s".formatted(entry.getKey(), entry.getValue()))
                .collect(Collectors.toList());
        options.add("-Xmx256m");
        Path jar = ChildProcess.ROOT.resolve("gateway/target/quarkus-app/quarkus-run.jar");
        ChildProcess gateway = ChildProcess.jar(folder, jar, options, List.of());
        gateway.awaitOutput("Listening on", PATIENCE);
        return gateway;
    }

    /** Trains and releases a model on a feature that parts the customers. */
    private void release(Command command) throws Exception {
        Buyers.csv(folder);
        command.run(Buyers.define(folder)).succeeded();
        command.run(Buyers.ingest(folder)).succeeded();
        Path spec = Files.writeString(
                folder.resolve("spec.yaml"),
                "model: churn\nfeature_set: buyers_features\nlabel_view: buyers_left\ncandidates: [{logistic_regression: {}}]\n");
        command.run("train", spec.toString()).succeeded();
        command.run("release", "churn@1").succeeded();
    }

    /** Asks until the model that was just released is loaded. */
    private HttpResponse<String> ask(String url) throws Exception {
        long end = System.nanoTime() + PATIENCE.toNanos();
        HttpResponse<String> answer;
        do {
            Thread.sleep(100);
            answer = http.send(
                    HttpRequest.newBuilder(URI.create(url)).timeout(PATIENCE).build(),
                    HttpResponse.BodyHandlers.ofString());
        } while (answer.statusCode() != 200 && System.nanoTime() < end);
        return answer;
    }

    /** Waits for a trace of these services of which no span is missing; each process sends its own, in its own time. */
    private static List<Span> await(TraceCollector collector, Set<String> services) throws InterruptedException {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (System.nanoTime() < end) {
            for (List<Span> trace : collector.traces().values()) {
                if (trace.stream()
                                .map(Span::service)
                                .collect(Collectors.toSet())
                                .equals(services)
                        && isWhole(trace)) {
                    return trace;
                }
            }
            Thread.sleep(100);
        }
        throw new AssertionError("no whole trace of %s in %s".formatted(services, collector.traces()));
    }

    private static boolean isWhole(List<Span> trace) {
        Set<String> known = trace.stream().map(Span::spanId).collect(Collectors.toSet());
        known.add("");
        return trace.stream().allMatch(span -> known.contains(span.parentId()));
    }
}
