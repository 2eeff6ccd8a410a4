package io.foresell.training.fit.ensemble;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.foresell.kit.Failure;
import io.foresell.kit.ServiceException;
import io.foresell.model.InputField;
import io.foresell.model.Rows;
import io.foresell.model.Task;
import io.foresell.model.scorer.Background;
import io.foresell.model.scorer.Scorer;
import io.foresell.model.scorer.ScorerCompiler;
import io.foresell.training.dataset.Fold;
import io.foresell.training.dataset.PlantedSequences;
import io.foresell.training.dataset.PlantedTable;
import io.foresell.training.dataset.SplitPlan;
import io.foresell.training.dataset.Splitter;
import io.foresell.training.dataset.Tables;
import io.foresell.training.dataset.TrainingFold;
import io.foresell.training.dataset.TrainingSet;
import io.foresell.training.evaluate.Judgement;
import io.foresell.training.evaluate.Metric;
import io.foresell.training.fit.Algorithm;
import io.foresell.training.fit.ClassWeights;
import io.foresell.training.fit.Coefficient;
import io.foresell.training.fit.FitListener;
import io.foresell.training.fit.FitParity;
import io.foresell.training.fit.FitRequest;
import io.foresell.training.fit.FittedModel;
import io.foresell.training.fit.Fitter;
import io.foresell.training.fit.bayes.NaiveBayes;
import io.foresell.training.fit.ensemble.Ensemble.Member;
import io.foresell.training.fit.ensemble.Ensemble.Method;
import io.foresell.training.fit.linear.LinearRegression;
import io.foresell.training.fit.linear.LogisticRegression;
import io.foresell.training.fit.neighbor.NearestNeighbors;
import io.foresell.training.fit.sequence.NetworkKind;
import io.foresell.training.fit.sequence.SequenceNetwork;
import io.foresell.training.fit.tree.BoostedTrees;
import io.foresell.training.fit.tree.DecisionTree;
import io.foresell.training.fit.tree.RandomForest;
import io.foresell.training.prepare.Preparation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

final class EnsembleFitterTest {
    private static final BoostedTrees TREES = new BoostedTrees(60, 0.15, 3, 0, 1, 1, 1, 1);
    private static final SplitPlan PLAN = new SplitPlan.Entity(0.4);

    @Test
    void anAverageIsTheMeanOfItsMembers() {
        for (TrainingSet set : List.of(PlantedTable.binary(300, 1), PlantedTable.multiclass(300, 2))) {
            Fold fold = Splitter.split(set, PLAN, 3).get(0);
            double[] first = answers(LogisticRegression.DEFAULT, fold);
            double[] second = answers(TREES, fold);
            double[] plain = answers(average(List.of(), LogisticRegression.DEFAULT, TREES), fold);
            double[] weighted = answers(average(List.of(1.0, 3.0), LogisticRegression.DEFAULT, TREES), fold);
            for (int i = 0; i < first.length; i++) {
                assertThat(plain[i]).isCloseTo((first[i] + second[i]) / 2, within(1e-12));
                assertThat(weighted[i]).isCloseTo(0.25 * first[i] + 0.75 * second[i], within(1e-12));
            }
        }
    }

    @Test
    void aStackBeatsEachOfItsMembersWhereEachSeesAnotherPart() {
        Fold two = Splitter.split(mixed(1200, 3, true), PLAN, 3).get(0);
        Fold values = Splitter.split(mixed(1200, 4, false), PLAN, 3).get(0);

        assertThat(measured(Metric.LOG_LOSS, stack(LogisticRegression.DEFAULT, TREES), two))
                .isLessThan(measured(Metric.LOG_LOSS, LogisticRegression.DEFAULT, two) - 0.01)
                .isLessThan(measured(Metric.LOG_LOSS, TREES, two) - 0.01);
        assertThat(measured(Metric.RMSE, stack(LinearRegression.DEFAULT, TREES), values))
                .isLessThan(measured(Metric.RMSE, LinearRegression.DEFAULT, values) * 0.97)
                .isLessThan(measured(Metric.RMSE, TREES, values) * 0.97);
    }

    @Test
    void aStackOfSeveralClassesIsAsGoodAsItsBestMember() {
        Fold fold = Splitter.split(PlantedTable.multiclass(1000, 5), PLAN, 3).get(0);

        assertThat(measured(Metric.LOG_LOSS, stack(NaiveBayes.DEFAULT, TREES), fold))
                .isLessThan(measured(Metric.LOG_LOSS, NaiveBayes.DEFAULT, fold))
                .isLessThan(measured(Metric.LOG_LOSS, TREES, fold) + 0.005);
    }

