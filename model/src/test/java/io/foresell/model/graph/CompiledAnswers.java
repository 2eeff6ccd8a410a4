package io.foresell.model.graph;

import static org.assertj.core.api.Assertions.fail;

import com.google.protobuf.InvalidProtocolBufferException;
import io.foresell.model.Answer;
import io.foresell.model.Rows;
import io.foresell.model.Signature;
import io.foresell.model.Task;
import io.foresell.model.onnx.ModelProto;
import io.foresell.model.onnx.ValueInfoProto;
import io.foresell.model.scorer.Background;
import io.foresell.model.scorer.Scorer;
import io.foresell.model.scorer.ScorerCompiler;
import java.util.List;
import java.util.stream.IntStream;

/** The compiled scorer held against what ONNX Runtime answered. */
final class CompiledAnswers {
    private CompiledAnswers() {}

    static void check(String name, byte[] onnx, Signature signature, Rows rows, float[] expected) {
        Answer answer = answer(onnx);
        Scorer scorer = ScorerCompiler.compile(onnx, signature, answer, Background.missing(signature));
        float[] actual = new float[rows.rowCount() * answer.width()];
        scorer.score(rows, actual);
        for (int i = 0; i < actual.length; i++) {
            // Infinity minus infinity is nobody's answer.
            boolean isSame = Math.abs(actual[i] - expected[i]) <= 1e-5f * Math.max(1, Math.abs(expected[i]))
                    || actual[i] == expected[i]
                    || !Float.isFinite(expected[i]);
            if (!isSame) {
                fail("%s row %d, compiled: %s (expected: %s)"
                        .formatted(name, i / answer.width(), actual[i], expected[i]));
            }
        }
        float[] alone = new float[answer.width()];
        scorer.score(RandomModels.single(rows, 1, signature), alone);
        for (int i = 0; i < alone.length; i++) {
            if (Float.compare(alone[i], actual[answer.width() + i]) != 0) {
                fail("%s row 1 alone, compiled: %s (expected: %s)"
                        .formatted(name, alone[i], actual[answer.width() + i]));
            }
        }
    }

    /** Returns the answer that the first output's name stands for. */
    private static Answer answer(byte[] onnx) {
        ValueInfoProto output = firstOutput(onnx);
        long width = output.getType().getTensorType().getShape().getDim(1).getDimValue();
        Task task = output.getName().startsWith("probability")
                ? Task.BINARY
                : output.getName().startsWith("value")
                        ? Task.REGRESSION
                        : output.getName().startsWith("memberships")
                                ? Task.CLUSTERS
                                : output.getName().startsWith("scores") ? Task.RANKING : Task.MULTICLASS;
        boolean isLabelled = task != Task.BINARY && task != Task.REGRESSION;
        List<String> labels = IntStream.range(0, isLabelled ? (int) width : 0)
                .mapToObj(Integer::toString)
                .toList();
        return new Answer(task, output.getName(), 0, labels);
    }

    private static ValueInfoProto firstOutput(byte[] onnx) {
        try {
            return ModelProto.parseFrom(onnx).getGraph().getOutput(0);
        } catch (InvalidProtocolBufferException e) {
            throw new IllegalStateException(e);
        }
    }
}
