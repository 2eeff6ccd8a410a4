package io.foresell.model.scorer;

import com.google.errorprone.annotations.FormatMethod;
import com.google.errorprone.annotations.FormatString;
import io.foresell.model.PackageException;
import io.foresell.model.tree.SplitRule;
import io.foresell.model.tree.TreeEnsemble;
import java.util.ArrayDeque;
import java.util.Arrays;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.IntStream;

/**
 * Reads the parallel attribute lists of TreeEnsembleRegressor and TreeEnsembleClassifier, and checks that they are trees:
 * every node has one parent but the first of its tree, which has none.
 */
final class TreeAttributes {
    private static final Map<String, SplitRule> RULES = Map.of(
            "BRANCH_LEQ", SplitRule.AT_MOST,
            "BRANCH_LT", SplitRule.BELOW,
            "BRANCH_GTE", SplitRule.AT_LEAST,
            "BRANCH_GT", SplitRule.ABOVE,
            "BRANCH_EQ", SplitRule.EQUAL,
            "BRANCH_NEQ", SplitRule.NOT_EQUAL);

    private final GraphNode node;
    private final int width;
    private final int targetCount;
    private final int[] treeIds;
    private final int[] features;
    private final double[] thresholds;
    private final double[] covers;
    private final List<String> modes;
    private final boolean[] isLeaf;
    private final int[] whenTrue;
    private final int[] whenFalse;
    private final int[] missingIsTrue;
    private final NodeIndex indexById;
    /** Weights of the leaf at index i: those whose places stand from leafStart[i] to leafStart[i + 1] of byLeaf. */
    private final int[] leafStart;

    private final int[] byLeaf;
    private final int[] targets;
    private final double[] weights;

    /**
     * Reads a node.
     *
     * @param prefix of the lists of weights: "target" or "class"
     */
    TreeAttributes(GraphNode node, int width, int targetCount, String prefix) {
        this.node = node;
        this.width = width;
        this.targetCount = targetCount;
        this.treeIds = node.integers("nodes_treeids");
        int count = treeIds.length;
        if (count == 0) {
            throw bad("0 nodes (expected: 1 or more)");
        }
        int[] nodeIds = counted("nodes_nodeids", count);
        this.features = counted("nodes_featureids", count);
        this.thresholds = requireCount("nodes_values", node.decimals("nodes_values"), count);
        double[] hitRates = node.decimals("nodes_hitrates");
        this.covers = hitRates.length == 0 ? new double[count] : requireCount("nodes_hitrates", hitRates, count);
        this.modes = node.texts("nodes_modes");
        requireCount("nodes_modes", modes.size(), count);
        this.isLeaf = new boolean[count];
        for (int i = 0; i < count; i++) {
            isLeaf[i] = modes.get(i).equals("LEAF");
        }
        this.missingIsTrue = node.has("nodes_missing_value_tracks_true")
                ? counted("nodes_missing_value_tracks_true", count)
                : new int[count];
        this.indexById = new NodeIndex(treeIds, nodeIds);
        int twice = indexById.givenTwice();
        if (twice >= 0) {
            throw bad("node %d of tree %d: given twice", nodeIds[twice], treeIds[twice]);
        }
        this.whenTrue = children("nodes_truenodeids");
        this.whenFalse = children("nodes_falsenodeids");
        this.targets = node.integers(prefix + "_ids");
        this.weights = requireCount(prefix + "_weights", node.decimals(prefix + "_weights"), targets.length);
        this.byLeaf = new int[targets.length];
        this.leafStart = leaves(prefix);
    }

    @FormatMethod
    private PackageException bad(@FormatString String format, Object... arguments) {
        return BadGraph.of("%s: %s", node, format.formatted(arguments));
    }

    private int[] counted(String name, int count) {
        int[] values = node.integers(name);
        requireCount(name, values.length, count);
        return values;
    }

    private double[] requireCount(String name, double[] values, int count) {
        requireCount(name, values.length, count);
        return values;
    }

    private void requireCount(String name, int actual, int count) {
        if (actual != count) {
            throw bad("%s: %d values (expected: %d)", name, actual, count);
        }
    }

