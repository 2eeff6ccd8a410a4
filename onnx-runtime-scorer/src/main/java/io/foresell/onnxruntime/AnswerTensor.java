package io.foresell.onnxruntime;

import ai.onnxruntime.NodeInfo;
import ai.onnxruntime.OnnxJavaType;
import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OnnxValue;
import ai.onnxruntime.TensorInfo;
import io.foresell.model.Answer;
import io.foresell.model.PackageException;
import java.nio.Buffer;
import java.nio.DoubleBuffer;
import java.nio.FloatBuffer;
import java.nio.IntBuffer;
import java.nio.LongBuffer;
import java.util.Map;
import java.util.Set;

/**
 * The output that holds the answer, and where in a row of it. Numbers of other types become floats: labels that a graph gives as
 * integers are answers too.
 *
 * @param name the output that the answer names, or the graph's only one, as in the compiler
 */
record AnswerTensor(String name, Answer answer) {
    private static final Set<OnnxJavaType> NUMBERS =
            Set.of(OnnxJavaType.FLOAT, OnnxJavaType.DOUBLE, OnnxJavaType.INT64, OnnxJavaType.INT32);

    /**
     * Finds the output.
     *
     * @throws PackageException BAD_GRAPH when there is none, or it holds no numbers
     */
    static AnswerTensor of(Map<String, NodeInfo> graph, Answer answer) {
        String name = graph.size() == 1 ? graph.keySet().iterator().next() : answer.output();
        NodeInfo node = graph.get(name);
        if (node == null) {
            throw bad("outputs: %s (expected: %s, or a single one)".formatted(graph.keySet(), answer.output()));
        }
        if (!(node.getInfo() instanceof TensorInfo tensor) || !NUMBERS.contains(tensor.type)) {
            throw bad("output %s: %s (expected: a tensor of numbers)".formatted(name, node.getInfo()));
        }
        return new AnswerTensor(name, answer);
    }

    private static PackageException bad(String message) {
        return new PackageException(PackageException.Reason.BAD_GRAPH, "model.onnx: " + message);
    }

    /** Copies the answers of all rows to consecutive places. */
    void read(OnnxValue value, int rowCount, float[] answers, int to) {
        if (!(value instanceof OnnxTensor tensor)) {
            throw bad("output %s: %s (expected: a tensor)".formatted(name, value.getInfo()));
        }
        Buffer values = numbers(tensor);
        int rowWidth = values.remaining() / rowCount;
        if (values.remaining() != rowCount * rowWidth || rowWidth < answer.firstColumn() + answer.width()) {
            throw bad("output %s: %s for %d rows (expected: %d numbers a row from column %d on)"
                    .formatted(name, tensor.getInfo(), rowCount, answer.width(), answer.firstColumn()));
        }
        for (int row = 0; row < rowCount; row++) {
            copy(values, row * rowWidth + answer.firstColumn(), answers, to + row * answer.width());
        }
    }

    private Buffer numbers(OnnxTensor tensor) {
        Buffer values =
                switch (tensor.getInfo().type) {
                    case FLOAT -> tensor.getFloatBuffer();
                    case DOUBLE -> tensor.getDoubleBuffer();
                    case INT64 -> tensor.getLongBuffer();
                    case INT32 -> tensor.getIntBuffer();
                    case INT8, UINT8, INT16, BOOL, STRING, FLOAT16, BFLOAT16, UNKNOWN -> null;
                };
        if (values == null) {
            throw bad("output %s: %s (expected: a tensor of numbers)".formatted(name, tensor.getInfo()));
        }
        return values;
    }

    private void copy(Buffer values, int from, float[] answers, int to) {
        int width = answer.width();
        if (values instanceof FloatBuffer floats) {
            floats.get(from, answers, to, width);
            return;
        }
        for (int i = 0; i < width; i++) {
            answers[to + i] = number(values, from + i);
        }
    }

    private static float number(Buffer values, int place) {
        if (values instanceof DoubleBuffer doubles) {
            return (float) doubles.get(place);
        }
        return values instanceof LongBuffer longs ? longs.get(place) : ((IntBuffer) values).get(place);
    }
}
