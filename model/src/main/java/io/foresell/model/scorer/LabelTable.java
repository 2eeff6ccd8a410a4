package io.foresell.model.scorer;

import io.foresell.model.onnx.TensorProto;
import io.foresell.model.onnx.TensorProto.DataType;
import java.util.List;

/**
 * One list of labels of a node: texts, integers or floats.
 *
 * @param texts the labels as texts; empty when they are numbers
 * @param numbers the labels as floats; empty when they are texts
 */
@SuppressWarnings("ArrayRecordComponent")
record LabelTable(List<String> texts, float[] numbers, boolean isInteger) {
    /** Reads e.g. keys_strings, keys_int64s, keys_floats or keys_tensor, whichever is there. */
    static LabelTable of(GraphNode node, String name) {
        if (node.has(name + "_tensor")) {
            return of(node.tensor(name + "_tensor").getT());
        }
        List<String> texts = node.texts(name + "_strings");
        long[] integers = node.longs(name + "_int64s");
        float[] floats = node.numbers(name + "_floats");
        int kinds = (texts.isEmpty() ? 0 : 1) + (integers.length == 0 ? 0 : 1) + (floats.length == 0 ? 0 : 1);
        if (kinds != 1) {
            throw BadGraph.of("%s of %s: %d lists (expected: texts, integers or floats)", name, node, kinds);
        }
        float[] numbers = floats;
        if (integers.length > 0) {
            numbers = new float[integers.length];
            for (int i = 0; i < numbers.length; i++) {
                numbers[i] = node.exact(integers[i]);
            }
        }
        return new LabelTable(texts, numbers, integers.length > 0);
    }

    private static LabelTable of(TensorProto tensor) {
        if (tensor.getDataType() == DataType.STRING.getNumber()) {
            return new LabelTable(
                    tensor.getStringDataList().stream()
                            .map(text -> text.toStringUtf8())
                            .toList(),
                    new float[0],
                    false);
        }
        boolean isReal = tensor.getDataType() == DataType.FLOAT.getNumber()
                || tensor.getDataType() == DataType.DOUBLE.getNumber();
        if (isReal) {
            return new LabelTable(List.of(), SvmOperators.toFloats(GraphReader.decimals(tensor)), false);
        }
        if (GraphReader.constant(tensor) instanceof Value.IntConstant integers) {
            return new LabelTable(List.of(), integers.toFloats().values(), true);
        }
        throw new IllegalStateException("a tensor that is neither real nor whole");
    }

    /** Reads what stands for an unknown key, of the kind of this table. */
    LabelTable absent(GraphNode node) {
        if (node.has("default_tensor")) {
            return of(node.tensor("default_tensor").getT());
        }
        if (isText()) {
            return new LabelTable(List.of(node.text("default_string", "_Unused")), new float[0], false);
        }
        float number = isInteger ? node.exact(node.integer("default_int64", -1)) : node.number("default_float", -0f);
        return new LabelTable(List.of(), new float[] {number}, isInteger);
    }

    boolean isText() {
        return !texts.isEmpty();
    }

    int size() {
        return isText() ? texts.size() : numbers.length;
    }
}
