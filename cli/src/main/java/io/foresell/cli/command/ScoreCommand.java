package io.foresell.cli.command;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.inference.v1.BulkHeader;
import io.foresell.proto.inference.v1.EntityKeys;
import io.foresell.proto.inference.v1.NamedRow;
import io.foresell.proto.inference.v1.NamedRows;
import io.foresell.proto.inference.v1.ScoreRequest;
import io.foresell.proto.inference.v1.ScoreResponse;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Scores entities or rows. */
@Command(
        name = "score",
        sortOptions = false,
        description = {
            "Score entities by id, or rows given as JSON, with the released version of a model.",
            "With --bulk: all rows of a CSV file, on the version that is released at the start. Killed or cut off,",
            "the same command with --resume goes on; exit code 3 when rows have no score."
        })
final class ScoreCommand implements Callable<Integer> {
    private static final int BATCH_ROWS = 4096;

    private final Session session;

    @Parameters(index = "0", paramLabel = "MODEL", description = "The model.")
    private String model = "";

    @Parameters(index = "1..*", arity = "0..*", paramLabel = "ID", description = "Entities, such as customer ids.")
    private List<String> ids = new ArrayList<>();

    @Option(names = "--row", paramLabel = "JSON", order = 1, description = "A row as a JSON object; repeatable.")
    private List<String> rows = new ArrayList<>();

    @Option(names = "--file", paramLabel = "FILE", order = 2, description = "Rows: a JSON array, or one object a line.")
    private @Nullable Path file;

    @Option(
            names = "--reasons",
            paramLabel = "N",
            order = 3,
            description = "Reasons for each score, 0 to 20 (default: 0).")
    private int reasonCount;

    @Option(
            names = "--language",
            paramLabel = "en|zh",
            order = 4,
            description = "Language of the reasons (default: en).")
    private String language = "";

    @Option(names = "--version", paramLabel = "N", order = 5, description = "This version instead of the released one.")
    private int version;

    @Option(
            names = "--labels",
            paramLabel = "N",
            order = 6,
            description = "Classes, clusters or items listed for each row, best first (default: 5).")
    private int labelCount;

    @Option(
            names = "--reason-label",
            paramLabel = "LABEL",
            order = 7,
            description = "The class, cluster or item that the reasons are about (default: the winner).")
    private String reasonLabel = "";

    @Option(
            names = "--bulk",
            paramLabel = "FILE.csv",
            order = 8,
            description = "Score all rows of a file on one version, while other calls go first.")
    private @Nullable Path bulkFile;

    @Option(
            names = "--out",
            paramLabel = "FILE.csv",
            order = 9,
            description = "Where scores go, and why a row has none; with --bulk.")
    private @Nullable Path outFile;

    @Option(names = "--resume", order = 10, description = "Go on with an interrupted --bulk.")
    private boolean isResumed;

    @Option(
            names = "--key",
            paramLabel = "COLUMN",
            order = 11,
            description = "With --bulk: the column of entity ids (default: columns are inputs of the model).")
    private String key = "";

    @Option(
            names = "--delimiter",
            paramLabel = "CHAR",
            order = 12,
            description = "With --bulk: field separator (default: recognised).")
    private String delimiter = "";

    ScoreCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (bulkFile != null || outFile != null || isResumed) {
            return bulk();
        }
        List<NamedRow> named = new ArrayList<>();
        for (String row : rows) {
            named.addAll(JsonRows.parse("--row", row));
        }
        if (file != null) {
            named.addAll(JsonRows.read(file));
        }
        if (ids.isEmpty() == named.isEmpty()) {
            throw new ServiceException(
                    Failure.invalid("USAGE", "score: arguments do not fit (expected: either IDs, or --row or --file)"));
        }
        ScoreResponse response = named.isEmpty() ? scoreIds() : scoreRows(named);
        session.answer(response, () -> new ScoreText(session.terminal()).print(response));
        return ExitCode.OK;
    }

    private int bulk() {
        if (bulkFile == null || outFile == null || !ids.isEmpty() || !rows.isEmpty() || file != null) {
            throw new ServiceException(Failure.invalid(
                    "USAGE", "score: arguments do not fit (expected: --bulk FILE.csv --out FILE.csv [--resume])"));
        }
        BulkHeader header = BulkHeader.newBuilder()
                .setModel(model)
                .setVersion(version)
                .setLanguage(language)
                .setLabelCount(labelCount)
                .build();
        return BulkScoring.run(session, header, new BulkScoring.Files(bulkFile, outFile, isResumed, key, delimiter));
    }

    private ScoreResponse scoreIds() {
        ScoreResponse.Builder all = ScoreResponse.newBuilder();
        for (int from = 0; from < ids.size(); from += BATCH_ROWS) {
            List<String> keys = ids.subList(from, Math.min(ids.size(), from + BATCH_ROWS));
            add(all, request().setEntityKeys(EntityKeys.newBuilder().addAllKeys(keys)));
        }
        return all.build();
    }

    private ScoreResponse scoreRows(List<NamedRow> named) {
        ScoreResponse.Builder all = ScoreResponse.newBuilder();
        for (int from = 0; from < named.size(); from += BATCH_ROWS) {
            List<NamedRow> batch = named.subList(from, Math.min(named.size(), from + BATCH_ROWS));
            add(all, request().setNamedRows(NamedRows.newBuilder().addAllRows(batch)));
        }
        return all.build();
    }

    private ScoreRequest.Builder request() {
        return ScoreRequest.newBuilder()
                .setModel(model)
                .setVersion(version)
                .setReasonCount(reasonCount)
                .setLanguage(language)
                .setLabelCount(labelCount)
                .setReasonLabel(reasonLabel);
    }

    private void add(ScoreResponse.Builder all, ScoreRequest.Builder request) {
        all.mergeFrom(session.services().inference().score(request.build()));
    }
}
