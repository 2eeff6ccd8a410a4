package io.foresell.model.scorer;

import static io.foresell.model.scorer.EditedGraph.assertRefused;
import static io.foresell.model.scorer.EditedGraph.attribute;
import static io.foresell.model.scorer.EditedGraph.edited;
import static io.foresell.model.scorer.EditedGraph.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import io.foresell.model.Answer;
import io.foresell.model.InputField;
import io.foresell.model.PackageException;
import io.foresell.model.Signature;
import io.foresell.model.graph.NumberEncoding;
import io.foresell.model.graph.Preprocessing;
import io.foresell.model.graph.RandomModels;
import io.foresell.model.onnx.AttributeProto;
import io.foresell.model.onnx.NodeProto;
import io.foresell.model.onnx.TensorProto;
import io.foresell.model.onnx.TensorShapeProto;
import io.foresell.model.onnx.TypeProto;
import io.foresell.model.onnx.ValueInfoProto;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Small files that would take memory or time without end are refused. */
final class EndlessGraphTest {
    private final RandomModels models = new RandomModels(5);
    private final Preprocessing linear = models.tabular(false);
    private final byte[] logistic = models.logistic(linear);

    @Test
    void refusesMemoryBeyondItsBound() {
        Signature signature = Signature.of(List.of(InputField.number("x")));
        Preprocessing preprocessing = new Preprocessing(List.of(NumberEncoding.standardized("x", 0, 1)));
        byte[] small = models.logistic(preprocessing);
        // Each Add doubles a broadcast dimension: 2^30 floats after thirty nodes of a hundred bytes.
        byte[] growing = edited(small, graph -> {
            String last = node(graph, "Gemm").getOutput(0);
            for (int i = 0; i < 30; i++) {
                graph.addNode(NodeProto.newBuilder()
                        .setOpType("Concat")
                        .addInput(last)
                        .addInput(last)
                        .addOutput("grown" + i)
                        .addAttribute(AttributeProto.newBuilder()
                                .setName("axis")
                                .setType(AttributeProto.AttributeType.INT)
                                .setI(1)));
                last = "grown" + i;
            }
            graph.clearOutput().addOutput(ValueInfoProto.newBuilder().setName(last));
        });
        assertRefused(growing, signature, "at most");
    }

    @Test
    void refusesMillionsOfEmptyMessages() {
        byte[] bytes = new byte[12 << 20];
        // Field 7 (graph) holding nothing but field 1 (node) of length 0.
        bytes[0] = 0x3a;
        int length = bytes.length - 5;
        for (int i = 1; i <= 4; i++) {
            bytes[i] = (byte) (((length >>> (7 * (i - 1))) & 0x7f) | (i < 4 ? 0x80 : 0));
        }
        for (int i = 5; i + 1 < bytes.length; i += 2) {
            bytes[i] = 0x0a;
        }
        assertRefused(bytes, linear.signature(), "too many");
    }

    @Test
    void refusesWorkBeyondItsBound() {
        Signature signature = Signature.of(List.of(InputField.sequence("x", 2000)));
        // One matrix of 16 MB used by many nodes: small file, endless row.
        byte[] onnx = edited(logistic, whole -> {
            whole.clear();
            whole.addInitializer(TensorProto.newBuilder()
                    .setName("w")
                    .setDataType(TensorProto.DataType.FLOAT.getNumber())
                    .addDims(2000)
                    .addDims(2000)
                    .setRawData(ByteString.copyFrom(new byte[16_000_000])));
            whole.addInput(input("x", 2000));
            for (int i = 0; i < 1000; i++) {
                whole.addNode(NodeProto.newBuilder()
                        .setOpType("MatMul")
                        .addInput(i == 0 ? "x" : "y" + (i - 1))
                        .addInput("w")
                        .addOutput("y" + i));
            }
            whole.addOutput(ValueInfoProto.newBuilder().setName("y999"));
        });
        assertRefused(onnx, signature, "operations of a row");
    }

