package io.foresell.cli.command;

import io.foresell.cli.terminal.Terminal;
import io.foresell.proto.inference.v1.Reason;
import io.foresell.proto.prediction.v1.PredictionRecord;
import io.foresell.proto.prediction.v1.ReplayPredictionRequest;
import io.foresell.proto.prediction.v1.ReplayPredictionResponse;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Scores a logged prediction again. */
@Command(
        name = "replay",
        sortOptions = false,
        description = {
            "Score a logged prediction again, on its features and the very package that answered, and say whether score",
            "and reasons are the same bit for bit. Exit code 3 when they are not."
        })
final class ReplayCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "PREDICTION_ID", description = "The prediction's id.")
    private String id = "";

    @Option(names = "--reasons", paramLabel = "N", order = 1, description = "Reasons (default: as many as then).")
    private int reasons;

    @Option(names = "--language", paramLabel = "CODE", order = 2, description = "en or zh (default: as then).")
    private String language = "";

    ReplayCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        ReplayPredictionResponse response = session.services()
                .replays()
                .replayPrediction(ReplayPredictionRequest.newBuilder()
                        .setPredictionId(id)
                        .setReasonCount(reasons)
                        .setLanguage(language)
                        .build());
        session.answer(response, () -> print(response));
        boolean isSame = response.getIsAnswerSame() && (!response.hasAreReasonsSame() || response.getAreReasonsSame());
        return isSame ? ExitCode.OK : ExitCode.PARTLY;
    }

    private void print(ReplayPredictionResponse response) {
        Terminal terminal = session.terminal();
        PredictionRecord record = response.getRecorded().getRecord();
        terminal.line("%s@%d scored %s%s"
                .formatted(
                        record.getModel(),
                        record.getModelVersion(),
                        Shown.time(record.getScoredAtMillis()),
                        record.getSubject().isEmpty() ? "" : " for " + record.getSubject()));
        terminal.line("then  %s".formatted(Double.toString(record.getAnswer().getScore())));
        terminal.line(
                "now   %s".formatted(Double.toString(response.getReplayed().getScore())));
        terminal.line(
                response.getIsAnswerSame()
                        ? terminal.green("the answer is the same, bit for bit")
                        : terminal.red("the answer differs"));
        if (response.hasAreReasonsSame()) {
            terminal.line(
                    response.getAreReasonsSame()
                            ? terminal.green("the reasons are the same, bit for bit")
                            : terminal.red("the reasons differ"));
        }
        response.getDifferencesList().forEach(difference -> terminal.line("  " + difference));
        for (Reason reason : response.getReplayed().getReasonsList()) {
            terminal.line("  %+.4f  %s".formatted(reason.getContribution(), reason.getSentence()));
        }
        terminal.note("package %s from %s, run by %s, kernels %s"
                .formatted(
                        Shown.shortDigest(record.getDigest()),
                        response.getPackageSource(),
                        response.getEngine(),
                        response.getKernels()));
    }
}
