package io.foresell.model.scorer;

import static io.foresell.model.scorer.NodeGraph.integer;
import static io.foresell.model.scorer.NodeGraph.integers;
import static io.foresell.model.scorer.NodeGraph.number;

import ai.onnxruntime.OrtException;
import io.foresell.model.Rows;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Comparisons, choices, reductions, indices and casts answer as ONNX Runtime does. */
class NumberOperatorsTest {
    private static final int FLOAT = 1;
    private static final int INT32 = 6;
    private static final int INT64 = 7;
    private static final int BOOL = 9;
    private static final int DOUBLE = 11;

    /** Small numbers with ties, NaN and infinities. */
    private static Rows wild(Random random, int rowCount, int columns) {
        float[] special = {Float.NaN, Float.POSITIVE_INFINITY, Float.NEGATIVE_INFINITY, -0f, 2.5f, -1.5f};
        float[] numbers = new float[rowCount * columns];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = random.nextInt(6) == 0 ? special[random.nextInt(special.length)] : random.nextInt(7) - 3;
        }
        return new Rows(rowCount, numbers, new String[0]);
    }

    @Test
    void comparesAsOnnxRuntime() throws OrtException {
        for (String operator : List.of("Less", "LessOrEqual", "Greater", "GreaterOrEqual", "Equal")) {
            for (int seed = 0; seed < 6; seed++) {
                Random random = new Random(seed);
                int columns = 1 + random.nextInt(5);
                boolean isReversed = random.nextBoolean();
                NodeGraph graph = NodeGraph.ofColumns(columns)
                        .constant("c", new float[] {random.nextInt(3)}, seed % 2 == 0 ? new long[0] : new long[] {1})
                        .node(operator, isReversed ? "c x" : "x c", "b")
                        .node("Cast", "b", "y", integer("to", FLOAT));
                OperatorJudge.assertEqual(operator + seed, graph, "y", columns, wild(random, 40, columns));
            }
        }
    }

    @Test
    void combinesBooleansAsOnnxRuntime() throws OrtException {
        for (String operator : List.of("And", "Or", "Xor")) {
            Random random = new Random(operator.hashCode());
            NodeGraph graph = NodeGraph.ofColumns(4)
                    .constant("zero", new float[] {0}, 1)
                    .constant("one", new float[] {1, -1, 0, 2}, 1, 4)
                    .node("Less", "x zero", "a")
                    .node("Less", "x one", "b")
                    .node(operator, "a b", "c")
                    .node("Not", "c", "d")
                    .node("Cast", "d", "y", integer("to", FLOAT));
            OperatorJudge.assertEqual(operator, graph, "y", 4, wild(random, 40, 4));
        }
        NodeGraph missing = NodeGraph.ofColumns(3).node("IsNaN", "x", "b").node("Cast", "b", "y", integer("to", FLOAT));
        OperatorJudge.assertEqual("IsNaN", missing, "y", 3, wild(new Random(1), 40, 3));
    }

    @Test
    void choosesAsOnnxRuntime() throws OrtException {
        NodeGraph graph = NodeGraph.ofColumns(4)
                .constant("zero", new float[] {0}, 1)
                .constant("row", new float[] {1, 2, 3, 4}, 1, 4)
                .node("Greater", "x zero", "b")
                .node("Where", "b row x", "y");
        OperatorJudge.assertEqual("Where", graph, "y", 4, wild(new Random(2), 40, 4));
    }

    @Test
    void clipsAsOnnxRuntime() throws OrtException {
        NodeGraph both = NodeGraph.ofColumns(4)
                .constant("low", new float[] {-1}, new long[0])
                .constant("high", new float[] {1.5f}, new long[0])
                .node("Clip", "x low high", "y");
        OperatorJudge.assertEqual("both", both, "y", 4, wild(new Random(3), 40, 4));
        NodeGraph low = NodeGraph.ofColumns(4)
                .constant("low", new float[] {-1}, new long[0])
                .node("Clip", "x low", "y");
        OperatorJudge.assertEqual("low", low, "y", 4, wild(new Random(3), 40, 4));
        NodeGraph old = NodeGraph.ofColumns(4).opset(10).mlOpset(2).node("Clip", "x", "y", number("max", 1));
        OperatorJudge.assertEqual("old", old, "y", 4, wild(new Random(3), 40, 4));
    }

    @Test
    void computesAsOnnxRuntime() throws OrtException {
        for (String operator : List.of("Sum", "Max", "Min", "Mean")) {
            NodeGraph graph = NodeGraph.ofColumns(4)
                    .constant("row", new float[] {1, 2, 0, -4}, 1, 4)
                    .node("Neg", "x", "z")
                    .node(operator, "x row z", "y");
            OperatorJudge.assertEqual(operator, graph, "y", 4, OperatorJudge.numbers(new Random(4), 40, 4, 3));
        }
        for (String operator : List.of("Sign", "Floor", "Ceil", "Reciprocal", "Abs", "Sqrt", "Log")) {
            NodeGraph graph = NodeGraph.ofColumns(4).node(operator, "x", "y");
            OperatorJudge.assertEqual(operator, graph, "y", 4, wild(new Random(5), 40, 4));
        }
        NodeGraph power = NodeGraph.ofColumns(4)
                .constant("row", new float[] {1, 2, 0.5f, -1}, 1, 4)
                .node("Pow", "x row", "y");
        OperatorJudge.assertEqual("Pow", power, "y", 4, OperatorJudge.numbers(new Random(6), 40, 4, 3));
    }

    @Test
    void reducesAsOnnxRuntime() throws OrtException {
        String[] operators = {
            "ReduceSum",
            "ReduceMean",
            "ReduceMax",
            "ReduceMin",
            "ReduceProd",
            "ReduceSumSquare",
            "ReduceL1",
            "ReduceL2",
            "ReduceLogSum",
            "ReduceLogSumExp"
        };
        for (String operator : operators) {
            for (int keeps = 0; keeps < 2; keeps++) {
                boolean isInput = operator.equals("ReduceSum");
                NodeGraph graph = NodeGraph.ofColumns(6)
                        .constant("shape", new long[] {-1, 2, 3}, 3)
                        .node("Reshape", "x shape", "z");
                if (isInput) {
                    graph.constant("axes", new long[] {-1}, 1)
                            .node(operator, "z axes", "w", integer("keepdims", keeps));
                } else {
                    graph.node(operator, "z", "w", integers("axes", keeps == 0 ? 2 : -1), integer("keepdims", keeps));
                }
                graph.constant("flat", new long[] {-1, 2}, 2).node("Reshape", "w flat", "y");
                Random random = new Random(operator.hashCode() + keeps);
                OperatorJudge.assertEqual(operator + keeps, graph, "y", 2, OperatorJudge.numbers(random, 40, 6, 2));
            }
        }
        NodeGraph batch = NodeGraph.ofColumns(3).node("ReduceMax", "x", "y", integers("axes", 0));
        OperatorJudge.assertUnsupported(batch, "y", 3, "batch");
    }

    @Test
    void findsIndicesAsOnnxRuntime() throws OrtException {
        for (int seed = 0; seed < 16; seed++) {
            Random random = new Random(seed);
            int columns = 1 + random.nextInt(6);
            NodeGraph graph = NodeGraph.ofColumns(columns)
                    .node(
                            seed % 2 == 0 ? "ArgMax" : "ArgMin",
                            "x",
                            "i",
                            integer("axis", random.nextBoolean() ? 1 : -1),
                            integer("select_last_index", random.nextInt(2)),
                            integer("keepdims", random.nextInt(2)))
                    .node("Cast", "i", "y", integer("to", FLOAT));
            float[] numbers = new float[40 * columns];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = random.nextInt(3);
            }
            OperatorJudge.assertEqual("seed " + seed, graph, "y", 1, new Rows(40, numbers, new String[0]));
        }
    }

    @Test
    void findsTheBestAsOnnxRuntime() throws OrtException {
        for (int seed = 0; seed < 24; seed++) {
            Random random = new Random(seed);
            int columns = 1 + random.nextInt(9);
            int k = 1 + random.nextInt(columns);
            NodeGraph graph = NodeGraph.ofColumns(columns)
                    .constant("k", new long[] {k}, 1)
                    .node("TopK", "x k", "v i", integer("largest", seed % 2))
                    .node("Cast", "i", "j", integer("to", FLOAT))
                    .node("Concat", "v j", "y", integer("axis", 1));
            float[] numbers = new float[40 * columns];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = random.nextInt(5);
            }
            OperatorJudge.assertEqual("seed " + seed, graph, "y", 2 * k, new Rows(40, numbers, new String[0]));
        }
        NodeGraph tooMany =
                NodeGraph.ofColumns(2).constant("k", new long[] {3}, 1).node("TopK", "x k", "y i");
        OperatorJudge.assertRefused(tooMany, "y", 3, "k of");
    }

    @Test
    void extractsAsOnnxRuntime() throws OrtException {
        NodeGraph columns =
                NodeGraph.ofColumns(5).constant("i", new long[] {4, 0, 0}, 3).ml("ArrayFeatureExtractor", "x i", "y");
        OperatorJudge.assertEqual("columns", columns, "y", 3, wild(new Random(7), 40, 5));
        NodeGraph values = NodeGraph.ofColumns(3)
                .constant("values", new float[] {0.5f, 7, -2}, 3)
                .node("ArgMax", "x", "i", integer("axis", 1))
                .ml("ArrayFeatureExtractor", "values i", "z")
                .constant("flat", new long[] {-1, 1}, 2)
                .node("Reshape", "z flat", "y");
        OperatorJudge.assertEqual("values", values, "y", 1, OperatorJudge.numbers(new Random(8), 40, 3, 1));
        NodeGraph outside =
                NodeGraph.ofColumns(2).constant("i", new long[] {2}, 1).ml("ArrayFeatureExtractor", "x i", "y");
        OperatorJudge.assertRefused(outside, "y", 1, "index");
    }

    @Test
    void castsAsOnnxRuntime() throws OrtException {
        for (int to : new int[] {INT64, INT32, BOOL, DOUBLE}) {
            NodeGraph graph = NodeGraph.ofColumns(4)
                    .node("Cast", "x", "z", integer("to", to))
                    .node("Cast", "z", "y", integer("to", FLOAT));
            OperatorJudge.assertEqual("to " + to, graph, "y", 4, OperatorJudge.numbers(new Random(9), 40, 4, 3));
        }
        NodeGraph texts = NodeGraph.ofColumns(1)
                .node("Cast", "x", "z", integer("to", 8))
                .node("Cast", "z", "y", integer("to", FLOAT));
        OperatorJudge.assertUnsupported(texts, "y", 1, "type 8");
    }

    @Test
    void dividesIntegersAsOnnxRuntime() throws OrtException {
        NodeGraph graph = NodeGraph.ofColumns(4)
                .constant("three", new long[] {3}, 1)
                .node("Cast", "x", "i", integer("to", INT64))
                .node("Div", "i three", "d")
                .node("Mul", "d three", "e")
                .node("Sub", "i e", "f")
                .node("Cast", "f", "y", integer("to", FLOAT));
        OperatorJudge.assertEqual("integers", graph, "y", 4, OperatorJudge.numbers(new Random(10), 40, 4, 20));
        NodeGraph again = NodeGraph.ofColumns(4)
                .constant("three", new float[] {3}, 1)
                .node("Cast", "x", "i", integer("to", INT64))
                .node("Cast", "i", "f", integer("to", FLOAT))
                .node("Div", "f three", "y");
        OperatorJudge.assertEqual("floats", again, "y", 4, OperatorJudge.numbers(new Random(10), 40, 4, 20));
    }

    @Test
    void computesConstantsOnce() throws OrtException {
        NodeGraph graph = NodeGraph.ofColumns(3)
                .constant("a", new float[] {4, 9, 16}, 1, 3)
                .constant("axes", new long[] {1}, 1)
                .constant("i", new long[] {7, 2}, 2)
                .constant("two", new long[] {2}, 1)
                .node("Sqrt", "a", "b")
                .node("ReduceSum", "b axes", "c")
                .node("Div", "i two", "j")
                .node("Cast", "j", "k", integer("to", FLOAT))
                .node("ReduceMax", "k", "m", integers("axes", 0))
                .node("Mul", "x b", "d")
                .node("Add", "d c", "e")
                .node("Add", "e m", "y");
        OperatorJudge.assertEqual("folded", graph, "y", 3, OperatorJudge.numbers(new Random(11), 40, 3, 1));
    }

    @Test
    void takesTheShapeOfARow() throws OrtException {
        NodeGraph graph = NodeGraph.ofColumns(3)
                .node("Shape", "x", "s")
                .node("ConstantOfShape", "s", "zeros")
                .node("Add", "x zeros", "y");
        OperatorJudge.assertEqual("shape", graph, "y", 3, OperatorJudge.numbers(new Random(12), 40, 3, 1));
    }

    @Test
    void takesComputedIndicesAndSummands() throws OrtException {
        NodeGraph gather = NodeGraph.ofColumns(3)
                .constant("values", new float[] {0.5f, 7, -2}, 3)
                .node("ArgMax", "x", "i", integer("axis", 1))
                .node("Gather", "values i", "y", integer("axis", 0));
        OperatorJudge.assertEqual("gather", gather, "y", 1, OperatorJudge.numbers(new Random(13), 40, 3, 1));
        NodeGraph gemm = NodeGraph.ofColumns(3)
                .constant("w", OperatorJudge.random(new Random(14), 6), 3, 2)
                .constant("axes", new long[] {1}, 1)
                .node("ReduceSum", "x axes", "c")
                .node("Gemm", "x w c", "y", number("alpha", -2), number("beta", 0.5f));
        OperatorJudge.assertEqual("gemm", gemm, "y", 2, OperatorJudge.numbers(new Random(15), 40, 3, 1));
        NodeGraph vector = NodeGraph.ofColumns(3)
                .constant("w", OperatorJudge.random(new Random(16), 3), 3)
                .node("MatMul", "x w", "y");
        OperatorJudge.assertEqual("vector", vector, "y", 1, OperatorJudge.numbers(new Random(17), 40, 3, 1));
    }

    @Test
    void keepsRowsApartWhereTheBatchMoves() throws OrtException {
        NodeGraph stack = NodeGraph.ofColumns(2)
                .constant("inside", new long[] {1, -1, 2}, 3)
                .node("Neg", "x", "z")
                .node("Reshape", "x inside", "a")
                .node("Reshape", "z inside", "b")
                .node("Exp", "b", "c")
                .constant("inside2", new long[] {1, -1, 2}, 3)
                .node("Reshape", "c inside2", "d")
                .node("Concat", "a d", "s", integer("axis", 0))
                .node("ReduceMean", "s", "y", integers("axes", 0), integer("keepdims", 0));
        OperatorJudge.assertEqual("inside", stack, "y", 2, OperatorJudge.numbers(new Random(18), 40, 2, 1));
        NodeGraph split = NodeGraph.ofColumns(1)
                .constant("two", new long[] {2, -1}, 2)
                .node("Neg", "x", "z")
                .node("Concat", "x z", "s", integer("axis", 0))
                .node("Reshape", "s two", "r")
                .node("Transpose", "r", "y", integers("perm", 1, 0));
        OperatorJudge.assertEqual("split", split, "y", 2, OperatorJudge.numbers(new Random(19), 40, 1, 1));
        NodeGraph stacked = NodeGraph.ofColumns(1)
                .node("Concat", "x x", "s", integer("axis", 0))
                .node("Exp", "s", "y");
        OperatorJudge.assertUnsupported(stacked, "y", 2, "batch");
    }

    @Test
    void refusesIntegersThatNoFloatHolds() {
        NodeGraph graph = NodeGraph.ofColumns(1)
                .constant("large", new long[] {(1L << 24) + 1}, 1)
                .node("Cast", "x", "i", integer("to", INT64))
                .node("Equal", "i large", "b")
                .node("Cast", "b", "y", integer("to", FLOAT));
        OperatorJudge.assertUnsupported(graph, "y", 1, "16777217");
    }
}
