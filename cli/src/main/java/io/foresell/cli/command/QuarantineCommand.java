package io.foresell.cli.command;

import io.foresell.cli.terminal.Table;
import io.foresell.cli.terminal.Terminal;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.feature.v1.ListQuarantineRequest;
import io.foresell.proto.feature.v1.ListQuarantineResponse;
import io.foresell.proto.feature.v1.QuarantinedRow;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists rows that views refused. */
@Command(name = "quarantine", sortOptions = false, description = "List rows that views refused, newest first.")
final class QuarantineCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "VIEW", arity = "0..1", description = "Rows of this view (default: of all).")
    private String view = "";

    @Option(names = "--page", paramLabel = "N", order = 1, description = "Which page, from 1 (default: 1).")
    private int page = 1;

    @Option(names = "--page-size", paramLabel = "N", order = 2, description = "Rows of a page (default: 20).")
    private int pageSize = 20;

    QuarantineCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (page < 1) {
            throw new ServiceException(Failure.invalid("USAGE", "--page", page, "1 or more"));
        }
        ListQuarantineResponse response = read("");
        for (int i = 1; i < page && !response.getNextPageToken().isEmpty(); i++) {
            response = read(response.getNextPageToken());
        }
        ListQuarantineResponse shown = response;
        session.answer(shown, () -> print(shown));
        return ExitCode.OK;
    }

    private ListQuarantineResponse read(String pageToken) {
        return session.services()
                .featureStore()
                .listQuarantine(ListQuarantineRequest.newBuilder()
                        .setView(view)
                        .setPageSize(pageSize)
                        .setPageToken(pageToken)
                        .build());
    }

    private void print(ListQuarantineResponse response) {
        Terminal terminal = session.terminal();
        terminal.line("%s rows in quarantine%s"
                .formatted(Shown.count(response.getTotalCount()), view.isEmpty() ? "" : " of " + view));
        if (response.getRowsCount() == 0) {
            return;
        }
        Table table = new Table("view", "source", ">line", "column", "reason", "message");
        for (QuarantinedRow row : response.getRowsList()) {
            table.row(
                    row.getView(),
                    row.getSource(),
                    Long.toString(row.getLineNumber()),
                    row.getColumn(),
                    row.getReason(),
                    row.getMessage());
        }
        table.print(terminal);
        if (!response.getNextPageToken().isEmpty()) {
            terminal.note("more: --page " + (page + 1));
        }
    }
}
