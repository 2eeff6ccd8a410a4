package io.foresell.model.graph;

import java.util.ArrayList;
import java.util.List;

/** The parallel attribute lists of TreeEnsembleRegressor. */
final class TreeColumns {
    private final double share;
    private final int outputs;
    private final LongColumn treeIds = new LongColumn();
    private final LongColumn nodeIds = new LongColumn();
    private final LongColumn features = new LongColumn();
    private final FloatColumn thresholds = new FloatColumn();
    private final FloatColumn covers = new FloatColumn();
    private final List<String> modes = new ArrayList<>();
    private final LongColumn yes = new LongColumn();
    private final LongColumn no = new LongColumn();
    private final LongColumn missingIsYes = new LongColumn();
    private final LongColumn leafTrees = new LongColumn();
    private final LongColumn leafNodes = new LongColumn();
    private final LongColumn leafTargets = new LongColumn();
    private final FloatColumn leafWeights = new FloatColumn();

    /** Starts lists whose leaves are multiplied by a share. */
    TreeColumns(double share, int outputs) {
        this.share = share;
        this.outputs = outputs;
    }

    void add(int treeId, Tree tree) {
        for (int node = 0; node < tree.nodeCount(); node++) {
            boolean isLeaf = tree.isLeaf(node);
            treeIds.append(treeId);
            nodeIds.append(node);
            features.append(isLeaf ? 0 : tree.feature[node]);
            thresholds.append(isLeaf ? 0 : tree.threshold[node]);
            covers.append(tree.cover[node]);
            modes.add(isLeaf ? "LEAF" : "BRANCH_LT");
            yes.append(isLeaf ? 0 : tree.yes[node]);
            no.append(isLeaf ? 0 : tree.no[node]);
            missingIsYes.append(!isLeaf && tree.missing[node] == tree.yes[node] ? 1 : 0);
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
                leafTrees.append(treeId);
                leafNodes.append(node);
                leafTargets.append(width == 1 ? treeId % outputs : i);
                leafWeights.append(value);
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
