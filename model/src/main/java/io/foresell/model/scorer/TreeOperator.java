package io.foresell.model.scorer;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import io.foresell.model.PackageException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** TreeEnsembleRegressor with one target: checks that the attribute lists are trees, and packs them. */
final class TreeOperator {
    private TreeOperator() {}

    static void compile(GraphNode node, PlanBuilder plan) {
        node.requireOnlyOutput();
        Value.Floats from = node.floats(0);
        if (from.rank() != 2 || from.shape()[0] != 1) {
            throw node.unsupported("input of rank %d (only [N, columns])", from.rank());
        }
        TreeEnsemble trees = read(node, from.size());
        Value.Floats to = plan.allocate(new int[] {1, 1});
        int in = from.offset();
        int out = to.offset();
        plan.step((memory, texts, textBase) -> memory[out] = trees.sum(memory, in));
        boolean isExplained = node.has("nodes_hitrates");
        for (int source : from.sources()) {
            isExplained &= source >= 0;
        }
        Affine additive = isExplained ? Affine.of(new TreeTerms(trees, in, from.sources()), 1) : null;
        plan.define(node.output(0), new Value.Floats(out, to.shape(), to.sources(), additive, null));
    }

    /** Returns the trees of a node over so many columns. */
    static TreeEnsemble read(GraphNode node, int width) {
        return new TreeReader(node, width).read();
    }

    /** Reads the parallel attribute lists of one node. */
    private static final class TreeReader {
        private final GraphNode node;
        private final int width;
        private final int[] treeIds;
        private final int[] features;
        private final float[] thresholds;
        private final float[] covers;
        private final List<String> modes;
        private final int[] yes;
        private final int[] no;
        private final int[] missingIsYes;
        private final double[] leaves;
        private final Map<Long, Integer> indexById = new HashMap<>();
        private final int[] packed;
        private int packedSize;
        private int visited;
        private int depth;

        TreeReader(GraphNode node, int width) {
            this.node = node;
            this.width = width;
            this.treeIds = node.integers("nodes_treeids");
            int count = treeIds.length;
            this.packed = new int[Math.multiplyExact(count, TreeEnsemble.NODE)];
            int[] nodeIds = counted("nodes_nodeids", count);
            this.features = counted("nodes_featureids", count);
            this.thresholds = requireCount("nodes_values", node.numbers("nodes_values"), count);
            float[] hitRates = node.finiteNumbers("nodes_hitrates");
            this.covers = hitRates.length == 0 ? new float[count] : requireCount("nodes_hitrates", hitRates, count);
            this.modes = node.texts("nodes_modes");
            requireCount("nodes_modes", modes.size(), count);
            this.missingIsYes = node.has("nodes_missing_value_tracks_true")
                    ? counted("nodes_missing_value_tracks_true", count)
                    : new int[count];
            for (int i = 0; i < count; i++) {
                if (indexById.put(key(treeIds[i], nodeIds[i]), i) != null) {
                    throw bad("node %d of tree %d: given twice", nodeIds[i], treeIds[i]);
                }
            }
            this.yes = children("nodes_truenodeids");
            this.no = children("nodes_falsenodeids");
            this.leaves = leafWeights();
        }

        @FormatMethod
        private PackageException bad(@FormatString String format, Object... arguments) {
            return BadGraph.of("%s: %s", node, format.formatted(arguments));
        }

        private static long key(int tree, int id) {
            return ((long) tree << 32) | (id & 0xffffffffL);
        }

        private int[] counted(String name, int count) {
            int[] values = node.integers(name);
            requireCount(name, values.length, count);
            return values;
        }

        private float[] requireCount(String name, float[] values, int count) {
            requireCount(name, values.length, count);
            return values;
        }

        private void requireCount(String name, int actual, int count) {
            if (actual != count) {
                throw bad("%s: %d values (expected: %d)", name, actual, count);
            }
        }

        private boolean isLeaf(int index) {
            return modes.get(index).equals("LEAF");
        }

        private int[] children(String name) {
            int[] ids = counted(name, treeIds.length);
            int[] indexes = new int[ids.length];
            for (int i = 0; i < ids.length; i++) {
                Integer index = isLeaf(i) ? Integer.valueOf(-1) : indexById.get(key(treeIds[i], ids[i]));
                if (index == null) {
                    throw bad("child %d in tree %d: missing", ids[i], treeIds[i]);
                }
                indexes[i] = index;
            }
            return indexes;
        }

