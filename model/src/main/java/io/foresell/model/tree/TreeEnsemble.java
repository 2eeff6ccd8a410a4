package io.foresell.model.tree;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import java.util.Arrays;

/**
 * Trees as parallel arrays over their nodes, checked: node after node in depth-first order, a tree's root first, every
 * other node with one parent before it. All rules read "the key of the value is below (or equal to) the limit", see {@link
 * FloatOrder}. Immutable.
 */
public final class TreeEnsemble {
    /** Deepest tree, in splits above a leaf; recursion over trees relies on it. */
    public static final int MAX_DEPTH = 256;

    static final byte MISSING_YES = 1;
    static final byte EQUALITY = 2;

    final int width;
    final int targetCount;
    final Aggregate aggregate;
    final double[] base;
    final int[] roots;
    /** Column that a node compares; -1 at a leaf. */
    final int[] feature;

    final int[] limit;
    final byte[] flags;
    final int[] yes;
    final int[] no;
    /** Splits above a node. */
    final int[] depth;
    /** Part of the cover of a node's parent that the node received; 1 at a root. */
    final double[] share;
    /** Weights of node i: from weightStart[i] to weightStart[i + 1] of the next two. */
    final int[] weightStart;

    final int[] weightTarget;
    final double[] weight;

    private TreeEnsemble(Builder from, Aggregate aggregate, double[] base) {
        this.width = from.width;
        this.targetCount = from.targetCount;
        this.aggregate = aggregate;
        this.base = base.clone();
        this.roots = Arrays.copyOf(from.roots, from.rootCount);
        this.feature = from.feature;
        this.limit = from.limit;
        this.flags = from.flags;
        this.yes = from.yes;
        this.no = from.no;
        this.depth = from.depth;
        this.share = from.shares();
        this.weightStart = from.weightStart;
        this.weightTarget = Arrays.copyOf(from.weightTarget, from.weightCount);
        this.weight = Arrays.copyOf(from.weight, from.weightCount);
    }

    /** Returns the number of columns a row has. */
    public int width() {
        return width;
    }

    /** Returns the number of sums a row gets. */
    public int targetCount() {
        return targetCount;
    }

    /** Returns the number of trees. */
    public int treeCount() {
        return roots.length;
    }

    /** Returns whether a target's value is a sum over trees, which Shapley values need. */
    public boolean isAdditive() {
        return aggregate.isAdditive();
    }

    int nodeCount() {
        return feature.length;
    }

    int treeEnd(int tree) {
        return tree + 1 < roots.length ? roots[tree + 1] : feature.length;
    }

    boolean isLeaf(int node) {
        return feature[node] < 0;
    }

    boolean isEquality(int node) {
        return (flags[node] & EQUALITY) != 0;
    }

    boolean isMissingYes(int node) {
        return (flags[node] & MISSING_YES) != 0;
    }

    /** Returns whether the row whose columns start at the offset goes to the yes child of an inner node. */
    boolean isYes(int node, float[] columns, int offset) {
        return isYes(FloatOrder.key(columns[offset + feature[node]]), limit[node], flags[node]);
    }

    /** Returns 1 when the row goes to the yes child, else 0; without a branch, but for equalities. */
    int yesBit(int node, float[] columns, int offset) {
        int key = FloatOrder.key(columns[offset + feature[node]]);
        int rule = flags[node];
        int missing = FloatOrder.nanMask(key);
        int isBelow = (int) (((long) key - limit[node]) >>> (Long.SIZE - 1));
        if ((rule & EQUALITY) != 0) {
            isBelow = key == limit[node] ? 1 : 0;
        }
        return (isBelow & ~missing) | (rule & missing & MISSING_YES);
    }

    static boolean isYes(int key, int limit, int flags) {
        if (FloatOrder.nanMask(key) != 0) {
            return (flags & MISSING_YES) != 0;
        }
        return (flags & EQUALITY) == 0 ? key < limit : key == limit;
    }