    private int[] children(String name) {
        int[] ids = counted(name, treeIds.length);
        int[] indexes = new int[ids.length];
        for (int i = 0; i < ids.length; i++) {
            indexes[i] = isLeaf[i] ? -1 : indexById.find(treeIds[i], ids[i]);
            if (indexes[i] < 0 && !isLeaf[i]) {
                throw bad("child %d in tree %d: missing", ids[i], treeIds[i]);
            }
        }
        return indexes;
    }

    /** Sorts the weights by leaf; returns where those of each node start. */
    private int[] leaves(String prefix) {
        int[] trees = counted(prefix + "_treeids", targets.length);
        int[] nodes = counted(prefix + "_nodeids", targets.length);
        int[] leafOf = new int[targets.length];
        int[] start = new int[treeIds.length + 1];
        for (int i = 0; i < targets.length; i++) {
            int index = indexById.find(trees[i], nodes[i]);
            if (index < 0 || !isLeaf[index] || targets[i] < 0 || targets[i] >= targetCount) {
                throw bad(
                        "weight %d: node %d of tree %d, target %d (expected: a leaf, target 0..%d)",
                        i, nodes[i], trees[i], targets[i], targetCount - 1);
            }
            leafOf[i] = index;
            start[index + 1]++;
        }
        for (int i = 0; i < treeIds.length; i++) {
            start[i + 1] += start[i];
        }
        int[] next = start.clone();
        for (int i = 0; i < targets.length; i++) {
            byLeaf[next[leafOf[i]]++] = i;
        }
        return start;
    }

    /** Returns whether the covers tell branches apart: converters that know none write the same number everywhere. */
    boolean hasCovers() {
        boolean isTold = Arrays.stream(covers).distinct().limit(2).count() == 2;
        return node.has("nodes_hitrates") && (isTold || modes.stream().allMatch("LEAF"::equals));
    }

    int[] targets() {
        return targets;
    }

    double[] weights() {
        return weights;
    }

    /** Returns whether every leaf has exactly one weight. */
    boolean isOneWeightEach() {
        return IntStream.range(0, treeIds.length).allMatch(i -> leafStart[i + 1] - leafStart[i] == (isLeaf[i] ? 1 : 0));
    }

    /** Returns whether every target gets a weight whatever the row is. */
    boolean isAlwaysWeighted() {
        return IntStream.range(0, targetCount).allMatch(this::isAlwaysWeighted);
    }

    /** Returns whether some tree gives the target a weight at every leaf. */
    boolean isAlwaysWeighted(int target) {
        Map<Integer, Boolean> isWeightedByTree = new HashMap<>();
        for (int i = 0; i < treeIds.length; i++) {
            if (isLeaf[i]) {
                isWeightedByTree.merge(treeIds[i], hasWeight(i, target), Boolean::logicalAnd);
            }
        }
        return isWeightedByTree.containsValue(true);
    }

    private boolean hasWeight(int leaf, int target) {
        for (int i = leafStart[leaf]; i < leafStart[leaf + 1]; i++) {
            if (targets[byLeaf[i]] == target) {
                return true;
            }
        }
        return false;
    }

    /**
     * Returns the nodes in depth-first order, tree by tree, to be built.
     *
     * @param builtTargetCount as many targets as have weights, or more
     */
    TreeEnsemble.Builder trees(int builtTargetCount) {
        boolean[] hasParent = requireParents();
        TreeEnsemble.Builder builder = new TreeEnsemble.Builder(width, builtTargetCount, treeIds.length);
        int[] placeOf = new int[treeIds.length];
        int[] levels = new int[treeIds.length];
        int reached = 0;
        for (int root = 0; root < treeIds.length; root++) {
            if (!hasParent[root]) {
                builder.tree();
                reached += add(root, builder, placeOf, levels);
            }
        }
        if (reached != treeIds.length) {
            throw bad("%d of %d nodes hang on no root (expected: 0)", treeIds.length - reached, treeIds.length);
        }
        requireRootsFirst(hasParent);
        for (int i = 0; i < treeIds.length; i++) {
            if (!isLeaf[i]) {
                builder.children(placeOf[i], placeOf[whenTrue[i]], placeOf[whenFalse[i]]);
            }
        }
        return builder;
    }

