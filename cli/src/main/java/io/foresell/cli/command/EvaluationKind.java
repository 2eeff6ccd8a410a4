package io.foresell.cli.command;

import io.foresell.proto.registry.v1.Evaluation;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.regex.Pattern;

/** What evaluations of one task show, and how it is called. An evaluation says its task by the metrics it has. */
enum EvaluationKind {
    BINARY(
            "base rate",
            "mean |log-odds|",
            List.of("roc_auc", "pr_auc", "log_loss", "brier", "expected_calibration_error", "lift_10"),
            List.of("f1", "precision", "recall", "accuracy", "balanced_accuracy", "matthews", "kolmogorov_smirnov")),
    MULTICLASS(
            "shares of classes",
            "mean |score of class|",
            List.of("log_loss", "accuracy", "balanced_accuracy", "macro_f1", "roc_auc", "expected_calibration_error"),
            List.of("brier", "top_3_accuracy", "weighted_f1", "matthews", "cohen_kappa")),
    REGRESSION(
            "mean",
            "mean |change|",
            List.of("rmse", "mae", "median_ae", "r2", "wape", "smape"),
            List.of("mape", "spearman")),
    CLUSTERS(
            "",
            "mean |change|",
            List.of("simplified_silhouette", "mean_squared_distance", "largest_cluster"),
            List.of());

    private static final Pattern OF_LISTS = Pattern.compile("(ndcg|map|precision|recall|hit_rate)_[0-9]+|mrr");

    private final String baseline;
    private final String importanceUnit;

    @SuppressWarnings("ImmutableEnumChecker") // unmodifiable, which the type does not say
    private final List<String> main;

    @SuppressWarnings("ImmutableEnumChecker") // unmodifiable, which the type does not say
    private final List<String> more;

    EvaluationKind(String baseline, String importanceUnit, List<String> main, List<String> more) {
        this.baseline = baseline;
        this.importanceUnit = importanceUnit;
        this.main = main;
        this.more = more;
    }

    static EvaluationKind of(Evaluation evaluation) {
        Map<String, Double> metrics = evaluation.getMetricsMap();
        if (metrics.containsKey("macro_f1")) {
            return MULTICLASS;
        }
        if (metrics.containsKey("rmse")) {
            return REGRESSION;
        }
        return metrics.containsKey("largest_cluster") ? CLUSTERS : BINARY;
    }

    /** Returns how the plain baseline is called; empty when the task has none. */
    String baseline() {
        return baseline;
    }

    /** Returns what a contribution of an input is measured in. */
    String importanceUnit() {
        return importanceUnit;
    }

    /** Returns the metrics for one line per candidate, the one that usually ranks first. */
    List<String> mainMetrics() {
        return main;
    }

    /** Returns the metrics of the order within groups of rows; none where the spec declares none. */
    static List<String> listMetricsOf(Evaluation evaluation) {
        return evaluation.getMetricsMap().keySet().stream()
                .filter(metric -> OF_LISTS.matcher(metric).matches())
                .sorted()
                .toList();
    }

    /** Returns all metrics of an evaluation of this kind, unknown ones last. */
    List<String> metricsOf(Evaluation evaluation) {
        TreeSet<String> rest = new TreeSet<>(evaluation.getMetricsMap().keySet());
        List<String> metrics = new ArrayList<>(main);
        metrics.addAll(more);
        metrics.retainAll(rest);
        metrics.forEach(rest::remove);
        metrics.addAll(rest);
        return metrics;
    }
}