    private static ValueInfoProto input(String name, int width) {
        TypeProto.Tensor type = TypeProto.Tensor.newBuilder()
                .setElemType(TensorProto.DataType.FLOAT.getNumber())
                .setShape(TensorShapeProto.newBuilder()
                        .addDim(TensorShapeProto.Dimension.newBuilder().setDimParam("N"))
                        .addDim(TensorShapeProto.Dimension.newBuilder().setDimValue(width)))
                .build();
        return ValueInfoProto.newBuilder()
                .setName(name)
                .setType(TypeProto.newBuilder().setTensorType(type))
                .build();
    }

    @Test
    void refusesGroupsNestedWithoutEnd() {
        // Field 99 as a group, which only readers of unknown fields would follow.
        byte[] bytes = new byte[4_000_000];
        for (int i = 0; i < bytes.length; i += 2) {
            bytes[i] = (byte) 0x9b;
            bytes[i + 1] = 0x06;
        }
        assertRefused(bytes, linear.signature(), "group");
    }

    @Test
    void refusesNumbersThatWouldFillTheMemory() {
        // 16 million integers, a tag and a byte each, in one list.
        ByteString integers = ByteString.copyFrom(repeated(new byte[] {0x40, 1}, 16_000_000));
        byte[] onnx = edited(logistic, graph -> {});
        ByteString attribute = length(0x2a, integers);
        ByteString node = length(0x0a, attribute);
        ByteString graph = length(0x3a, node);
        assertRefused(ByteString.copyFrom(onnx).concat(graph).toByteArray(), linear.signature(), "too many");
    }

    private static byte[] repeated(byte[] piece, int count) {
        byte[] bytes = new byte[piece.length * count];
        for (int i = 0; i < bytes.length; i++) {
            bytes[i] = piece[i % piece.length];
        }
        return bytes;
    }

    private static ByteString length(int tag, ByteString content) {
        byte[] head = new byte[6];
        head[0] = (byte) tag;
        for (int i = 0; i < 5; i++) {
            head[1 + i] = (byte) (((content.size() >>> (7 * i)) & 0x7f) | (i < 4 ? 0x80 : 0));
        }
        return ByteString.copyFrom(head).concat(content);
    }

    @Test
    void refusesShapesOfManyDimensions() {
        // A Reshape to a million ones, repeated: small nodes, endless shapes.
        byte[] onnx = edited(logistic, graph -> {
            TensorProto.Builder ones = TensorProto.newBuilder()
                    .setName("ones")
                    .setDataType(TensorProto.DataType.INT64_VALUE)
                    .addDims(100_000);
            for (int i = 0; i < 100_000; i++) {
                ones.addInt64Data(1);
            }
            graph.addInitializer(ones);
            String first = graph.getInput(0).getName();
            graph.addNode(
                    0,
                    NodeProto.newBuilder()
                            .setOpType("Reshape")
                            .addInput(first)
                            .addInput("ones")
                            .addOutput("r"));
            graph.clearOutput().addOutput(ValueInfoProto.newBuilder().setName("r"));
        });
        assertRefused(onnx, linear.signature(), "dimensions");
    }

    @Test
    void refusesConstantsReadWithoutEnd() {
        byte[] onnx = edited(logistic, graph -> {
            graph.addInitializer(TensorProto.newBuilder()
                    .setName("large")
                    .setDataType(TensorProto.DataType.INT64_VALUE)
                    .addDims(1_000_000)
                    .setRawData(ByteString.copyFrom(new byte[8_000_000])));
            String last = node(graph, "Sigmoid").getOutput(0);
            for (int i = 0; i < 1000; i++) {
                graph.addNode(NodeProto.newBuilder()
                        .setOpType("Unsqueeze")
                        .addInput(last)
                        .addInput("large")
                        .addOutput("u" + i));
                last = "u" + i;
            }
            graph.clearOutput().addOutput(ValueInfoProto.newBuilder().setName(last));
        });
        PackageException refusal = catchThrowableOfType(
                PackageException.class,
                () -> ScorerCompiler.compile(
                        onnx, linear.signature(), Answer.binary(), Background.missing(linear.signature())));
        assertThat(refusal).isNotNull();
    }
}
