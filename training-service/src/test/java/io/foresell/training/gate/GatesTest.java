package io.foresell.training.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.model.manifest.Evaluation;
import io.foresell.model.manifest.Manifest;
import io.foresell.training.evaluate.Metric;
import io.foresell.training.gate.ChampionGate.Rule;
import io.foresell.training.registry.GateResult;
import io.foresell.training.registry.ModelVersion;
import java.time.Instant;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class GatesTest {
    private static Manifest.Builder manifest(double auc, double deviation, String... leaks) {
        return Manifest.newBuilder()
                .setModel("churn")
                .setTask("binary")
                .setEvaluation(Evaluation.newBuilder()
                        .putMetrics("roc_auc", auc)
                        .putMetrics("log_loss", 0.4)
                        .putMetrics("expected_calibration_error", 0.015)
                        .putMetrics("worst_slice_roc_auc", 0.7)
                        .putMetricStandardDeviations("roc_auc", deviation)
                        .setSplit("k_fold(k=5, by=ROW_INDEX)")
                        .addAllLeaks(List.of(leaks)));
    }

    private static Optional<ModelVersion> champion(int version, double auc, double deviation) {
        return Optional.of(new ModelVersion(
                "churn",
                version,
                "digest",
                1,
                "file",
                Instant.EPOCH,
                "job",
                manifest(auc, deviation).build(),
                "compiled",
                "",
                List.of()));
    }

    private static GateResult judge(Gate gate, Manifest.Builder candidate, Optional<ModelVersion> champion) {
        return gate.judge(new GateCase(candidate.build(), Metric.ROC_AUC, 12.5, which -> champion));
    }

    private static GateResult judge(Gate gate, double auc, double deviation, Optional<ModelVersion> champion) {
        return judge(gate, manifest(auc, deviation), champion);
    }

    /** A candidate whose training compared it with churn@3. */
    private static Manifest.Builder compared(String metric, double value, double other, double low, double high) {
        Manifest.Builder candidate = manifest(0.83, 0.01);
        candidate
                .getEvaluationBuilder()
                .getChampionBuilder()
                .setVersion(3)
                .setWay("repeated")
                .setReason("its package may have been fitted on rows that judge")
                .setRowCount(1_200)
                .getComparisonBuilder()
                .setOther("churn@3")
                .setMetric(metric)
                .setValue(value)
                .setOtherValue(other)
                .setDifference(value - other)
                .setPValue(0.0124)
                .getIntervalBuilder()
                .setLow(low)
                .setHigh(high);
        return candidate;
    }

    private static ChampionGate superior(double margin) {
        return new ChampionGate("", null, Rule.SUPERIORITY, margin, 0);
    }

    private static ChampionGate notInferior(double margin) {
        return new ChampionGate("", null, Rule.NON_INFERIORITY, margin, 0);
    }

    @Test
    void aSuperiorCandidateIsSurelyBetterByTheMargin() {
        Manifest.Builder better = compared("roc_auc", 0.83, 0.81, 0.004, 0.036);
        GateResult held = judge(superior(0), better, champion(3, 0.9, 0));
        assertThat(held.isHeld()).as("whatever its own training said").isTrue();
        assertThat(held.sentence())
                .isEqualTo("champion roc_auc: lead +0.02000 (95 %: +0.004000 to +0.03600, p = 0.012), 0.830000 against"
                        + " 0.810000 of churn@3 on the same 1,200 rows; repeated in the same folds, because its package may"
                        + " have been fitted on rows that judge (expected: superiority: lead surely above 0.00000)");
        assertThat(judge(superior(0.0039), better, champion(3, 0.9, 0)).isHeld())
                .isTrue();
        assertThat(judge(superior(0.004), better, champion(3, 0.9, 0)).isHeld())
                .as("the low end must be above the margin")
                .isFalse();
        Manifest.Builder unsure = compared("roc_auc", 0.83, 0.81, -0.001, 0.041);
        assertThat(judge(superior(0), unsure, champion(3, 0.5, 0)).isHeld()).isFalse();
        Manifest.Builder unmeasured = compared("roc_auc", 0.83, 0.81, Double.NaN, Double.NaN);
        assertThat(judge(superior(0), unmeasured, champion(3, 0.5, 0)).isHeld()).isFalse();
        assertThat(judge(notInferior(1), unmeasured, champion(3, 0.5, 0)).isHeld())
                .isFalse();
    }

    @Test
    void aCandidateIsNotInferiorWhenItIsSurelyNotWorseByTheMargin() {
        Manifest.Builder little = compared("roc_auc", 0.809, 0.81, -0.009, 0.007);
        GateResult held = judge(notInferior(0.01), little, champion(3, 0.9, 0));
        assertThat(held.isHeld()).isTrue();
        assertThat(held.expectation()).isEqualTo("non-inferiority: lead surely above -0.0100000");
        assertThat(judge(notInferior(0.009), little, champion(3, 0.9, 0)).isHeld())
                .isFalse();
        assertThat(judge(superior(0), little, champion(3, 0.9, 0)).isHeld()).isFalse();
    }

    /** An equal candidate differs by exactly nothing. */
    @Test
    void anEqualCandidateIsNeverSuperiorAndNeverInferior() {
        for (String metric : List.of("roc_auc", "log_loss")) {
            Metric named = metric.equals("roc_auc") ? Metric.ROC_AUC : Metric.LOG_LOSS;
            Manifest.Builder equal = compared(metric, 0.5, 0.5, 0, 0);
            for (double margin : new double[] {1e-9, 0.01, 1}) {
                assertThat(judge(
                                        new ChampionGate("", named, Rule.NON_INFERIORITY, margin, 0),
                                        equal,
                                        champion(3, 0.9, 0))
                                .isHeld())
                        .isTrue();
                assertThat(judge(new ChampionGate("", named, Rule.SUPERIORITY, margin, 0), equal, champion(3, 0.9, 0))
                                .isHeld())
                        .isFalse();
            }
            assertThat(judge(new ChampionGate("", named, Rule.SUPERIORITY, 0, 0), equal, champion(3, 0.9, 0))
                            .isHeld())
                    .isFalse();
        }
    }

    @Test
    void whereLessIsBetterTheLeadIsBelow() {
        ChampionGate gate = new ChampionGate("", Metric.LOG_LOSS, Rule.SUPERIORITY, 0, 0);
        GateResult held = judge(gate, compared("log_loss", 0.39, 0.41, -0.03, -0.01), champion(3, 0.9, 0));
        assertThat(held.isHeld()).isTrue();
        assertThat(held.value()).startsWith("lead +0.02000 (95 %: +0.01000 to +0.03000");
        assertThat(judge(gate, compared("log_loss", 0.41, 0.39, 0.01, 0.03), champion(3, 0.9, 0))
                        .isHeld())
                .isFalse();
    }

    @Test
    void withoutAChampionThereIsNobodyToBeat() {
        GateResult free = judge(superior(0.01), 0.5, 0.01, Optional.empty());
        assertThat(free.isHeld()).isTrue();
        assertThat(free.expectation()).isEqualTo("any: there is no champion yet");
    }

    @Test
    void anotherChampionThanTheTrainingSawFails() {
        Manifest.Builder better = compared("roc_auc", 0.83, 0.81, 0.004, 0.036);
        assertThat(judge(superior(0), better, champion(4, 0.6, 0)).sentence())
                .isEqualTo("champion roc_auc: judged against churn@3 (expected: judged against churn@4, which is the"
                        + " champion now: train again)");
        assertThat(judge(superior(0), better, champion(4, 0.6, 0)).isHeld()).isFalse();
        assertThat(judge(superior(0), better, Optional.empty()).isHeld()).isFalse();
        GateResult appeared = judge(superior(0), 0.99, 0, champion(1, 0.6, 0));
        assertThat(appeared.isHeld()).isFalse();
        assertThat(appeared.value()).isEqualTo("judged against no champion");
    }

    private static Manifest.Builder byMetrics(double auc, double deviation) {
        Manifest.Builder candidate = manifest(auc, deviation);
        candidate
                .getEvaluationBuilder()
                .getChampionBuilder()
                .setVersion(3)
                .setWay("metrics")
                .setReason("feature set f lacks what it reads: age");
        return candidate;
    }

    @Test
    void aChampionThatCouldNotBeJudgedIsComparedByItsOwnMetrics() {
        assertThat(judge(superior(0.01), byMetrics(0.83, 0.01), champion(3, 0.81, 0.01))
                        .isHeld())
                .isTrue();
        GateResult close = judge(superior(0.01), byMetrics(0.815, 0.01), champion(3, 0.81, 0.01));
        assertThat(close.isHeld()).isFalse();
        assertThat(close.sentence())
                .isEqualTo(
                        "champion roc_auc: lead +0.005000, 0.815000 against 0.810000 of churn@3, by the metrics of two"
                                + " trainings, because feature set f lacks what it reads: age (expected: superiority: lead above"
                                + " 0.0100000)");
        assertThat(judge(superior(0), byMetrics(0.81, 0.01), champion(3, 0.81, 0.01))
                        .isHeld())
                .as("as good is not better")
                .isFalse();
        assertThat(judge(notInferior(0.001), byMetrics(0.81, 0.01), champion(3, 0.81, 0.01))
                        .isHeld())
                .isTrue();
    }

    /** sqrt(0.01^2 / 5 + 0.01^2 / 5) = 0.0063246, twice that 0.0126491. */
    @Test
    void theLeadByMetricsMustBeMoreThanNoise() {
        Gate gate = new ChampionGate("", null, Rule.SUPERIORITY, 0, 2);
        assertThat(judge(gate, byMetrics(0.8226, 0.01), champion(3, 0.81, 0.01)).isHeld())
                .isFalse();
        assertThat(judge(gate, byMetrics(0.8227, 0.01), champion(3, 0.81, 0.01)).isHeld())
                .isTrue();
        assertThat(judge(gate, byMetrics(0.99, Double.NaN), champion(3, 0.81, 0.01))
                        .isHeld())
                .as("without folds nothing is known of the noise")
                .isFalse();
        Gate notInferior = new ChampionGate("", null, Rule.NON_INFERIORITY, 0.02, 2);
        assertThat(judge(notInferior, byMetrics(0.803, 0.01), champion(3, 0.81, 0.01))
                        .isHeld())
                .isTrue();
        assertThat(judge(notInferior, byMetrics(0.802, 0.01), champion(3, 0.81, 0.01))
                        .isHeld())
                .isFalse();
    }

    @Test
    void limitsOfMetricsSlicesAndLatency() {
        assertThat(judge(new MetricGate("", Metric.ROC_AUC, 0.8), 0.8, 0, Optional.empty())
                        .isHeld())
                .isTrue();
        assertThat(judge(new MetricGate("", Metric.ROC_AUC, 0.8), 0.79, 0, Optional.empty())
                        .sentence())
                .isEqualTo("roc_auc: 0.790000 (expected: at least 0.800000)");
        assertThat(judge(new MetricGate("", Metric.EXPECTED_CALIBRATION_ERROR, 0.01), 0.8, 0, Optional.empty())
                        .isHeld())
                .isFalse();
        assertThat(judge(new MetricGate("", Metric.RMSE, 1e9), 0.8, 0, Optional.empty())
                        .value())
                .isEqualTo("not measured");
        MetricGate slice = new MetricGate(io.foresell.training.evaluate.Evaluation.WORST_SLICE, Metric.ROC_AUC, 0.65);
        assertThat(judge(slice, 0.8, 0, Optional.empty()).isHeld()).isTrue();
        assertThat(judge(new LatencyGate(12.5), 0.8, 0, Optional.empty()).isHeld())
                .isTrue();
        assertThat(judge(new LatencyGate(12), 0.8, 0, Optional.empty()).isHeld())
                .isFalse();
    }

    @Test
    void aLeakFails() {
        String leak = "Feature duration is the label under another name.";
        GateCase leaky = new GateCase(manifest(0.99, 0, leak).build(), Metric.ROC_AUC, 1, which -> Optional.empty());
        assertThat(new NoLeaksGate().judge(leaky).sentence())
                .isEqualTo("no leaks: " + leak + " (expected: none found)");
        assertThat(judge(new NoLeaksGate(), 0.8, 0, Optional.empty()).isHeld()).isTrue();
        assertThat(new Gates(List.of(new NoLeaksGate(), new LatencyGate(1))).judge(leaky))
                .as("all gates are looked at")
                .extracting(GateResult::isHeld)
                .containsExactly(false, true);
    }
}
