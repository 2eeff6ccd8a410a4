package io.foresell.training.report;

import io.foresell.model.Task;
import io.foresell.model.manifest.Answer;
import io.foresell.model.manifest.CalibrationBin;
import io.foresell.model.manifest.Evaluation;
import io.foresell.model.manifest.Input;
import io.foresell.model.manifest.InputImportance;
import io.foresell.model.manifest.InputKind;
import io.foresell.model.manifest.LiftRow;
import io.foresell.model.manifest.Manifest;
import io.foresell.model.manifest.Provenance;
import io.foresell.model.reason.Reason;
import io.foresell.training.evaluate.AnswerShape;
import io.foresell.training.evaluate.ClusterProfile;
import io.foresell.training.evaluate.Example;
import io.foresell.training.evaluate.Example.Kind;
import io.foresell.training.evaluate.Metrics;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Random;

/** A model of each task, judged on made-up rows. */
final class ReportFixture {
    static final List<String> PLANS = List.of("basic", "family", "premium");
    private static final int ROWS = 2000;

    private ReportFixture() {}

    static Manifest.Builder manifest(Task task) {
        return Manifest.newBuilder()
                .setModel("churn_risk")
                .setTask(task.key())
                .setAlgorithm("boosted_trees")
                .setEntity("customer")
                .setFeatureSet("shop_features")
                .setFeatureSetHash("ab12".repeat(16))
                .setLabelView("left")
                .setDescription("Who leaves in the next month.")
                .putMeaning("en", "risk of leaving")
                .addInputs(Input.newBuilder()
                        .setName("tenure")
                        .setKind(InputKind.INPUT_KIND_NUMBER)
                        .setWidth(1)
                        .setDescription("Months with us."))
                .addInputs(Input.newBuilder()
                        .setName("plan_name")
                        .setKind(InputKind.INPUT_KIND_TEXT)
                        .setWidth(1))
                .addLimits("Fitted on 2000 rows seen from 2011-01-01 to 2011-09-08: judge again before use elsewhere.")
                .setProvenance(Provenance.newBuilder()
                        .setDataDigest("9f2c".repeat(16))
                        .setRowCount(ROWS)
                        .setFromMillis(1_293_840_000_000L)
                        .setUntilMillis(1_315_440_000_000L)
                        .setCodeVersion("0.1.0")
                        .setSeed(42)
                        .putParameters("candidate", "small_trees")
                        .putParameters("tree_count", "150")
                        .putLibraryVersions("xgboost4j", "3.0.4"));
    }

    private static Evaluation.Builder evaluation() {
        return Evaluation.newBuilder()
                .setSplit("k_fold(k=5, by=ROW_INDEX)")
                .setTrainingRowCount(ROWS)
                .setEvaluationRowCount(ROWS)
                .addImportance(InputImportance.newBuilder().setInput("tenure").setMeanAbsoluteContribution(0.61))
                .addImportance(
                        InputImportance.newBuilder().setInput("plan_name").setMeanAbsoluteContribution(0.2));
    }

    static ReportContent binary() {
        double[] labels = new double[ROWS];
        double[] answers = new double[ROWS];
        Random random = new Random(3);
        for (int row = 0; row < ROWS; row++) {
            answers[row] = Math.pow(random.nextDouble(), 2);
            labels[row] = random.nextDouble() < answers[row] ? 1 : 0;
        }
        Metrics metrics = Metrics.of(labels, answers);
        Evaluation.Builder evaluation = evaluation().setBaseRate(metrics.baseRate());
        metrics.all().forEach((metric, value) -> {
            evaluation.putMetrics(metric.key(), value);
            evaluation.putMetricStandardDeviations(metric.key(), value / 40);
        });
        double[] plain = new double[ROWS];
        java.util.Arrays.fill(plain, metrics.baseRate());
        Metrics.of(labels, plain).all().forEach((metric, value) -> evaluation.putBaselineMetrics(metric.key(), value));
        metrics.liftTable()
                .forEach(row -> evaluation.addLift(LiftRow.newBuilder()
                        .setTopFraction(row.topFraction())
                        .setLift(row.lift())
                        .setRecall(row.recall())));
        metrics.calibration()
                .forEach(bin -> evaluation.addCalibration(CalibrationBin.newBuilder()
                        .setMeanPredicted(bin.meanPredicted())
                        .setObservedRate(bin.observedRate())
                        .setRowCount(bin.rowCount())));
        evaluation.addWarnings("Feature duration alone nearly decides the label (roc_auc 0.991).");
        return content(
                manifest(Task.BINARY).setEvaluation(evaluation),
                AnswerShape.of(Task.BINARY, List.of(), labels, answers),
                List.of(example(Kind.FOUND, 1, 0, 0.996), example(Kind.FALSE_ALARM, 0, 0, 0.91)));
    }

