package io.foresell.cli.command;

import io.foresell.cli.source.CsvFile;
import io.foresell.cli.source.ViewDraft;
import io.foresell.cli.spec.YamlProtos;
import io.foresell.cli.terminal.Table;
import io.foresell.cli.terminal.Terminal;
import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.proto.feature.v1.DefineRequest;
import io.foresell.proto.feature.v1.DefineResponse;
import io.foresell.proto.feature.v1.Definition;
import io.foresell.proto.feature.v1.StoredDefinition;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Registers definitions from YAML, or drafts them from a file of rows first. */
@Command(
        name = "define",
        sortOptions = false,
        description = {
            "Register entities, feature views, label views and feature sets.",
            "From YAML files, or drafted from a CSV file: types are inferred from all rows and written",
            "as YAML with remarks, which you can edit and register again. With a label, a training",
            "spec is written beside it."
        })
final class DefineCommand implements Callable<Integer> {
    private final Session session;

    @Parameters(paramLabel = "FILE.yaml", arity = "0..*", description = "Definitions to register.")
    private List<Path> files = new ArrayList<>();

    @Option(
            names = "--from",
            paramLabel = "FILE.csv",
            order = 1,
            description = "Draft from this file (CSV, plain or gzip).")
    private @Nullable Path from;

    @Option(names = "--name", paramLabel = "VIEW", order = 2, description = "Name of the feature view.")
    private String name = "";

    @Option(names = "--key", paramLabel = "COLUMN", order = 3, description = "Column of the entity's key.")
    private String key = "";

    @Option(
            names = "--line-as",
            paramLabel = "COLUMN",
            order = 4,
            description = "Add a column with each row's line number; the key of a file without one.")
    private String lineColumn = "";

    @Option(
            names = "--entity",
            paramLabel = "NAME",
            order = 5,
            description = "What a row describes (default: customer).")
    private String entity = "customer";

    @Option(names = "--label", paramLabel = "COLUMN", order = 6, description = "Column to be predicted.")
    private String label = "";

    @Option(
            names = "--label-positive",
            paramLabel = "TEXT",
            order = 7,
            description = "Label text that counts as positive.")
    private String labelPositive = "";

    @Option(names = "--event-time", paramLabel = "COLUMN", order = 8, description = "Column of the event time.")
    private String eventTime = "";

    @Option(names = "--event-id", paramLabel = "COLUMN", order = 9, description = "Column of the event id.")
    private String eventId = "";

    @Option(names = "--ignore", paramLabel = "COLUMN", order = 10, description = "Column to leave out; repeatable.")
    private List<String> ignored = new ArrayList<>();

    @Option(
            names = "--delimiter",
            paramLabel = "CHAR",
            order = 11,
            description = "Field separator (default: recognised).")
    private String delimiter = "";

    @Option(names = "--out", paramLabel = "FILE.yaml", order = 12, description = "Where to write (default: VIEW.yaml).")
    private @Nullable Path out;

    @Option(names = "--force", order = 13, description = "Overwrite a file that was edited.")
    private boolean isForced;

    @Option(names = "--dry-run", order = 14, description = "Check and show; write and register nothing.")
    private boolean isDryRun;

    private @Nullable Path trainingFile;

    DefineCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        if (from == null && files.isEmpty()) {
            throw usage("FILE.yaml or --from FILE.csv");
        }
        if (from != null && !files.isEmpty()) {
            throw usage("either FILE.yaml or --from, not both");
        }
        List<Definition> definitions = from == null ? read() : draft(from);
        if (isDryRun) {
            return ExitCode.OK;
        }
        DefineResponse response = session.services()
                .featureStore()
                .define(DefineRequest.newBuilder()
                        .addAllDefinitions(definitions)
                        .build());
        session.answer(response, () -> print(response));
        return ExitCode.OK;
    }

    private static ServiceException usage(String expected) {
        return new ServiceException(
                Failure.invalid("USAGE", "define: arguments do not fit (expected: %s)".formatted(expected)));
    }

    private List<Definition> read() {
        List<Definition> definitions = new ArrayList<>();
        files.forEach(file -> definitions.addAll(YamlProtos.definitions(file)));
        if (isDryRun) {
            DefineRequest request =
                    DefineRequest.newBuilder().addAllDefinitions(definitions).build();
            session.answer(request, () -> session.terminal().line(definitions.size() + " definitions read, none sent"));
        }
        return definitions;
    }

    private List<Definition> draft(Path csvFile) {
        String keyColumn = key.isEmpty() ? lineColumn : key;
        if (name.isEmpty() || keyColumn.isEmpty()) {
            throw usage("--name VIEW and --key COLUMN beside --from; --line-as COLUMN for a file without a key");
        }
        CsvFile csv = CsvFile.open(csvFile, Delimiter.parse(delimiter)).numbered(lineColumn);
        ViewDraft draft = ViewDraft.of(
                csv, new ViewDraft.Request(name, entity, keyColumn, label, labelPositive, eventTime, eventId, ignored));
        DraftFile file = DraftFile.definitions(csvFile, draft);
        Optional<DraftFile> training = DraftFile.training(csvFile, draft);
        List<Definition> definitions = YamlProtos.definitions("draft", file.text());
        Terminal terminal = session.terminal();
        draft.warnings().forEach(warning -> terminal.note("note: " + warning));
        if (isDryRun) {
            DefineRequest request =
                    DefineRequest.newBuilder().addAllDefinitions(definitions).build();
            session.answer(request, () -> terminal.out().print(file.text()));
            return definitions;
        }
        Path target = Optional.ofNullable(out).orElse(Path.of(name + ".yaml"));
        file.write(target, isForced);
        terminal.note(
                "wrote %s from %s rows of %s".formatted(target, Shown.count(csv.rowCount()), csvFile.getFileName()));
        training.ifPresent(spec -> writeTraining(spec, target));
        return definitions;
    }

    private void writeTraining(DraftFile spec, Path definitionsFile) {
        String fileName = String.valueOf(definitionsFile.getFileName()).replaceFirst("\\.ya?ml$", "");
        Path target = definitionsFile.resolveSibling(fileName + ".train.yaml");
        boolean isWritten = spec.writeUnlessEdited(target, isForced);
        session.terminal().note(isWritten ? "wrote " + target : "kept %s: it was edited".formatted(target));
        trainingFile = target;
    }

    private void print(DefineResponse response) {
        Terminal terminal = session.terminal();
        Table table = new Table("kind", "name", ">version", "hash");
        for (StoredDefinition stored : response.getDefinitionsList()) {
            Definition definition = stored.getDefinition();
            table.row(
                    definition.getKindCase().name().toLowerCase(java.util.Locale.ROOT),
                    nameOf(definition),
                    Integer.toString(stored.getVersion()),
                    Shown.shortDigest(stored.getHash()));
        }
        table.print(terminal);
        if (from != null) {
            String views = response.getDefinitionsList().stream()
                    .map(StoredDefinition::getDefinition)
                    .filter(definition -> definition.hasFeatureView() || definition.hasLabelView())
                    .map(DefineCommand::nameOf)
                    .reduce((a, b) -> a + "," + b)
                    .orElse(name);
            String more = lineColumn.isEmpty() ? "" : " --line-as " + lineColumn;
            terminal.note("next: foresell ingest %s %s%s".formatted(views, from, more));
            if (trainingFile != null) {
                terminal.note("then: foresell train " + trainingFile);
            }
        }
    }

    private static String nameOf(Definition definition) {
        return switch (definition.getKindCase()) {
            case ENTITY -> definition.getEntity().getName();
            case FEATURE_VIEW -> definition.getFeatureView().getName();
            case LABEL_VIEW -> definition.getLabelView().getName();
            case FEATURE_SET -> definition.getFeatureSet().getName();
            case KIND_NOT_SET -> "";
        };
    }
}
