package io.foresell.model.scorer;

import static io.foresell.model.scorer.NodeGraph.integer;
import static io.foresell.model.scorer.NodeGraph.integers;
import static io.foresell.model.scorer.NodeGraph.numbers;
import static io.foresell.model.scorer.NodeGraph.text;
import static io.foresell.model.scorer.NodeGraph.texts;

import ai.onnxruntime.OrtException;
import io.foresell.model.Rows;
import io.foresell.model.onnx.AttributeProto;
import io.foresell.model.tree.Aggregate;
import io.foresell.model.tree.PlainTree;
import io.foresell.model.tree.SplitRule;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.Consumer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/** TreeEnsembleRegressor and TreeEnsembleClassifier answer as ONNX Runtime does. */
class TreeOperatorTest {
    private static final List<SplitRule> ALL = List.of(SplitRule.values());
    private static final List<Aggregate> AGGREGATES = List.of(Aggregate.values());
    private static final String[] TRANSFORMS = {"NONE", "LOGISTIC", "SOFTMAX", "SOFTMAX_ZERO"};

    private static Rows rows(int width, Random random) {
        return new Rows(100, PlainTree.rows(100, width, random), new String[0]);
    }

    private static AttributeProto base(Random random, int count) {
        return numbers("base_values", OperatorJudge.random(random, count));
    }

    @Test
    void regressesAsOnnxRuntime() throws OrtException {
        for (int seed = 0; seed < 120; seed++) {
            Random random = new Random(seed);
            int targets = seed % 3 == 0 ? 1 : 1 + random.nextInt(5);
            List<SplitRule> rules = seed % 5 == 0 ? ALL : List.of(ALL.get(seed % 6));
            PlainTree.Draw draw =
                    new PlainTree.Draw(1 + random.nextInt(12), targets, seed % 8, rules, targets == 1 || seed % 2 == 0);
            List<PlainTree> trees = PlainTree.trees(draw, 1 + random.nextInt(40), random);
            TreeLists lists = new TreeLists("target", trees);
            Aggregate aggregate = AGGREGATES.get(seed % 4);
            int baseCount = random.nextBoolean() ? targets : 0;
            NodeGraph graph = NodeGraph.ofColumns(draw.width())
                    .ml(
                            "TreeEnsembleRegressor",
                            "x",
                            "y",
                            lists.attributes(
                                    integer("n_targets", targets),
                                    text("aggregate_function", aggregate.name()),
                                    text("post_transform", targets == 1 ? "NONE" : TRANSFORMS[seed / 4 % 4]),
                                    base(random, baseCount)));
            boolean isExtreme = aggregate == Aggregate.MIN || aggregate == Aggregate.MAX;
            if (isExtreme && targets > 1 && baseCount > 0 && !lists.isEveryTargetWeighted(targets, trees.size())) {
                OperatorJudge.assertUnsupported(graph, "y", targets, "of no leaf");
            } else {
                OperatorJudge.assertEqual("seed " + seed, graph, "y", targets, rows(draw.width(), random));
            }
        }
    }

    @Test
    void leavesToOnnxRuntimeWhatItReadsInItsOwnWay() {
        PlainTree.Draw draw = PlainTree.Draw.regression(2, 3);
        List<PlainTree> trees = PlainTree.trees(draw, 4, new Random(8));
        assertUnsupported(trees, lists -> lists.weightAgain(0), "several weights of one score");
        assertUnsupported(trees, lists -> lists.drop(0), "a leaf without");
        assertUnsupported(trees, lists -> lists.modes.set(0, "BRANCH_MEMBER"), "mode BRANCH_MEMBER");
        assertUnsupported(trees, lists -> {}, "post_transform LOGISTIC", text("post_transform", "LOGISTIC"));
        assertUnsupported(trees, lists -> {}, "PROBIT", text("post_transform", "PROBIT"));
    }

    private static void assertUnsupported(
            List<PlainTree> trees, Consumer<TreeLists> edit, String message, AttributeProto... more) {
        TreeLists lists = new TreeLists("target", trees);
        edit.accept(lists);
        NodeGraph graph = NodeGraph.ofColumns(2).ml("TreeEnsembleRegressor", "x", "y", lists.attributes(more));
        OperatorJudge.assertUnsupported(graph, "y", 1, message);
    }

