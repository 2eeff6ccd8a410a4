package io.foresell.model.scorer;

import static io.foresell.model.scorer.NodeGraph.integer;
import static io.foresell.model.scorer.NodeGraph.integers;
import static io.foresell.model.scorer.NodeGraph.numbers;
import static io.foresell.model.scorer.NodeGraph.text;
import static io.foresell.model.scorer.NodeGraph.texts;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import io.foresell.model.Answer;
import io.foresell.model.Rows;
import io.foresell.model.Task;
import io.foresell.model.onnx.AttributeProto;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** LinearClassifier, LinearRegressor and what follows them answer as ONNX Runtime does. */
class LinearOperatorsTest {
    private static final String[] TRANSFORMS = {"NONE", "LOGISTIC", "SOFTMAX", "SOFTMAX_ZERO"};

    private static AttributeProto labels(Random random, int classes) {
        return random.nextBoolean()
                ? integers("classlabels_ints", OperatorJudge.range(classes))
                : texts(
                        "classlabels_strings",
                        List.of("a", "b", "c", "d", "e", "f").subList(0, classes));
    }

    @Test
    void classifiesAsOnnxRuntime() throws OrtException {
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            int columns = 1 + random.nextInt(12);
            int classes = 2 + random.nextInt(4);
            NodeGraph graph = NodeGraph.ofColumns(columns)
                    .ml(
                            "LinearClassifier",
                            "x",
                            "label y",
                            labels(random, classes),
                            numbers("coefficients", OperatorJudge.random(random, columns * classes)),
                            numbers("intercepts", OperatorJudge.random(random, classes)),
                            text("post_transform", TRANSFORMS[seed % TRANSFORMS.length]));
            Rows rows = OperatorJudge.numbers(random, 50, columns, 0.5f);
            OperatorJudge.assertEqual("seed " + seed, graph, "y", classes, rows);
        }
    }

    @Test
    void answersLabelsAsOnnxRuntime() throws OrtException {
        for (int seed = 0; seed < 20; seed++) {
            Random random = new Random(seed);
            int columns = 1 + random.nextInt(5);
            int classes = 1 + random.nextInt(4);
            NodeGraph graph = NodeGraph.ofColumns(columns)
                    .ml(
                            "LinearClassifier",
                            "x",
                            "label y",
                            integers(
                                    "classlabels_ints",
                                    classes == 1 ? new long[] {3, -7} : OperatorJudge.range(classes)),
                            numbers("coefficients", OperatorJudge.random(random, columns * classes)),
                            numbers("intercepts", OperatorJudge.random(random, classes)))
                    .node("Cast", "label", "number", integer("to", 1));
            OperatorJudge.assertEqual(
                    "seed " + seed, graph, "number", 1, OperatorJudge.numbers(random, 50, columns, 1));
        }
    }

    @Test
    void answersOneScoreOfTwoClasses() throws OrtException {
        NodeGraph graph = NodeGraph.ofColumns(2)
                .ml(
                        "LinearClassifier",
                        "x",
                        "label y",
                        integers("classlabels_ints", 0, 1),
                        numbers("coefficients", 0.5f, -2),
                        numbers("intercepts", 0.25f));
        OperatorJudge.assertEqual("pair", graph, "y", 2, OperatorJudge.numbers(new Random(1), 20, 2, 1));
    }

    @Test
    void regressesAsOnnxRuntime() throws OrtException {
        for (int seed = 0; seed < 30; seed++) {
            Random random = new Random(seed);
            int columns = 1 + random.nextInt(12);
            int targets = 1 + random.nextInt(3);
            NodeGraph graph = NodeGraph.ofColumns(columns)
                    .ml(
                            "LinearRegressor",
                            "x",
                            "y",
                            integer("targets", targets),
                            numbers("coefficients", OperatorJudge.random(random, columns * targets)),
                            random.nextBoolean()
                                    ? numbers("intercepts", OperatorJudge.random(random, targets))
                                    : text("post_transform", "NONE"));
            OperatorJudge.assertEqual(
                    "seed " + seed, graph, "y", targets, OperatorJudge.numbers(random, 50, columns, 10));
        }
    }

    @Test
    void normalizesAsOnnxRuntime() throws OrtException {
        for (int seed = 0; seed < 30; seed++) {
            Random random = new Random(seed);
            int columns = 1 + random.nextInt(12);
            NodeGraph graph = NodeGraph.ofColumns(columns);
            switch (seed % 5) {
                case 0 -> graph.ml("Normalizer", "x", "y", text("norm", "L1"));
                case 1 -> graph.ml("Normalizer", "x", "y", text("norm", "L2"));
                case 2 -> graph.ml("Normalizer", "x", "y", text("norm", "MAX"));
                case 3 -> graph.node("LpNormalization", "x", "y", integer("p", 1 + random.nextInt(2)));
                default -> graph.ml("Binarizer", "x", "y", NodeGraph.number("threshold", 0.5f));
            }
            Rows rows = OperatorJudge.numbers(random, 50, columns, 10);
            Arrays.fill(rows.numbers(), 0, columns, 0);
            OperatorJudge.assertEqual("seed " + seed, graph, "y", columns, rows);
        }
    }

    @Test
    void explainsEachClassByItsScore() {
        Random random = new Random(5);
        NodeGraph graph = NodeGraph.ofColumns(3)
                .ml(
                        "LinearClassifier",
                        "x",
                        "label p",
                        integers("classlabels_ints", 0, 1, 2),
                        numbers("coefficients", OperatorJudge.random(random, 9)),
                        numbers("intercepts", 1, 2, 3),
                        text("post_transform", "SOFTMAX"))
                .ml("Normalizer", "p", "y", text("norm", "L1"));
        Scorer scorer = ScorerCompiler.compile(
                graph.output("y"),
                graph.signature(),
                new Answer(Task.MULTICLASS, "y", 0, List.of("a", "b", "c")),
                Background.missing(graph.signature()));
        Rows rows = OperatorJudge.numbers(random, 1, 3, 1);
        float[] p = new float[3];
        scorer.score(rows, p);
        double[] scores = new double[3];
        for (int target = 0; target < 3; target++) {
            double[] terms = new double[1];
            scorer.contributions(rows, 0, target, terms);
            scores[target] = scorer.base(target) + terms[0];
        }
        assertThat(Math.log(p[0] / p[2])).isCloseTo(scores[0] - scores[2], within(1e-5));
        assertThat(Math.log(p[1] / p[2])).isCloseTo(scores[1] - scores[2], within(1e-5));
    }

    @Test
    void refusesListsThatDoNotFit() {
        NodeGraph few = NodeGraph.ofColumns(3)
                .ml(
                        "LinearClassifier",
                        "x",
                        "label y",
                        integers("classlabels_ints", 0, 1),
                        numbers("coefficients", 1, 2, 3),
                        numbers("intercepts", 1, 2));
        OperatorJudge.assertRefused(few, "y", 2, "coefficients");
        NodeGraph mixed = NodeGraph.ofColumns(1)
                .ml(
                        "LinearClassifier",
                        "x",
                        "label y",
                        integers("classlabels_ints", 0, 1, 2),
                        numbers("coefficients", 1, 2),
                        numbers("intercepts", 1, 2));
        OperatorJudge.assertRefused(mixed, "y", 2, "intercepts");
        NodeGraph none = NodeGraph.ofColumns(1)
                .ml("LinearClassifier", "x", "label y", numbers("coefficients", 1, 2), numbers("intercepts", 1, 2));
        OperatorJudge.assertRefused(none, "y", 2, "class labels");
        NodeGraph infinite = NodeGraph.ofColumns(1).ml("LinearRegressor", "x", "y", numbers("coefficients", Float.NaN));
        OperatorJudge.assertRefused(infinite, "y", 1, "finite");
        NodeGraph many = NodeGraph.ofColumns(1)
                .ml("LinearRegressor", "x", "y", integer("targets", Long.MAX_VALUE), numbers("coefficients", 1));
        OperatorJudge.assertRefused(many, "y", 1, "targets");
        NodeGraph unknown = NodeGraph.ofColumns(1)
                .ml("LinearRegressor", "x", "y", text("post_transform", "CUBE"), numbers("coefficients", 1));
        OperatorJudge.assertRefused(unknown, "y", 1, "CUBE");
    }
}
