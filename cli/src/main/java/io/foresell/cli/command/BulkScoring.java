package io.foresell.cli.command;

import com.google.gson.JsonObject;
import io.foresell.cli.call.BulkCall;
import io.foresell.cli.source.CsvFile;
import io.foresell.cli.terminal.ProgressBar;
import io.foresell.kit.Failure;
import io.foresell.kit.FailureStatus;
import io.foresell.kit.ServiceException;
import io.foresell.proto.inference.v1.BulkHeader;
import io.foresell.proto.inference.v1.ListLoadedModelsRequest;
import io.foresell.proto.inference.v1.LoadedModel;
import io.foresell.proto.inference.v1.ScoreBulkResponse;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.nio.file.Path;
import java.time.Duration;

/**
 * Scores a file over a bulk stream. A stream that breaks is opened again with the token of the last answer, until nothing was
 * answered for some minutes; then, or when the command itself is killed, {@code --resume} goes on.
 */
final class BulkScoring {
    private static final long FIRST_WAIT_MILLIS = 250;
    private static final long LONGEST_WAIT_MILLIS = 10_000;
    private static final int ATTEMPTS_WITHOUT_PROGRESS = 25; // four minutes

    private final Session session;
    private final CsvFile csv;
    private final String key;
    private final BulkHeader header;
    private final BulkOutput output;
    private final long startNanos = System.nanoTime();
    private final long startPosition;

    private BulkScoring(Session session, CsvFile csv, String key, BulkHeader header, BulkOutput output) {
        this.session = session;
        this.csv = csv;
        this.key = key;
        this.header = header;
        this.output = output;
        this.startPosition = output.last().position();
    }

    /** What the command line says beside the header. */
    record Files(Path input, Path output, boolean isResumed, String key, String delimiter) {}

    /** Scores all rows and returns the exit code. */
    static int run(Session session, BulkHeader header, Files files) {
        CsvFile csv = CsvFile.open(files.input(), Delimiter.parse(files.delimiter()));
        String input = csv.sha256() + ":" + files.key();
        try (BulkOutput output = files.isResumed()
                ? BulkOutput.resume(files.output(), input)
                : BulkOutput.create(files.output(), input, header.getModel(), header.getVersion())) {
            if (!output.last().model().equals(header.getModel())) {
                throw new ServiceException(Failure.invalid(
                        "MODEL_CHANGED",
                        "MODEL",
                        header.getModel(),
                        "'%s', as before".formatted(output.last().model())));
            }
            return scored(new BulkScoring(session, csv, files.key(), header, output), files);
        }
    }

    private static int scored(BulkScoring scoring, Files files) {
        try {
            return scoring.run(files.output());
        } catch (RuntimeException e) {
            if (scoring.output.last().position() == 0) {
                scoring.output.discard(); // what never began needs no resuming
            }
            throw e;
        }
    }

    private int run(Path file) {
        String stage = "score " + csv.file().getFileName();
        try (ProgressBar bar = session.progress()) {
            bar.update(stage, share(), Shown.count(csv.rowCount()) + " rows");
            int attempt = 0;
            while (output.last().position() < csv.rowCount()) {
                long before = output.last().position();
                try {
                    streamOnce(stage, bar);
                } catch (StatusRuntimeException e) {
                    attempt = output.last().position() > before ? 1 : attempt + 1;
                    if (!mayPass(e) || attempt > ATTEMPTS_WITHOUT_PROGRESS) {
                        if (output.last().position() > 0) {
                            bar.note("%s rows are scored; the same command with --resume goes on from there"
                                    .formatted(Shown.count(output.last().position())));
                        }
                        throw e;
                    }
                    bar.note("trying again: " + ErrorReport.explained(e).message());
                    pause(Math.min(LONGEST_WAIT_MILLIS, FIRST_WAIT_MILLIS << Math.min(attempt - 1, 6)), e);
                }
            }
        }
        output.complete();
        print(file);
        return output.last().failedCount() == 0 ? ExitCode.OK : ExitCode.PARTLY;
    }

    private double share() {
        return (double) output.last().position() / csv.rowCount();
    }

    private static boolean mayPass(StatusRuntimeException error) {
        Status.Code code = error.getStatus().getCode();
        boolean isQuestionOfTime = code == Status.Code.UNAVAILABLE
                || code == Status.Code.RESOURCE_EXHAUSTED
                || code == Status.Code.DEADLINE_EXCEEDED;
        return isQuestionOfTime && !FailureStatus.fromStatus(error).reason().equals("MODEL_LOAD_FAILED");
    }

    private static void pause(long millis, StatusRuntimeException reason) {
        try {
            Thread.sleep(millis);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw reason;
        }
    }

    private void streamOnce(String stage, ProgressBar bar) {
        String token = output.last().token();
        BulkHeader open = token.isEmpty()
                ? header
                : header.toBuilder().setResumeToken(token).build();
        try (BulkCall call = BulkCall.open(session.services().inferenceStreams(), open, answer -> {
            output.add(answer);
            bar.update(stage, share(), detail());
        })) {
            LoadedModel model = model(call.opened());
            BulkMessages.of(csv, key, model, call::send).sendFrom(output.last().position());
            call.finish();
        }
    }

    private LoadedModel model(ScoreBulkResponse opened) {
        return session
                .services()
                .inference()
                .listLoadedModels(ListLoadedModelsRequest.getDefaultInstance())
                .getModelsList()
                .stream()
                .filter(loaded ->
                        loaded.getModel().equals(opened.getModel()) && loaded.getVersion() == opened.getModelVersion())
                .findFirst()
                .orElseThrow(() -> Status.UNAVAILABLE
                        .withDescription("version %d of '%s' is loaded by another server"
                                .formatted(opened.getModelVersion(), opened.getModel()))
                        .asRuntimeException());
    }

    private String detail() {
        double seconds = Math.max(1e-3, (System.nanoTime() - startNanos) / 1e9);
        long position = output.last().position();
        double rowsPerSecond = Math.max(1e-3, (position - startPosition) / seconds);
        return "%s of %s rows, %s rows/s, %s left"
                .formatted(
                        Shown.count(position),
                        Shown.count(csv.rowCount()),
                        Shown.count((long) rowsPerSecond),
                        ProgressBar.shown(Duration.ofSeconds((long) ((csv.rowCount() - position) / rowsPerSecond))));
    }

    private void print(Path file) {
        BulkOutput.Checkpoint done = output.last();
        if (session.isJson()) {
            JsonObject json = new JsonObject();
            json.addProperty("model", done.model());
            json.addProperty("modelVersion", done.version());
            json.addProperty("rowCount", done.position());
            json.addProperty("failedCount", done.failedCount());
            json.addProperty("file", file.toString());
            session.terminal().line(Json.text(json));
            return;
        }
        session.terminal()
                .line("%s rows of %s scored by version %d of %s in %s"
                        .formatted(
                                Shown.count(done.position()),
                                csv.file().getFileName(),
                                done.version(),
                                done.model(),
                                ProgressBar.shown(Duration.ofNanos(System.nanoTime() - startNanos))));
        if (done.failedCount() > 0) {
            session.terminal()
                    .line(session.terminal()
                            .yellow("%s without a score: see column 'reason' of %s"
                                    .formatted(Shown.count(done.failedCount()), file)));
        }
    }
}
