package io.foresell.model.tree;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** A tree as anybody would write it down, to compare the fast ones with. */
public final class PlainTree {
    /** Values that thresholds and rows are drawn from, so that they often meet. */
    private static final float[] MEETING = {
        0f, -0f, 0.5f, -0.5f, 1f, Math.nextUp(1f), Math.nextDown(1f), Float.MIN_VALUE, -Float.MIN_VALUE
    };

    public final int column;
    public final SplitRule rule;
    public final double threshold;
    public final boolean isMissingTrue;
    public final double cover;
    public final @Nullable PlainTree whenTrue;
    public final @Nullable PlainTree whenFalse;
    public final int[] targets;
    public final double[] weights;

    private PlainTree(
            int column,
            SplitRule rule,
            double threshold,
            boolean isMissingTrue,
            double cover,
            @Nullable PlainTree whenTrue,
            @Nullable PlainTree whenFalse,
            int[] targets,
            double[] weights) {
        this.column = column;
        this.rule = rule;
        this.threshold = threshold;
        this.isMissingTrue = isMissingTrue;
        this.cover = cover;
        this.whenTrue = whenTrue;
        this.whenFalse = whenFalse;
        this.targets = targets;
        this.weights = weights;
    }

    /** What trees are drawn with. */
    public record Draw(int width, int targetCount, int depth, List<SplitRule> rules, boolean isEveryTarget) {
        public static Draw regression(int width, int depth) {
            return new Draw(width, 1, depth, List.of(SplitRule.BELOW), true);
        }
    }

    public static List<PlainTree> trees(Draw draw, int count, Random random) {
        List<PlainTree> trees = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            trees.add(tree(draw, draw.depth(), 64, random));
        }
        return trees;
    }

    private static PlainTree tree(Draw draw, int depth, double cover, Random random) {
        if (depth == 0 || random.nextInt(8) == 0) {
            return leaf(draw, cover, random);
        }
        // One branch in ten was reached by no training row.
        double share = random.nextInt(10) == 0 ? random.nextInt(2) : 0.1 + 0.8 * random.nextDouble();
        return new PlainTree(
                random.nextInt(draw.width()),
                draw.rules().get(random.nextInt(draw.rules().size())),
                threshold(random),
                random.nextBoolean(),
                cover,
                tree(draw, depth - 1, cover * share, random),
                tree(draw, depth - 1, cover * (1 - share), random),
                new int[0],
                new double[0]);
    }

    private static PlainTree leaf(Draw draw, double cover, Random random) {
        int[] targets = random.ints(0, draw.targetCount())
                .distinct()
                .limit(draw.isEveryTarget() ? draw.targetCount() : 1 + random.nextInt(draw.targetCount()))
                .toArray();
        double[] weights =
                random.doubles(targets.length).map(x -> (float) (x - 0.4)).toArray();
        return new PlainTree(-1, SplitRule.BELOW, 0, false, cover, null, null, targets, weights);
    }

    private static float threshold(Random random) {
        return switch (random.nextInt(3)) {
            case 0 -> MEETING[random.nextInt(MEETING.length)];
            case 1 -> (random.nextInt(5) - 2) * 0.3f;
            default -> (float) random.nextGaussian();
        };
    }

    /** Returns rows with missing, infinite and large values, and with numbers that equal thresholds. */
    public static float[] rows(int rowCount, int width, Random random) {
        float[] rows = new float[rowCount * width];
        for (int i = 0; i < rows.length; i++) {
            rows[i] = switch (random.nextInt(10)) {
                case 0 -> Float.NaN;
                case 1 -> random.nextBoolean() ? Float.POSITIVE_INFINITY : Float.NEGATIVE_INFINITY;
                case 2 -> (float) random.nextGaussian() * 1e30f;
                default -> threshold(random);
            };
        }
        return rows;
    }

    public static TreeEnsemble ensemble(List<PlainTree> trees, Draw draw, Aggregate aggregate, double... base) {
        int count = trees.stream().mapToInt(PlainTree::nodeCount).sum();
        TreeEnsemble.Builder builder = new TreeEnsemble.Builder(draw.width(), draw.targetCount(), count);
        for (PlainTree tree : trees) {
            builder.tree();
            tree.addTo(builder);
        }
        return builder.build(aggregate, base.length == 0 ? new double[draw.targetCount()] : base);
    }

    private int addTo(TreeEnsemble.Builder builder) {
        if (whenTrue == null || whenFalse == null) {
            int leaf = builder.leaf(cover);
            for (int i = 0; i < targets.length; i++) {
                builder.weight(targets[i], weights[i]);
            }
            return leaf;
        }
        int node = builder.split(column, rule, threshold, isMissingTrue, cover);
        int first = whenTrue.addTo(builder);
        builder.children(node, first, whenFalse.addTo(builder));
        return node;
    }

    public int nodeCount() {
        return whenTrue == null || whenFalse == null ? 1 : 1 + whenTrue.nodeCount() + whenFalse.nodeCount();
    }

    public boolean isTrue(float value) {
        if (Float.isNaN(value)) {
            return isMissingTrue || rule == SplitRule.NOT_EQUAL;
        }
        return switch (rule) {
            case AT_MOST -> value <= threshold;
            case BELOW -> value < threshold;
            case AT_LEAST -> value >= threshold;
            case ABOVE -> value > threshold;
            case EQUAL -> value == threshold;
            case NOT_EQUAL -> value != threshold;
        };
    }

    /** Returns the leaf that a row reaches. */
    public PlainTree leaf(float[] row) {
        if (whenTrue == null || whenFalse == null) {
            return this;
        }
        return (isTrue(row[column]) ? whenTrue : whenFalse).leaf(row);
    }

    /** Returns the sum of all weights that the trees give a target. */
    public static double sum(List<PlainTree> trees, float[] row, int target) {
        return trees.stream().mapToDouble(tree -> tree.leaf(row).weight(target)).sum();
    }

    double weight(int target) {
        double sum = 0;
        for (int i = 0; i < targets.length; i++) {
            sum += targets[i] == target ? weights[i] : 0;
        }
        return sum;
    }

    /** Returns the mean over unknown columns, by cover. */
    double known(float[] row, int target, IntPredicate isKnown) {
        if (whenTrue == null || whenFalse == null) {
            return weight(target);
        }
        if (isKnown.test(column)) {
            return (isTrue(row[column]) ? whenTrue : whenFalse).known(row, target, isKnown);
        }
        double sum = whenTrue.cover + whenFalse.cover;
        double share = sum > 0 ? whenTrue.cover / sum : 0.5;
        return share * whenTrue.known(row, target, isKnown) + (1 - share) * whenFalse.known(row, target, isKnown);
    }
}
