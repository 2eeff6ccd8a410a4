package io.foresell.benchmarks.tree;

import java.util.List;

/** The layouts in the race. */
public enum TreeLayoutKind {
    /** What models are served with. */
    PRODUCTION {
        @Override
        RowSum of(List<DrawnNode> trees) {
            return RowSum.production(trees);
        }
    },
    BRANCHING {
        @Override
        RowSum of(List<DrawnNode> trees) {
            return new BranchingTrees(trees);
        }
    },
    PAIRED_ONE_BY_ONE {
        @Override
        RowSum of(List<DrawnNode> trees) {
            return new PairedTrees(trees, false, false);
        }
    },
    PAIRED_FOUR {
        @Override
        RowSum of(List<DrawnNode> trees) {
            return new PairedTrees(trees, false, true);
        }
    },
    PAIRED_FOUR_LEVEL_BY_LEVEL {
        @Override
        RowSum of(List<DrawnNode> trees) {
            return new PairedTrees(trees, true, true);
        }
    },
    /** Only up to depth 12: deeper ones fill up memory. */
    PERFECT {
        @Override
        RowSum of(List<DrawnNode> trees) {
            return new PerfectTrees(trees);
        }

        @Override
        boolean takes(TreeShape shape) {
            return shape.depth() <= 12;
        }
    },
    BIT_VECTORS {
        @Override
        RowSum of(List<DrawnNode> trees) {
            return new BitVectorTrees(trees);
        }

        @Override
        boolean takes(TreeShape shape) {
            return shape.depth() <= 6;
        }
    };

    abstract RowSum of(List<DrawnNode> trees);

    boolean takes(TreeShape shape) {
        return true;
    }
}
