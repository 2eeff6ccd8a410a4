package io.foresell.model.graph;

import java.util.ArrayList;
import java.util.List;

/** Writes boosted trees, or a forest with its weights in the leaves, as ONNX: encoding, TreeEnsembleRegressor, sigmoid. */
public final class TreeEnsembleGraph {
    private TreeEnsembleGraph() {}

    /**
     * Returns the file of {@code sigmoid(calibration(baseLogOdds + sum of leaves))}.
     *
     * @param trees at least one, over the encoded columns; encode numbers raw so that NaN reaches the missing child
     */
    public static byte[] write(
            Preprocessing preprocessing, List<Tree> trees, double baseLogOdds, Calibration calibration) {
        Parameters.requireNoSequences(preprocessing);
        Parameters.requireFinite("base log-odds", baseLogOdds);
        if (trees.isEmpty()) {
            throw new IllegalArgumentException("trees: 0 (expected: 1 or more)");
        }
        Columns columns = new Columns();
        for (int tree = 0; tree < trees.size(); tree++) {
            columns.add(tree, trees.get(tree), preprocessing.encodedWidth());
        }
        GraphBuilder graph = new GraphBuilder(preprocessing.signature());
        String encoded = new EncodingNodes(preprocessing, graph).encoded();
        return graph.finish(columns.node(graph, encoded, (float) baseLogOdds), calibration);
    }

    /** The parallel attribute lists of TreeEnsembleRegressor. */
    private static final class Columns {
        private final List<Long> treeIds = new ArrayList<>();
        private final List<Long> nodeIds = new ArrayList<>();
        private final List<Long> features = new ArrayList<>();
        private final List<Float> thresholds = new ArrayList<>();
        private final List<Float> covers = new ArrayList<>();
        private final List<String> modes = new ArrayList<>();
        private final List<Long> yes = new ArrayList<>();
        private final List<Long> no = new ArrayList<>();
        private final List<Long> missingIsYes = new ArrayList<>();
        private final List<Long> leafTrees = new ArrayList<>();
        private final List<Long> leafNodes = new ArrayList<>();
        private final List<Long> leafTargets = new ArrayList<>();
        private final List<Float> leafWeights = new ArrayList<>();

        void add(long treeId, Tree tree, int width) {
            for (int node = 0; node < tree.nodeCount(); node++) {
                boolean isLeaf = tree.isLeaf(node);
                if (tree.feature[node] >= width) {
                    throw new IllegalArgumentException("feature of node %d in tree %d: %d (expected: below %d)"
                            .formatted(node, treeId, tree.feature[node], width));
                }
                treeIds.add(treeId);
                nodeIds.add((long) node);
                features.add(isLeaf ? 0L : tree.feature[node]);
                thresholds.add(isLeaf ? 0f : tree.threshold[node]);
                covers.add(tree.cover[node]);
                modes.add(isLeaf ? "LEAF" : "BRANCH_LT");
                yes.add(isLeaf ? 0L : tree.yes[node]);
                no.add(isLeaf ? 0L : tree.no[node]);
                missingIsYes.add(!isLeaf && tree.missing[node] == tree.yes[node] ? 1L : 0L);
                if (isLeaf) {
                    leafTrees.add(treeId);
                    leafNodes.add((long) node);
                    leafTargets.add(0L);
                    leafWeights.add(tree.leaf[node]);
                }
            }
        }

        String node(GraphBuilder graph, String encoded, float base) {
            return graph.mlNode(
                    "TreeEnsembleRegressor",
                    List.of(encoded),
                    GraphBuilder.numbers("base_values", List.of(base)),
                    GraphBuilder.integer("n_targets", 1),
                    GraphBuilder.text("aggregate_function", "SUM"),
                    GraphBuilder.text("post_transform", "NONE"),
                    GraphBuilder.integers("nodes_treeids", treeIds),
                    GraphBuilder.integers("nodes_nodeids", nodeIds),
                    GraphBuilder.integers("nodes_featureids", features),
                    GraphBuilder.numbers("nodes_values", thresholds),
                    GraphBuilder.numbers("nodes_hitrates", covers),
                    GraphBuilder.texts("nodes_modes", modes),
                    GraphBuilder.integers("nodes_truenodeids", yes),
                    GraphBuilder.integers("nodes_falsenodeids", no),
                    GraphBuilder.integers("nodes_missing_value_tracks_true", missingIsYes),
                    GraphBuilder.integers("target_treeids", leafTrees),
                    GraphBuilder.integers("target_nodeids", leafNodes),
                    GraphBuilder.integers("target_ids", leafTargets),
                    GraphBuilder.numbers("target_weights", leafWeights));
        }
    }
}
