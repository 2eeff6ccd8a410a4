package io.foresell.standalone;

import io.foresell.standalone.cluster.DataFolder;
import io.foresell.standalone.cluster.Ports;
import io.foresell.standalone.cluster.Wire;
import io.foresell.standalone.demo.Answers;
import java.io.PrintStream;
import java.util.Optional;
import java.util.stream.Collectors;

/** What a person sees when everything runs: where to look, and two calls with their real answers. */
final class ReadyScreen {
    private static final double NANOS_A_SECOND = 1e9;

    private final PrintStream out;
    private final Ports ports;
    private final Wire wire;
    private final DataFolder folder;

    ReadyScreen(PrintStream out, Ports ports, Wire wire, DataFolder folder) {
        this.out = out;
        this.ports = ports;
        this.wire = wire;
        this.folder = folder;
    }

    /**
     * Asks about {@code customer}, if there is one, and prints the screen in one piece: who reads "ready" has all of it.
     *
     * @param startNanos when this process began, by {@link System#nanoTime}
     */
    void print(long startNanos, Optional<String> customer) {
        String end = customer.map(this::calls).orElseGet(ReadyScreen::nextStep);
        out.print(head((System.nanoTime() - startNanos) / NANOS_A_SECOND) + end);
        out.flush();
    }

    private String head(double seconds) {
        String gateway = "http://localhost:" + ports.gateway();
        return "%nForesell is ready after %.1f s. Ctrl-C stops it.%n%n".formatted(seconds)
                + "  console   %s/%n".formatted(gateway)
                + "  REST      %s/q/swagger-ui%n".formatted(gateway)
                + "  gRPC      feature store %s, training and registry %s, inference %s (reflection is on)%n"
                        .formatted(
                                Ports.local(ports.featureStore()),
                                Ports.local(ports.training()),
                                Ports.local(ports.inference()))
                + "  data      %s (log: %s)%n"
                        .formatted(folder.root(), folder.root().relativize(folder.log()))
                + warning();
    }

    private String warning() {
        if (!wire.isBeyondThisMachine() || (wire.isAsking() && wire.isEncrypted())) {
            return "";
        }
        String what = wire.isAsking()
                ? "keys and data go over the network unencrypted"
                : "whoever reaches this machine may read, train, release and delete everything";
        return "%n  WARNING   listening on %s without %s: %s.%n            See docs/security.md, or leave --host away.%n"
                .formatted(wire.host(), wire.isAsking() ? "TLS" : "asking who calls", what);
    }

    private String calls(String customer) {
        Answers answers = new Answers(ports, customer);
        return "%n  The churn score of a customer over REST:%n%n    curl '%s'%n%n".formatted(answers.restAddress())
                + indented(answers.rest())
                + ("%n  The same over gRPC: service foresell.inference.v1.InferenceService, method Score%n%n    grpcurl -plaintext -d '%s' %s"
                                + " foresell.inference.v1.InferenceService/Score%n%n")
                        .formatted(answers.grpcRequest(), Ports.local(ports.inference()))
                + indented(answers.grpc());
    }

    private static String nextStep() {
        return "%n  Nothing is kept here yet. Try --demo, or your own file:%n%n".formatted()
                + "    ./foresell define --from FILE.csv --name VIEW --key COLUMN --label COLUMN%n".formatted();
    }

    private static String indented(String answer) {
        return answer.lines().map("    %s%n"::formatted).collect(Collectors.joining());
    }
}
