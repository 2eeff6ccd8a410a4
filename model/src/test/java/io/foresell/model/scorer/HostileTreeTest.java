package io.foresell.model.scorer;

import static io.foresell.model.scorer.EditedGraph.assertRefused;
import static io.foresell.model.scorer.EditedGraph.attribute;
import static io.foresell.model.scorer.EditedGraph.edited;
import static io.foresell.model.scorer.EditedGraph.node;
import static org.assertj.core.api.Assertions.assertThat;

import com.google.protobuf.ByteString;
import io.foresell.model.Answer;
import io.foresell.model.PackageException;
import io.foresell.model.Signature;
import io.foresell.model.graph.Preprocessing;
import io.foresell.model.graph.RandomModels;
import io.foresell.model.onnx.AttributeProto;
import io.foresell.model.onnx.NodeProto;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/** Nodes that are no tree are refused; trees of any depth are scored or refused. */
final class HostileTreeTest {
    @Test
    void refusesNodesThatAreNoTree() {
        RandomModels random = new RandomModels(2);
        Preprocessing preprocessing = random.tabular(true);
        Signature signature = preprocessing.signature();
        byte[] trees = random.trees(preprocessing, 1, 3);
        assertRefused(treesWith(trees, "nodes_truenodeids", 0, 0), signature, "");
        assertRefused(treesWith(trees, "nodes_truenodeids", 0, 99), signature, "child 99");
        assertRefused(treesWith(trees, "nodes_featureids", 0, 99), signature, "feature 99");
        assertRefused(treesWith(trees, "nodes_nodeids", 1, 0), signature, "given twice");
        assertRefused(treesWith(trees, "target_nodeids", 0, 0), signature, "expected: a leaf");
        byte[] cut = edited(trees, graph -> attribute(node(graph, "TreeEnsembleRegressor"), "nodes_values")
                .clearFloats());
        assertRefused(cut, signature, "nodes_values: 0 values");
    }

    private static byte[] treesWith(byte[] onnx, String attribute, int index, long value) {
        return edited(onnx, graph -> attribute(node(graph, "TreeEnsembleRegressor"), attribute)
                .setInts(index, value));
    }

    @Test
    void scoresOrRefusesTreesOfAnyDepth() {
        int depth = 200_000;
        RandomModels random = new RandomModels(2);
        Preprocessing preprocessing = random.tabular(true);
        byte[] onnx =
                edited(random.trees(preprocessing, 1, 1), graph -> chain(node(graph, "TreeEnsembleRegressor"), depth));
        Signature signature = preprocessing.signature();
        try {
            Scorer scorer = ScorerCompiler.compile(onnx, signature, Answer.binary(), Background.missing(signature));
            scorer.score(random.rows(signature, 1, 1), new float[1]);
            scorer.contributions(
                    random.rows(signature, 1, 1),
                    0,
                    0,
                    new double[signature.inputs().size()]);
        } catch (PackageException | UnsupportedOperatorException e) {
            assertThat(e.getMessage()).contains("expected");
        }
    }

    /** Makes the tree a chain: every node has a leaf and the next node below. */
    private static void chain(NodeProto.Builder node, int depth) {
        List<AttributeProto> kept = new ArrayList<>();
        for (AttributeProto attribute : node.getAttributeList()) {
            if (!attribute.getName().startsWith("nodes_")
                    && !attribute.getName().startsWith("target_")) {
                kept.add(attribute);
            }
        }
        node.clearAttribute().addAllAttribute(kept);
        int count = 2 * depth + 1;
        long[] ids = new long[count];
        long[] yes = new long[count];
        long[] no = new long[count];
        float[] values = new float[count];
        List<ByteString> modes = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            boolean isLeaf = i % 2 == 1 || i == count - 1;
            ids[i] = i;
            yes[i] = isLeaf ? 0 : i + 1;
            no[i] = isLeaf ? 0 : i + 2;
            values[i] = isLeaf ? 0 : (float) i;
            modes.add(ByteString.copyFromUtf8(isLeaf ? "LEAF" : "BRANCH_LT"));
        }
        long[] zeros = new long[count];
        integers(node, "nodes_treeids", zeros);
        integers(node, "nodes_nodeids", ids);
        integers(node, "nodes_featureids", zeros);
        integers(node, "nodes_truenodeids", yes);
        integers(node, "nodes_falsenodeids", no);
        integers(node, "nodes_missing_value_tracks_true", zeros);
        floats(node, "nodes_values", values);
        floats(node, "nodes_hitrates", new float[count]);
        node.addAttribute(AttributeProto.newBuilder()
                .setName("nodes_modes")
                .setType(AttributeProto.AttributeType.STRINGS)
                .addAllStrings(modes));
        long[] leaves = LongStream.range(0, count)
                .filter(i -> i % 2 == 1 || i == count - 1)
                .toArray();
        integers(node, "target_treeids", new long[leaves.length]);
        integers(node, "target_nodeids", leaves);
        integers(node, "target_ids", new long[leaves.length]);
        floats(node, "target_weights", new float[leaves.length]);
    }

    private static void integers(NodeProto.Builder node, String name, long[] values) {
        AttributeProto.Builder attribute =
                node.addAttributeBuilder().setName(name).setType(AttributeProto.AttributeType.INTS);
        for (long value : values) {
            attribute.addInts(value);
        }
    }

    private static void floats(NodeProto.Builder node, String name, float[] values) {
        AttributeProto.Builder attribute =
                node.addAttributeBuilder().setName(name).setType(AttributeProto.AttributeType.FLOATS);
        for (float value : values) {
            attribute.addFloats(value);
        }
    }
}
