package io.foresell.model.scorer;

import static io.foresell.model.scorer.NodeGraph.integers;
import static io.foresell.model.scorer.NodeGraph.numbers;
import static io.foresell.model.scorer.NodeGraph.texts;

import io.foresell.model.onnx.AttributeProto;
import io.foresell.model.tree.PlainTree;
import io.foresell.model.tree.SplitRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/** The parallel attribute lists of some trees. */
final class TreeLists {
    private static final Map<SplitRule, String> MODES = Map.of(
            SplitRule.AT_MOST, "BRANCH_LEQ",
            SplitRule.BELOW, "BRANCH_LT",
            SplitRule.AT_LEAST, "BRANCH_GTE",
            SplitRule.ABOVE, "BRANCH_GT",
            SplitRule.EQUAL, "BRANCH_EQ",
            SplitRule.NOT_EQUAL, "BRANCH_NEQ");

    private final String prefix;
    private final List<Long> treeIds = new ArrayList<>();
    final List<Long> nodeIds = new ArrayList<>();
    final List<Long> features = new ArrayList<>();
    private final List<Float> thresholds = new ArrayList<>();
    final List<Float> covers = new ArrayList<>();
    final List<String> modes = new ArrayList<>();
    final List<Long> whenTrue = new ArrayList<>();
    final List<Long> whenFalse = new ArrayList<>();
    private final List<Long> missingIsTrue = new ArrayList<>();
    private final List<Long> leafTrees = new ArrayList<>();
    private final List<Long> leafNodes = new ArrayList<>();
    private final List<Long> targets = new ArrayList<>();
    final List<Float> weights = new ArrayList<>();

    TreeLists(String prefix, List<PlainTree> trees) {
        this.prefix = prefix;
        for (int i = 0; i < trees.size(); i++) {
            add(trees.get(i), i, treeIds.size());
        }
    }

    private int add(PlainTree tree, long treeId, int first) {
        int index = treeIds.size();
        treeIds.add(treeId);
        nodeIds.add((long) index - first);
        features.add((long) Math.max(0, tree.column));
        thresholds.add((float) tree.threshold);
        covers.add((float) tree.cover);
        modes.add(tree.whenTrue == null ? "LEAF" : MODES.get(tree.rule));
        missingIsTrue.add(tree.isMissingTrue ? 1L : 0L);
        whenTrue.add(0L);
        whenFalse.add(0L);
        for (int i = 0; i < tree.targets.length; i++) {
            leafTrees.add(treeId);
            leafNodes.add((long) index - first);
            targets.add((long) tree.targets[i]);
            weights.add((float) tree.weights[i]);
        }
        if (tree.whenTrue != null && tree.whenFalse != null) {
            whenTrue.set(index, (long) add(tree.whenTrue, treeId, first) - first);
            whenFalse.set(index, (long) add(tree.whenFalse, treeId, first) - first);
        }
        return index;
    }

    void weightAgain(int index) {
        leafTrees.add(leafTrees.get(index));
        leafNodes.add(leafNodes.get(index));
        targets.add(0L);
        weights.add(1f);
    }

    void drop(int index) {
        leafTrees.remove(index);
        leafNodes.remove(index);
        targets.remove(index);
        weights.remove(index);
    }

    boolean isEveryTargetWeighted(int targetCount, int treeCount) {
        return IntStream.range(0, targetCount)
                .allMatch(target -> IntStream.range(0, treeCount).anyMatch(tree -> isWeighted(tree, target)));
    }

    /** Returns whether each leaf of a tree has a weight of the target. */
    boolean isWeighted(long tree, long target) {
        return IntStream.range(0, treeIds.size())
                .filter(i -> treeIds.get(i) == tree && modes.get(i).equals("LEAF"))
                .allMatch(i -> IntStream.range(0, targets.size())
                        .anyMatch(w -> leafTrees.get(w) == tree
                                && leafNodes.get(w).equals(nodeIds.get(i))
                                && targets.get(w) == target));
    }

    private static long[] longs(List<Long> values) {
        return values.stream().mapToLong(Long::longValue).toArray();
    }

    private static float[] floats(List<Float> values) {
        float[] floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values.get(i);
        }
        return floats;
    }

    AttributeProto[] attributes(AttributeProto... more) {
        List<AttributeProto> attributes = new ArrayList<>(List.of(
                integers("nodes_treeids", longs(treeIds)),
                integers("nodes_nodeids", longs(nodeIds)),
                integers("nodes_featureids", longs(features)),
                numbers("nodes_values", floats(thresholds)),
                numbers("nodes_hitrates", floats(covers)),
                texts("nodes_modes", modes),
                integers("nodes_truenodeids", longs(whenTrue)),
                integers("nodes_falsenodeids", longs(whenFalse)),
                integers("nodes_missing_value_tracks_true", longs(missingIsTrue)),
                integers(prefix + "_treeids", longs(leafTrees)),
                integers(prefix + "_nodeids", longs(leafNodes)),
                integers(prefix + "_ids", longs(targets)),
                numbers(prefix + "_weights", floats(weights))));
        attributes.addAll(Arrays.asList(more));
        return attributes.toArray(AttributeProto[]::new);
    }
}
