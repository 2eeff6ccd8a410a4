package io.foresell.model.scorer;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.InvalidProtocolBufferException;
import io.foresell.model.Answer;
import io.foresell.model.PackageException;
import io.foresell.model.PackageException.Reason;
import io.foresell.model.Signature;
import io.foresell.model.onnx.AttributeProto;
import io.foresell.model.onnx.GraphProto;
import io.foresell.model.onnx.ModelProto;
import io.foresell.model.onnx.NodeProto;
import java.util.function.Consumer;

/** Changes what a graph says, and asks whether the compiler refuses it. */
final class EditedGraph {
    private EditedGraph() {}

    static byte[] edited(byte[] onnx, Consumer<GraphProto.Builder> edit) {
        try {
            ModelProto.Builder model = ModelProto.parseFrom(onnx).toBuilder();
            edit.accept(model.getGraphBuilder());
            return model.build().toByteArray();
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    static NodeProto.Builder node(GraphProto.Builder graph, String operator) {
        return graph.getNodeBuilderList().stream()
                .filter(node -> node.getOpType().equals(operator))
                .findFirst()
                .orElseThrow();
    }

    static AttributeProto.Builder attribute(NodeProto.Builder node, String name) {
        return node.getAttributeBuilderList().stream()
                .filter(attribute -> attribute.getName().equals(name))
                .findFirst()
                .orElseThrow();
    }

    static void assertRefused(byte[] onnx, Signature signature, String message) {
        PackageException refusal = catchThrowableOfType(
                PackageException.class,
                () -> ScorerCompiler.compile(onnx, signature, Answer.binary(), Background.missing(signature)));
        assertThat(refusal).isNotNull().hasMessageContaining(message);
        assertThat(refusal.reason()).isEqualTo(Reason.BAD_GRAPH);
    }
}