    /** Returns what a leaf adds to a target; 0 when nothing. */
    double weight(int leaf, int target) {
        double sum = 0;
        for (int i = weightStart[leaf]; i < weightStart[leaf + 1]; i++) {
            if (weightTarget[i] == target) {
                sum += weight[i];
            }
        }
        return sum;
    }

    /** Returns the part of the training rows that reached each node, by cover. */
    double[] reach() {
        double[] reach = new double[nodeCount()];
        for (int root : roots) {
            reach[root] = 1;
        }
        for (int node = 0; node < reach.length; node++) {
            if (!isLeaf(node)) {
                reach[yes[node]] = reach[node] * share[yes[node]];
                reach[no[node]] = reach[node] * share[no[node]];
            }
        }
        return reach;
    }

    /** Returns the factor between a sum of leaves and a target's value. */
    double scale() {
        return aggregate == Aggregate.AVERAGE ? 1.0 / roots.length : 1;
    }

    /** Collects nodes; not thread-safe. A split's children are named after they have been added. */
    public static final class Builder {
        private final int width;
        private final int targetCount;
        private final int[] feature;
        private final int[] limit;
        private final byte[] flags;
        private final int[] yes;
        private final int[] no;
        private final int[] depth;
        private final double[] cover;
        private final int[] weightStart;
        private int[] roots = new int[16];
        private int[] weightTarget = new int[16];
        private double[] weight = new double[16];
        private int nodeCount;
        private int rootCount;
        private int weightCount;

        /** Starts an ensemble of exactly so many nodes. */
        public Builder(int width, int targetCount, int nodeCount) {
            require(width >= 1 && targetCount >= 1 && nodeCount >= 1, "width, targets or nodes below 1");
            this.width = width;
            this.targetCount = targetCount;
            this.feature = new int[nodeCount];
            this.limit = new int[nodeCount];
            this.flags = new byte[nodeCount];
            this.yes = new int[nodeCount];
            this.no = new int[nodeCount];
            this.depth = new int[nodeCount];
            this.cover = new double[nodeCount];
            this.weightStart = new int[nodeCount + 1];
        }

        /** Makes the node that is added next the root of the next tree. */
        public void tree() {
            if (rootCount == roots.length) {
                roots = Arrays.copyOf(roots, 2 * rootCount);
            }
            roots[rootCount++] = nodeCount;
        }

        /**
         * Adds an inner node and returns its index.
         *
         * @param threshold not NaN; a double that is no float is compared exactly
         * @param isMissingTrue whether NaN goes to the true child; NaN is never equal to a threshold
         * @param cover training weight that reached the node, 0 or more
         */
        public int split(int column, SplitRule rule, double threshold, boolean isMissingTrue, double cover) {
            require(column >= 0 && column < width, "feature %d (expected: 0..%d)", column, width - 1);
            require(!Double.isNaN(threshold), "threshold NaN (expected: a number)");
            int node = add(column, cover);
            // NaN differs from every number, so NOT_EQUAL holds for it whatever the missing rule says.
            boolean isTrue = isMissingTrue || rule == SplitRule.NOT_EQUAL;
            flags[node] = isTrue != rule.isOpposite() ? MISSING_YES : 0;
            if (rule.isEquality()) {
                flags[node] |= EQUALITY;
                // The smallest int is the key of no number.
                limit[node] = (float) threshold == threshold ? FloatOrder.key((float) threshold) : Integer.MIN_VALUE;
            } else {
                limit[node] = rule.isThresholdBelow() ? FloatOrder.atMost(threshold) : FloatOrder.below(threshold);
            }
            yes[node] = rule.isOpposite() ? -2 : -1;
            return node;
        }

        /** Adds a leaf without weights and returns its index. */
        public int leaf(double cover) {
            return add(-1, cover);
        }

