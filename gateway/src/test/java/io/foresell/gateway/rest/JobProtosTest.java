package io.foresell.gateway.rest;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.proto.registry.v1.Evaluation;
import io.foresell.proto.training.v1.CandidateResult;
import io.foresell.proto.training.v1.Job;
import io.foresell.proto.training.v1.Task;
import io.foresell.proto.training.v1.TrainingSpec;
import org.junit.jupiter.api.Test;

class JobProtosTest {
    private static String metric(Task task, String metric, String... measured) {
        Evaluation.Builder evaluation = Evaluation.newBuilder();
        for (String each : measured) {
            evaluation.putMetrics(each, 1);
        }
        return JobProtos.job(Job.newBuilder()
                        .setSpec(TrainingSpec.newBuilder().setTask(task).setMetric(metric))
                        .addResults(CandidateResult.newBuilder().setEvaluation(evaluation))
                        .build())
                .metric();
    }

    @Test
    void namesTheMetricThatRanksCandidatesOfEveryTask() {
        assertThat(metric(Task.TASK_REGRESSION, "mae", "rmse", "mae")).isEqualTo("mae");
        assertThat(metric(Task.TASK_REGRESSION, "")).isEqualTo("rmse");
        assertThat(metric(Task.TASK_CLUSTERS, "")).isEqualTo("simplified_silhouette");
        assertThat(metric(Task.TASK_UNSPECIFIED, "", "rmse", "mae")).isEqualTo("rmse");
        assertThat(metric(Task.TASK_UNSPECIFIED, "", "log_loss", "macro_f1")).isEqualTo("log_loss");
        assertThat(metric(Task.TASK_UNSPECIFIED, "", "roc_auc", "log_loss")).isEqualTo("roc_auc");
        assertThat(metric(Task.TASK_UNSPECIFIED, "")).isEmpty();
    }

    @Test
    void onlyTwoClassesHaveABaseRate() {
        assertThat(ModelProtos.evaluation(
                                Evaluation.newBuilder().putMetrics("rmse", 3).build())
                        .baseRate())
                .isNull();
        assertThat(ModelProtos.evaluation(Evaluation.newBuilder()
                                .putMetrics("lift_10", 3)
                                .setBaseRate(0.2)
                                .build())
                        .baseRate())
                .isEqualTo(0.2);
    }
}