        private double[] leafWeights() {
            int[] trees = node.integers("target_treeids");
            int[] nodes = counted("target_nodeids", trees.length);
            int[] targets = counted("target_ids", trees.length);
            float[] weights = requireCount("target_weights", node.finiteNumbers("target_weights"), trees.length);
            double[] sums = new double[treeIds.length];
            for (int i = 0; i < trees.length; i++) {
                Integer index = indexById.get(key(trees[i], nodes[i]));
                if (index == null || !isLeaf(index) || targets[i] != 0) {
                    throw bad("weight %d: node %d of tree %d (expected: a leaf, target 0)", i, nodes[i], trees[i]);
                }
                sums[index] += weights[i];
            }
            return sums;
        }

        TreeEnsemble read() {
            requireKnown();
            List<Integer> roots = new ArrayList<>();
            for (int root : roots().values()) {
                roots.add(packedSize);
                pack(root, 0);
            }
            if (visited != treeIds.length) {
                throw bad("%d of %d nodes hang on no root (expected: 0)", treeIds.length - visited, treeIds.length);
            }
            float[] base = node.finiteNumbers("base_values");
            if (base.length > 1) {
                throw bad("base_values: %d (expected: at most 1)", base.length);
            }
            return new TreeEnsemble(
                    packed,
                    roots.stream().mapToInt(Integer::intValue).toArray(),
                    base.length == 0 ? 0 : base[0],
                    depth);
        }

        private void requireKnown() {
            if (node.integer("n_targets", 1) != 1
                    || !node.text("aggregate_function", "SUM").equals("SUM")
                    || !node.text("post_transform", "NONE").equals("NONE")
                    || node.has("nodes_values_as_tensor")) {
                throw node.unsupported("several targets, another aggregate than SUM, or a post_transform");
            }
            if (treeIds.length == 0) {
                throw bad("0 nodes (expected: 1 or more)");
            }
        }

        /** Returns the node without a parent of each tree; every other node has one, so no cycle can be reached. */
        private Map<Integer, Integer> roots() {
            boolean[] hasParent = new boolean[treeIds.length];
            for (int i = 0; i < treeIds.length; i++) {
                for (int child : isLeaf(i) ? new int[0] : new int[] {yes[i], no[i]}) {
                    if (hasParent[child]) {
                        throw bad("a node of tree %d has two parents (expected: 1)", treeIds[i]);
                    }
                    hasParent[child] = true;
                }
            }
            Map<Integer, Integer> roots = new LinkedHashMap<>();
            for (int i = 0; i < treeIds.length; i++) {
                if (!hasParent[i] && roots.put(treeIds[i], i) != null) {
                    throw bad("tree %d has two roots (expected: 1)", treeIds[i]);
                }
            }
            return roots;
        }

        private void pack(int index, int level) {
            if (level > TreeEnsemble.MAX_DEPTH) {
                throw node.unsupported("a tree deeper than %d", TreeEnsemble.MAX_DEPTH);
            }
            visited++;
            depth = Math.max(depth, level);
            if (isLeaf(index)) {
                add(-1, Float.floatToIntBits((float) leaves[index]), 0, 0);
                return;
            }
            if (features[index] < 0 || features[index] >= width) {
                throw bad("feature %d (expected: 0..%d)", features[index], width - 1);
            }
            // All rules become "value < threshold" by moving the threshold one float up or swapping the children.
            String mode = modes.get(index);
            float threshold = thresholds[index];
            if (Float.isNaN(threshold)) {
                throw bad("threshold NaN (expected: a number)");
            }
            boolean isSwapped = mode.equals("BRANCH_GT") || mode.equals("BRANCH_GTE");
            if (mode.equals("BRANCH_LEQ") || mode.equals("BRANCH_GT")) {
                if (Float.isInfinite(threshold)) {
                    throw node.unsupported("an infinite threshold");
                }
                threshold = Math.nextUp(threshold);
            } else if (!mode.equals("BRANCH_LT") && !mode.equals("BRANCH_GTE")) {
                throw node.unsupported("mode %s", mode);
            }
            int first = isSwapped ? no[index] : yes[index];
            int second = isSwapped ? yes[index] : no[index];
            boolean isMissingFirst = (missingIsYes[index] != 0) != isSwapped;
            int at = packedSize;
            add(
                    features[index] << 1 | (isMissingFirst ? 1 : 0),
                    Float.floatToIntBits(threshold),
                    0,
                    share(first, second));
            pack(first, level + 1);
            packed[at + 2] = packedSize;
            pack(second, level + 1);
        }

        /** Returns the bits of the first child's share of the cover; a half when nothing is known. */
        private int share(int first, int second) {
            double sum = (double) covers[first] + covers[second];
            if (covers[first] < 0 || covers[second] < 0) {
                throw bad("cover below 0 (expected: 0 or more)");
            }
            return Float.floatToIntBits(sum > 0 ? (float) (covers[first] / sum) : 0.5f);
        }

        private void add(int... words) {
            for (int word : words) {
                packed[packedSize++] = word;
            }
        }
    }
}