        private int add(int column, double nodeCover) {
            require(nodeCount < feature.length, "more than %d nodes", feature.length);
            require(
                    nodeCover >= 0 && nodeCover < Double.POSITIVE_INFINITY,
                    "cover %s (expected: 0 or more)",
                    nodeCover);
            feature[nodeCount] = column;
            cover[nodeCount] = nodeCover;
            weightStart[nodeCount + 1] = weightCount;
            return nodeCount++;
        }

        /** Adds a weight to the leaf that was added last. */
        public void weight(int target, double value) {
            require(nodeCount > 0 && feature[nodeCount - 1] < 0, "a weight on no leaf");
            require(target >= 0 && target < targetCount, "target %d (expected: 0..%d)", target, targetCount - 1);
            require(Double.isFinite(value), "weight %s (expected: a finite number)", value);
            if (weightCount == weight.length) {
                weight = Arrays.copyOf(weight, 2 * weightCount);
                weightTarget = Arrays.copyOf(weightTarget, 2 * weightCount);
            }
            weight[weightCount] = value;
            weightTarget[weightCount++] = target;
            weightStart[nodeCount] = weightCount;
        }

        /** Names the children of an inner node, both after it. */
        public void children(int node, int whenTrue, int whenFalse) {
            require(feature[node] >= 0 && yes[node] < 0, "children of node %d (expected: once, a split)", node);
            boolean isOpposite = yes[node] == -2;
            yes[node] = isOpposite ? whenFalse : whenTrue;
            no[node] = isOpposite ? whenTrue : whenFalse;
        }

        /**
         * Returns the ensemble; the builder must not be used afterwards.
         *
         * @param base added to each target at the end, length targetCount
         */
        public TreeEnsemble build(Aggregate aggregate, double[] base) {
            require(nodeCount == feature.length, "%d nodes (expected: %d)", nodeCount, feature.length);
            require(base.length == targetCount, "%d base values (expected: %d)", base.length, targetCount);
            require(rootCount > 0 && roots[0] == 0, "first node is in no tree");
            for (int tree = 0; tree < rootCount; tree++) {
                requireTree(roots[tree], tree + 1 < rootCount ? roots[tree + 1] : nodeCount);
            }
            return new TreeEnsemble(this, aggregate, base);
        }

        private void requireTree(int root, int end) {
            require(root < end, "a tree without nodes");
            Arrays.fill(depth, root, end, -1);
            depth[root] = 0;
            for (int node = root; node < end; node++) {
                require(depth[node] >= 0, "node %d has no parent before it", node);
                if (feature[node] >= 0) {
                    attach(node, yes[node], end);
                    attach(node, no[node], end);
                }
            }
        }

        private void attach(int parent, int child, int end) {
            require(child > parent && child < end, "child %d of node %d (expected: after it)", child, parent);
            require(depth[child] < 0, "node %d has two parents", child);
            depth[child] = depth[parent] + 1;
            require(depth[child] <= MAX_DEPTH, "a tree deeper than %d", MAX_DEPTH);
        }

        /** Returns each node's part of its parent's cover; a half when neither child has any. */
        private double[] shares() {
            double[] shares = new double[nodeCount];
            for (int tree = 0; tree < rootCount; tree++) {
                shares[roots[tree]] = 1;
            }
            for (int node = 0; node < nodeCount; node++) {
                if (feature[node] >= 0) {
                    double sum = cover[yes[node]] + cover[no[node]];
                    shares[yes[node]] = sum > 0 ? cover[yes[node]] / sum : 0.5;
                    shares[no[node]] = sum > 0 ? cover[no[node]] / sum : 0.5;
                }
            }
            return shares;
        }

        @FormatMethod
        private static void require(boolean isTrue, @FormatString String format, Object... arguments) {
            if (!isTrue) {
                throw new IllegalArgumentException("trees: " + format.formatted(arguments));
            }
        }
    }
}
