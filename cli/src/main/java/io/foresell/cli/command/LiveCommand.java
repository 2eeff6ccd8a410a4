package io.foresell.cli.command;

import io.foresell.cli.terminal.Table;
import io.foresell.cli.terminal.Terminal;
import io.foresell.proto.prediction.v1.Drift;
import io.foresell.proto.prediction.v1.GetLiveMetricsRequest;
import io.foresell.proto.prediction.v1.GetLiveMetricsResponse;
import io.foresell.proto.prediction.v1.PredictionKind;
import io.foresell.proto.prediction.v1.PredictionMetrics;
import io.foresell.proto.prediction.v1.SliceMetrics;
import io.foresell.proto.prediction.v1.VersionMetrics;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** Shows how good a model is as it serves. */
@Command(
        name = "live",
        sortOptions = false,
        description = "Show how good the versions of a model are as they serve: outcomes, calibration, drift.")
final class LiveCommand implements Callable<Integer> {
    private static final int DRIFTS_SHOWN = 5;
    private static final double CHANGE = 0.1;
    private static final double LARGE_CHANGE = 0.25;

    private final Session session;

    @Parameters(paramLabel = "MODEL[@VERSION]", description = "The model, and one version of it.")
    private String model = "";

    @Option(
            names = "--from",
            paramLabel = "TIME",
            order = 1,
            description = "Predictions from here on (default: 7 days).")
    private String from = "";

    @Option(names = "--until", paramLabel = "TIME", order = 2, description = "Predictions before (default: now).")
    private String until = "";

    @Option(names = "--by", paramLabel = "INPUT", order = 3, description = "Slices by the values of an input.")
    private String sliceBy = "";

    @Option(names = "--outcome", paramLabel = "NAME", order = 4, description = "Outcome to measure (default: label).")
    private String outcome = "";

    @Option(names = "--shadow", order = 5, description = "Predictions of shadow versions instead of those answered.")
    private boolean isShadow;

    @Option(names = "--bulk", order = 6, description = "Predictions of bulk streams instead of single ones.")
    private boolean isBulk;

    @Option(names = "--first-per-subject", order = 7, description = "Only the first prediction of each subject.")
    private boolean isFirstPerSubject;

    LiveCommand(Session session) {
        this.session = session;
    }

    @Override
    public Integer call() {
        ModelRef ref = ModelRef.parse(model);
        GetLiveMetricsRequest.Builder request = GetLiveMetricsRequest.newBuilder()
                .setModel(ref.model())
                .setFromMillis(Instants.millis("--from", from))
                .setUntilMillis(Instants.millis("--until", until))
                .setSliceBy(sliceBy)
                .setOutcomeName(outcome)
                .setIsFirstPerSubject(isFirstPerSubject);
        if (ref.hasVersion()) {
            request.addVersions(ref.resolve(session).getVersion());
        }
        kinds().forEach(request::addKinds);
        GetLiveMetricsResponse response = session.services().predictionLog().getLiveMetrics(request.build());
        session.answer(response, () -> print(response));
        return ExitCode.OK;
    }

    private List<PredictionKind> kinds() {
        List<PredictionKind> kinds = new ArrayList<>();
        if (isShadow) {
            kinds.add(PredictionKind.PREDICTION_KIND_SHADOW);
        }
        if (isBulk) {
            kinds.add(PredictionKind.PREDICTION_KIND_BULK);
        }
        return kinds;
    }

    private void print(GetLiveMetricsResponse response) {
        Terminal terminal = session.terminal();
        terminal.line("%s from %s until %s"
                .formatted(
                        response.getModel(),
                        Shown.time(response.getFromMillis()),
                        Shown.time(response.getUntilMillis())));
        if (response.getVersionsCount() == 0) {
            terminal.line("no predictions logged in this time");
            return;
        }
        if (response.getIsTruncated()) {
            terminal.line(terminal.yellow(
                    "more predictions than are read: the newest %s".formatted(Shown.count(response.getRowLimit()))));
        }
        Table table = table();
        for (VersionMetrics version : response.getVersionsList()) {
            row(table, Integer.toString(version.getVersion()), version.getMetrics());
            for (SliceMetrics slice : version.getSlicesList()) {
                row(table, "  " + sliceBy + " " + slice.getSlice(), slice.getMetrics());
            }
        }
        table.print(terminal);
        response.getVersionsList().forEach(this::printDrift);
    }

    private static Table table() {
        return new Table(
                "version",
                ">predictions",
                ">labelled",
                ">mean score",
                ">mean outcome",
                ">AUC",
                "95 %",
                ">log loss",
                ">calibration error",
                ">MAE",
                ">accuracy");
    }

    private static void row(Table table, String name, PredictionMetrics metrics) {
        table.row(
                name,
                Shown.count(metrics.getPredictionCount()),
                Shown.count(metrics.getLabelledCount()),
                Shown.metric(metrics.getScores().getMean()),
                metrics.getOutcomes().getCount() == 0
                        ? "-"
                        : Shown.metric(metrics.getOutcomes().getMean()),
                shown(metrics.hasRocAuc(), metrics.getRocAuc()),
                metrics.hasRocAucRange()
                        ? "%s..%s"
                                .formatted(
                                        Shown.metric(metrics.getRocAucRange().getLow()),
                                        Shown.metric(metrics.getRocAucRange().getHigh()))
                        : "-",
                shown(metrics.hasLogLoss(), metrics.getLogLoss()),
                shown(metrics.hasCalibrationError(), metrics.getCalibrationError()),
                shown(metrics.hasMeanAbsoluteError(), metrics.getMeanAbsoluteError()),
                shown(metrics.hasAccuracy(), metrics.getAccuracy()));
    }

    private static String shown(boolean isThere, double value) {
        return isThere ? Shown.metric(value) : "-";
    }

    private void printDrift(VersionMetrics version) {
        List<Drift> drifts = new ArrayList<>();
        if (version.hasScoreDrift()) {
            drifts.add(version.getScoreDrift());
        }
        version.getInputDriftsList().stream().limit(DRIFTS_SHOWN).forEach(drifts::add);
        if (drifts.isEmpty()) {
            return;
        }
        Terminal terminal = session.terminal();
        terminal.line("");
        terminal.line("drift of version %d".formatted(version.getVersion()));
        Table table = new Table("input", ">PSI", ">by chance", "against", ">missing", "");
        for (Drift drift : drifts) {
            table.row(
                    drift.getInput().isEmpty() ? "(score)" : drift.getInput(),
                    Shown.metric(drift.getStabilityIndex()),
                    Shown.metric(drift.getChanceIndex()),
                    drift.getReference().equals("package") ? "training" : "the time before",
                    Shown.percent(drift.getMissingShare()),
                    words(drift));
        }
        table.print(terminal);
    }

    private String words(Drift drift) {
        double beyondChance = drift.getStabilityIndex() - drift.getChanceIndex();
        if (beyondChance > LARGE_CHANGE) {
            return session.terminal().red("large change");
        }
        return beyondChance > CHANGE ? session.terminal().yellow("change") : "";
    }
}
