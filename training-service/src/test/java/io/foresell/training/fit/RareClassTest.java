package io.foresell.training.fit;

import static org.assertj.core.api.Assertions.assertThat;

import io.foresell.training.dataset.Fold;
import io.foresell.training.dataset.SplitPlan;
import io.foresell.training.dataset.Splitter;
import io.foresell.training.dataset.Tables;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.fit.bayes.NaiveBayes;
import io.foresell.training.fit.ensemble.Ensemble;
import io.foresell.training.fit.linear.LogisticRegression;
import io.foresell.training.fit.neighbor.NearestNeighbors;
import io.foresell.training.fit.neural.GradientClipping;
import io.foresell.training.fit.neural.InputPlan;
import io.foresell.training.fit.neural.LearningRateSchedule;
import io.foresell.training.fit.neural.NeuralNetwork;
import io.foresell.training.fit.neural.Nonlinearity;
import io.foresell.training.fit.neural.Optimizer;
import io.foresell.training.fit.neural.TrainingPlan;
import io.foresell.training.fit.neural.VectorLayers;
import io.foresell.training.fit.svm.KernelKind;
import io.foresell.training.fit.svm.Svm;
import io.foresell.training.fit.tree.BoostedTrees;
import io.foresell.training.fit.tree.DecisionTree;
import io.foresell.training.fit.tree.RandomForest;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Balanced weights find more rows of a rare class, whatever the algorithm. */
final class RareClassTest {
    private static final TrainingPlan FEW_EPOCHS = new TrainingPlan(
            12, 64, Optimizer.ADAM, 0.01, LearningRateSchedule.CONSTANT, 0, GradientClipping.value(1), 5, 0.1, 1, 1);
    private static final TrainingSet TWO = two();
    private static final TrainingSet THREE = three();

    static Stream<Algorithm> algorithms() {
        BoostedTrees boosted = new BoostedTrees(40, 0.1, 3, 0, 1, 1, 1, 1);
        List<Ensemble.Member> members =
                List.of(new Ensemble.Member("", LogisticRegression.DEFAULT), new Ensemble.Member("", boosted));
        return Stream.of(
                LogisticRegression.DEFAULT,
                new LogisticRegression(1, 0.5),
                NaiveBayes.DEFAULT,
                new NearestNeighbors(15, false, 5000),
                new NearestNeighbors(15, true, 5000),
                new DecisionTree(4, 16, 20, false, 0),
                new RandomForest(40, 8, 10, 0),
                boosted,
                new BoostedTrees(40, 0.1, 3, 0, 1, 1, 1, 1, 0.2, 20),
                Svm.DEFAULT,
                new Svm(KernelKind.LINEAR, 1, 0, 3, 1, 0.1),
                new NeuralNetwork(
                        List.of(new VectorLayers.Dense(6, Nonlinearity.RELU, 0)), InputPlan.ONE_HOT, FEW_EPOCHS),
                new Ensemble(members, Ensemble.Method.AVERAGE, List.of(), 3),
                new Ensemble(members, Ensemble.Method.STACK, List.of(), 3));
    }

    @ParameterizedTest
    @MethodSource("algorithms")
    void balancedWeightsFindMoreOfARareClass(Algorithm algorithm) {
        assertThat(recall(TWO, algorithm, ClassWeights.BALANCED))
                .isGreaterThan(recall(TWO, algorithm, ClassWeights.EQUAL) + 0.15)
                .isGreaterThan(0.5);
        assertThat(recall(THREE, algorithm, ClassWeights.BALANCED))
                .isGreaterThan(recall(THREE, algorithm, ClassWeights.EQUAL) + 0.15)
                .isGreaterThan(0.5);
    }

    /** Returns the share of the rare class, 1 or the last one, that is answered with it. */
    private static double recall(TrainingSet set, Algorithm algorithm, ClassWeights weights) {
        Fold fold = Splitter.split(set, new SplitPlan.KFold(2, SplitPlan.FoldBy.ROW_INDEX), 1)
                .get(0);
        try (FittedModel model =
                algorithm.fitter(2).fit(FitRequest.of(fold.training(), 5).weighted(weights))) {
            double[] answers = model.predict(fold.heldOut().rows(model.signature()));
            double[] labels = fold.heldOut().labels();
            int width = model.answer().width();
            int rare = Math.max(1, width - 1);
            int rows = 0;
            int found = 0;
            for (int row = 0; row < labels.length; row++) {
                if (labels[row] == rare) {
                    rows++;
                    found += answered(answers, row, width) == rare ? 1 : 0;
                }
            }
            return found / (double) rows;
        }
    }

    private static int answered(double[] answers, int row, int width) {
        if (width == 1) {
            return answers[row] >= 0.5 ? 1 : 0;
        }
        int best = 0;
        for (int label = 1; label < width; label++) {
            best = answers[row * width + label] > answers[row * width + best] ? label : best;
        }
        return best;
    }

    private static TrainingSet two() {
        Random random = new Random(3);
        double[] labels = new double[1600];
        double[] first = new double[labels.length];
        double[] second = new double[labels.length];
        for (int row = 0; row < labels.length; row++) {
            labels[row] = random.nextDouble() < 0.1 ? 1 : 0;
            first[row] = 1.1 * labels[row] + random.nextGaussian();
            second[row] = 0.9 * labels[row] + random.nextGaussian();
        }
        return Tables.of(labels, Tables.numbers("first", first), Tables.numbers("second", second));
    }

    private static TrainingSet three() {
        Random random = new Random(4);
        List<String> labels = new ArrayList<>();
        double[] first = new double[2000];
        double[] second = new double[first.length];
        for (int row = 0; row < first.length; row++) {
            double draw = random.nextDouble();
            int label = draw < 0.1 ? 2 : draw < 0.5 ? 1 : 0;
            labels.add(List.of("a common one", "b common one", "c rare one").get(label));
            first[row] = (label == 1 ? 2 : label == 2 ? 1 : 0) + random.nextGaussian();
            second[row] = (label == 2 ? 1.2 : 0) + random.nextGaussian();
        }
        return Tables.of(labels, Tables.numbers("first", first), Tables.numbers("second", second));
    }
}
