package io.foresell.benchmarks.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.benchmarks.load.LoadGenerator;
import io.foresell.benchmarks.load.ProgressLine;
import io.foresell.benchmarks.load.Subject;
import io.foresell.benchmarks.tensor.Peer;
import io.foresell.benchmarks.tensor.TensorSubjects;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The built services in processes of their own, called by the generator as a peer would be. */
final class OwnServersIT {
    private static OwnServers servers;

    @BeforeAll
    static void start() throws Exception {
        servers = new OwnServers(Path.of(".."));
        servers.startGateway();
    }

    @AfterAll
    static void stop() {
        servers.close();
    }

    private static List<Contender> everyForm() {
        TensorSubjects tensors = new TensorSubjects(servers.row().tensors(), servers::open);
        return Stream.of(
                        "a=grpc://%s/own?form=raw".formatted(servers.inference()),
                        "b=grpc://%s/own?form=typed".formatted(servers.inference()),
                        "c=grpc://%s/own?input=input".formatted(servers.inference()),
                        "d=%s/own?form=json".formatted(servers.gateway()),
                        "e=%s/own?form=binary".formatted(servers.gateway()))
                .map(address -> new Contender(tensors.of(Peer.parse(address)), null))
                .toList();
    }

    @Test
    void everyFormOfTheProtocolIsAnswered() throws Exception {
        ByteArrayOutputStream progress = new ByteArrayOutputStream();
        ServingTable table = new Rounds(
                        everyForm(),
                        new Rounds.Plan(
                                1,
                                Duration.ofMillis(150),
                                Duration.ofMillis(150),
                                4,
                                64,
                                true,
                                servers.pids(),
                                servers.pids()),
                        new ProgressLine(new PrintStream(progress, true, StandardCharsets.UTF_8), false))
                .run();
        assertThat(table.json().entrySet()).hasSize(5).allSatisfy(subject -> {
            var round = subject.getValue()
                    .getAsJsonObject()
                    .getAsJsonArray("rounds")
                    .get(0)
                    .getAsJsonObject();
            assertThat(round.getAsJsonObject("half").get("answered").getAsLong())
                    .isPositive();
            assertThat(round.get("resident_mib").getAsDouble()).isPositive();
            assertThat(round.get("cpu_micros_a_call").getAsDouble()).isNotNegative();
        });
        assertThat(progress.toString(StandardCharsets.UTF_8)).contains("round 1 of 1: e, binary");
    }

    @Test
    void releasesReachTheServiceUnderLoadAndNoCallFails() throws Exception {
        VersionHistory history = new VersionHistory();
        history.releasing(1);
        Subject subject = new io.foresell.benchmarks.load.GrpcSubject<>(
                "score",
                servers.open(servers.inference()),
                io.foresell.proto.inference.v1.InferenceServiceGrpc.getScoreMethod(),
                List.of(servers.row().packed()),
                (io.foresell.proto.inference.v1.ScoreResponse answer) ->
                        Integer.toString(answer.getRows(0).getModelVersion()));
        long failed = 0;
        history.releasing(2);
        servers.release(2);
        for (int i = 0; i < 60 && history.versionCount() < 2; i++) { // until both answered
            failed += LoadGenerator.atRate(
                            subject, new io.foresell.benchmarks.load.Schedule(100, 64, Duration.ofMillis(250)), history)
                    .failedCount();
        }
        assertThat(failed).isZero();
        assertThat(history.wrongCount()).isZero();
    }
}
