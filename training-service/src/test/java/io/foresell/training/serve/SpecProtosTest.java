package io.foresell.training.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.Task;
import io.foresell.proto.training.v1.Candidate;
import io.foresell.proto.training.v1.FoldBy;
import io.foresell.proto.training.v1.NeighborWeights;
import io.foresell.proto.training.v1.OnLeak;
import io.foresell.proto.training.v1.PublishRule;
import io.foresell.proto.training.v1.SequenceNetwork;
import io.foresell.proto.training.v1.TrainingSpec;
import io.foresell.training.choose.ChoosePlan;
import io.foresell.training.dataset.SplitPlan;
import io.foresell.training.evaluate.Metric;
import io.foresell.training.fit.cluster.ClusterCount;
import io.foresell.training.fit.cluster.CovarianceKind;
import io.foresell.training.fit.cluster.GaussianMixture;
import io.foresell.training.run.RefusalPlan;
import java.util.List;
import java.util.OptionalDouble;
import java.util.Set;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

final class SpecProtosTest {
    private static TrainingSpec.Builder sound() {
        TrainingSpec.Builder spec = TrainingSpec.newBuilder()
                .setModel("churn")
                .setFeatureSet("customer_features")
                .setLabelView("churned");
        spec.addCandidatesBuilder().getLogisticRegressionBuilder();
        spec.addCandidatesBuilder().getBoostedTreesBuilder();
        spec.addCandidatesBuilder().getSequenceNetworkBuilder();
        return spec;
    }

    @Test
    void absentFieldsMeanTheirDefaults() {
        var spec = SpecProtos.toSpec(sound().build());
        assertThat(spec.candidates())
                .extracting(candidate -> candidate.algorithm())
                .containsExactly(
                        io.foresell.training.fit.linear.LogisticRegression.DEFAULT,
                        io.foresell.training.fit.tree.BoostedTrees.DEFAULT,
                        io.foresell.training.fit.sequence.SequenceNetwork.DEFAULT);
        assertThat(spec.candidates())
                .extracting(candidate -> candidate.name())
                .containsExactly("logistic_regression", "boosted_trees", "sequence_network");
        assertThat(spec.split()).isEqualTo(new SplitPlan.KFold(5, SplitPlan.FoldBy.ROW_INDEX));
        assertThat(spec.metricOf(Task.BINARY)).isEqualTo(Metric.ROC_AUC);
        assertThat(spec.metricOf(Task.REGRESSION)).isEqualTo(Metric.RMSE);
        assertThat(spec.publish()).isEqualTo(io.foresell.training.run.PublishRule.BEST);
        assertThat(spec.query().fromMillis()).isZero();
        assertThat(spec.query().untilMillis()).isZero();
    }

    @Test
    void aChoiceNeedsNothingButABudget() {
        TrainingSpec.Builder message = sound().clearCandidates();
        message.getChooseBuilder();
        assertThat(SpecProtos.toSpec(message.build()).choose()).isEqualTo(new ChoosePlan(300, false, Set.of()));

        message.getBudgetBuilder().setSeconds(60);
        message.getChooseBuilder().setDefaultsOnly(true).addLeaveOut("hdbscan");
        var spec = SpecProtos.toSpec(message.build());
        assertThat(spec.choose()).isEqualTo(new ChoosePlan(60, true, Set.of("hdbscan")));
        assertThat(spec.candidates()).isEmpty();
    }

    @Test
    void aChoiceRefusesCandidatesOddBudgetsAndUnknownFamilies() {
        TrainingSpec.Builder beside = sound();
        beside.getChooseBuilder().addLeaveOut("svm");
        beside.getBudgetBuilder().setSeconds(0.5);
        assertThat(violations(beside))
                .containsExactly(
                        "candidates: 3 candidates (expected: none with choose, which finds them)",
                        "budget.seconds: 0.5 (expected: 1..604800)");
        TrainingSpec.Builder unknown = sound().clearCandidates();
        unknown.getChooseBuilder().addLeaveOut("svm");
        assertThat(violations(unknown)).singleElement().asString().startsWith("choose.leave_out: 'svm'");
        TrainingSpec.Builder without = sound();
        without.getBudgetBuilder().setSeconds(9);
        assertThat(violations(without)).containsExactly("budget: 9.0 s (expected: none without choose)");
    }

