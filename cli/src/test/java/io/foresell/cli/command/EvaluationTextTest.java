package io.foresell.cli.command;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.cli.terminal.Terminal;
import io.foresell.proto.registry.v1.Evaluation;
import io.foresell.proto.registry.v1.FeatureImportance;
import io.foresell.proto.registry.v1.MetricComparison;
import io.foresell.proto.training.v1.CandidateResult;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Evaluations of every task are shown with their own metrics, baseline and units. */
final class EvaluationTextTest {
    private static final Evaluation VALUES = evaluation(Map.of("rmse", 12345.678, "mae", 310.4567, "r2", 0.91234))
            .putBaselineMetrics("rmse", 40000)
            .putMetricStandardDeviations("rmse", 210)
            .build();
    private static final Evaluation CLASSES = evaluation(
                    Map.of("log_loss", 0.61, "accuracy", 0.72, "macro_f1", 0.7, "top_3_accuracy", 0.97))
            .putBaselineMetrics("log_loss", 1.09)
            .build();
    private static final Evaluation CLUSTERS = evaluation(Map.of("simplified_silhouette", 0.41, "largest_cluster", 0.6))
            .build();

    private static Evaluation.Builder evaluation(Map<String, Double> metrics) {
        return Evaluation.newBuilder()
                .putAllMetrics(metrics)
                .setEvaluationRowCount(500)
                .setTrainingRowCount(500)
                .setSplit("k_fold(k=5, by=ROW_INDEX)")
                .addImportance(
                        FeatureImportance.newBuilder().setFeature("price").setMeanAbsoluteContribution(1234.5));
    }

    private static String printed(Consumer<EvaluationText> print) {
        ByteArrayOutputStream out = new ByteArrayOutputStream();
        PrintStream stream = new PrintStream(out, true, StandardCharsets.UTF_8);
        print.accept(new EvaluationText(new Terminal(stream, stream, false, false, false, false, 120)));
        return out.toString(StandardCharsets.UTF_8);
    }

    private static String candidate(Evaluation evaluation) {
        return printed(text -> text.candidates(List.of(CandidateResult.newBuilder()
                .setCandidate("trees")
                .setEvaluation(evaluation)
                .setIsBest(true)
                .build())));
    }

    @Test
    void ordersWithinGroupsStandBesideARandomOrder() {
        Evaluation ranked = evaluation(Map.of("roc_auc", 0.8, "ndcg_10", 0.7215, "hit_rate_3", 0.9))
                .putBaselineMetrics("ndcg_10", 0.4105)
                .build();

        assertThat(candidate(ranked).lines().map(line -> line.strip().replaceAll(" {2,}", "|")))
                .contains("order within groups|trees|random order", "ndcg_10|0.7215|0.4105", "hit_rate_3|0.9000|-");
        assertThat(candidate(VALUES)).doesNotContain("order within groups");
    }

    @Test
    void forecastsHaveErrorsAndTheMeanAsBaseline() {
        assertThat(printed(text -> text.all(VALUES)))
                .contains(
                        "judged on 500 rows, fitted",
                        "12,346",
                        "\u00b1210.00",
                        "310.46",
                        "0.9123",
                        "40,000",
                        "mean |change|",
                        "1234.50")
                .doesNotContain("base rate", "log-odds", "lift");
        assertThat(candidate(VALUES)).contains("rmse", "wape", "mean", "best").doesNotContain("roc_auc", "base rate");
    }

    @Test
    void classesHaveTheirSharesAsBaseline() {
        assertThat(printed(text -> text.all(CLASSES)))
                .contains("shares of classes", "top_3_accuracy", "mean |score of class|")
                .doesNotContain("base rate", "log-odds");
        assertThat(candidate(CLASSES)).contains("log_loss", "macro_f1", "shares of classes", "1.0900");
    }

    @Test
    void clustersHaveNoBaseline() {
        assertThat(candidate(CLUSTERS))
                .contains("silhouette", "largest_cluster", "0.4100")
                .doesNotContain("base rate", "roc_auc");
    }

    @Test
    void theBestCandidateIsSetBesideEachOther() {
        String sentence =
                "linear is better than cnn: accuracy 0.8040 against 0.7730, difference 0.0310 (95 %: 0.0060 to 0.0560, p = 0.014).";
        String backwards = "cnn is worse than linear: accuracy 0.7730 against 0.8040.";
        List<CandidateResult> results = List.of(compared("linear", true, sentence), compared("cnn", false, backwards));
        assertThat(printed(text -> text.comparisons(results)))
                .contains(sentence)
                .doesNotContain(backwards);
    }

    private static CandidateResult compared(String name, boolean isBest, String sentence) {
        return CandidateResult.newBuilder()
                .setCandidate(name)
                .setIsBest(isBest)
                .setEvaluation(Evaluation.newBuilder()
                        .addComparisons(MetricComparison.newBuilder().setSentence(sentence)))
                .build();
    }
}