    private static AttributeProto labels(int count, boolean isText) {
        return isText
                ? texts(
                        "classlabels_strings",
                        IntStream.range(0, count).mapToObj(i -> "c" + i).toList())
                : integers("classlabels_int64s", OperatorJudge.range(count));
    }

    @Test
    void classifiesManyClassesAsOnnxRuntime() throws OrtException {
        for (int seed = 0; seed < 80; seed++) {
            Random random = new Random(seed);
            int classes = 3 + random.nextInt(4);
            PlainTree.Draw draw = new PlainTree.Draw(1 + random.nextInt(8), classes, seed % 7, ALL, seed % 2 == 0);
            List<PlainTree> trees = PlainTree.trees(draw, 1 + random.nextInt(30), random);
            NodeGraph graph = NodeGraph.ofColumns(draw.width())
                    .ml(
                            "TreeEnsembleClassifier",
                            "x",
                            "label y",
                            new TreeLists("class", trees)
                                    .attributes(
                                            labels(classes, seed % 3 == 0),
                                            text("post_transform", TRANSFORMS[seed / 2 % 4]),
                                            base(random, random.nextBoolean() ? classes : 0)));
            OperatorJudge.assertEqual("seed " + seed, graph, "y", classes, rows(draw.width(), random));
        }
    }

    @Test
    void classifiesTwoClassesAsOnnxRuntime() throws OrtException {
        for (int seed = 0; seed < 80; seed++) {
            Random random = new Random(seed);
            boolean isOneScore = seed % 4 > 0;
            PlainTree.Draw draw =
                    new PlainTree.Draw(1 + random.nextInt(8), isOneScore ? 1 : 2, 1 + seed % 6, ALL, seed % 8 < 4);
            List<PlainTree> trees = PlainTree.trees(draw, 1 + random.nextInt(30), random);
            TreeLists lists = new TreeLists("class", trees);
            if (seed % 4 == 1) {
                lists.weights.replaceAll(weight -> Math.abs(weight));
            }
            boolean isEvery = isOneScore || IntStream.range(0, trees.size()).anyMatch(i -> lists.isWeighted(i, 1));
            String transform = TRANSFORMS[seed / 4 % (isOneScore ? 2 : 4)];
            NodeGraph graph = NodeGraph.ofColumns(draw.width())
                    .ml(
                            "TreeEnsembleClassifier",
                            "x",
                            "label y",
                            lists.attributes(
                                    labels(2, seed % 3 == 0),
                                    text("post_transform", transform),
                                    base(random, isOneScore && random.nextBoolean() ? 1 : 0)));
            if (isEvery) {
                OperatorJudge.assertEqual("seed " + seed, graph, "y", 2, rows(draw.width(), random));
            } else {
                OperatorJudge.assertUnsupported(graph, "y", 2, "leaves of one alone");
            }
        }
    }

    @Test
    void answersLabelsAsOnnxRuntime() throws OrtException {
        for (int seed = 0; seed < 30; seed++) {
            Random random = new Random(seed);
            int classes = 2 + seed % 3;
            PlainTree.Draw draw = new PlainTree.Draw(4, classes == 2 ? 1 : classes, 1 + seed % 6, ALL, true);
            TreeLists lists = new TreeLists("class", PlainTree.trees(draw, 1 + random.nextInt(9), random));
            boolean isProbability = classes == 2 && seed % 2 == 0;
            if (isProbability) {
                lists.weights.replaceAll(weight -> Math.abs(weight));
            } else {
                lists.weights.set(0, -0.5f);
            }
            NodeGraph graph = NodeGraph.ofColumns(4)
                    .ml(
                            "TreeEnsembleClassifier",
                            "x",
                            "label y",
                            lists.attributes(
                                    integers("classlabels_int64s", Arrays.copyOf(new long[] {-3, 70, 5, 1}, classes)),
                                    text("post_transform", classes == 2 && !isProbability ? "LOGISTIC" : "NONE")))
                    .node("Cast", "label", "number", integer("to", 1));
            OperatorJudge.assertEqual("seed " + seed, graph, "number", 1, rows(4, random));
        }
    }
}