    private static List<String> violations(TrainingSpec.Builder spec) {
        ServiceException refused = catchThrowableOfType(ServiceException.class, () -> SpecProtos.toSpec(spec.build()));
        return refused.failure().violations().stream()
                .map(violation ->
                        violation.field() + ": " + violation.description().replace("'", ""))
                .map(text -> text.replace("svm", "'svm'"))
                .toList();
    }

    @Test
    void readsLinearModelsBayesAndNeighbors() {
        TrainingSpec.Builder message = sound().clearCandidates();
        message.addCandidatesBuilder().getLogisticRegressionBuilder().setL1Ratio(0.5);
        message.addCandidatesBuilder()
                .getLinearRegressionBuilder()
                .setPenalty(0.1)
                .setL1Ratio(1);
        message.addCandidatesBuilder().getNaiveBayesBuilder().setSmoothing(0.5);
        message.addCandidatesBuilder()
                .getNearestNeighborsBuilder()
                .setWeights(NeighborWeights.NEIGHBOR_WEIGHTS_DISTANCE);
        assertThat(SpecProtos.toSpec(message.build()).candidates())
                .extracting(candidate -> candidate.algorithm())
                .containsExactly(
                        new io.foresell.training.fit.linear.LogisticRegression(1, 0.5),
                        new io.foresell.training.fit.linear.LinearRegression(0.1, 1),
                        new io.foresell.training.fit.bayes.NaiveBayes(0.5, 1e-9),
                        new io.foresell.training.fit.neighbor.NearestNeighbors(15, true, 5_000));
    }

    @Test
    void judgingIsReadFromTheSpec() {
        TrainingSpec.Builder message = sound();
        message.getCandidatesBuilder(0).getCalibrationBuilder().setFolds(3);
        message.getJudgeBuilder()
                .setOnLeak(OnLeak.ON_LEAK_REFUSE)
                .addAcceptLeaks("duration")
                .getCapacityBuilder()
                .setCount(50);
        message.getSplitBuilder().getNestedBuilder().getOuterBuilder().setBy(FoldBy.FOLD_BY_STRATIFIED);

        var spec = SpecProtos.toSpec(message.build());

        assertThat(spec.candidates().get(0).calibration().asText()).isEqualTo("auto(folds=3)");
        assertThat(spec.candidates().get(1).calibration().asText()).isEmpty();
        assertThat(spec.judge().leaks().refusesSuspicion()).isTrue();
        assertThat(spec.judge().leaks().accepted()).containsExactly("duration");
        assertThat(spec.judge().capacity().count()).isEqualTo(50);
        assertThat(spec.judge().payoff()).isNull();
        assertThat(spec.split().describe()).isEqualTo("nested(outer=k_fold(k=5, by=STRATIFIED), inner_k=5)");
    }

    @Test
    void rowsThatAFeatureMarksMayJudge() {
        TrainingSpec.Builder message = sound();
        message.getSplitBuilder()
                .getByValueBuilder()
                .setFeature("part")
                .addTest("test")
                .addTest("dev");

        SplitPlan split = SpecProtos.toSpec(message.build()).split();

        assertThat(split.describe()).isEqualTo("by_value(feature=part, test=[dev, test])");
        assertThat(split.isRefitted()).isFalse();
    }

    @Test
    void modelsMayRefuseToAnswer() {
        TrainingSpec.Builder message = sound();
        assertThat(SpecProtos.toSpec(message.build()).refusal()).isNull();
        message.getRefuseBuilder().addUnknown("other");
        assertThat(SpecProtos.toSpec(message.build()).refusal())
                .isEqualTo(new RefusalPlan(OptionalDouble.empty(), 0.05, 5, Set.of("other")));
        message.getRefuseBuilder().setBelow(0.3);
        assertThat(SpecProtos.toSpec(message.build()).refusal().below()).hasValue(0.3);
    }

