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
import java.util.TreeSet;

/** How judgements of models look: metrics beside the baseline, lift, calibration and importance as bars. */
final class EvaluationText {
    private static final List<String> METRICS = List.of(
            "roc_auc", "pr_auc", "log_loss", "brier", "expected_calibration_error", "f1", "accuracy", "lift_10");
    private static final List<String> CANDIDATE_METRICS =
            List.of("roc_auc", "pr_auc", "log_loss", "brier", "expected_calibration_error", "lift_10");
    private static final List<String> CLUSTER_METRICS = List.of(
            "silhouette",
            "davies_bouldin",
            "stability",
            "mean_squared_distance",
            "simplified_silhouette",
            "largest_cluster",
            "noise_share");
    private static final int BAR_WIDTH = 30;

    private final Terminal terminal;

    EvaluationText(Terminal terminal) {
        this.terminal = terminal;
    }

    /** Prints one line per candidate, the best marked, and the base rate below. */
    void candidates(List<CandidateResult> results) {
        List<String> header = new ArrayList<>(List.of("candidate"));
        List<String> metrics = candidateMetrics(results);
        metrics.forEach(metric -> header.add(">" + shortName(metric)));
        header.addAll(List.of(">seconds", ">version", ""));
        Table table = new Table(header.toArray(new String[0]));
        for (CandidateResult result : results) {
            List<String> cells = new ArrayList<>(List.of(result.getCandidate()));
            metrics.forEach(metric -> cells.add(metric(result.getEvaluation(), metric)));
            cells.add("%.1f".formatted(result.getSeconds()));
            cells.add(result.getVersion() == 0 ? "-" : Integer.toString(result.getVersion()));
            cells.add(result.getIsBest() ? terminal.green("best") : "");
            table.row(cells.toArray(new String[0]));
        }
        if (!results.isEmpty() && !metrics.equals(CLUSTER_METRICS)) {
            table.row(baseline(results.get(0).getEvaluation()));
        }
        table.print(terminal);
        results.forEach(result -> result.getEvaluation()
                .getWarningsList()
                .forEach(warning -> terminal.line(terminal.yellow("! " + result.getCandidate() + ": " + warning))));
    }

    private static List<String> candidateMetrics(List<CandidateResult> results) {
        boolean areClusters = results.stream()
                .anyMatch(result -> result.getEvaluation().getMetricsMap().containsKey("largest_cluster"));
        return areClusters ? CLUSTER_METRICS : CANDIDATE_METRICS;
    }

    private static String[] baseline(Evaluation evaluation) {
        List<String> cells = new ArrayList<>(List.of("base rate " + Shown.percent(evaluation.getBaseRate())));
        for (String metric : CANDIDATE_METRICS) {
            Double value = evaluation.getBaselineMetricsMap().get(metric);
            cells.add(value == null ? "-" : Shown.metric(value));
        }
        cells.addAll(List.of("", "", ""));
        return cells.toArray(new String[0]);
    }

    private static String metric(Evaluation evaluation, String name) {
        Double value = evaluation.getMetricsMap().get(name);
        if (value == null) {
            return "-";
        }
        Double deviation = evaluation.getMetricStandardDeviationsMap().get(name);
        return deviation != null && name.equals("roc_auc")
                ? Shown.metric(value) + " ±" + Shown.metric(deviation)
                : Shown.metric(value);
    }

    private static String shortName(String metric) {
        return metric.equals("expected_calibration_error") ? "calib_error" : metric;
    }

    /** Prints everything that is known about one version's quality. */
    void all(Evaluation evaluation) {
        boolean areClusters = evaluation.getMetricsMap().containsKey("largest_cluster");
        terminal.line("judged on %s rows%s, fitted on %s, %s"
                .formatted(
                        Shown.count(evaluation.getEvaluationRowCount()),
                        areClusters ? "" : " (base rate %s)".formatted(Shown.percent(evaluation.getBaseRate())),
                        Shown.count(evaluation.getTrainingRowCount()),
                        evaluation.getSplit()));
        metrics(evaluation);
        lift(evaluation);
        calibration(evaluation);
        importance(evaluation, 20);
        evaluation.getWarningsList().forEach(warning -> terminal.line(terminal.yellow("! " + warning)));
    }

    void metrics(Evaluation evaluation) {
        Table table = new Table("metric", ">model", ">over folds", ">base rate");
        TreeSet<String> rest = new TreeSet<>(evaluation.getMetricsMap().keySet());
        List<String> names = new ArrayList<>(METRICS);
        names.retainAll(rest);
        METRICS.forEach(rest::remove);
        names.addAll(rest);
        for (String name : names) {
            Double deviation = evaluation.getMetricStandardDeviationsMap().get(name);
            Double baseline = evaluation.getBaselineMetricsMap().get(name);
            table.row(
                    name,
                    Shown.metric(evaluation.getMetricsOrThrow(name)),
                    deviation == null ? "" : "±" + Shown.metric(deviation),
                    baseline == null ? "-" : Shown.metric(baseline));
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
        Table table = new Table("feature", ">mean |log-odds|", "");
        for (FeatureImportance feature :
                evaluation.getImportanceList().stream().limit(limit).toList()) {
            table.row(
                    feature.getFeature(),
                    "%.3f".formatted(feature.getMeanAbsoluteContribution()),
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
