package io.foresell.benchmarks.serving;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.benchmarks.load.LoadGenerator;
import io.foresell.benchmarks.load.ProgressLine;
import io.foresell.benchmarks.load.ReplyListener;
import io.foresell.benchmarks.load.Schedule;
import io.foresell.benchmarks.load.Subject;
import io.foresell.benchmarks.release.AskedRows;
import io.foresell.benchmarks.release.JudgedCalls;
import io.foresell.benchmarks.release.PreparedVersion;
import io.foresell.benchmarks.release.ReleaseHistory;
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
    private static final Schedule SCHEDULE = new Schedule(100, 64, Duration.ofMillis(250));

    private static OwnServers servers;

    @BeforeAll
    static void start() throws Exception {
        servers = new OwnServers(Path.of(".."));
        servers.startGateway();
    }

    @AfterAll
    static void stop() {
        if (servers != null) { // else the failure to start is what the report is to tell
            servers.close();
        }
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
                                100,
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
            assertThat(round.get("resident_before_mib").getAsDouble()).isPositive();
            assertThat(round.getAsJsonObject("after_double").get("answered").getAsLong())
                    .isPositive();
            assertThat(round.get("cpu_micros_a_call").getAsDouble()).isNotNegative();
            assertThat(round.get("stolen_percent").getAsDouble()).isBetween(0.0, 100.0);
        });
        assertThat(progress.toString(StandardCharsets.UTF_8)).contains("round 1 of 1: e, binary");
    }

    @Test
    void releasesReachTheServiceUnderLoadAndNoCallFails() throws Exception {
        AskedRows rows = AskedRows.draw(OwnServers.MODEL, 3);
        ReleaseHistory history = new ReleaseHistory();
        history.ordering(1, List.of(PreparedVersion.of(OwnServers.MODEL, 1, rows)));
        Subject subject = new JudgedCalls(servers.open(servers.inference()), rows, history);
        PreparedVersion second = PreparedVersion.of(OwnServers.MODEL, 2, rows);
        long failed =
                LoadGenerator.atRate(subject, SCHEDULE, ReplyListener.NONE).failedCount();
        history.ordering(2, List.of(second));
        servers.registry().release(2, second.packageBytes());
        for (int i = 0; i < 60 && history.answeredRevisionCount() < 2; i++) { // until both answered
            failed +=
                    LoadGenerator.atRate(subject, SCHEDULE, ReplyListener.NONE).failedCount();
        }
        assertThat(failed).isZero();
        assertThat(history.answeredRevisionCount()).isEqualTo(2);
        assertThat(history.firstFault()).isEmpty();
        assertThat(history.counts().answers()).isGreaterThanOrEqualTo(50);
    }
}
