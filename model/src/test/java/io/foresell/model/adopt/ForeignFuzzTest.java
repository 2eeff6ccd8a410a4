package io.foresell.model.adopt;

import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import com.google.protobuf.InvalidProtocolBufferException;
import io.foresell.model.PackageException;
import io.foresell.model.Rows;
import io.foresell.model.onnx.AttributeProto;
import io.foresell.model.onnx.GraphProto;
import io.foresell.model.onnx.ModelProto;
import io.foresell.model.onnx.NodeProto;
import io.foresell.model.onnx.TensorProto;
import io.foresell.model.scorer.Background;
import io.foresell.model.scorer.Scorer;
import io.foresell.model.scorer.ScorerCompiler;
import io.foresell.model.scorer.UnsupportedOperatorException;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/** Foreign graphs with broken attributes, constants and wires are refused or scored; nothing else ever happens. */
class ForeignFuzzTest {
    private static final int DRAWS = 4_000;

    @Test
    void refusesOrScoresBrokenGraphs() {
        List<ForeignModels.Model> models = new ArrayList<>();
        List<AdoptedGraph> adopted = new ArrayList<>();
        for (String name : ForeignModels.names()) {
            ForeignModels.Model model = ForeignModels.read(name);
            if (model.onnx().length < 12_000) {
                models.add(model);
                adopted.add(ForeignGraph.inspect(model.onnx()).adopt(model.adoption()));
            }
        }
        Random random = new Random(11);
        int scored = 0;
        int refused = 0;
        for (int draw = 0; draw < DRAWS; draw++) {
            int which = random.nextInt(models.size());
            AdoptedGraph graph = adopted.get(which);
            byte[] broken = broken(graph.onnx(), random);
            try {
                Scorer scorer = ScorerCompiler.compile(
                        broken, graph.signature(), graph.answer(), Background.missing(graph.signature()));
                Rows rows = models.get(which).rows(graph.signature());
                scorer.score(rows, new float[rows.rowCount() * graph.answer().width()]);
                scored++;
            } catch (PackageException | UnsupportedOperatorException e) {
                assertThat(e.getMessage()).isNotEmpty();
                refused++;
            } catch (RuntimeException e) {
                throw new AssertionError(
                        "draw %d of %s".formatted(draw, models.get(which).name()), e);
            }
        }
        assertThat(scored).isGreaterThan(DRAWS / 20);
        assertThat(refused).isGreaterThan(DRAWS / 20);
    }

    private static byte[] broken(byte[] onnx, Random random) {
        try {
            ModelProto.Builder model = ModelProto.parseFrom(onnx).toBuilder();
            for (int i = random.nextInt(3); i >= 0; i--) {
                mutate(model.getGraphBuilder(), random);
            }
            return model.build().toByteArray();
        } catch (InvalidProtocolBufferException e) {
            throw new AssertionError(e);
        }
    }

    private static void mutate(GraphProto.Builder graph, Random random) {
        NodeProto.Builder node = graph.getNodeBuilder(random.nextInt(graph.getNodeCount()));
        switch (random.nextInt(5)) {
            case 0 -> {
                if (graph.getInitializerCount() > 0) {
                    mutate(graph.getInitializerBuilder(random.nextInt(graph.getInitializerCount())), random);
                }
            }
            case 1 -> node.setInput(
                    random.nextInt(node.getInputCount()),
                    random.nextBoolean()
                            ? graph.getInput(random.nextInt(graph.getInputCount()))
                                    .getName()
                            : graph.getNode(random.nextInt(graph.getNodeCount()))
                                    .getOutput(0));
            default -> {
                if (node.getAttributeCount() > 0) {
                    mutate(node.getAttributeBuilder(random.nextInt(node.getAttributeCount())), random);
                }
            }
        }
    }

    private static void mutate(AttributeProto.Builder attribute, Random random) {
        long[] integers = {-2, -1, 0, 1, 2, 3, 7, 1000, 1L << 31, Long.MIN_VALUE, Long.MAX_VALUE};
        long integer = integers[random.nextInt(integers.length)];
        float[] floats = {Float.NaN, Float.POSITIVE_INFINITY, 0, -1, 1e30f};
        float number = floats[random.nextInt(floats.length)];
        int choice = random.nextInt(4);
        if (choice == 0) {
            attribute.addInts(integer).addFloats(number);
        } else if (attribute.getIntsCount() > 0) {
            int at = random.nextInt(attribute.getIntsCount());
            attribute.setInts(at, integer);
        } else if (attribute.getFloatsCount() > 0) {
            attribute.setFloats(random.nextInt(attribute.getFloatsCount()), number);
        } else if (attribute.getStringsCount() > 0) {
            attribute.setStrings(random.nextInt(attribute.getStringsCount()), ByteString.copyFromUtf8(""));
        } else if (attribute.hasS()) {
            String[] texts = {"", "NONE", "LOGISTIC", "RBF", "TFIDF", "[^a]+", "L1", "UPPER"};
            attribute.setS(ByteString.copyFromUtf8(texts[random.nextInt(texts.length)]));
        } else if (attribute.hasI()) {
            attribute.setI(integer);
        } else {
            attribute.setF(number);
        }
    }

    private static void mutate(TensorProto.Builder tensor, Random random) {
        switch (random.nextInt(3)) {
            case 0 -> tensor.addDims(random.nextInt(3));
            case 1 -> tensor.setRawData(
                    tensor.getRawData().substring(tensor.getRawData().size() / 2));
            default -> {
                for (int i = 0; i < tensor.getDimsCount(); i++) {
                    tensor.setDims(i, random.nextInt(5) - 1);
                }
                if (tensor.getInt64DataCount() > 0) {
                    tensor.setInt64Data(random.nextInt(tensor.getInt64DataCount()), random.nextInt(9) - 3);
                }
            }
        }
    }
}
