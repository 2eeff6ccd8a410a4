package io.foresell.cli.command;

import io.foresell.cli.terminal.Table;
import io.foresell.cli.terminal.Terminal;
import io.foresell.proto.inference.v1.ListLoadedModelsRequest;
import io.foresell.proto.inference.v1.ListLoadedModelsResponse;
import io.foresell.proto.registry.v1.DegradationLadder;
import io.foresell.proto.registry.v1.Evaluation;
import io.foresell.proto.registry.v1.GetVersionResponse;
import io.foresell.proto.registry.v1.ListModelsRequest;
import io.foresell.proto.registry.v1.ListModelsResponse;
import io.foresell.proto.registry.v1.ListVersionsRequest;
import io.foresell.proto.registry.v1.ListVersionsResponse;
import io.foresell.proto.registry.v1.Model;
import io.foresell.proto.registry.v1.ModelVersion;
import io.foresell.proto.registry.v1.Release;
import io.foresell.proto.registry.v1.SetAliasRequest;
import io.foresell.proto.registry.v1.SetAliasResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Lists models; its sub-commands look at versions and move aliases. */
@Command(name = "models", sortOptions = false, description = "List models with their release and aliases.")
final class ModelsCommand implements Callable<Integer> {
    private final Session session;

    ModelsCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        ListModelsResponse response = session.services().registry().listModels(ListModelsRequest.getDefaultInstance());
        session.answer(response, () -> print(session.terminal(), response));
        return ExitCode.OK;
    }

    static void print(Terminal terminal, ListModelsResponse response) {
        if (response.getModelsCount() == 0) {
            terminal.line("no models yet; train one: foresell train SPEC.yaml");
            return;
        }
        Table table = new Table("model", ">versions", "latest", "judged", "released", "aliases");
        for (Model model : response.getModelsList()) {
            ModelVersion latest = model.getLatestVersion();
            table.row(
                    model.getName(),
                    Integer.toString(model.getVersionCount()),
                    "%d (%s)".formatted(latest.getVersion(), latest.getAlgorithm()),
                    judged(latest.getEvaluation()),
                    model.hasRelease() ? routes(model.getRelease()) : "-",
                    aliases(model));
        }
        table.print(terminal);
    }

    private static String judged(Evaluation evaluation) {
        String metric = EvaluationKind.of(evaluation).mainMetrics().get(0);
        Double value = evaluation.getMetricsMap().get(metric);
        return value == null ? "-" : metric + " " + Shown.metric(value);
    }

    private static String aliases(Model model) {
        return new TreeMap<>(model.getAliasesMap())
                .entrySet().stream()
                        .map(alias -> alias.getKey() + "=" + alias.getValue())
                        .collect(Collectors.joining(" "));
    }

    /** Returns the routes of a release: {@code 3} or {@code 3:90% 4:10%}; with a ladder {@code 3:100% 1:0% (else 1, last known 10m)}. */
    static String routes(Release release) {
        return weights(release) + (release.hasLadder() ? " (else %s)".formatted(ladder(release.getLadder())) : "");
    }

    private static String weights(Release release) {
        if (release.getRoutesCount() == 1) {
            return Integer.toString(release.getRoutes(0).getVersion());
        }
        return release.getRoutesList().stream()
                .map(route -> route.getVersion() + ":" + route.getWeight() + "%")
                .collect(Collectors.joining(" "));
    }

    private static String ladder(DegradationLadder ladder) {
        List<String> rungs = new ArrayList<>();
        if (ladder.getFallbackVersion() != 0) {
            rungs.add(Integer.toString(ladder.getFallbackVersion()));
        }
        if (ladder.hasLastKnownMaxAge()) {
            rungs.add("last known "
                    + Shown.age((double) ladder.getLastKnownMaxAge().getSeconds()));
        }
        return String.join(", ", rungs);
    }

    /** Shows versions of one model. */
    @Command(
            name = "show",
            sortOptions = false,
            description = "Show the versions of a model, or one version: metrics, importance, provenance.")
    static final class Show implements Callable<Integer> {
        private static final int METRICS_SHOWN = 3;

        private final Session session;

        @Parameters(paramLabel = "MODEL[@VERSION|@ALIAS]", description = "The model; @latest is the newest version.")
        private String model = "";

        Show(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            ModelRef reference = ModelRef.parse(model);
            if (reference.hasVersion()) {
                ModelVersion version = reference.resolve(session);
                GetVersionResponse response =
                        GetVersionResponse.newBuilder().setVersion(version).build();
                session.answer(response, () -> printVersion(session.terminal(), version));
            } else {
                ListVersionsResponse response = session.services()
                        .registry()
                        .listVersions(ListVersionsRequest.newBuilder()
                                .setModel(reference.model())
                                .build());
                session.answer(response, () -> printVersions(session.terminal(), response));
            }
            return ExitCode.OK;
        }

        private static void printVersions(Terminal terminal, ListVersionsResponse response) {
            List<String> metrics = response.getVersionsList().stream()
                    .map(version -> EvaluationKind.of(version.getEvaluation()))
                    .distinct()
                    .flatMap(kind -> kind.mainMetrics().stream().limit(METRICS_SHOWN))
                    .toList();
            List<String> header = new ArrayList<>(List.of(">version", "algorithm", "engine"));
            metrics.forEach(metric -> header.add(">" + metric));
            header.addAll(List.of("published", "digest"));
            Table table = new Table(header.toArray(new String[0]));
            for (ModelVersion version : response.getVersionsList()) {
                List<String> cells = new ArrayList<>(List.of(
                        Integer.toString(version.getVersion()),
                        version.getAlgorithm(),
                        version.getEngine().isEmpty() ? "-" : version.getEngine()));
                metrics.forEach(metric ->
                        cells.add(metric(version.getEvaluation().getMetricsMap().get(metric))));
                cells.addAll(List.of(Shown.time(version.getCreatedAtMillis()), Shown.shortDigest(version.getDigest())));
                table.row(cells.toArray(new String[0]));
            }
            table.print(terminal);
        }

        private static String metric(@Nullable Double value) {
            return value == null ? "-" : Shown.metric(value);
        }
    }

    /** Prints the head line and where a version comes from. */
    static void printHead(Terminal terminal, ModelVersion version) {
        terminal.line(terminal.bold("%s@%d".formatted(version.getModel(), version.getVersion()))
                + "  %s  published %s".formatted(version.getAlgorithm(), Shown.time(version.getCreatedAtMillis())));
    }

    private static void printVersion(Terminal terminal, ModelVersion version) {
        printHead(terminal, version);
        EvaluationText evaluation = new EvaluationText(terminal);
        evaluation.metrics(version.getEvaluation());
        evaluation.importance(version.getEvaluation(), 10);
        terminal.line("");
        terminal.line(terminal.bold("provenance"));
        Table table = new Table("what", "value");
        table.row("feature set", version.getFeatureSet() + " " + Shown.shortDigest(version.getFeatureSetHash()));
        table.row("label view", version.getLabelView());
        table.row("entity", version.getEntity());
        table.row("job", version.getJobId().isEmpty() ? "imported" : version.getJobId());
        table.row("data digest", version.getDataDigest());
        table.row("package", version.getDigest() + ", " + Shown.bytes(version.getPackageBytes()));
        if (!version.getEngine().isEmpty()) {
            table.row("engine", engine(version));
        }
        new TreeMap<>(version.getParametersMap()).forEach(table::row);
        table.print(terminal);
        new GateText(terminal).version(version.getIsEligible(), version.getGatesList());
        version.getEvaluation().getWarningsList().forEach(warning -> terminal.line(terminal.yellow("! " + warning)));
    }

    private static String engine(ModelVersion version) {
        return version.getFallbackReason().isEmpty()
                ? version.getEngine()
                : "%s, because %s".formatted(version.getEngine(), version.getFallbackReason());
    }

    /** Shows what inference runs. */
    @Command(
            name = "loaded",
            sortOptions = false,
            description = "Show what inference has loaded: engine, and why a model is not compiled.")
    static final class Loaded implements Callable<Integer> {
        private final Session session;

        Loaded(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            ListLoadedModelsResponse response =
                    session.services().inference().listLoadedModels(ListLoadedModelsRequest.getDefaultInstance());
            session.answer(response, () -> StatusCommand.printLoaded(session.terminal(), response));
            return ExitCode.OK;
        }
    }

    /** Moves an alias. */
    @Command(name = "alias", sortOptions = false, description = "Point an alias of a model to a version.")
    static final class Alias implements Callable<Integer> {
        private final Session session;

        @Parameters(index = "0", paramLabel = "MODEL@VERSION", description = "The version.")
        private String model = "";

        @Parameters(index = "1", paramLabel = "ALIAS", description = "The alias, such as champion.")
        private String alias = "";

        @Option(names = "--reason", paramLabel = "TEXT", order = 1, description = "Why, for the history.")
        private String reason = "";

        @Option(
                names = "--expect-version",
                paramLabel = "N",
                order = 2,
                description = "Move only when the alias points to N now; 0: only when it is new.")
        private @Nullable Integer expectedVersion;

        Alias(Session session) {
            this.session = session;
        }

        @Override
        public Integer call() {
            ModelVersion version = ModelRef.parse(model).resolve(session);
            SetAliasRequest.Builder request = SetAliasRequest.newBuilder()
                    .setModel(version.getModel())
                    .setAlias(alias)
                    .setVersion(version.getVersion())
                    .setActor(session.actor())
                    .setReason(reason);
            if (expectedVersion != null) {
                request.setExpectedVersion(expectedVersion);
            }
            SetAliasResponse response = session.services().registry().setAlias(request.build());
            session.answer(response, () -> session.terminal()
                    .line("%s: %s -> %d"
                            .formatted(
                                    alias,
                                    response.getMove().getFromVersion() == 0
                                            ? "new"
                                            : response.getMove().getFromVersion(),
                                    response.getMove().getToVersion())));
            return ExitCode.OK;
        }
    }
}
