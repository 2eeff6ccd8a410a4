package io.foresell.model.scorer;

import static io.foresell.model.scorer.EditedGraph.assertRefused;
import static io.foresell.model.scorer.EditedGraph.attribute;
import static io.foresell.model.scorer.EditedGraph.edited;
import static io.foresell.model.scorer.EditedGraph.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import ai.onnxruntime.OrtException;
import io.foresell.model.Answer;
import io.foresell.model.PackageException;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.graph.Preprocessing;
import io.foresell.model.graph.RandomModels;
import io.foresell.model.onnx.NodeProto;
import java.util.Arrays;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Operators given or left without what they read: answered as ONNX Runtime does, or refused. */
final class HostileOperatorTest {
    private final RandomModels models = new RandomModels(5);
    private final Preprocessing linear = models.tabular(false);
    private final byte[] logistic = models.logistic(linear);

    @Test
    void imputersReplaceZerosUnlessToldOtherwise() throws OrtException {
        byte[] onnx = edited(logistic, graph -> {
            NodeProto.Builder imputer = node(graph, "Imputer");
            imputer.removeAttribute(imputer.getAttributeList()
                    .indexOf(attribute(imputer, "replaced_value_float").build()));
        });
        Signature signature = linear.signature();
        Scorer scorer = ScorerCompiler.compile(onnx, signature, Answer.binary(), Background.missing(signature));
        Rows rows = new Rows(1, new float[signature.numberWidth()], texts(signature));
        float[] answer = new float[1];
        scorer.score(rows, answer);
        try (OnnxRuntimeJudge judge = new OnnxRuntimeJudge(onnx, signature)) {
            assertThat(answer[0]).isCloseTo(judge.score(rows)[0], within(1e-6f));
        }
    }

    @Test
    void refusesSwitchesThatAreNeitherOnNorOff() {
        for (long value : new long[] {-1, 2, Long.MIN_VALUE}) {
            byte[] onnx = NodeGraph.ofColumns(3)
                    .node("ReduceMax", "x", "y", NodeGraph.integers("axes", 1), NodeGraph.integer("keepdims", value))
                    .output("y");
            assertRefused(onnx, NodeGraph.ofColumns(3).signature(), "keepdims of ReduceMax");
        }
    }

    @Test
    void extractsFromConstantsOfAnyRankOrRefuses() {
        long[][] shapes = {{}, {1}, {0}, {1, 1}, {1, 0}, {0, 1}};
        for (long[] shape : shapes) {
            for (long[] indexShape : shapes) {
                byte[] onnx = NodeGraph.ofColumns(1)
                        .constant("c", new long[shape.length > 0 && product(shape) == 0 ? 0 : 1], shape)
                        .constant("i", new long[indexShape.length > 0 && product(indexShape) == 0 ? 0 : 1], indexShape)
                        .node("Identity", "c", "d")
                        .ml("ArrayFeatureExtractor", "d i", "e")
                        .node("Cast", "e", "f", NodeGraph.integer("to", 1))
                        .node("Add", "x f", "y")
                        .output("y");
                Signature signature = NodeGraph.ofColumns(1).signature();
                try {
                    Scorer scorer =
                            ScorerCompiler.compile(onnx, signature, Answer.regression(), Background.missing(signature));
                    scorer.score(new Rows(1, new float[1], new String[0]), new float[1]);
                } catch (PackageException | UnsupportedOperatorException e) {
                    assertThat(e.getMessage()).isNotBlank();
                }
            }
        }
    }

    private static long product(long[] shape) {
        return LongStream.of(shape).reduce(1, (a, b) -> a * b);
    }

    private static String[] texts(Signature signature) {
        String[] texts = new String[signature.textWidth()];
        Arrays.fill(texts, "");
        return texts;
    }
}
