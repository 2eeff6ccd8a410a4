package io.foresell.model.graph;

/**
 * One binary tree over encoded columns, node 0 is the root. Node {@code i} is a leaf when {@code feature[i]} is -1, and
 * then has the values {@code leaf[i * leafWidth ...]}; otherwise a row goes to {@code yes[i]} when its value is below {@code
 * threshold[i]}, to {@code missing[i]} when it is NaN, else to {@code no[i]} (XGBoost's rule). Takes ownership of the
 * arrays.
 */
public final class Tree {
    final int[] feature;
    final float[] threshold;
    final int[] yes;
    final int[] no;
    final int[] missing;
    final float[] leaf;
    final float[] cover;
    private final int leafWidth;

    /** Takes a tree of one value per leaf; otherwise like the other constructor. */
    public Tree(int[] feature, float[] threshold, int[] yes, int[] no, int[] missing, float[] leaf, float[] cover) {
        this(feature, threshold, yes, no, missing, leaf, cover, 1);
    }

    /**
     * Checks that every node but the root has exactly one parent.
     *
     * @param missing equals yes or no at every inner node
     * @param leaf shape [nodes, leafWidth]; only rows of leaves are read
     * @param cover sum of training weights (hessians) that reached the node, above 0; explanations weigh branches by it
     */
    public Tree(
            int[] feature,
            float[] threshold,
            int[] yes,
            int[] no,
            int[] missing,
            float[] leaf,
            float[] cover,
            int leafWidth) {
        int count = feature.length;
        if (count == 0) {
            throw new IllegalArgumentException("tree: 0 nodes (expected: 1 or more)");
        }
        Parameters.requireLength("threshold", threshold.length, count);
        Parameters.requireLength("yes", yes.length, count);
        Parameters.requireLength("no", no.length, count);
        Parameters.requireLength("missing", missing.length, count);
        Parameters.requireLength("leaf", leaf.length, count * leafWidth);
        Parameters.requireLength("cover", cover.length, count);
        this.feature = feature;
        this.threshold = threshold;
        this.yes = yes;
        this.no = no;
        this.missing = missing;
        this.leaf = leaf;
        this.cover = cover;
        this.leafWidth = leafWidth;
        Parameters.requireFinite("leaf", leaf);
        requireTree();
    }

    /** Returns the number of nodes, leaves included. */
    public int nodeCount() {
        return feature.length;
    }

    /** Returns how many values a leaf has: 1, or one per class. */
    public int leafWidth() {
        return leafWidth;
    }

    void requireColumnsBelow(int width, int treeId) {
        for (int node = 0; node < feature.length; node++) {
            if (feature[node] >= width) {
                throw new IllegalArgumentException("feature of node %d in tree %d: %d (expected: below %d)"
                        .formatted(node, treeId, feature[node], width));
            }
        }
    }

    boolean isLeaf(int node) {
        return feature[node] < 0;
    }

    private void requireTree() {
        boolean[] hasParent = new boolean[feature.length];
        hasParent[0] = true;
        int reached = 1;
        for (int node = 0; node < feature.length; node++) {
            Parameters.requireFinite("cover of node " + node, cover[node]);
            if (isLeaf(node)) {
                continue;
            }
            Parameters.requireFinite("threshold of node " + node, threshold[node]);
            if (missing[node] != yes[node] && missing[node] != no[node]) {
                throw new IllegalArgumentException("missing child of node %d: %d (expected: %d or %d)"
                        .formatted(node, missing[node], yes[node], no[node]));
            }
            for (int child : new int[] {yes[node], no[node]}) {
                // A child after its parent, with one parent: no cycle is possible.
                if (child <= node || child >= feature.length || hasParent[child]) {
                    throw new IllegalArgumentException(
                            "child of node %d: %d (expected: a later node without a parent)".formatted(node, child));
                }
                hasParent[child] = true;
                reached++;
            }
        }
        Parameters.requireLength("reachable nodes of the tree", reached, feature.length);
    }
}
