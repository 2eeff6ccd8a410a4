package io.foresell.model.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.foresell.model.Answer;
import io.foresell.model.InputField;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.graph.Calibration;
import io.foresell.model.graph.InputEncoding;
import io.foresell.model.graph.LogisticGraph;
import io.foresell.model.graph.NumberEncoding;
import io.foresell.model.graph.Preprocessing;
import io.foresell.model.graph.RandomModels;
import io.foresell.model.graph.TextEncoding;
import io.foresell.model.graph.Tree;
import io.foresell.model.graph.TreeEnsembleGraph;
import io.foresell.model.onnx.NodeProto;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

class ContributionsTest {
    private static final List<String> CONTRACTS = List.of("Month-to-month", "Two year");

    private static double logOdds(double probability) {
        return Math.log(probability / (1 - probability));
    }

    private static double sum(double[] values) {
        double sum = 0;
        for (double value : values) {
            sum += value;
        }
        return sum;
    }

    @Test
    void linearContributionIsCoefficientTimesDistanceFromTheMean() {
        Preprocessing preprocessing = new Preprocessing(
                List.of(NumberEncoding.standardized("tenure", 20, 10), new TextEncoding("contract", CONTRACTS)));
        byte[] onnx = LogisticGraph.write(preprocessing, new double[] {-0.8, 0.5, -1.5}, 0.2, Calibration.NONE);
        Rows training = new Rows(
                4, new float[] {10, 20, 30, 20}, new String[] {"Month-to-month", "Month-to-month", "Two year", ""});
        Background background = Background.of(preprocessing.signature(), training);
        Scorer scorer = ScorerCompiler.compile(onnx, preprocessing.signature(), Answer.binary(), background);
        double[] terms = new double[2];

        scorer.contributions(new Rows(1, new float[] {35}, new String[] {"Two year"}), 0, 0, terms);

        // (35 - 20) / 10 standard deviations; mean of the one-hot part is 0.5 * 0.5 + 0.25 * -1.5.
        assertThat(terms[0]).isCloseTo(-0.8 * 1.5, within(1e-6));
        assertThat(terms[1]).isCloseTo(-1.5 - (0.5 * 0.5 - 0.25 * 1.5), within(1e-6));
        assertThat(scorer.base(0)).isCloseTo(0.2 + 0.5 * 0.5 - 0.25 * 1.5, within(1e-6));
    }

    @Test
    void linearAndTreeContributionsAddUpToTheLogOdds() {
        for (int seed = 0; seed < 30; seed++) {
            RandomModels models = new RandomModels(seed);
            boolean isTree = seed % 2 == 0;
            Preprocessing preprocessing = models.tabular(isTree);
            Signature signature = preprocessing.signature();
            byte[] onnx = isTree ? models.trees(preprocessing, 20, 6) : models.logistic(preprocessing);
            Rows rows = models.rows(signature, 50, 3);
            Scorer scorer = ScorerCompiler.compile(onnx, signature, Answer.binary(), Background.of(signature, rows));
            float[] probabilities = new float[rows.rowCount()];
            scorer.score(rows, probabilities);
            double[] terms = new double[signature.inputs().size()];
            for (int row = 0; row < rows.rowCount(); row++) {
                scorer.contributions(rows, row, 0, terms);
                double expected = logOdds(probabilities[row]);
                // The probability is a float: its log-odds are known to about 1e-7 / (p * (1 - p)).
                double tolerance = 1e-5 + 2e-7 / (probabilities[row] * (1 - probabilities[row]));
                assertThat(scorer.base(0) + sum(terms))
                        .as("seed %d row %d", seed, row)
                        .isCloseTo(expected, within(tolerance));
            }
        }
    }

    @Test
    void treeTermsAddUpToTheTreeSumExactly() {
        for (int seed = 0; seed < 20; seed++) {
            RandomModels models = new RandomModels(seed);
            int width = 1 + seed % 6;
            TreeEnsemble trees = ensemble(models, 10, 8, width);
            int[] columns = identity(width);
            for (int draw = 0; draw < 50; draw++) {
                float[] row = models.rows(numbers(width), 1, 3).numbers();
                double[] terms = new double[width];
                new TreeTerms(trees, 0, columns).addTerms(row, 0, 1, terms);
                assertThat(trees.mean() + sum(terms)).isCloseTo(exactSum(trees, row), within(1e-6));
            }
        }
    }

    @Test
    void treeTermsAreShapleyValues() {
        for (int seed = 0; seed < 40; seed++) {
            RandomModels models = new RandomModels(seed);
            int width = 1 + seed % 5;
            TreeEnsemble trees = ensemble(models, 3, 1 + seed % 6, width);
            float[] row = models.rows(numbers(width), 1, 3).numbers();
            double[] terms = new double[width];
            new TreeTerms(trees, 0, identity(width)).addTerms(row, 0, 1, terms);
            for (int column = 0; column < width; column++) {
                assertThat(terms[column])
                        .as("seed %d column %d", seed, column)
                        .isCloseTo(shapley(trees, row, column, width), within(1e-9));
            }
        }
    }