    @Test
    void timesAreInstantsOrDates() {
        var spec = SpecProtos.toSpec(sound().setFromTime("2024-01-31")
                .setUntilTime("2024-02-01T02:00:00+02:00")
                .build());
        assertThat(spec.query().fromMillis()).isEqualTo(1706659200000L);
        assertThat(spec.query().untilMillis()).isEqualTo(1706745600000L);
    }

    static Stream<Arguments> faults() {
        return Stream.of(
                fault("model", spec -> spec.clearModel()),
                fault("model", spec -> spec.setModel("Churn Model")),
                fault("feature_set", spec -> spec.setFeatureSet("../x")),
                fault("label_view", spec -> spec.setLabelView("x".repeat(64))),
                fault("candidates", spec -> spec.clearCandidates()),
                fault("candidates[0].calibration.folds", spec -> spec.getCandidatesBuilder(0)
                        .getCalibrationBuilder()
                        .setFolds(1)),
                fault(
                        "judge.costs.false_positive_cost",
                        spec -> spec.getJudgeBuilder().getCostsBuilder().setFalsePositiveCost(-1)),
                fault("judge.capacity.count", spec -> spec.getJudgeBuilder().getCapacityBuilder()),
                fault("judge.least_class_rows", spec -> spec.getJudgeBuilder().setLeastClassRows(-1)),
                fault(
                        "split.k_fold.repeats",
                        spec -> spec.getSplitBuilder().getKFoldBuilder().setRepeats(2)),
                fault(
                        "split.hold_out.test_fraction",
                        spec -> spec.getSplitBuilder().getHoldOutBuilder().setTestFraction(0.95)),
                fault(
                        "split.nested.inner_k",
                        spec -> spec.getSplitBuilder().getNestedBuilder().setInnerK(1)),
                fault(
                        "split.by_value.feature",
                        spec -> spec.getSplitBuilder().getByValueBuilder().addTest("test")),
                fault(
                        "split.by_value.test",
                        spec -> spec.getSplitBuilder().getByValueBuilder().setFeature("part")),
                fault("refuse.share", spec -> spec.getRefuseBuilder().setShare(0.6)),
                fault("refuse.share", spec -> spec.getRefuseBuilder().setShare(Double.NaN)),
                fault("refuse.below", spec -> spec.getRefuseBuilder().setBelow(0)),
                fault("refuse.folds", spec -> spec.getRefuseBuilder().setFolds(1)),
                fault("candidates", spec -> {
                    for (int i = 0; i < 20; i++) {
                        spec.addCandidatesBuilder().setName("c" + i).getLogisticRegressionBuilder();
                    }
                }),
                fault("candidates[3].algorithm", spec -> spec.addCandidates(Candidate.getDefaultInstance())),
                fault("candidates[3].name", spec -> spec.addCandidatesBuilder().getBoostedTreesBuilder()),
                fault("candidates[0].name", spec -> spec.getCandidatesBuilder(0).setName("n".repeat(64))),
                fault("candidates[0].logistic_regression.inverse_penalty", spec -> logistic(spec, 0)),
                fault("candidates[0].logistic_regression.inverse_penalty", spec -> logistic(spec, -1)),
                fault("candidates[0].logistic_regression.l1_ratio", spec -> spec.getCandidatesBuilder(0)
                        .getLogisticRegressionBuilder()
                        .setL1Ratio(1.5)),
                fault("candidates[3].linear_regression.penalty", spec -> spec.addCandidatesBuilder()
                        .getLinearRegressionBuilder()
                        .setPenalty(-1)),
                fault("candidates[3].linear_regression.l1_ratio", spec -> spec.addCandidatesBuilder()
                        .getLinearRegressionBuilder()
                        .setL1Ratio(1)),
                fault("candidates[3].naive_bayes.smoothing", spec -> spec.addCandidatesBuilder()
                        .getNaiveBayesBuilder()
                        .setSmoothing(0)),
                fault("candidates[3].nearest_neighbors.k", spec -> spec.addCandidatesBuilder()
                        .getNearestNeighborsBuilder()
                        .setK(1001)),
                fault("candidates[3].nearest_neighbors.max_rows", spec -> spec.addCandidatesBuilder()
                        .getNearestNeighborsBuilder()
                        .setMaxRows(20_001)),
                fault("candidates[0].logistic_regression.inverse_penalty", spec -> logistic(spec, Double.NaN)),
                fault("candidates[1].boosted_trees.tree_count", spec -> spec.getCandidatesBuilder(1)
                        .getBoostedTreesBuilder()
                        .setTreeCount(5001)),
                fault("candidates[1].boosted_trees.tree_count", spec -> spec.getCandidatesBuilder(1)
                        .getBoostedTreesBuilder()
                        .setTreeCount(-1)),
                fault("candidates[1].boosted_trees.learning_rate", spec -> spec.getCandidatesBuilder(1)
                        .getBoostedTreesBuilder()
                        .setLearningRate(0)),
                fault("candidates[1].boosted_trees.max_depth", spec -> spec.getCandidatesBuilder(1)
                        .getBoostedTreesBuilder()
                        .setMaxDepth(17)),
                fault("candidates[1].boosted_trees.max_leaves", spec -> spec.getCandidatesBuilder(1)
                        .getBoostedTreesBuilder()
                        .setMaxLeaves(-5)),
                fault("candidates[1].boosted_trees.min_child_weight", spec -> spec.getCandidatesBuilder(1)
                        .getBoostedTreesBuilder()
                        .setMinChildWeight(-0.1)),
                fault("candidates[1].boosted_trees.row_sample", spec -> spec.getCandidatesBuilder(1)
                        .getBoostedTreesBuilder()
                        .setRowSample(1.5)),
                fault("candidates[1].boosted_trees.column_sample", spec -> spec.getCandidatesBuilder(1)
                        .getBoostedTreesBuilder()
                        .setColumnSample(0)),
                fault("candidates[1].boosted_trees.l2_penalty", spec -> spec.getCandidatesBuilder(1)
                        .getBoostedTreesBuilder()
                        .setL2Penalty(Double.POSITIVE_INFINITY)),
                fault("candidates[2].sequence_network.kind", spec -> network(spec)
                        .setKindValue(9)),
                fault("candidates[2].sequence_network.units", spec -> network(spec)
                        .setUnits(513)),
                fault("candidates[2].sequence_network.kernel_size", spec -> network(spec)
                        .setKernelSize(32)),
                fault("candidates[2].sequence_network.epochs", spec -> network(spec)
                        .setEpochs(1001)),
                fault("candidates[2].sequence_network.batch_size", spec -> network(spec)
                        .setBatchSize(-4)),
                fault("candidates[2].sequence_network.learning_rate", spec -> network(spec)
                        .setLearningRate(2)),
                fault(
                        "split.k_fold.k",
                        spec -> spec.getSplitBuilder().getKFoldBuilder().setK(1)),
                fault(
                        "split.k_fold.k",
                        spec -> spec.getSplitBuilder().getKFoldBuilder().setK(21)),
                fault(
                        "split.k_fold.by",
                        spec -> spec.getSplitBuilder().getKFoldBuilder().setByValue(7)),
                fault(
                        "split.time.test_fraction",
                        spec -> spec.getSplitBuilder().getTimeBuilder().setTestFraction(0.95)),
                fault(
                        "split.time.gap_days",
                        spec -> spec.getSplitBuilder().getTimeBuilder().setGapDays(-1)),
                fault(
                        "split.entity.test_fraction",
                        spec -> spec.getSplitBuilder().getEntityBuilder().setTestFraction(0)),
                fault("metric", spec -> spec.setMetric("f1")),
                fault("publish", spec -> spec.setPublishValue(8)),
                fault("from_time", spec -> spec.setFromTime("yesterday")),
                fault("from_time", spec -> spec.setFromTime("2024-02-30")),
                fault("until_time", spec -> spec.setUntilTime("1969-12-31T00:00:00Z")),
                fault("until_time", spec -> spec.setFromTime("2024-01-02").setUntilTime("2024-01-02")),
                fault("description", spec -> spec.setDescription("d".repeat(4001))),
                fault("meaning", spec -> spec.putMeaning("en", " ")),
                fault("meaning", spec -> spec.putMeaning("en-GB", "risk")),
                fault("meaning", spec -> spec.putMeaning("en", "m".repeat(201))));
    }

