package io.foresell.model.scorer;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import com.google.protobuf.ByteString;
import io.foresell.model.onnx.AttributeProto;
import io.foresell.model.onnx.AttributeProto.AttributeType;
import io.foresell.model.onnx.NodeProto;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** One node of a graph with its inputs resolved; reads attributes with their types checked. */
final class GraphNode {
    private static final long MAX_EXACT = 1L << 24;

    private final NodeProto proto;
    private final String operator;
    private final List<@Nullable Value> inputs;
    private final Map<String, AttributeProto> attributes = new HashMap<>();
    private final Predicate<String> isLive;

    /**
     * Takes a node.
     *
     * @param isLive whether a value is needed: outputs that are not need not be defined
     */
    GraphNode(NodeProto proto, List<@Nullable Value> inputs, Predicate<String> isLive) {
        this.isLive = isLive;
        this.proto = proto;
        this.operator = operatorOf(proto);
        this.inputs = inputs;
        for (AttributeProto attribute : proto.getAttributeList()) {
            if (attributes.put(attribute.getName(), attribute) != null) {
                throw BadGraph.of("attribute %s of %s: given twice", attribute.getName(), this);
            }
            if (!attribute.getRefAttrName().isEmpty()) {
                throw BadGraph.of(
                        "attribute %s of %s: stands for %s of a function (expected: a value)",
                        attribute.getName(), this, attribute.getRefAttrName());
            }
        }
    }

    static String operatorOf(NodeProto proto) {
        String domain = proto.getDomain();
        return domain.isEmpty() || domain.equals("ai.onnx") ? proto.getOpType() : domain + "." + proto.getOpType();
    }

    String operator() {
        return operator;
    }

    @FormatMethod
    UnsupportedOperatorException unsupported(@FormatString String format, Object... arguments) {
        return new UnsupportedOperatorException(operator, format.formatted(arguments));
    }

    boolean hasInput(int index) {
        return index < inputs.size() && inputs.get(index) != null;
    }

    String inputName(int index) {
        input(index);
        return proto.getInput(index);
    }

    int inputCount() {
        return inputs.size();
    }

    Value input(int index) {
        Value value = index < inputs.size() ? inputs.get(index) : null;
        if (value == null) {
            throw BadGraph.of("input %d of %s: missing", index, this);
        }
        return value instanceof EncodedColumns columns ? columns.floats() : value;
    }

    /** Returns an input without having its columns computed, when they are encoded ones; else null. */
    @Nullable
    EncodedColumns encodedColumns(int index) {
        return index < inputs.size() && inputs.get(index) instanceof EncodedColumns columns ? columns : null;
    }

    /** Returns the shape of an input without having it computed. */
    int[] shapeOf(int index) {
        EncodedColumns columns = encodedColumns(index);
        return columns == null ? input(index).shape() : columns.shape();
    }

    /** Returns whether a value has as many columns as some text has tokens: what its shape says of that is not so. */
    static boolean isOfTokens(Value value) {
        return value instanceof Value.Tokens || value instanceof Value.TokenNumbers;
    }

    Value.Floats floats(int index) {
        if (input(index) instanceof Value.Floats floats) {
            return floats;
        }
        throw unsupported("input %d is not a computed float tensor", index);
    }

    /** Returns the columns of a row, [N, columns]. */
    Value.Floats columns(int index) {
        columnCount(index);
        return floats(index);
    }

    /** Returns how many columns an input [N, columns] has, without having it computed. */
    int columnCount(int index) {
        int[] shape = shapeOf(index);
        if (shape.length != 2 || shape[0] != 1) {
            throw unsupported("input %d of shape %s (only [N, columns])", index, Arrays.toString(shape));
        }
        return shape[1];
    }

    Value.Texts texts(int index) {
        if (input(index) instanceof Value.Texts texts) {
            return texts;
        }
        throw unsupported("input %d is not a text input", index);
    }

    Value.FloatConstant floatConstant(int index) {
        if (input(index) instanceof Value.FloatConstant constant) {
            return constant;
        }
        throw unsupported("input %d is not a constant float tensor", index);
    }

    /** Returns a constant of floats or integers as floats. */
    float[] numbersConstant(int index) {
        return input(index) instanceof Value.IntConstant integers
                ? integers.toFloats().values()
                : floatConstant(index).values();
    }

    /** Returns computed floats, or a constant written to the memory of every row. */
    Value.Floats operand(int index, PlanBuilder plan) {
        Value value = input(index);
        if (value instanceof Value.FloatConstant || value instanceof Value.IntConstant) {
            return plan.written(value);
        }
        return floats(index);
    }

    /** Returns integers, those beyond 32 bits cut to the limit: ends of slices say "all" that way. */
    int[] limitedIntConstant(int index) {
        if (input(index) instanceof Value.IntConstant constant) {
            return Arrays.stream(constant.values()).mapToInt(GraphNode::limited).toArray();
        }
        throw unsupported("input %d is not a constant integer tensor", index);
    }

    int[] intConstant(int index) {
        if (input(index) instanceof Value.IntConstant constant) {
            return constant.toInts("input %d of %s".formatted(index, this));
        }
        throw unsupported("input %d is not a constant integer tensor", index);
    }

    int outputCount() {
        return proto.getOutputCount();
    }

    /** Returns whether somebody needs the output. */
    boolean hasOutput(int index) {
        return index < proto.getOutputCount() && isLive.test(proto.getOutput(index));
    }

