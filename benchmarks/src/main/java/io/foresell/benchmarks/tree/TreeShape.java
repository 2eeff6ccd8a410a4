package io.foresell.benchmarks.tree;

/** Sizes of ensembles. */
public enum TreeShape {
    BOOSTED_200_DEPTH_6(200, 6, 0),
    BOOSTED_200_DEPTH_6_UNEVEN(200, 6, 0.15),
    FOREST_100_DEPTH_10(100, 10, 0),
    FOREST_100_DEPTH_10_UNEVEN(100, 10, 0.12),
    FOREST_100_DEPTH_16_UNEVEN(100, 16, 0.2),
    ONE_DEPTH_6(1, 6, 0),
    BOOSTED_20_DEPTH_6(20, 6, 0),
    BOOSTED_1000_DEPTH_3(1000, 3, 0);

    private final int treeCount;
    private final int depth;
    private final double earlyLeafShare;

    TreeShape(int treeCount, int depth, double earlyLeafShare) {
        this.treeCount = treeCount;
        this.depth = depth;
        this.earlyLeafShare = earlyLeafShare;
    }

    int treeCount() {
        return treeCount;
    }

    int depth() {
        return depth;
    }

    /** Returns the share of nodes below the third level that are leaves before the last. */
    double earlyLeafShare() {
        return earlyLeafShare;
    }
}