    private static Arguments fault(String field, Consumer<TrainingSpec.Builder> change) {
        return Arguments.of(field, change);
    }

    private static void logistic(TrainingSpec.Builder spec, double inversePenalty) {
        spec.getCandidatesBuilder(0).getLogisticRegressionBuilder().setInversePenalty(inversePenalty);
    }

    private static SequenceNetwork.Builder network(TrainingSpec.Builder spec) {
        return spec.getCandidatesBuilder(2).getSequenceNetworkBuilder();
    }

    private static List<String> faultyFields(TrainingSpec spec) {
        ServiceException refused = catchThrowableOfType(ServiceException.class, () -> SpecProtos.toSpec(spec));
        assertThat(refused).isNotNull();
        assertThat(refused.failure().reason()).isEqualTo("SPEC_INVALID");
        refused.failure().violations().forEach(violation -> assertThat(violation.description())
                .contains("(expected: "));
        return refused.failure().violations().stream()
                .map(Failure.FieldViolation::field)
                .toList();
    }

    @ParameterizedTest
    @MethodSource("faults")
    void namesExactlyTheFieldAtFault(String field, Consumer<TrainingSpec.Builder> change) {
        TrainingSpec.Builder spec = sound();
        change.accept(spec);
        assertThat(faultyFields(spec.build())).containsExactly(field);
    }