    String output(int index) {
        if (!hasOutput(index)) {
            throw BadGraph.of("output %d of %s: missing", index, this);
        }
        return proto.getOutput(index);
    }

    /** Refuses optional outputs that are not computed. */
    void requireOnlyOutput() {
        output(0);
        for (int i = 1; i < proto.getOutputCount(); i++) {
            if (hasOutput(i)) {
                throw unsupported("output %d", i);
            }
        }
    }

    boolean has(String name) {
        return attributes.containsKey(name);
    }

    long integer(String name, long absent) {
        AttributeProto attribute = typed(name, AttributeType.INT);
        return attribute == null ? absent : attribute.getI();
    }

    /** Returns a switch: engines differ in what another number than 0 or 1 means. */
    boolean flag(String name, boolean absent) {
        long value = integer(name, absent ? 1 : 0);
        if (value != 0 && value != 1) {
            throw BadGraph.of("%s of %s: %d (expected: 0 or 1)", name, this, value);
        }
        return value == 1;
    }

    float number(String name, float absent) {
        AttributeProto attribute = typed(name, AttributeType.FLOAT);
        return attribute == null ? absent : attribute.getF();
    }

    String text(String name, String absent) {
        AttributeProto attribute = typed(name, AttributeType.STRING);
        return attribute == null ? absent : attribute.getS().toStringUtf8();
    }

    /** Returns 32-bit integers; empty when absent. */
    int[] integers(String name) {
        long[] longs = longs(name);
        int[] values = new int[longs.length];
        for (int i = 0; i < values.length; i++) {
            if (longs[i] != (int) longs[i]) {
                throw BadGraph.of("%s[%d] of %s: %d (expected: a 32-bit integer)", name, i, this, longs[i]);
            }
            values[i] = (int) longs[i];
        }
        return values;
    }

    /** Returns integers; empty when absent. */
    long[] longs(String name) {
        AttributeProto attribute = typed(name, AttributeType.INTS);
        long[] values = new long[attribute == null ? 0 : attribute.getIntsCount()];
        for (int i = 0; i < values.length && attribute != null; i++) {
            values[i] = attribute.getInts(i);
        }
        return values;
    }

    /** Returns an integer as the float that stands for it in the memory; larger ones than floats hold are left to other engines. */
    float exact(long value) {
        if (Math.abs(value) > MAX_EXACT || value == Long.MIN_VALUE) {
            throw unsupported("integer %d (only up to %d)", value, MAX_EXACT);
        }
        return value;
    }

    /** Returns integers, those beyond 32 bits cut to the limit; empty when absent. */
    int[] limitedIntegers(String name) {
        AttributeProto attribute = typed(name, AttributeType.INTS);
        return attribute == null
                ? new int[0]
                : attribute.getIntsList().stream().mapToInt(GraphNode::limited).toArray();
    }

    private static int limited(long value) {
        return (int) Math.max(Integer.MIN_VALUE, Math.min(Integer.MAX_VALUE, value));
    }

    /** Returns finite floats; empty when absent. */
    float[] finiteNumbers(String name) {
        float[] values = numbers(name);
        for (int i = 0; i < values.length; i++) {
            if (!Float.isFinite(values[i])) {
                throw BadGraph.of("%s[%d] of %s: %s (expected: a finite number)", name, i, this, values[i]);
            }
        }
        return values;
    }

    /** Returns floats, NaN and infinities included; empty when absent. */
    float[] numbers(String name) {
        AttributeProto attribute = typed(name, AttributeType.FLOATS);
        float[] values = new float[attribute == null ? 0 : attribute.getFloatsCount()];
        for (int i = 0; i < values.length && attribute != null; i++) {
            values[i] = attribute.getFloats(i);
        }
        return values;
    }

    /** Returns numbers of a list of floats, or of the double tensor "name_as_tensor" in its place; empty when absent. */
    double[] decimals(String name) {
        AttributeProto tensor = typed(name + "_as_tensor", AttributeType.TENSOR);
        if (tensor != null && has(name)) {
            throw BadGraph.of("%s of %s: given twice", name, this);
        }
        return tensor == null ? doubles(numbers(name)) : GraphReader.decimals(tensor.getT());
    }

    private static double[] doubles(float[] floats) {
        double[] doubles = new double[floats.length];
        for (int i = 0; i < floats.length; i++) {
            doubles[i] = floats[i];
        }
        return doubles;
    }

    /** Returns texts; empty when absent. */
    List<String> texts(String name) {
        AttributeProto attribute = typed(name, AttributeType.STRINGS);
        return attribute == null
                ? List.of()
                : attribute.getStringsList().stream()
                        .map(ByteString::toStringUtf8)
                        .toList();
    }

    AttributeProto tensor(String name) {
        AttributeProto attribute = typed(name, AttributeType.TENSOR);
        if (attribute == null) {
            throw unsupported("attribute %s is absent", name);
        }
        return attribute;
    }

    private @Nullable AttributeProto typed(String name, AttributeType type) {
        AttributeProto attribute = attributes.get(name);
        if (attribute != null && attribute.getType() != type) {
            throw BadGraph.of("attribute %s of %s: type %s (expected: %s)", name, this, attribute.getType(), type);
        }
        return attribute;
    }

    @Override
    public String toString() {
        return operator + " \"" + proto.getName() + "\"";
    }
}
