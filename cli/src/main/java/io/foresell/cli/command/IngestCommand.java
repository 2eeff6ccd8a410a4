package io.foresell.cli.command;

import io.foresell.cli.source.CsvFile;
import io.foresell.cli.source.PictureSize;
import io.foresell.cli.terminal.Table;
import io.foresell.cli.terminal.Terminal;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.feature.v1.IngestResponse;
import io.foresell.proto.feature.v1.QuarantinedRow;
import io.foresell.proto.feature.v1.ViewIngestCounts;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Sends the rows of a CSV file into views. */
@Command(
        name = "ingest",
        sortOptions = false,
        synopsisHeading = "Usage: foresell ingest VIEW[,VIEW...] FILE.csv%n   or: ",
        description = {
            "Send the rows of a CSV file (plain or gzip, UTF-8) into feature views and label views.",
            "The whole file is checked before anything is sent. Sending it again changes nothing.",
            "Rows that a view refuses go to quarantine: exit code 0, or 3 under --strict."
        })
final class IngestCommand implements Callable<Integer> {
    private static final int SHOWN_QUARANTINED = 10;

    private final Session session;

    @Parameters(paramLabel = "[VIEW[,VIEW...]] FILE", arity = "1..2", description = "Views, and the file.")
    private List<String> viewsAndFile = new ArrayList<>();

    @Option(
            names = "--views",
            paramLabel = "VIEW",
            split = ",",
            order = 1,
            description = "Views, instead of the first argument.")
    private List<String> views = new ArrayList<>();

    @Option(
            names = "--delimiter",
            paramLabel = "CHAR",
            order = 2,
            description = "Field separator (default: recognised).")
    private String delimiter = "";

    @Option(
            names = "--line-as",
            paramLabel = "COLUMN",
            order = 3,
            description = "Add a column with each row's line number, for a file without a key.")
    private String lineColumn = "";

    @Option(
            names = "--set",
            paramLabel = "COLUMN=VALUE",
            order = 4,
            description = "Add a column with this value in every row; {line} in it is the row's line number.")
    private Map<String, String> constants = new TreeMap<>();

    @Option(
            names = "--picture",
            paramLabel = "COLUMN=SIZE",
            order = 5,
            description = {
                "Cells of this column are pictures: paths beside the file or data URLs. Each is brought to this",
                "size, such as 32x32x3 or 28x28 (grey), and sent as numbers from 0 to 255; repeatable."
            })
    private Map<String, String> pictures = new TreeMap<>();

    @Option(names = "--strict", order = 6, description = "Exit with 3 when a row was quarantined.")
    private boolean isStrict;

    IngestCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        List<String> targets = new ArrayList<>(views);
        if (viewsAndFile.size() == 2) {
            targets.addAll(Arrays.asList(viewsAndFile.get(0).split(",")));
        }
        targets.replaceAll(String::strip);
        targets.removeIf(String::isEmpty);
        if (targets.isEmpty()) {
            throw new ServiceException(Failure.invalid(
                    "USAGE", "ingest: no view named (expected: 'ingest VIEW FILE' or 'ingest FILE --views VIEW')"));
        }
        Path file = Path.of(viewsAndFile.get(viewsAndFile.size() - 1));
        CsvFile csv = CsvFile.open(file, Delimiter.parse(delimiter))
                .numbered(lineColumn)
                .with(constants)
                .picturing(sizes());
        long startNanos = System.nanoTime();
        IngestResponse response = RowIngest.send(session, csv, targets);
        double seconds = (System.nanoTime() - startNanos) / 1e9;
        session.answer(response, () -> print(response, csv, seconds));
        boolean isQuarantined = response.getViewsList().stream().anyMatch(view -> view.getQuarantinedCount() > 0);
        return isStrict && isQuarantined ? ExitCode.PARTLY : ExitCode.OK;
    }

    private Map<String, PictureSize> sizes() {
        Map<String, PictureSize> sizes = new TreeMap<>();
        pictures.forEach((column, size) -> sizes.put(column, PictureSize.parse(column, size)));
        return sizes;
    }

    private void print(IngestResponse response, CsvFile csv, double seconds) {
        Terminal terminal = session.terminal();
        terminal.line("%s rows of %s in %.1f s"
                .formatted(Shown.count(response.getRowCount()), csv.file().getFileName(), seconds));
        Table table = new Table("view", ">accepted", ">duplicates", ">quarantined", "cleaned");
        long quarantinedCount = 0;
        for (ViewIngestCounts view : response.getViewsList()) {
            quarantinedCount += view.getQuarantinedCount();
            table.row(
                    view.getView(),
                    Shown.count(view.getAcceptedCount()),
                    Shown.count(view.getDuplicateCount()),
                    Shown.count(view.getQuarantinedCount()),
                    cleaned(view));
        }
        table.print(terminal);
        if (response.getIgnoredColumnsCount() > 0) {
            terminal.line("columns no view takes: " + String.join(", ", response.getIgnoredColumnsList()));
        }
        if (quarantinedCount > 0) {
            terminal.line(terminal.yellow(
                    "%s quarantined; list them: foresell quarantine VIEW".formatted(Shown.count(quarantinedCount))));
        }
        for (QuarantinedRow row : response.getFirstQuarantinedList().stream()
                .limit(SHOWN_QUARANTINED)
                .toList()) {
            terminal.line("  line %d  %s  %s".formatted(row.getLineNumber(), row.getReason(), row.getMessage()));
        }
    }

    private static String cleaned(ViewIngestCounts view) {
        String rules = view.getCleanedCountsMap().entrySet().stream()
                .sorted(java.util.Map.Entry.comparingByKey())
                .map(entry -> entry.getKey() + " " + entry.getValue())
                .reduce((a, b) -> a + ", " + b)
                .orElse("-");
        return rules.length() <= 80 ? rules : rules.substring(0, 77) + "...";
    }
}
