package io.foresell.training.serve;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.foresell.kit.ServiceException;
import io.foresell.proto.training.v1.BoostedTrees;
import io.foresell.proto.training.v1.Candidate;
import io.foresell.proto.training.v1.DecisionTree;
import io.foresell.proto.training.v1.Ensemble;
import io.foresell.proto.training.v1.EnsembleMethod;
import io.foresell.proto.training.v1.RandomForest;
import io.foresell.proto.training.v1.SplitCriterion;
import io.foresell.proto.training.v1.Svm;
import io.foresell.proto.training.v1.SvmKernel;
import io.foresell.training.fit.Algorithm;
import io.foresell.training.fit.ensemble.Ensemble.Member;
import io.foresell.training.fit.ensemble.Ensemble.Method;
import io.foresell.training.fit.svm.KernelKind;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class AlgorithmProtosTest {
    @Test
    void anEmptyMessageMeansTheDefaults() {
        assertThat(read(Candidate.newBuilder().setDecisionTree(DecisionTree.getDefaultInstance())))
                .isEqualTo(io.foresell.training.fit.tree.DecisionTree.DEFAULT);
        assertThat(read(Candidate.newBuilder().setRandomForest(RandomForest.getDefaultInstance())))
                .isEqualTo(io.foresell.training.fit.tree.RandomForest.DEFAULT);
        assertThat(read(Candidate.newBuilder().setBoostedTrees(BoostedTrees.getDefaultInstance())))
                .isEqualTo(io.foresell.training.fit.tree.BoostedTrees.DEFAULT);
        assertThat(read(Candidate.newBuilder().setSvm(Svm.getDefaultInstance())))
                .isEqualTo(io.foresell.training.fit.svm.Svm.DEFAULT);
    }

    @Test
    void everyFieldArrives() {
        DecisionTree tree = DecisionTree.newBuilder()
                .setMaxDepth(3)
                .setMaxLeaves(9)
                .setMinLeafRows(7)
                .setCriterion(SplitCriterion.SPLIT_CRITERION_ENTROPY)
                .setPruning(0.01)
                .build();
        RandomForest forest = RandomForest.newBuilder()
                .setTreeCount(20)
                .setMaxDepth(9)
                .setMinLeafRows(2)
                .setColumnShare(0.4)
                .build();
        Svm svm = Svm.newBuilder()
                .setKernel(SvmKernel.SVM_KERNEL_POLYNOMIAL)
                .setCost(2)
                .setGamma(0.3)
                .setDegree(2)
                .setOffset(0)
                .setEpsilon(0.2)
                .build();

        assertThat(read(Candidate.newBuilder().setDecisionTree(tree)))
                .isEqualTo(new io.foresell.training.fit.tree.DecisionTree(3, 9, 7, true, 0.01));
        assertThat(read(Candidate.newBuilder().setRandomForest(forest)))
                .isEqualTo(new io.foresell.training.fit.tree.RandomForest(20, 9, 2, 0.4));
        assertThat(read(Candidate.newBuilder().setSvm(svm)))
                .isEqualTo(new io.foresell.training.fit.svm.Svm(KernelKind.POLYNOMIAL, 2, 0.3, 2, 0, 0.2));
    }

    @Test
    void ensemblesHoldAlgorithmsAndNothingElse() {
        Ensemble.Builder ensemble = Ensemble.newBuilder().setMethod(EnsembleMethod.ENSEMBLE_METHOD_STACK);
        ensemble.addMembersBuilder().getBoostedTreesBuilder();
        ensemble.addMembersBuilder().setName("wood").getRandomForestBuilder();
        assertThat(read(Candidate.newBuilder().setEnsemble(ensemble)))
                .isEqualTo(new io.foresell.training.fit.ensemble.Ensemble(
                        List.of(
                                new Member("boosted_trees", io.foresell.training.fit.tree.BoostedTrees.DEFAULT),
                                new Member("wood", io.foresell.training.fit.tree.RandomForest.DEFAULT)),
                        Method.STACK,
                        List.of(),
                        5));

        Ensemble.Builder nested = Ensemble.newBuilder();
        nested.addMembersBuilder().getSvmBuilder();
        nested.addMembersBuilder().setEnsemble(ensemble);
        refused(Candidate.newBuilder().setEnsemble(nested), "ensemble.members[1]");
        Ensemble.Builder searched = ensemble.clone();
        searched.getMembersBuilder(0).getTuningBuilder().setTrials(3);
        refused(Candidate.newBuilder().setEnsemble(searched), "ensemble.members[0]");
        refused(Candidate.newBuilder().setEnsemble(ensemble.clone().addWeights(1)), "ensemble.weights");
        refused(Candidate.newBuilder().setEnsemble(ensemble.clone().setMethodValue(7)), "ensemble.method");
        refused(
                Candidate.newBuilder()
                        .setEnsemble(ensemble.clone().clearMethod().setInnerFolds(3)),
                "ensemble.inner_folds");
        refused(Candidate.newBuilder().setEnsemble(Ensemble.getDefaultInstance()), "ensemble.members");
    }

    @Test
    void everyFieldAtFaultIsNamed() {
        refused(Candidate.newBuilder().setDecisionTree(DecisionTree.newBuilder().setMaxLeaves(1)), "max_leaves");
        refused(Candidate.newBuilder().setDecisionTree(DecisionTree.newBuilder().setPruning(2)), "pruning");
        refused(Candidate.newBuilder().setDecisionTree(DecisionTree.newBuilder().setCriterionValue(9)), "criterion");
        refused(Candidate.newBuilder().setRandomForest(RandomForest.newBuilder().setTreeCount(2001)), "tree_count");
        refused(Candidate.newBuilder().setRandomForest(RandomForest.newBuilder().setColumnShare(0)), "column_share");
        refused(
                Candidate.newBuilder().setBoostedTrees(BoostedTrees.newBuilder().setHeldBackShare(0.6)),
                "held_back_share");
        refused(Candidate.newBuilder().setBoostedTrees(BoostedTrees.newBuilder().setPatience(-1)), "patience");
        refused(Candidate.newBuilder().setSvm(Svm.newBuilder().setKernelValue(9)), "kernel");
        refused(Candidate.newBuilder().setSvm(Svm.newBuilder().setCost(0)), "cost");
        refused(Candidate.newBuilder().setSvm(Svm.newBuilder().setGamma(Double.NaN)), "gamma");
    }

    private static @Nullable Algorithm read(Candidate.Builder candidate) {
        SpecCheck check = new SpecCheck();
        Algorithm algorithm = AlgorithmProtos.toAlgorithm("candidates[0]", candidate.build(), check);
        check.done();
        return algorithm;
    }

    private static void refused(Candidate.Builder candidate, String field) {
        assertThatThrownBy(() -> read(candidate)).isInstanceOfSatisfying(ServiceException.class, e -> assertThat(
                        e.failure().violations())
                .singleElement()
                .satisfies(violation -> assertThat(violation.field()).endsWith("." + field)));
    }
}
