package io.foresell.model.graph;

import java.util.ArrayList;
import java.util.List;

/** The parallel attribute lists of TreeEnsembleRegressor. */
final class TreeColumns {
    private final double share;
    private final int outputs;
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

    /** Starts lists whose leaves are multiplied by a share. */
    TreeColumns(double share, int outputs) {
        this.share = share;
        this.outputs = outputs;
    }

    void add(int treeId, Tree tree) {
        for (int node = 0; node < tree.nodeCount(); node++) {
            boolean isLeaf = tree.isLeaf(node);
            treeIds.add((long) treeId);
            nodeIds.add((long) node);
            features.add(isLeaf ? 0L : tree.feature[node]);
            thresholds.add(isLeaf ? 0f : tree.threshold[node]);
            covers.add(tree.cover[node]);
            modes.add(isLeaf ? "LEAF" : "BRANCH_LT");
            yes.add(isLeaf ? 0L : tree.yes[node]);
            no.add(isLeaf ? 0L : tree.no[node]);
            missingIsYes.add(!isLeaf && tree.missing[node] == tree.yes[node] ? 1L : 0L);
            if (isLeaf) {
                addLeaf(treeId, tree, node);
            }
        }
    }

    private void addLeaf(int treeId, Tree tree, int node) {
        int width = tree.leafWidth();
        boolean hasTarget = false;
        for (int i = 0; i < width; i++) {
            float value = (float) (share * tree.leaf[node * width + i]);
            // Zeros need not be stored, but a leaf must have a value.
            if (value != 0 || (i == width - 1 && !hasTarget)) {
                hasTarget = true;
                leafTrees.add((long) treeId);
                leafNodes.add((long) node);
                leafTargets.add((long) (width == 1 ? treeId % outputs : i));
                leafWeights.add(value);
            }
        }
    }

    String node(GraphBuilder graph, String encoded, float[] base) {
        return graph.mlNode(
                "TreeEnsembleRegressor",
                List.of(encoded),
                GraphBuilder.numbers("base_values", Parameters.list(base)),
                GraphBuilder.integer("n_targets", base.length),
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
