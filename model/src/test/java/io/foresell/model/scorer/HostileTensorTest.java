package io.foresell.model.scorer;

import static io.foresell.model.scorer.EditedGraph.assertRefused;
import static io.foresell.model.scorer.EditedGraph.attribute;
import static io.foresell.model.scorer.EditedGraph.edited;
import static io.foresell.model.scorer.EditedGraph.node;

import com.google.protobuf.ByteString;
import io.foresell.model.graph.Preprocessing;
import io.foresell.model.graph.RandomModels;
import io.foresell.model.onnx.TensorProto;
import org.junit.jupiter.api.Test;

/** Tensors whose values, shapes and sizes do not fit each other are refused with the reason. */
final class HostileTensorTest {
    private final RandomModels models = new RandomModels(5);
    private final Preprocessing linear = models.tabular(false);
    private final byte[] logistic = models.logistic(linear);

    @Test
    void refusesWeightsThatAreNotFinite() {
        for (float value : new float[] {Float.NaN, Float.POSITIVE_INFINITY}) {
            byte[] onnx =
                    edited(logistic, graph -> graph.getInitializerBuilder(0).setFloatData(0, value));
            assertRefused(onnx, linear.signature(), "finite");
        }
        byte[] scaler = edited(
                logistic, graph -> attribute(node(graph, "Scaler"), "scale").setFloats(0, Float.NaN));
        assertRefused(scaler, linear.signature(), "scale[0]");
    }

    @Test
    void refusesShapesThatDoNotFit() {
        byte[] onnx = edited(logistic, graph -> graph.getInitializerBuilder(0).setDims(1, 7777));
        assertRefused(onnx, linear.signature(), "values (expected: ");
        byte[] huge = edited(logistic, graph -> graph.getInitializerBuilder(0)
                .setDims(0, Integer.MAX_VALUE)
                .setDims(1, Integer.MAX_VALUE));
        assertRefused(huge, linear.signature(), "at most");
        byte[] outside =
                edited(logistic, graph -> graph.getInitializerBuilder(0).setDataLocation(1));
        assertRefused(outside, linear.signature(), "outside");
    }

    @Test
    void refusesDimensionsThatOverflow() {
        for (long[] dims : new long[][] {
            {-1, 2}, {Long.MAX_VALUE}, {1L << 32}, {65_536, 65_536}, {Integer.MAX_VALUE, 2, 2}, {Long.MIN_VALUE}
        }) {
            byte[] onnx = edited(logistic, graph -> {
                TensorProto.Builder tensor = graph.getInitializerBuilder(0).clearDims();
                for (long dimension : dims) {
                    tensor.addDims(dimension);
                }
            });
            assertRefused(onnx, linear.signature(), "(expected: ");
        }
    }

    @Test
    void refusesValuesInTwoFields() {
        byte[] both = edited(logistic, graph -> {
            TensorProto.Builder tensor = graph.getInitializerBuilder(0);
            tensor.setRawData(ByteString.copyFrom(new byte[4 * tensor.getFloatDataCount()]));
        });
        assertRefused(both, linear.signature(), "several fields");
        byte[] typeless =
                edited(logistic, graph -> graph.getInitializerBuilder(0).addInt64Data(1));
        assertRefused(typeless, linear.signature(), "several fields or of another type");
        byte[] segmented = edited(
                logistic, graph -> graph.getInitializerBuilder(0).setSegment(ByteString.copyFrom(new byte[] {8, 1})));
        assertRefused(segmented, linear.signature(), "several fields");
    }
}
