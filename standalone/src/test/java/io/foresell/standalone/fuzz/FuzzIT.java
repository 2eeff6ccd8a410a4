package io.foresell.standalone.fuzz;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.proto.feature.v1.FeatureStoreServiceGrpc;
import io.foresell.proto.inference.v1.InferenceServiceGrpc;
import io.foresell.proto.inference.v1.ReleaseStatisticsServiceGrpc;
import io.foresell.proto.openinference.GRPCInferenceServiceGrpc;
import io.foresell.proto.prediction.v1.PredictionLogServiceGrpc;
import io.foresell.proto.prediction.v1.ReplayServiceGrpc;
import io.foresell.proto.registry.v1.AuditReportServiceGrpc;
import io.foresell.proto.registry.v1.AuditServiceGrpc;
import io.foresell.proto.registry.v1.ModelRegistryServiceGrpc;
import io.foresell.proto.registry.v1.PackageSignatureServiceGrpc;
import io.foresell.proto.registry.v1.RolloutServiceGrpc;
import io.foresell.proto.training.v1.ScheduleServiceGrpc;
import io.foresell.proto.training.v1.TrainingServiceGrpc;
import io.foresell.standalone.process.Buyers;
import io.foresell.standalone.process.Standalone;
import io.grpc.ServiceDescriptor;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Wrong requests by the thousand to the whole cluster over raw sockets: every answer keeps the {@link Laws}, the cluster goes on
 * answering, and holds afterwards what it held before. {@code -Dfuzz.count=20000 -Dfuzz.seed=7} asks for more and for others.
 */
final class FuzzIT {
    private static final int COUNT = Integer.getInteger("fuzz.count", 250);
    private static final long SEED = Long.getLong("fuzz.seed", 1);
    private static final int SETTLE_ROUNDS = 40;
    private static final int MAX_TOLD = 20;

    /** Of event loops, worker pools and caches that fill as they are used. */
    private static final Footprint SLACK = new Footprint(40, 60, 60);

    @TempDir
    private static Path folder;

    private static Standalone cluster;
    private static String sound;

    private final List<String> faults = new ArrayList<>();

    @BeforeAll
    static void startCluster() throws Exception {
        cluster = Standalone.start(
                        folder,
                        List.of(
                                "-Dio.netty.leakDetection.level=paranoid",
                                "-Dio.grpc.netty.shaded.io.netty.leakDetection.level=paranoid"),
                        Map.of("FORESELL_OPEN_INFERENCE_TEST_MODELS", "true"))
                .awaitReady();
        Buyers.release(cluster.command(), folder);
        sound = score();
    }

    @AfterAll
    static void stopCluster() {
        cluster.close();
    }

    private static String post(String path, String body) throws IOException {
        String request = String.join(
                "\r\n",
                "POST " + path + " HTTP/1.1",
                "Host: localhost",
                "Content-Type: application/json",
                "Content-Length: " + body.length(),
                "Connection: close",
                "",
                body);
        RestWire.Answer answer = new RestWire(cluster.gatewayPort()).send(request.getBytes(StandardCharsets.US_ASCII));
        assertThat(answer.status()).as(answer.toString()).isEqualTo(200);
        return answer.body();
    }

    private static String score() throws IOException {
        return post("/v1/models/leaving:score", "{\"rows\": [{\"visits\": 3}]}")
                .replaceAll("\"prediction_id\":\"[^\"]*\"|\"release\":\\d+", "");
    }

    private static Footprint footprint() throws Exception {
        return Footprint.of(cluster.process().pid());
    }

    /** Waits for connections that are being closed. */
    private static void requireNoMoreThan(Footprint before) throws Exception {
        Footprint after = footprint();
        for (int round = 0; round < SETTLE_ROUNDS && !isWithin(before, after); round++) {
            Thread.sleep(500);
            after = footprint();
        }
        System.out.printf("fuzz: before %s after %s%n", before, after);
        assertThat(isWithin(before, after))
                .as("before %s, after %s".formatted(before, after))
                .isTrue();
    }

    private static boolean isWithin(Footprint before, Footprint after) {
        return after.threads() <= before.threads() + SLACK.threads()
                && after.files() <= before.files() + SLACK.files()
                && after.heapMib() <= before.heapMib() + SLACK.heapMib();
    }

