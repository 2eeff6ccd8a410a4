package io.foresell.cli.command;

import io.foresell.cli.source.CsvFile;
import io.foresell.cli.terminal.Terminal;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.prediction.v1.Outcome;
import io.foresell.proto.prediction.v1.OutcomeError;
import io.foresell.proto.prediction.v1.ReportOutcomesRequest;
import io.foresell.proto.prediction.v1.ReportOutcomesResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Reports what came true, from a CSV file. */
@Command(
        name = "outcomes",
        sortOptions = false,
        description = {
            "Report what came true, a row of a CSV file each: for one prediction (--prediction), or for the predictions of a",
            "model for a subject in a window of time (--subject, --model and --horizon, or --until).",
            "The whole file is read before anything is sent. Sending it again changes nothing.",
            "Outcomes that cannot be taken are named: exit code 3."
        })
final class OutcomesCommand implements Callable<Integer> {
    private static final int BATCH = 1000;
    private static final int ERRORS_SHOWN = 10;
    private static final String PREDICTION_ID = "prediction_id";

    private final Session session;

    @Parameters(paramLabel = "FILE.csv", description = "The file, plain or gzip, UTF-8.")
    private Path file = Path.of("");

    @Option(
            names = "--prediction",
            paramLabel = "COLUMN",
            order = 1,
            description = {"Prediction ids (default: prediction_id, when the file has it and no --subject is given)."})
    private String prediction = "";

    @Option(names = "--subject", paramLabel = "COLUMN", order = 2, description = "Keys of subjects, e.g. customers.")
    private String subject = "";

    @Option(names = "--model", paramLabel = "MODEL", order = 3, description = "Beside --subject: whose predictions.")
    private String model = "";

    @Option(names = "--entity", paramLabel = "NAME", order = 4, description = "Beside --subject: of which entity.")
    private String entity = "";

    @Option(
            names = "--value",
            paramLabel = "COLUMN",
            order = 5,
            description = {"What came true: a number, yes or no, or a class (default: outcome)."})
    private String value = "outcome";

    @Option(
            names = "--observed",
            paramLabel = "COLUMN",
            order = 6,
            description = {
                "When it was observed, e.g. 2024-06-01 (default: now). Of several outcomes the latest counts."
            })
    private String observed = "";

    @Option(
            names = "--horizon",
            paramLabel = "SPAN",
            order = 7,
            description = {"Beside --subject: labels predictions made so long before the observation, e.g. 30d."})
    private String horizon = "";

    @Option(
            names = "--from",
            paramLabel = "TIME",
            order = 8,
            description = "Instead of --horizon: predictions from here on.")
    private String from = "";

    @Option(
            names = "--until",
            paramLabel = "TIME",
            order = 9,
            description = "Instead of --horizon: predictions before.")
    private String until = "";

    @Option(
            names = "--name",
            paramLabel = "NAME",
            order = 10,
            description = {"What was observed, e.g. revenue (default: label, what the model predicts)."})
    private String name = "";

    @Option(names = "--id", paramLabel = "COLUMN", order = 11, description = "Names of the reports in their source.")
    private String id = "";

    @Option(
            names = "--delimiter",
            paramLabel = "CHAR",
            order = 12,
            description = "Field separator (default: recognised).")
    private String delimiter = "";

    OutcomesCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        CsvFile csv = CsvFile.open(file, Delimiter.parse(delimiter));
        OutcomeRows rows = new OutcomeRows(csv, columns(csv));
        csv.forEachRow((line, row) -> {
            Outcome unused = rows.outcome(line, row); // what is wrong with a row is said before any is sent
        });
        List<Long> lines = new ArrayList<>();
        List<Outcome> batch = new ArrayList<>();
        ReportOutcomesResponse.Builder total = ReportOutcomesResponse.newBuilder();
        csv.forEachRow((line, row) -> {
            lines.add(line);
            batch.add(rows.outcome(line, row));
            if (batch.size() == BATCH) {
                send(lines, batch, total);
            }
        });
        send(lines, batch, total);
        ReportOutcomesResponse response = total.build();
        session.answer(response, () -> print(response, csv));
        return response.getErrorsCount() == 0 ? ExitCode.OK : ExitCode.PARTLY;
    }

    private OutcomeRows.Columns columns(CsvFile csv) {
        String ids = prediction.isEmpty() && subject.isEmpty() && csv.columns().contains(PREDICTION_ID)
                ? PREDICTION_ID
                : prediction;
        if (ids.isEmpty() == subject.isEmpty()) {
            throw usage("--prediction or --subject: %s (expected: exactly one)"
                    .formatted(ids.isEmpty() ? "neither" : "both"));
        }
        if (!subject.isEmpty() && model.isEmpty()) {
            throw usage("--model: missing (expected: the model whose predictions of the subject are labelled)");
        }
        if (!subject.isEmpty() && horizon.isEmpty() == until.isEmpty()) {
            throw usage("--horizon or --until: %s (expected: exactly one, to say which predictions are labelled)"
                    .formatted(horizon.isEmpty() ? "neither" : "both"));
        }
        if (!horizon.isEmpty() && observed.isEmpty()) {
            throw usage("--observed: missing (expected: the column that --horizon counts back from)");
        }
        return new OutcomeRows.Columns(ids, subject, value, observed, id, model, entity, name, horizon, from, until);
    }

    private static ServiceException usage(String message) {
        return new ServiceException(Failure.invalid("USAGE", message));
    }

    private void send(List<Long> lines, List<Outcome> batch, ReportOutcomesResponse.Builder total) {
        if (batch.isEmpty()) {
            return;
        }
        ReportOutcomesResponse response = session.services()
                .predictionLog()
                .reportOutcomes(
                        ReportOutcomesRequest.newBuilder().addAllOutcomes(batch).build());
        total.setAcceptedCount(total.getAcceptedCount() + response.getAcceptedCount())
                .setDuplicateCount(total.getDuplicateCount() + response.getDuplicateCount())
                .setPendingCount(total.getPendingCount() + response.getPendingCount())
                .setLabelledPredictionCount(total.getLabelledPredictionCount() + response.getLabelledPredictionCount());
        for (OutcomeError error : response.getErrorsList()) {
            // Of the file people know lines, not places in a call.
            total.addErrors(error.toBuilder().setIndex(Math.toIntExact(lines.get(error.getIndex()))));
        }
        lines.clear();
        batch.clear();
    }

    private void print(ReportOutcomesResponse response, CsvFile csv) {
        Terminal terminal = session.terminal();
        terminal.line("%s outcomes of %s: %s new, %s known already; %s predictions labelled"
                .formatted(
                        Shown.count(csv.rowCount()),
                        csv.file().getFileName(),
                        Shown.count(response.getAcceptedCount()),
                        Shown.count(response.getDuplicateCount()),
                        Shown.count(response.getLabelledPredictionCount())));
        if (response.getPendingCount() > 0) {
            terminal.line("%s label no recorded prediction yet: not sampled, not arrived, or nobody asked"
                    .formatted(Shown.count(response.getPendingCount())));
        }
        if (response.getErrorsCount() > 0) {
            terminal.line(terminal.yellow("%s not taken:".formatted(Shown.count(response.getErrorsCount()))));
        }
        response.getErrorsList().stream()
                .limit(ERRORS_SHOWN)
                .forEach(error -> terminal.line(
                        "  line %d  %s  %s".formatted(error.getIndex(), error.getReason(), error.getMessage())));
    }
}
