package io.foresell.training.evaluate;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.foresell.kit.ServiceException;
import io.foresell.model.Task;
import java.util.List;
import org.junit.jupiter.api.Test;

final class JudgementTest {
    @Test
    void averagesFoldsAndTellsTheirSpread() {
        Judgement judgement = new Judgement(Task.BINARY);
        judgement.addFold(new double[] {1, 0}, new float[] {0.9f, 0.1f}, new double[] {0.5});
        judgement.addFold(new double[] {1, 0}, new float[] {0.1f, 0.9f}, new double[] {0.5});

        Evaluation evaluation = judgement.evaluation("k_fold(k=2)", 4);

        assertThat(evaluation.metric(Metric.ROC_AUC)).isEqualTo(0.5);
        assertThat(evaluation.metricStandardDeviations().get("roc_auc")).isCloseTo(Math.sqrt(0.5), within(1e-12));
        assertThat(evaluation.baselineMetrics().get("log_loss")).isCloseTo(Math.log(2), within(1e-12));
        assertThat(evaluation.evaluationRowCount()).isEqualTo(4);
        assertThat(evaluation.baseRate()).isEqualTo(0.5);
    }

    @Test
    void saysThatTheBaselineWinsAndThatRowsAreFew() {
        Judgement judgement = new Judgement(Task.BINARY);
        judgement.addFold(new double[] {1, 0, 0}, new float[] {0.1f, 0.9f, 0.8f}, new double[] {0.4});

        Evaluation evaluation = judgement.evaluation("entity", 10);

        assertThat(evaluation.warnings())
                .anyMatch(warning -> warning.contains("baseline") && warning.contains("log_loss"))
                .anyMatch(warning -> warning.contains("Only 1 of the 3 judged rows are positive"));
        assertThat(evaluation.metricStandardDeviations()).isEmpty();
    }

    @Test
    void leavesFoldsWithoutAMetricOut() {
        Judgement judgement = new Judgement(Task.BINARY);
        judgement.addFold(new double[] {0, 0}, new float[] {0.9f, 0.1f}, new double[] {0.5});
        judgement.addFold(new double[] {1, 0}, new float[] {0.9f, 0.1f}, new double[] {0.5});

        assertThat(judgement.evaluation("k_fold", 4).metric(Metric.ROC_AUC)).isEqualTo(1);
    }

    @Test
    void ordersInputsByTheirMeanContribution() {
        Judgement judgement = new Judgement(Task.BINARY);
        judgement.addFold(new double[] {1, 0}, new float[] {0.9f, 0.1f}, new double[] {0.5});
        judgement.addContributions(List.of("a", "b"), new double[] {1, -3});
        judgement.addContributions(List.of("a", "b"), new double[] {-1, 1});

        assertThat(judgement.evaluation("entity", 2).importance())
                .containsExactly(new Evaluation.InputImportance("b", 2), new Evaluation.InputImportance("a", 1));
    }

    @Test
    void refusesUnknownMetrics() {
        assertThat(Metric.usual(Task.BINARY)).isEqualTo(Metric.ROC_AUC);
        assertThat(Metric.ranking("brier").isBetter(0.1, 0.2)).isTrue();
        assertThatThrownBy(() -> Metric.ranking("f1"))
                .isInstanceOf(ServiceException.class)
                .hasMessageContaining("METRIC_UNKNOWN")
                .hasMessageContaining("'f1' (expected: roc_auc, pr_auc, log_loss, brier");
    }
}
