package io.foresell.cli.command;

import io.foresell.cli.terminal.Table;
import io.foresell.proto.prediction.v1.CountedOutcome;
import io.foresell.proto.prediction.v1.ErasePredictionsRequest;
import io.foresell.proto.prediction.v1.ErasePredictionsResponse;
import io.foresell.proto.prediction.v1.GetPredictionLogStatusRequest;
import io.foresell.proto.prediction.v1.GetPredictionLogStatusResponse;
import io.foresell.proto.prediction.v1.GetPredictionRequest;
import io.foresell.proto.prediction.v1.ListPredictionsRequest;
import io.foresell.proto.prediction.v1.ListPredictionsResponse;
import io.foresell.proto.prediction.v1.LoggedPrediction;
import io.foresell.proto.prediction.v1.PredictionRecord;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Logged predictions; its sub-commands do the work. */
@Command(name = "predictions", sortOptions = false, description = "Look into the prediction log.")
final class PredictionsCommand implements Runnable {
    @Spec
    private @Nullable CommandSpec spec;

    @Override
    public void run() {
        if (spec != null) {
            throw new ParameterException(
                    spec.commandLine(), "predictions: nothing to do (expected: show, list, erase or status)");
        }
    }

    /** Shows one prediction. */
    @Command(name = "show", sortOptions = false, description = "Show one prediction with its outcomes.")
    static final class Show implements Callable<Integer> {
        private final Session session;

        @Parameters(paramLabel = "PREDICTION_ID", description = "The prediction's id.")
        private String id = "";

        Show(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            LoggedPrediction prediction = session.services()
                    .predictionLog()
                    .getPrediction(GetPredictionRequest.newBuilder()
                            .setPredictionId(id)
                            .build())
                    .getPrediction();
            session.answer(prediction, () -> print(session, List.of(prediction)));
            return ExitCode.OK;
        }
    }

    /** Lists predictions. */
    @Command(name = "list", sortOptions = false, description = "List predictions of a model or subject, newest first.")
    static final class ListAll implements Callable<Integer> {
        private final Session session;

        @Option(names = "--model", paramLabel = "MODEL", order = 1, description = "Predictions of this model.")
        private String model = "";

        @Option(names = "--subject", paramLabel = "KEY", order = 2, description = "Predictions for this subject.")
        private String subject = "";

        @Option(names = "--count", paramLabel = "N", order = 3, description = "At most so many (default: 20).")
        private int count = 20;

        ListAll(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            ListPredictionsResponse response = session.services()
                    .predictionLog()
                    .listPredictions(ListPredictionsRequest.newBuilder()
                            .setModel(model)
                            .setSubject(subject)
                            .setPageSize(count)
                            .build());
            session.answer(response, () -> print(session, response.getPredictionsList()));
            return ExitCode.OK;
        }
    }

    private static void print(Session session, List<LoggedPrediction> predictions) {
        if (predictions.isEmpty()) {
            session.terminal().line("no predictions logged");
            return;
        }
        Table table = new Table("prediction", "scored", "model", "subject", ">score", "label", "outcomes");
        for (LoggedPrediction prediction : predictions) {
            PredictionRecord record = prediction.getRecord();
            table.row(
                    record.getPredictionId(),
                    Shown.time(record.getScoredAtMillis()),
                    "%s@%d".formatted(record.getModel(), record.getModelVersion()),
                    record.getSubject().isEmpty() ? "-" : record.getSubject(),
                    String.format(Locale.ROOT, "%.4f", record.getAnswer().getScore()),
                    record.getAnswer().getLabel(),
                    prediction.getOutcomesList().stream()
                            .map(PredictionsCommand::shown)
                            .collect(Collectors.joining(", ")));
        }
        table.print(session.terminal());
    }

    private static String shown(CountedOutcome outcome) {
        return "%s %s"
                .formatted(
                        outcome.getName(), outcome.hasText() ? outcome.getText() : Shown.metric(outcome.getNumber()));
    }

    /** Erases a subject. */
    @Command(
            name = "erase",
            sortOptions = false,
            description = "Remove all predictions and outcomes of a subject for good.")
    static final class Erase implements Callable<Integer> {
        private final Session session;

        @Parameters(paramLabel = "SUBJECT", description = "The subject's key.")
        private String subject = "";

        @Option(names = "--entity", paramLabel = "NAME", order = 1, description = "Only of this entity.")
        private String entity = "";

        Erase(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            ErasePredictionsResponse response = session.services()
                    .predictionLog()
                    .erasePredictions(ErasePredictionsRequest.newBuilder()
                            .setSubject(subject)
                            .setEntity(entity)
                            .build());
            session.answer(response, () -> session.terminal()
                    .line("%s predictions and %s outcomes removed"
                            .formatted(
                                    Shown.count(response.getPredictionCount()),
                                    Shown.count(response.getOutcomeCount()))));
            return ExitCode.OK;
        }
    }

    /** Says how much the log holds. */
    @Command(name = "status", sortOptions = false, description = "Say how much the log holds.")
    static final class Status implements Callable<Integer> {
        private final Session session;

        Status(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            GetPredictionLogStatusResponse response = session.services()
                    .predictionLog()
                    .getPredictionLogStatus(GetPredictionLogStatusRequest.getDefaultInstance());
            session.answer(response, () -> session.terminal()
                    .line("%s predictions (%s), %s to %s, kept %d days"
                            .formatted(
                                    Shown.count(response.getPredictionCount()),
                                    Shown.bytes(response.getPredictionBytes()),
                                    Shown.time(response.getOldestMillis()),
                                    Shown.time(response.getNewestMillis()),
                                    response.getRetentionDays())));
            return ExitCode.OK;
        }
    }
}
