package io.foresell.model.scorer;

import static io.foresell.model.scorer.EditedGraph.assertRefused;
import static io.foresell.model.scorer.EditedGraph.attribute;
import static io.foresell.model.scorer.EditedGraph.edited;
import static io.foresell.model.scorer.EditedGraph.node;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.foresell.model.Answer;
import io.foresell.model.InputField;
import io.foresell.model.Signature;
import io.foresell.model.graph.Preprocessing;
import io.foresell.model.graph.RandomModels;
import io.foresell.model.onnx.ModelProto;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Graphs that lie are refused with the reason; graphs we merely do not know name the operator. */
final class HostileGraphTest {
    private final RandomModels models = new RandomModels(5);
    private final Preprocessing linear = models.tabular(false);
    private final byte[] logistic = models.logistic(linear);

    @Test
    void refusesCycle() {
        byte[] onnx = edited(logistic, graph -> node(graph, "Gemm")
                .setInput(0, graph.getOutput(0).getName()));
        assertRefused(onnx, linear.signature(), "no cycle");
    }

    @Test
    void refusesInputsThatAreNotTheSignature() {
        Signature other = Signature.of(List.of(InputField.number("other")));
        assertRefused(logistic, other, "not in the signature");
        List<InputField> more = new ArrayList<>(linear.signature().inputs());
        more.add(InputField.number("more"));
        assertRefused(logistic, Signature.of(more), "input more: missing");
    }

    @Test
    void refusesNamesGivenTwice() {
        byte[] twice = edited(logistic, graph -> graph.addInitializer(graph.getInitializer(0)));
        assertRefused(twice, linear.signature(), "defined twice");
        byte[] node = edited(logistic, graph -> graph.addNode(0, graph.getNode(0)));
        assertRefused(node, linear.signature(), "twice");
        byte[] input = edited(logistic, graph -> graph.addInput(graph.getInput(0)));
        assertRefused(input, linear.signature(), "defined twice");
        byte[] attribute = edited(logistic, graph -> node(graph, "Scaler")
                .addAttribute(node(graph, "Scaler").getAttribute(0)));
        assertRefused(attribute, linear.signature(), "given twice");
    }

    @Test
    void refusesAttributesOfFunctions() {
        byte[] onnx = edited(
                logistic, graph -> attribute(node(graph, "Scaler"), "scale").setRefAttrName("outer"));
        assertRefused(onnx, linear.signature(), "stands for outer of a function");
    }

    @Test
    void namesOperatorThatDoesNotCompile() {
        byte[] onnx = edited(logistic, graph -> node(graph, "Sigmoid").setOpType("Det"));
        UnsupportedOperatorException unsupported = catchThrowableOfType(
                UnsupportedOperatorException.class,
                () -> ScorerCompiler.compile(
                        onnx, linear.signature(), Answer.binary(), Background.missing(linear.signature())));
        assertThat(unsupported.operator()).isEqualTo("Det");
    }

    @Test
    void leavesWhatItDoesNotKnowToOtherEngines() {
        assertUnsupported(model -> model.setIrVersion(99), "ir_version");
        assertUnsupported(model -> model.clearIrVersion(), "ir_version");
        assertUnsupported(model -> model.addFunctions(ByteString.copyFrom(new byte[] {10, 0})), "functions");
        assertUnsupported(
                model -> model.getGraphBuilder().addSparseInitializer(ByteString.copyFrom(new byte[] {10, 0})),
                "sparse_initializer");
        assertUnsupported(model -> model.getOpsetImportBuilder(0).setVersion(6), "opset");
        assertUnsupported(model -> model.getOpsetImportBuilder(0).setVersion(27), "opset");
        assertUnsupported(model -> model.getOpsetImportBuilder(1).setVersion(5), "opset");
        assertUnsupported(model -> node(model.getGraphBuilder(), "Sigmoid").setOpType("If"), "If");
        byte[] twoVersions = changed(model -> model.addOpsetImport(
                model.getOpsetImportBuilder(0).build().toBuilder().setVersion(13)));
        assertRefused(twoVersions, linear.signature(), "versions 15 and 13");
        assertRefused(changed(model -> model.clearOpsetImport()), linear.signature(), "without the default domain");
        assertRefused(changed(model -> model.clearGraph()), linear.signature(), "0 nodes");
    }

    private byte[] changed(Consumer<ModelProto.Builder> change) {
        try {
            ModelProto.Builder model = ModelProto.parseFrom(logistic).toBuilder();
            change.accept(model);
            return model.build().toByteArray();
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private void assertUnsupported(Consumer<ModelProto.Builder> change, String operator) {
        Signature signature = linear.signature();
        byte[] onnx = changed(change);
        UnsupportedOperatorException unsupported = catchThrowableOfType(
                UnsupportedOperatorException.class,
                () -> ScorerCompiler.compile(onnx, signature, Answer.binary(), Background.missing(signature)));
        assertThat(unsupported).as(operator).isNotNull();
        assertThat(unsupported.operator()).startsWith(operator);
    }
}
