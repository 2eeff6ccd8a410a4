package io.foresell.standalone;

import io.foresell.standalone.cluster.DataFolder;
import io.foresell.standalone.cluster.Ports;
import io.foresell.standalone.demo.Answers;
import java.io.PrintStream;
import java.util.Optional;

/** What a person sees when everything runs: where to look, and two calls with their real answers. */
final class ReadyScreen {
    private final PrintStream out;
    private final Ports ports;
    private final DataFolder folder;

    ReadyScreen(PrintStream out, Ports ports, DataFolder folder) {
        this.out = out;
        this.ports = ports;
        this.folder = folder;
    }

    /** Prints the screen; the calls ask about {@code customer}, or are left out without one. */
    void print(double seconds, Optional<String> customer) {
        String gateway = "http://localhost:" + ports.gateway();
        out.printf("%nForesell is ready after %.1f s. Ctrl-C stops it.%n%n", seconds);
        out.printf("  console   %s/%n", gateway);
        out.printf("  REST      %s/q/swagger-ui%n", gateway);
        out.printf(
                "  gRPC      feature store %s, training and registry %s, inference %s (reflection is on)%n",
                Ports.local(ports.featureStore()), Ports.local(ports.training()), Ports.local(ports.inference()));
        out.printf("  data      %s (log: %s)%n", folder.root(), folder.root().relativize(folder.log()));
        customer.ifPresentOrElse(this::printCalls, this::printNextStep);
        out.flush();
    }

    private void printCalls(String customer) {
        Answers answers = new Answers(ports, customer);
        out.printf("%n  The churn score of a customer over REST:%n%n    curl '%s'%n%n", answers.restAddress());
        print(answers.rest());
        out.printf(
                "%n  The same over gRPC: service foresell.inference.v1.InferenceService, method Score%n%n    grpcurl -plaintext -d '%s' %s"
                        + " foresell.inference.v1.InferenceService/Score%n%n",
                answers.grpcRequest(), Ports.local(ports.inference()));
        print(answers.grpc());
    }

    private void printNextStep() {
        out.printf("%n  Nothing is kept here yet. Try --demo, or your own file:%n%n");
        out.printf("    ./foresell define --from FILE.csv --name VIEW --key COLUMN --label COLUMN%n");
    }

    private void print(String answer) {
        answer.lines().forEach(line -> out.println("    " + line));
    }
}