    private void requireSound() throws IOException {
        assertThat(faults).isEmpty();
        var unused = post("/v2/repository/models/leaving/load", "{}"); // if by chance it was unloaded
        assertThat(score()).isEqualTo(sound);
        String log = new String(
                Files.readAllBytes(cluster.data().resolve("logs/foresell.log")), StandardCharsets.ISO_8859_1);
        assertThat(log.lines()
                        .filter(line -> line.contains("LEAK:")
                                || line.contains("call failed method=")
                                || line.contains("unforeseen error")
                                || line.contains("Exception while executing")))
                .isEmpty();
    }

    private void tell(String target, int number, String law, Object request, Object answer) {
        if (faults.size() < MAX_TOLD) {
            String shown = String.valueOf(request);
            faults.add("%s: seed %d case %d: %s%n%s%n%s%n"
                    .formatted(target, SEED, number, law, shown.substring(0, Math.min(1_500, shown.length())), answer));
        }
    }

    private void fuzz(String target, int port, List<ServiceDescriptor> services, int count) throws Exception {
        GrpcCases cases = new GrpcCases(services, SoundRequests.grpc(), Set.of());
        Footprint before = footprint();
        try (GrpcWire wire = new GrpcWire(port)) {
            for (int number = 0; number < count; number++) {
                GrpcCases.Case wrong = cases.make(SEED, number);
                GrpcWire.Answer answer = wire.call(wrong.call());
                String law = Laws.broken(wrong, answer);
                if (!law.isEmpty()) {
                    tell(
                            target,
                            number,
                            law,
                            wrong.method().getFullMethodName() + " "
                                    + wrong.call().headers(),
                            answer);
                }
                if (wrong.kind() == GrpcCases.Kind.HEADERS) {
                    wire.disconnect(); // what is wrong with headers may be told to the connection
                }
            }
        }
        System.out.printf("fuzz: %d of %s, %d faults%n", count, target, faults.size());
        requireSound();
        requireNoMoreThan(before);
    }

    @Test
    void inference() throws Exception {
        fuzz(
                "inference",
                cluster.inferencePort(),
                List.of(
                        InferenceServiceGrpc.getServiceDescriptor(),
                        GRPCInferenceServiceGrpc.getServiceDescriptor(),
                        ReleaseStatisticsServiceGrpc.getServiceDescriptor(),
                        ReplayServiceGrpc.getServiceDescriptor()),
                COUNT);
    }

    @Test
    void registryAndTraining() throws Exception {
        fuzz(
                "training",
                cluster.trainingPort(),
                List.of(
                        ModelRegistryServiceGrpc.getServiceDescriptor(),
                        RolloutServiceGrpc.getServiceDescriptor(),
                        TrainingServiceGrpc.getServiceDescriptor(),
                        ScheduleServiceGrpc.getServiceDescriptor(),
                        AuditServiceGrpc.getServiceDescriptor(),
                        AuditReportServiceGrpc.getServiceDescriptor(),
                        PackageSignatureServiceGrpc.getServiceDescriptor()),
                COUNT / 2);
        requireRoomForUploads();
    }

    /** Places for uploads are few; those of broken uploads must have been given back. */
    private static void requireRoomForUploads() throws Exception {
        List<Map.Entry<String, String>> headers =
                GrpcCases.headers(ModelRegistryServiceGrpc.getInspectModelMethod(), "20S");
        try (GrpcWire wire = new GrpcWire(cluster.trainingPort())) {
            GrpcWire.Answer answer = wire.call(new GrpcWire.Call(headers, GrpcCases.framed(0, new byte[0])));
            assertThat(answer.details()).as(answer.toString()).contains("FILE_EMPTY");
        }
    }

    @Test
    void featureStore() throws Exception {
        fuzz(
                "feature store",
                cluster.featureStorePort(),
                List.of(
                        FeatureStoreServiceGrpc.getServiceDescriptor(),
                        PredictionLogServiceGrpc.getServiceDescriptor()),
                COUNT / 2);
    }

    @Test
    void gateway() throws Exception {
        RestCases cases = new RestCases(SoundRequests.rest());
        RestWire wire = new RestWire(cluster.gatewayPort());
        Footprint before = footprint();
        for (int number = 0; number < COUNT; number++) {
            byte[] wrong = cases.make(SEED, number);
            RestWire.Answer answer = wire.send(wrong);
            String law = Laws.broken(answer);
            if (!law.isEmpty()) {
                tell("gateway", number, law, new String(wrong, StandardCharsets.ISO_8859_1), answer);
            }
        }
        System.out.printf("fuzz: %d of gateway, %d faults%n", COUNT, faults.size());
        requireSound();
        requireNoMoreThan(before);
    }
}