    @Test
    void graphScorerAndLibraryAnswerAlike() throws Exception {
        NearestNeighbors neighbors = new NearestNeighbors(7, false, 500);
        FitParity.requireParity(
                PlantedTable.binary(400, 6),
                stack(LogisticRegression.DEFAULT, TREES, neighbors, NaiveBayes.DEFAULT),
                ClassWeights.BALANCED);
        FitParity.requireParity(
                PlantedTable.multiclass(400, 7), stack(TREES, neighbors, DecisionTree.DEFAULT), ClassWeights.EQUAL);
        FitParity.requireParity(
                PlantedTable.multiclass(400, 7),
                average(List.of(0.2, 0.0, 0.8), TREES, neighbors, NaiveBayes.DEFAULT),
                ClassWeights.BALANCED);
        FitParity.requireParity(
                PlantedTable.values(400, 8),
                stack(LinearRegression.DEFAULT, new RandomForest(20, 12, 5, 0)),
                ClassWeights.EQUAL);
    }

    @Test
    void aNetworkStandsBesideTrees() throws Exception {
        FitParity.requireParity(
                PlantedSequences.of(200, 9, 2),
                stack(new SequenceNetwork(NetworkKind.LSTM, 4, 3, 1, 32, 0.02), TREES),
                ClassWeights.EQUAL);
    }

    @Test
    void inputsContributeAndWeightsAreSaid() {
        Fold fold = Splitter.split(mixed(600, 3, true), PLAN, 3).get(0);
        try (FittedModel model =
                stack(LogisticRegression.DEFAULT, TREES).fitter(2).fit(FitRequest.of(fold.training(), 1))) {
            Rows rows = fold.heldOut().rows(model.signature());
            Background background =
                    Background.of(model.signature(), fold.training().rows(model.signature()));
            Scorer scorer = ScorerCompiler.compile(model.onnx(), model.signature(), model.answer(), background);
            double[] contributions = new double[model.signature().inputs().size()];
            scorer.contributions(rows, 0, 0, contributions);

            assertThat(Arrays.stream(contributions).map(Math::abs).sum()).isGreaterThan(0.1);
            List<Coefficient> weights = model.coefficients().orElseThrow().coefficients();
            assertThat(weights)
                    .extracting(Coefficient::name)
                    .containsExactly(Coefficient.INTERCEPT, "logistic_regression", "boosted_trees");
            assertThat(weights.subList(1, 3)).allMatch(weight -> weight.estimate() > 0.1);
            assertThat(model.notes().get(0)).contains("weights: logistic_regression 0.", ", boosted_trees ");
            assertThat(model.source()).containsKeys("coefficients.json", "member_1_coefficients.json");
        }
    }

    @Test
    void membersThatAnswerAlikeShareAlikeAndNoWeightIsNegative() {
        Fold fold = Splitter.split(mixed(600, 9, true), PLAN, 3).get(0);
        Ensemble twins =
                new Ensemble(List.of(new Member("one", TREES), new Member("two", TREES)), Method.STACK, List.of(), 3);
        List<Double> weights = weights(twins, fold);
        assertThat(weights.get(0)).isCloseTo(weights.get(1), within(1e-6)).isGreaterThan(0.2);

        assertThat(weights(
                        stack(TREES, new DecisionTree(12, 100, 1, false, 0), new NearestNeighbors(1, false, 500)),
                        fold))
                .allMatch(weight -> weight >= 0);
    }

    @Test
    void boundsHoldWhereTheFreeMinimumLiesBeyondThem() {
        // x^2 + y^2 + 1.5 x y - x + y: free minimum at (2.57, -2.43); with y = 0 it is x = 0.5.
        double[] found =
                BoundedNewton.step(new double[2], new double[] {-1, 1}, new double[][] {{2, 1.5}, {1.5, 2}}, 2);

        assertThat(found[0]).isCloseTo(0.5, within(1e-9));
        assertThat(found[1]).isZero();
    }

    @Test
    void refusesWhatIsNoEnsemble() {
        Ensemble inner = average(List.of(), LogisticRegression.DEFAULT, TREES);
        assertThatThrownBy(() -> average(List.of(), inner, TREES)).hasMessageContaining("no ensemble itself");
        assertThatThrownBy(() -> average(List.of(), TREES)).hasMessageContaining("members: 1 (expected: 2..10)");
        assertThatThrownBy(() -> average(List.of(), TREES, TREES))
                .hasMessageContaining("'boosted_trees' (expected: names");
        assertThatThrownBy(() -> average(List.of(), LogisticRegression.DEFAULT, LinearRegression.DEFAULT))
                .hasMessageContaining("a task in common");
        assertThatThrownBy(() -> average(List.of(1.0), LogisticRegression.DEFAULT, TREES))
                .hasMessageContaining("2, one per member");
        assertThatThrownBy(() -> average(List.of(0.0, 0.0), LogisticRegression.DEFAULT, TREES))
                .hasMessageContaining("one of them above 0");
        assertThatThrownBy(() -> average(List.of(-1.0, 2.0), LogisticRegression.DEFAULT, TREES))
                .hasMessageContaining("weights: -1");
    }

