package io.foresell.cli.command;

import io.foresell.cli.terminal.Table;
import io.foresell.cli.terminal.Terminal;
import io.foresell.proto.registry.v1.CalibrationBin;
import io.foresell.proto.registry.v1.Evaluation;
import io.foresell.proto.registry.v1.FeatureImportance;
import io.foresell.proto.registry.v1.LiftRow;
import io.foresell.proto.training.v1.CandidateResult;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** How judgements of models look: metrics beside the baseline, lift, calibration and importance as bars. */
final class EvaluationText {
    private static final int BAR_WIDTH = 30;

    private final Terminal terminal;

    EvaluationText(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Prints one line per candidate, the best marked, and the plain baseline below. */
    void candidates(List<CandidateResult> results) {
        EvaluationKind kind = results.stream()
                .map(result -> EvaluationKind.of(result.getEvaluation()))
                .findFirst()
                .orElse(EvaluationKind.BINARY);
        List<String> header = new ArrayList<>(List.of("candidate"));
        kind.mainMetrics().forEach(metric -> header.add(">" + shortName(metric)));
        header.addAll(List.of(">seconds", ">version", ""));
        Table table = new Table(header.toArray(new String[0]));
        for (CandidateResult result : results) {
            List<String> cells = new ArrayList<>(List.of(result.getCandidate()));
            kind.mainMetrics().forEach(metric -> cells.add(metric(result.getEvaluation(), metric, kind)));
            cells.add("%.1f".formatted(result.getSeconds()));
            cells.add(result.getVersion() == 0 ? "-" : Integer.toString(result.getVersion()));
            cells.add(result.getIsBest() ? terminal.green("best") : "");
            table.row(cells.toArray(new String[0]));
        }
        if (!results.isEmpty() && !kind.baseline().isEmpty()) {
            table.row(baseline(results.get(0).getEvaluation(), kind));
        }
        table.print(terminal);
        orders(results);
        results.forEach(result -> result.getEvaluation()
                .getWarningsList()
                .forEach(warning -> terminal.line(terminal.yellow("! " + result.getCandidate() + ": " + warning))));
    }

    /** Prints how well each candidate orders rows within groups, where the spec declares some. */
    private void orders(List<CandidateResult> results) {
        List<String> metrics = results.stream()
                .flatMap(result -> EvaluationKind.listMetricsOf(result.getEvaluation()).stream())
                .distinct()
                .toList();
        if (metrics.isEmpty()) {
            return;
        }
        List<String> header = new ArrayList<>(List.of("order within groups"));
        results.forEach(result -> header.add(">" + result.getCandidate()));
        header.add(">random order");
        Table table = new Table(header.toArray(new String[0]));
        for (String metric : metrics) {
            List<String> cells = new ArrayList<>(List.of(metric));
            results.forEach(result ->
                    cells.add(shown(result.getEvaluation().getMetricsMap().get(metric))));
            cells.add(
                    shown(results.get(0).getEvaluation().getBaselineMetricsMap().get(metric)));
            table.row(cells.toArray(new String[0]));
        }
        terminal.line("");
        table.print(terminal);
    }

    private static String shown(@Nullable Double value) {
        return value == null ? "-" : Shown.metric(value);
    }

    /** Prints how the best candidate stands beside each other one: the difference with its interval, or that they cannot be told apart. */
    void comparisons(List<CandidateResult> results) {
        results.stream()
                .filter(CandidateResult::getIsBest)
                .flatMap(best -> best.getEvaluation().getComparisonsList().stream())
                .forEach(comparison -> terminal.line(comparison.getSentence()));
    }

    private static String[] baseline(Evaluation evaluation, EvaluationKind kind) {
        String rate = kind == EvaluationKind.BINARY ? " " + Shown.percent(evaluation.getBaseRate()) : "";
        List<String> cells = new ArrayList<>(List.of(kind.baseline() + rate));
        for (String metric : kind.mainMetrics()) {
            Double value = evaluation.getBaselineMetricsMap().get(metric);
            cells.add(shown(value));
        }
        cells.addAll(List.of("", "", ""));
        return cells.toArray(new String[0]);
    }

    private static String metric(Evaluation evaluation, String name, EvaluationKind kind) {
        Double value = evaluation.getMetricsMap().get(name);
        if (value == null) {
            return "-";
        }
        Double deviation = evaluation.getMetricStandardDeviationsMap().get(name);
        return deviation != null && name.equals(kind.mainMetrics().get(0))
                ? Shown.metric(value) + " ±" + Shown.metric(deviation)
                : Shown.metric(value);
    }

    private static String shortName(String metric) {
        return switch (metric) {
            case "expected_calibration_error" -> "calib_error";
            case "balanced_accuracy" -> "balanced";
            case "simplified_silhouette" -> "silhouette";
            default -> metric;
        };
    }

    /** Prints everything that is known about one version's quality. */
    void all(Evaluation evaluation) {
        boolean isBinary = EvaluationKind.of(evaluation) == EvaluationKind.BINARY;
        terminal.line("judged on %s rows%s, fitted on %s, %s"
                .formatted(
                        Shown.count(evaluation.getEvaluationRowCount()),
                        isBinary ? " (base rate %s)".formatted(Shown.percent(evaluation.getBaseRate())) : "",
                        Shown.count(evaluation.getTrainingRowCount()),
                        evaluation.getSplit()));
        metrics(evaluation);
        lift(evaluation);
        calibration(evaluation);
        importance(evaluation, 20);
        evaluation.getWarningsList().forEach(warning -> terminal.line(terminal.yellow("! " + warning)));
    }

    void metrics(Evaluation evaluation) {
        EvaluationKind kind = EvaluationKind.of(evaluation);
        Table table = new Table(
                "metric", ">model", ">over folds", ">" + (kind.baseline().isEmpty() ? "baseline" : kind.baseline()));
        for (String name : kind.metricsOf(evaluation)) {
            Double deviation = evaluation.getMetricStandardDeviationsMap().get(name);
            Double baseline = evaluation.getBaselineMetricsMap().get(name);
            table.row(
                    name,
                    Shown.metric(evaluation.getMetricsOrThrow(name)),
                    deviation == null ? "" : "±" + Shown.metric(deviation),
                    shown(baseline));
        }
        section("metrics", table);
    }

    private void lift(Evaluation evaluation) {
        double top = evaluation.getLiftList().stream()
                .mapToDouble(LiftRow::getLift)
                .max()
                .orElse(1);
        Table table = new Table(">top", ">lift", "", ">of all positives");
        for (LiftRow row : evaluation.getLiftList()) {
            table.row(
                    Shown.percent(row.getTopFraction()),
                    "%.2f".formatted(row.getLift()),
                    terminal.stroke(row.getLift() / top, BAR_WIDTH),
                    Shown.percent(row.getRecall()));
        }
        section("lift: how many times the base rate, from the highest scores down", table);
    }

    private void calibration(Evaluation evaluation) {
        Table table = new Table(">predicted", ">observed", "observed, of 100%", ">rows");
        for (CalibrationBin bin : evaluation.getCalibrationList()) {
            table.row(
                    Shown.percent(bin.getMeanPredicted()),
                    Shown.percent(bin.getObservedRate()),
                    terminal.bar(bin.getObservedRate(), BAR_WIDTH),
                    Shown.count(bin.getRowCount()));
        }
        section("calibration: predicted against observed rate", table);
    }

    void importance(Evaluation evaluation, int limit) {
        double top = evaluation.getImportanceList().stream()
                .mapToDouble(FeatureImportance::getMeanAbsoluteContribution)
                .max()
                .orElse(1);
        EvaluationKind kind = EvaluationKind.of(evaluation);
        Table table = new Table("feature", ">" + kind.importanceUnit(), "");
        for (FeatureImportance feature :
                evaluation.getImportanceList().stream().limit(limit).toList()) {
            table.row(
                    feature.getFeature(),
                    kind == EvaluationKind.REGRESSION
                            ? Shown.metric(feature.getMeanAbsoluteContribution())
                            : "%.3f".formatted(feature.getMeanAbsoluteContribution()),
                    terminal.stroke(feature.getMeanAbsoluteContribution() / top, BAR_WIDTH));
        }
        section("importance", table);
    }

    private void section(String title, Table table) {
        if (!table.isEmpty()) {
            terminal.line("");
            terminal.line(terminal.bold(title));
            table.print(terminal);
        }
    }
}
