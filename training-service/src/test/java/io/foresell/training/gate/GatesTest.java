package io.foresell.training.gate;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.model.manifest.Evaluation;
import io.foresell.model.manifest.Manifest;
import io.foresell.training.evaluate.Metric;
import io.foresell.training.registry.GateResult;
import io.foresell.training.registry.ModelVersion;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

final class GatesTest {
    private static Manifest manifest(double auc, double deviation, String... warnings) {
        return Manifest.newBuilder()
                .setTask("binary")
                .setEvaluation(Evaluation.newBuilder()
                        .putMetrics("roc_auc", auc)
                        .putMetrics("log_loss", 0.4)
                        .putMetrics("expected_calibration_error", 0.015)
                        .putMetrics("worst_slice_roc_auc", 0.7)
                        .putMetricStandardDeviations("roc_auc", deviation)
                        .setSplit("k_fold(k=5, by=ROW_INDEX)")
                        .addAllWarnings(List.of(warnings)))
                .build();
    }

    private static Optional<ModelVersion> champion(double auc, double deviation) {
        return Optional.of(new ModelVersion(
                "churn",
                3,
                "digest",
                1,
                "file",
                Instant.EPOCH,
                "job",
                manifest(auc, deviation),
                "compiled",
                "",
                List.of()));
    }

    private static GateResult judge(Gate gate, double auc, double deviation, Optional<ModelVersion> champion) {
        return gate.judge(new GateCase(manifest(auc, deviation), Metric.ROC_AUC, 12.5, which -> champion));
    }

    @Test
    void theChampionMustBeBeatenByTheMargin() {
        Gate gate = new ChampionGate("", null, 0.01, 0);
        assertThat(judge(gate, 0.83, 0.01, champion(0.81, 0.01)).isHeld()).isTrue();
        GateResult close = judge(gate, 0.815, 0.01, champion(0.81, 0.01));
        assertThat(close.isHeld()).isFalse();
        assertThat(close.sentence())
                .isEqualTo("champion roc_auc: 0.815000 (expected: more than 0.810000 of churn@3 by 0.0100000)");
        assertThat(judge(new ChampionGate("", null, 0, 0), 0.81, 0.01, champion(0.81, 0.01))
                        .isHeld())
                .as("as good is not better")
                .isFalse();
        assertThat(judge(gate, 0.5, 0.01, Optional.empty()).isHeld())
                .as("nobody to beat")
                .isTrue();
    }

    @Test
    void whereLessIsBetterTheLeadIsBelow() {
        Gate gate = new ChampionGate("", Metric.LOG_LOSS, 0, 0);
        Manifest better = Manifest.newBuilder()
                .setEvaluation(Evaluation.newBuilder().putAllMetrics(Map.of("log_loss", 0.39)))
                .build();
        assertThat(gate.judge(new GateCase(better, Metric.ROC_AUC, 0, which -> champion(0.8, 0.01)))
                        .isHeld())
                .isTrue();
        assertThat(judge(gate, 0.9, 0.01, champion(0.8, 0.01)).isHeld()).isFalse();
    }

    /** sqrt(0.01^2 / 5 + 0.01^2 / 5) = 0.0063246, twice that 0.0126491. */
    @Test
    void theLeadMustBeMoreThanNoise() {
        Gate gate = new ChampionGate("", null, 0, 2);
        assertThat(judge(gate, 0.8226, 0.01, champion(0.81, 0.01)).isHeld()).isFalse();
        assertThat(judge(gate, 0.8227, 0.01, champion(0.81, 0.01)).isHeld()).isTrue();
        assertThat(judge(gate, 0.99, Double.NaN, champion(0.81, 0.01)).isHeld())
                .as("without folds nothing is known of the noise")
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
        String warning =
                "Feature duration alone nearly decides the label (roc_auc 0.991): check that it is known before";
        GateCase leaky = new GateCase(manifest(0.99, 0, warning), Metric.ROC_AUC, 1, which -> Optional.empty());
        assertThat(new NoLeaksGate().judge(leaky).isHeld()).isFalse();
        assertThat(judge(new NoLeaksGate(), 0.8, 0, Optional.empty()).isHeld()).isTrue();
        assertThat(new Gates(List.of(new NoLeaksGate(), new LatencyGate(1))).judge(leaky))
                .as("all gates are looked at")
                .extracting(GateResult::isHeld)
                .containsExactly(false, true);
    }
}