    @Test
    void aFailureNamesTheMember() {
        Fold fold = Splitter.split(PlantedTable.binary(100, 1), PLAN, 3).get(0);
        Ensemble broken = new Ensemble(
                List.of(new Member("", TREES), new Member("the broken one", new Broken())), Method.STACK, List.of(), 3);

        assertThatThrownBy(() -> broken.fitter(1).fit(FitRequest.of(fold.training(), 1)))
                .isInstanceOf(ServiceException.class)
                .hasMessageContaining("member the broken one: 7 (expected: 8)");
        assertThatThrownBy(() -> broken.requireReadable(List.of())).hasMessageContaining("member the broken one: none");
    }

    @Test
    void endsWhenCancelled() {
        TrainingFold fold = TrainingFold.all(PlantedTable.binary(300, 1));
        AtomicInteger asked = new AtomicInteger();
        FitRequest request = new FitRequest(
                fold, Preparation.NONE, ClassWeights.EQUAL, 1, FitListener.NONE, () -> asked.incrementAndGet() > 40);

        assertThatThrownBy(
                        () -> stack(LogisticRegression.DEFAULT, TREES).fitter(1).fit(request))
                .isInstanceOf(CancellationException.class);
    }

    private record Broken() implements Algorithm {
        @Override
        public String key() {
            return "broken";
        }

        @Override
        public Set<Task> tasks() {
            return Set.of(Task.BINARY);
        }

        @Override
        public Map<String, String> asText() {
            return Map.of();
        }

        @Override
        public Fitter fitter(int threadCount) {
            return request -> {
                throw new ServiceException(Failure.precondition("BROKEN", "7 (expected: 8)"));
            };
        }

        @Override
        public double work() {
            return 1;
        }

        @Override
        public void requireReadable(List<InputField> features) {
            throw new ServiceException(Failure.precondition("BROKEN", "none"));
        }
    }

    private static List<Double> weights(Ensemble ensemble, Fold fold) {
        try (FittedModel model = ensemble.fitter(2).fit(FitRequest.of(fold.training(), 1))) {
            return model.coefficients().orElseThrow().coefficients().stream()
                    .filter(weight -> !weight.name().equals(Coefficient.INTERCEPT))
                    .map(Coefficient::estimate)
                    .toList();
        }
    }

    private static Ensemble average(List<Double> weights, Algorithm... algorithms) {
        return new Ensemble(members(algorithms), Method.AVERAGE, weights, 5);
    }

    private static Ensemble stack(Algorithm... algorithms) {
        return new Ensemble(members(algorithms), Method.STACK, List.of(), 3);
    }

    private static List<Member> members(Algorithm... algorithms) {
        return Arrays.stream(algorithms)
                .map(algorithm -> new Member("", algorithm))
                .toList();
    }

    private static double[] answers(Algorithm algorithm, Fold fold) {
        try (FittedModel model = algorithm.fitter(2).fit(FitRequest.of(fold.training(), 1))) {
            return model.predict(fold.heldOut().rows(model.signature()));
        }
    }

    private static double measured(Metric metric, Algorithm algorithm, Fold fold) {
        return Judgement.measure(
                fold.training().task(), metric, fold.heldOut().labels(), answers(algorithm, fold), null);
    }

    /** A sum of four numbers, which a line sees, and whether two others lie far from 0, which trees see. */
    private static TrainingSet mixed(int rowCount, long seed, boolean isBinary) {
        Random random = new Random(seed);
        double[][] numbers = new double[6][rowCount];
        double[] labels = new double[rowCount];
        for (int row = 0; row < rowCount; row++) {
            double score = 0.3 * random.nextGaussian();
            for (int i = 0; i < 6; i++) {
                numbers[i][row] = random.nextGaussian();
                score += i < 4 ? 0.8 * numbers[i][row] : 0;
            }
            score += Math.abs(numbers[4][row]) > 0.7 ? 1.2 : -1.2;
            score += Math.abs(numbers[5][row]) > 0.7 ? 1.2 : -1.2;
            labels[row] = isBinary ? (score > 0 ? 1 : 0) : 100 + 10 * score;
        }
        List<io.foresell.training.dataset.RowBlock.Column> columns = new ArrayList<>();
        for (int i = 0; i < 6; i++) {
            columns.add(Tables.numbers("x" + i, numbers[i]));
        }
        return Tables.of(labels, columns.toArray(io.foresell.training.dataset.RowBlock.Column[]::new));
    }
}