    static ReportContent classes() {
        double[] labels = new double[ROWS];
        double[] answers = new double[ROWS * 3];
        Random random = new Random(5);
        for (int row = 0; row < ROWS; row++) {
            double sum = 0;
            for (int i = 0; i < 3; i++) {
                answers[row * 3 + i] = Math.exp(2 * random.nextGaussian());
                sum += answers[row * 3 + i];
            }
            double drawn = random.nextDouble();
            for (int i = 0; i < 3; i++) {
                answers[row * 3 + i] /= sum;
                labels[row] += drawn > answers[row * 3 + i] && labels[row] == i ? 1 : 0;
                drawn -= answers[row * 3 + i];
            }
            labels[row] = Math.min(2, labels[row]);
        }
        Evaluation.Builder evaluation = evaluation()
                .putMetrics("log_loss", 0.71)
                .putMetrics("accuracy", 0.684)
                .putMetrics("macro_f1", 0.67)
                .putBaselineMetrics("log_loss", 1.09)
                .putBaselineMetrics("accuracy", 0.35);
        return content(
                manifest(Task.MULTICLASS)
                        .setEvaluation(evaluation)
                        .setAnswer(
                                Answer.newBuilder().setOutput("probabilities").addAllLabels(PLANS)),
                AnswerShape.of(Task.MULTICLASS, PLANS, labels, answers),
                List.of(example(Kind.RIGHT, 1, 1, 0.97), example(Kind.WRONG, 2, 0, 0.88)));
    }

    static ReportContent values() {
        double[] labels = new double[ROWS];
        double[] answers = new double[ROWS];
        Random random = new Random(7);
        for (int row = 0; row < ROWS; row++) {
            labels[row] = Math.exp(5 + random.nextGaussian());
            answers[row] = labels[row] * (0.8 + 0.4 * random.nextDouble()) + 30 * random.nextGaussian();
        }
        Evaluation.Builder evaluation = evaluation()
                .putMetrics("rmse", 63.21)
                .putMetrics("mae", 41.9)
                .putMetrics("r2", 0.91)
                .putMetrics("smape", 23.4)
                .putBaselineMetrics("rmse", 312.4)
                .putMetricStandardDeviations("rmse", 4.1);
        return content(
                manifest(Task.REGRESSION).setEvaluation(evaluation),
                AnswerShape.of(Task.REGRESSION, List.of(), labels, answers),
                List.of(example(Kind.RIGHT, 120, 0, 120.2), example(Kind.TOO_HIGH, 80, 0, 410)));
    }

    static ReportContent clusters() {
        ClusterProfile profile = new ClusterProfile(
                List.of("cluster 1", "cluster 2"),
                List.of(1400L, 600L),
                List.of(
                        new ClusterProfile.Trait("tenure", "", false, 20, 10, List.of(14.5, 33.0)),
                        new ClusterProfile.Trait("plan_name", "basic", true, 0.4, 0.49, List.of(0.5, 0.2))));
        Evaluation.Builder evaluation =
                evaluation().putMetrics("simplified_silhouette", 0.41).putMetrics("largest_cluster", 0.7);
        ReportContent content = content(
                manifest(Task.CLUSTERS)
                        .setEvaluation(evaluation)
                        .setAnswer(Answer.newBuilder().setOutput("memberships").addAllLabels(profile.labels())),
                Optional.empty(),
                List.of(example(Kind.TYPICAL, 0, 1, -0.2)));
        return new ReportContent(
                content.manifest(), content.shape(), content.examples(), Optional.of(profile), content.source());
    }

    private static ReportContent content(
            Manifest.Builder manifest, Optional<AnswerShape> shape, List<Example> examples) {
        return new ReportContent(manifest.build(), shape, examples, Optional.empty(), Map.of());
    }

    private static Example example(Kind kind, double truth, int target, double answer) {
        return new Example(
                kind,
                truth,
                target,
                answer,
                List.of(
                        new Reason("tenure", "1", 1.4, "Months with us is 1: raises the risk of leaving"),
                        new Reason("plan_name", "", -0.3, "plan_name is missing: lowers the risk of leaving")));
    }

    static ReportContent with(ReportContent content, Map<String, byte[]> source) {
        return new ReportContent(content.manifest(), content.shape(), content.examples(), content.clusters(), source);
    }
}
