package io.foresell.model.scorer;

import static io.foresell.model.scorer.NodeGraph.integer;
import static io.foresell.model.scorer.NodeGraph.integers;
import static io.foresell.model.scorer.NodeGraph.numbers;
import static io.foresell.model.scorer.NodeGraph.text;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import io.foresell.model.InputField;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.onnx.AttributeProto;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Support vector machines of every kernel answer as ONNX Runtime does. */
class SvmOperatorsTest {
    private static final String[] KERNELS = {"LINEAR", "RBF", "POLY", "SIGMOID"};

    private static AttributeProto[] classifier(
            Random random, String kernel, int columns, int classes, boolean hasProbabilities) {
        long[] counts = new long[classes];
        int vectors = 0;
        for (int i = 0; i < classes; i++) {
            counts[i] = 1L + random.nextInt(6);
            vectors += (int) counts[i];
        }
        int pairs = classes * (classes - 1) / 2;
        List<AttributeProto> attributes = new ArrayList<>(List.of(
                integers("classlabels_ints", OperatorJudge.range(classes)),
                integers("vectors_per_class", counts),
                numbers("support_vectors", OperatorJudge.random(random, vectors * columns)),
                numbers("coefficients", OperatorJudge.random(random, vectors * (classes - 1))),
                numbers("rho", OperatorJudge.random(random, pairs)),
                text("kernel_type", kernel),
                numbers("kernel_params", 0.3f, random.nextInt(2), 2 + random.nextInt(3)),
                text("post_transform", "NONE")));
        if (hasProbabilities) {
            float[] slopes = OperatorJudge.random(random, pairs);
            for (int i = 0; i < pairs; i++) {
                slopes[i] = -Math.abs(slopes[i]) - 0.5f;
            }
            attributes.add(numbers("prob_a", slopes));
            attributes.add(numbers("prob_b", OperatorJudge.random(random, pairs)));
        }
        return attributes.toArray(AttributeProto[]::new);
    }

    @Test
    void classifiesAsOnnxRuntime() throws OrtException {
        for (int seed = 0; seed < 80; seed++) {
            Random random = new Random(seed);
            int columns = 1 + random.nextInt(6);
            int classes = 2 + random.nextInt(4);
            boolean hasProbabilities = random.nextBoolean();
            NodeGraph graph = NodeGraph.ofColumns(columns)
                    .ml(
                            "SVMClassifier",
                            "x",
                            "label y",
                            classifier(random, KERNELS[seed % 4], columns, classes, hasProbabilities));
            int width = hasProbabilities ? classes : Math.max(2, classes * (classes - 1) / 2);
            OperatorJudge.assertEqual("seed " + seed, graph, "y", width, OperatorJudge.numbers(random, 60, columns, 1));
        }
    }

    @Test
    void answersLabelsByVotes() throws OrtException {
        for (int seed = 0; seed < 40; seed++) {
            Random random = new Random(seed);
            int columns = 1 + random.nextInt(6);
            NodeGraph graph = NodeGraph.ofColumns(columns)
                    .ml(
                            "SVMClassifier",
                            "x",
                            "label y",
                            classifier(random, KERNELS[seed % 4], columns, 2 + random.nextInt(4), seed % 3 == 0))
                    .node("Cast", "label", "number", integer("to", 1));
            OperatorJudge.assertEqual(
                    "seed " + seed, graph, "number", 1, OperatorJudge.numbers(random, 60, columns, 1));
        }
    }

    @Test
    void regressesAsOnnxRuntime() throws OrtException {
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            int columns = 1 + random.nextInt(6);
            int vectors = seed % 5 == 4 ? 0 : 1 + random.nextInt(12);
            NodeGraph graph = NodeGraph.ofColumns(columns)
                    .ml(
                            "SVMRegressor",
                            "x",
                            "y",
                            numbers("support_vectors", OperatorJudge.random(random, vectors * columns)),
                            numbers("coefficients", OperatorJudge.random(random, vectors == 0 ? columns : vectors)),
                            numbers("rho", 0.75f),
                            integer("n_supports", vectors),
                            integer("one_class", seed % 7 == 0 ? 1 : 0),
                            text("kernel_type", KERNELS[seed % 4]),
                            numbers("kernel_params", 0.4f, 1, 3));
            OperatorJudge.assertEqual("seed " + seed, graph, "y", 1, OperatorJudge.numbers(random, 60, columns, 1));
        }
    }

    @Test
    void explainsLinearMachinesExactly() {
        Random random = new Random(3);
        NodeGraph graph = new NodeGraph(Signature.of(List.of(InputField.number("a"), InputField.number("b"))))
                .node("Concat", "a b", "x", integer("axis", 1))
                .ml("SVMClassifier", "x", "label y", classifier(random, "LINEAR", 2, 3, false));
        Scorer scorer = OperatorJudge.compile(graph, "y", 3);
        Rows rows = OperatorJudge.numbers(random, 1, 2, 1);
        float[] scores = new float[3];
        scorer.score(rows, scores);
        for (int target = 0; target < 3; target++) {
            double[] terms = new double[2];
            scorer.contributions(rows, 0, target, terms);
            assertThat(scorer.base(target) + terms[0] + terms[1]).isCloseTo(scores[target], within(1e-6));
        }
    }

    @Test
    void refusesListsThatDoNotFit() {
        String[] names = {"coefficients", "rho", "support_vectors", "vectors_per_class", "prob_a", "prob_b"};
        for (String name : names) {
            AttributeProto[] attributes = classifier(new Random(1), "RBF", 3, 3, true);
            for (int i = 0; i < attributes.length; i++) {
                if (attributes[i].getName().equals(name)) {
                    AttributeProto.Builder cut = attributes[i].toBuilder();
                    attributes[i] = (name.equals("vectors_per_class") ? cut.addInts(1) : cut.addFloats(1)).build();
                }
            }
            NodeGraph graph = NodeGraph.ofColumns(3).ml("SVMClassifier", "x", "label y", attributes);
            OperatorJudge.assertRefused(graph, "y", 3, name.startsWith("prob") ? "prob_" : "expected");
        }
        NodeGraph negative = NodeGraph.ofColumns(1)
                .ml(
                        "SVMClassifier",
                        "x",
                        "label y",
                        integers("classlabels_ints", 0, 1),
                        integers("vectors_per_class", Integer.MAX_VALUE, -Integer.MAX_VALUE));
        OperatorJudge.assertRefused(negative, "y", 2, "vectors_per_class");
        NodeGraph many = NodeGraph.ofColumns(1)
                .ml(
                        "SVMRegressor",
                        "x",
                        "y",
                        integer("n_supports", Long.MAX_VALUE),
                        numbers("coefficients", 1),
                        numbers("rho", 1));
        OperatorJudge.assertRefused(many, "y", 1, "coefficients");
        NodeGraph unknown = NodeGraph.ofColumns(1)
                .ml(
                        "SVMRegressor",
                        "x",
                        "y",
                        integer("n_supports", 1),
                        numbers("support_vectors", 1),
                        numbers("coefficients", 1),
                        numbers("rho", 1),
                        text("kernel_type", "LAPLACE"));
        OperatorJudge.assertRefused(unknown, "y", 1, "LAPLACE");
    }
}
