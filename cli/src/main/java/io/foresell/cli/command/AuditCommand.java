package io.foresell.cli.command;

import io.foresell.cli.terminal.Table;
import io.foresell.proto.registry.v1.AuditEntry;
import io.foresell.proto.registry.v1.ListAuditEntriesRequest;
import io.foresell.proto.registry.v1.ListAuditEntriesResponse;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** Shows who changed what serves, and checks that no line was changed or taken away. */
@Command(
        name = "audit",
        sortOptions = false,
        description = {
            "Show the audit log of releases and of models loaded and unloaded by order, in the order it was written, and check its chain of hashes.",
            "Exit code 1 when a line was changed or is missing."
        })
final class AuditCommand implements Callable<Integer> {
    private static final int PAGE = 1_000;

    private final Session session;

    @Option(names = "--model", paramLabel = "MODEL", order = 1, description = "Show lines of this model only.")
    private String model = "";

    @Option(
            names = "--head",
            paramLabel = "HASH",
            order = 2,
            description = "A hash seen earlier, e.g. in the service's log: it must still be in the chain.")
    private @Nullable String head;

    AuditCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        AuditChain chain = new AuditChain();
        ListAuditEntriesResponse.Builder shown = ListAuditEntriesResponse.newBuilder();
        List<AuditEntry> page;
        do {
            page = session.services()
                    .audit()
                    .listAuditEntries(ListAuditEntriesRequest.newBuilder()
                            .setAfterSequence(chain.length())
                            .setLimit(PAGE)
                            .build())
                    .getEntriesList();
            page.forEach(chain::add);
            page.stream()
                    .filter(entry -> model.isEmpty() || entry.getModel().equals(model))
                    .forEach(shown::addEntries);
        } while (page.size() == PAGE && chain.fault().isEmpty());
        session.answer(shown.build(), () -> print(shown.getEntriesList()));
        return end(chain);
    }

    private void print(List<AuditEntry> entries) {
        Table table = new Table(
                "#", "at", "who", "said to be", "action", "model", "from", "to", "reason", "outcome", "reported by");
        for (AuditEntry entry : entries) {
            table.row(
                    Long.toString(entry.getSequence()),
                    Instant.ofEpochMilli(isReported(entry) ? entry.getHappenedAtMillis() : entry.getAtMillis())
                            .toString(),
                    entry.getCaller(),
                    entry.getActor(),
                    entry.getAction(),
                    entry.getModel(),
                    entry.getFrom(),
                    entry.getTo(),
                    entry.getReason(),
                    entry.getOutcome(),
                    isReported(entry) ? "%s as %s".formatted(entry.getPlace(), entry.getReporter()) : "");
        }
        table.print(session.terminal());
    }

    private static boolean isReported(AuditEntry entry) {
        return !entry.getReportId().isEmpty();
    }

    private int end(AuditChain chain) {
        String fault = chain.fault();
        if (fault.isEmpty() && head != null && !chain.has(head)) {
            fault = "the hash given is not in the chain: lines at its end were taken away";
        }
        if (!fault.isEmpty()) {
            session.terminal().err().println("audit log is not sound: " + fault);
            return ExitCode.REFUSED;
        }
        if (!session.isJson()) {
            session.terminal().line("chain of %d lines is sound; head %s".formatted(chain.length(), chain.head()));
        }
        return ExitCode.OK;
    }
}