    /** Refuses a second parent; with one parent each, no cycle can be reached from a node without any. */
    private boolean[] requireParents() {
        boolean[] hasParent = new boolean[treeIds.length];
        Set<Integer> rootless = new HashSet<>();
        for (int i = 0; i < treeIds.length; i++) {
            rootless.add(treeIds[i]);
            if (!isLeaf[i]) {
                requireFirstParent(whenTrue[i], hasParent);
                requireFirstParent(whenFalse[i], hasParent);
            }
        }
        for (int i = 0; i < treeIds.length; i++) {
            if (!hasParent[i] && !rootless.remove(treeIds[i])) {
                throw bad("tree %d has two roots (expected: 1)", treeIds[i]);
            }
        }
        if (!rootless.isEmpty()) {
            throw bad("tree %d has no root (expected: 1)", rootless.iterator().next());
        }
        return hasParent;
    }

    /** ONNX Runtime takes the first node of each run of one tree's nodes for its root. */
    private void requireRootsFirst(boolean[] hasParent) {
        Set<Integer> begun = new HashSet<>();
        for (int i = 0; i < treeIds.length; i++) {
            if (isFirst(i) && (hasParent[i] || !begun.add(treeIds[i]))) {
                throw node.unsupported("tree %d does not begin with its root, or is interrupted", treeIds[i]);
            }
        }
    }

    private boolean isFirst(int index) {
        return index == 0 || treeIds[index] != treeIds[index - 1];
    }

    private void requireFirstParent(int child, boolean[] hasParent) {
        if (hasParent[child]) {
            throw bad("a node of tree %d has two parents (expected: 1)", treeIds[child]);
        }
        hasParent[child] = true;
    }

    /** Adds the nodes below a root; returns how many. */
    private int add(int root, TreeEnsemble.Builder builder, int[] placeOf, int[] levels) {
        Deque<Integer> open = new ArrayDeque<>();
        open.push(root);
        int count = 0;
        while (!open.isEmpty()) {
            int index = open.pop();
            count++;
            if (isLeaf[index]) {
                placeOf[index] = addLeaf(index, builder);
                continue;
            }
            if (levels[index] == TreeEnsemble.MAX_DEPTH) {
                throw node.unsupported("a tree deeper than %d", TreeEnsemble.MAX_DEPTH);
            }
            placeOf[index] = addSplit(index, builder);
            levels[whenTrue[index]] = levels[index] + 1;
            levels[whenFalse[index]] = levels[index] + 1;
            open.push(whenFalse[index]);
            open.push(whenTrue[index]);
        }
        return count;
    }

    private int addLeaf(int index, TreeEnsemble.Builder builder) {
        int place = builder.leaf(requireCover(index));
        for (int i = leafStart[index]; i < leafStart[index + 1]; i++) {
            double weight = weights[byLeaf[i]];
            if (!Double.isFinite(weight)) {
                throw bad("weight %d: %s (expected: a finite number)", byLeaf[i], weight);
            }
            builder.weight(targets[byLeaf[i]], weight);
        }
        return place;
    }

    private int addSplit(int index, TreeEnsemble.Builder builder) {
        if (features[index] < 0 || features[index] >= width) {
            throw bad("feature %d (expected: 0..%d)", features[index], width - 1);
        }
        if (Double.isNaN(thresholds[index])) {
            throw bad("threshold NaN (expected: a number)");
        }
        SplitRule rule = RULES.get(modes.get(index));
        if (rule == null) {
            throw node.unsupported("mode %s", modes.get(index));
        }
        return builder.split(features[index], rule, thresholds[index], missingIsTrue[index] == 1, requireCover(index));
    }

    private double requireCover(int index) {
        if (!(covers[index] >= 0 && covers[index] < Double.POSITIVE_INFINITY)) {
            throw bad("cover %s (expected: a finite number, 0 or more)", covers[index]);
        }
        return covers[index];
    }
}