    /** The definition: the mean gain of knowing a column over all orders in which columns become known. */
    private static double shapley(TreeEnsemble trees, float[] row, int column, int width) {
        double value = 0;
        for (int set = 0; set < 1 << width; set++) {
            if ((set >> column & 1) == 0) {
                int size = Integer.bitCount(set);
                double weight = factorial(size) * factorial(width - size - 1) / factorial(width);
                value += weight * (known(trees, row, set | 1 << column) - known(trees, row, set));
            }
        }
        return value;
    }

    private static double factorial(int n) {
        return n < 2 ? 1 : n * factorial(n - 1);
    }

    private static double known(TreeEnsemble trees, float[] row, int set) {
        double sum = 0;
        for (int root : trees.roots) {
            sum += walk(trees, root, row, column -> (set >> column & 1) != 0);
        }
        return sum;
    }

    private static double exactSum(TreeEnsemble trees, float[] row) {
        double sum = trees.base;
        for (int root : trees.roots) {
            sum += walk(trees, root, row, column -> true);
        }
        return sum;
    }

    private static double walk(TreeEnsemble trees, int node, float[] row, IntPredicate isKnown) {
        int word = trees.nodes[node];
        if (word < 0) {
            return trees.leaf(node);
        }
        int yes = node + TreeEnsemble.NODE;
        int no = trees.nodes[node + 2];
        int column = TreeEnsemble.feature(word);
        if (isKnown.test(column)) {
            boolean isYes = TreeEnsemble.isYes(word, row[column], trees.threshold(node));
            return walk(trees, isYes ? yes : no, row, isKnown);
        }
        double share = trees.yesShare(node);
        return share * walk(trees, yes, row, isKnown) + (1 - share) * walk(trees, no, row, isKnown);
    }

    private static TreeEnsemble ensemble(RandomModels models, int count, int depth, int width) {
        List<Tree> trees = models.trees(count, depth, width);
        List<InputEncoding> encodings = new ArrayList<>();
        for (int i = 0; i < width; i++) {
            encodings.add(NumberEncoding.raw("x" + i));
        }
        Preprocessing preprocessing = new Preprocessing(encodings);
        byte[] onnx = TreeEnsembleGraph.write(preprocessing, trees, 0.25, Calibration.NONE);
        NodeProto node = GraphReader.read(onnx).getGraph().getNodeList().stream()
                .filter(candidate -> candidate.getOpType().equals("TreeEnsembleRegressor"))
                .findFirst()
                .orElseThrow();
        return TreeOperator.read(new GraphNode(node, List.of(), name -> true), width);
    }

    private static Signature numbers(int width) {
        List<InputField> fields = new ArrayList<>();
        for (int i = 0; i < width; i++) {
            fields.add(InputField.number("x" + i));
        }
        return Signature.of(fields);
    }

    private static int[] identity(int width) {
        int[] columns = new int[width];
        for (int i = 0; i < width; i++) {
            columns[i] = i;
        }
        return columns;
    }

    @Test
    void networkContributionIsWhatTheBackgroundValueWouldChange() {
        RandomModels models = new RandomModels(7);
        Preprocessing preprocessing = models.sequences(2, 10);
        Signature signature = preprocessing.signature();
        Rows rows = models.rows(signature, 40, 2);
        Background background = Background.of(signature, rows);
        Scorer scorer =
                ScorerCompiler.compile(models.convolution(preprocessing), signature, Answer.binary(), background);
        double[] terms = new double[signature.inputs().size()];
        float[] probability = new float[1];

        scorer.contributions(rows, 0, 0, terms);

        int place = signature.offset("weekly1");
        float[] numbers = Arrays.copyOf(rows.numbers(), signature.numberWidth());
        String[] texts = Arrays.copyOf(rows.texts(), signature.textWidth());
        Rows original = new Rows(1, numbers.clone(), texts);
        for (int step = place; step < place + 10; step++) {
            numbers[step] = background.numbers().get(step);
        }
        scorer.score(original, probability);
        double before = logOdds(probability[0]);
        scorer.score(new Rows(1, numbers, texts), probability);
        assertThat(terms[signature.indexOf("weekly1")]).isCloseTo(before - logOdds(probability[0]), within(1e-5));
        assertThat(scorer.base(0)).isNaN();
    }

    @Test
    void refusesRowsOfAnotherShape() {
        RandomModels models = new RandomModels(3);
        Preprocessing preprocessing = models.tabular(false);
        Signature signature = preprocessing.signature();
        Scorer scorer = ScorerCompiler.compile(
                models.logistic(preprocessing), signature, Answer.binary(), Background.missing(signature));
        Rows wide = new Rows(1, new float[signature.numberWidth() + 1], new String[signature.textWidth()]);
        assertThatThrownBy(() -> scorer.score(wide, new float[1]))
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining("expected: %d numbers".formatted(signature.numberWidth()));
    }
}