    @Test
    void clusteringsNeedNoLabelView() {
        TrainingSpec.Builder spec = TrainingSpec.newBuilder()
                .setModel("segments")
                .setFeatureSet("customer_features")
                .setTask(io.foresell.proto.training.v1.Task.TASK_CLUSTERS)
                .setUntilTime("2024-01-31");
        spec.addCandidatesBuilder().getKMeansBuilder();
        spec.addCandidatesBuilder().getGaussianMixtureBuilder().setK(4);
        spec.addCandidatesBuilder().getHdbscanBuilder();

        var read = SpecProtos.toSpec(spec.build());

        assertThat(read.query().labelView()).isEmpty();
        assertThat(read.candidates())
                .extracting(candidate -> candidate.algorithm())
                .containsExactly(
                        io.foresell.training.fit.cluster.KMeans.DEFAULT,
                        new GaussianMixture(ClusterCount.of(4), CovarianceKind.FULL, 5, 200, 1e-3),
                        io.foresell.training.fit.cluster.Hdbscan.DEFAULT);
        assertThat(read.metricOf(Task.CLUSTERS)).isEqualTo(Metric.SILHOUETTE);
        assertThat(faultyFields(spec.clone().setFromTime("2024-01-01").build())).containsExactly("from_time");
        assertThat(faultyFields(spec.clone().clearTask().build())).containsExactly("label_view");
        spec.getCandidatesBuilder(0).getKMeansBuilder().setK(201);
        spec.getCandidatesBuilder(1).getGaussianMixtureBuilder().setKMin(2).setCovarianceValue(9);
        spec.getCandidatesBuilder(2).getHdbscanBuilder().setMinSamples(-1).setMaxRows(7);
        assertThat(faultyFields(spec.build()))
                .containsExactly(
                        "candidates[0].k_means.k",
                        "candidates[1].gaussian_mixture.k",
                        "candidates[1].gaussian_mixture.covariance",
                        "candidates[2].hdbscan.max_rows",
                        "candidates[2].hdbscan.min_samples");
    }

    @Test
    void namesEveryFaultAtOnce() {
        TrainingSpec.Builder spec = sound().setModel("").setMetric("auc").setPublish(PublishRule.PUBLISH_RULE_ALL);
        logistic(spec, 0);
        network(spec).setUnits(-1).setEpochs(9999);
        assertThat(faultyFields(spec.build()))
                .containsExactly(
                        "model",
                        "candidates[0].logistic_regression.inverse_penalty",
                        "candidates[2].sequence_network.units",
                        "candidates[2].sequence_network.epochs",
                        "metric");
    }
}
