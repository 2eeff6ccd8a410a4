package io.foresell.model.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.assertj.core.api.Assertions.within;

import io.foresell.model.Allocation;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.Test;

class TreeSumsTest {
    private static final List<SplitRule> ALL = List.of(SplitRule.values());
    private static final List<SplitRule> ORDERED =
            List.of(SplitRule.AT_MOST, SplitRule.BELOW, SplitRule.AT_LEAST, SplitRule.ABOVE);

    @Test
    void everyLayoutFindsTheLeavesOfThePlainTrees() {
        for (int seed = 0; seed < 120; seed++) {
            Random random = new Random(seed);
            int width = 1 + random.nextInt(12);
            int targets = 1 + seed % 3;
            PlainTree.Draw draw = new PlainTree.Draw(width, targets, seed % 9, ORDERED, seed % 2 == 0);
            List<PlainTree> trees = PlainTree.trees(draw, 1 + random.nextInt(30), random);
            TreeEnsemble ensemble = PlainTree.ensemble(trees, draw, Aggregate.SUM);
            TreeSums branching = TreeSums.branching(ensemble);
            TreeSums paired = Objects.requireNonNull(TreeSums.paired(ensemble));
            float[] rows = PlainTree.rows(100, width, random);
            double[] expected = new double[targets];
            double[] actual = new double[targets];
            for (int row = 0; row < 100; row++) {
                float[] columns = Arrays.copyOfRange(rows, row * width, (row + 1) * width);
                branching.sum(rows, row * width, expected);
                paired.sum(rows, row * width, actual);
                assertThat(actual).as("seed %d row %d", seed, row).containsExactly(expected);
                for (int target = 0; target < targets; target++) {
                    assertThat(actual[target])
                            .as("seed %d row %d", seed, row)
                            .isCloseTo(PlainTree.sum(trees, columns, target), within(1e-12));
                }
            }
        }
    }

    @Test
    void comparesExactlyWhateverTheRule() {
        double[] thresholds = {
            0,
            -0.0,
            1,
            Math.nextUp(1f),
            -1,
            0.1, // no float
            -0.1,
            1e-60,
            -1e-60,
            1e300,
            -1e300,
            Float.MAX_VALUE,
            -Float.MAX_VALUE,
            Float.MIN_VALUE,
            -Float.MIN_VALUE,
            Double.POSITIVE_INFINITY,
            Double.NEGATIVE_INFINITY
        };
        for (double threshold : thresholds) {
            float near = (float) threshold;
            float[] values = {
                near,
                Math.nextUp(near),
                Math.nextDown(near),
                0f,
                -0f,
                Float.POSITIVE_INFINITY,
                Float.NEGATIVE_INFINITY,
                Float.NaN,
                Float.intBitsToFloat(0xffc00000),
                Float.intBitsToFloat(0x7f800001)
            };
            for (SplitRule rule : ALL) {
                for (boolean isMissingTrue : new boolean[] {false, true}) {
                    TreeEnsemble stump = stump(rule, threshold, isMissingTrue);
                    for (float value : values) {
                        double expected = isTrue(value, rule, threshold, isMissingTrue) ? 1 : 2;
                        String what = "%s %s %s".formatted(value, rule, threshold);
                        assertThat(sum(TreeSums.branching(stump), value))
                                .as(what)
                                .isEqualTo(expected);
                        TreeSums paired = TreeSums.paired(stump);
                        assertThat(paired == null).isEqualTo(rule.isEquality());
                        assertThat(paired == null ? expected : sum(paired, value))
                                .as(what)
                                .isEqualTo(expected);
                    }
                }
            }
        }
    }

    private static double sum(TreeSums sums, float value) {
        double[] totals = new double[1];
        sums.sum(new float[] {value}, 0, totals);
        return totals[0];
    }

    private static boolean isTrue(float value, SplitRule rule, double threshold, boolean isMissingTrue) {
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

    private static TreeEnsemble stump(SplitRule rule, double threshold, boolean isMissingTrue) {
        TreeEnsemble.Builder builder = new TreeEnsemble.Builder(1, 1, 3);
        builder.tree();
        int root = builder.split(0, rule, threshold, isMissingTrue, 2);
        int first = builder.leaf(1);
        builder.weight(0, 1);
        int second = builder.leaf(1);
        builder.weight(0, 2);
        builder.children(root, first, second);
        return builder.build(Aggregate.SUM, new double[1]);
    }

    @Test
    void aggregatesTheLeavesOfEachTarget() {
        for (int seed = 0; seed < 60; seed++) {
            Random random = new Random(seed);
            PlainTree.Draw draw = new PlainTree.Draw(4, 1 + seed % 4, 4, ALL, seed % 5 == 0);
            List<PlainTree> trees = PlainTree.trees(draw, 1 + random.nextInt(9), random);
            double[] base = random.doubles(draw.targetCount()).toArray();
            for (Aggregate aggregate : Aggregate.values()) {
                TreeSums sums = TreeSums.of(PlainTree.ensemble(trees, draw, aggregate, base));
                double[] totals = new double[draw.targetCount()];
                for (int row = 0; row < 20; row++) {
                    float[] columns = PlainTree.rows(1, 4, random);
                    sums.sum(columns, 0, totals);
                    for (int target = 0; target < totals.length; target++) {
                        assertThat(totals[target])
                                .isCloseTo(base[target] + aggregated(trees, columns, target, aggregate), within(1e-12));
                    }
                }
            }
        }
    }

    private static double aggregated(List<PlainTree> trees, float[] row, int target, Aggregate aggregate) {
        double[] weights = trees.stream()
                .map(tree -> tree.leaf(row))
                .filter(leaf -> Arrays.stream(leaf.targets).anyMatch(t -> t == target))
                .mapToDouble(leaf -> leaf.weight(target))
                .toArray();
        return switch (aggregate) {
            case SUM -> Arrays.stream(weights).sum();
            case AVERAGE -> Arrays.stream(weights).sum() / trees.size();
            case MIN -> Arrays.stream(weights).min().orElse(0);
            case MAX -> Arrays.stream(weights).max().orElse(0);
        };
    }

    @Test
    void choosesTheLayoutByShape() {
        Random random = new Random(1);
        assertThat(sums(200, 6, List.of(SplitRule.BELOW), random).isPaired()).isTrue();
        assertThat(sums(100, 10, ORDERED, random).isPaired()).isTrue();
        assertThat(sums(1, 6, ORDERED, random).isPaired()).isFalse();
        assertThat(sums(200, 6, ALL, random).isPaired()).isFalse();
    }

    private static TreeSums sums(int count, int depth, List<SplitRule> rules, Random random) {
        PlainTree.Draw draw = new PlainTree.Draw(40, 1, depth, rules, true);
        return TreeSums.of(PlainTree.ensemble(PlainTree.trees(draw, count, random), draw, Aggregate.SUM));
    }

    @Test
    void allocatesNothingPerRow() {
        Random random = new Random(3);
        for (int targets = 1; targets < 3; targets++) {
            PlainTree.Draw draw = new PlainTree.Draw(40, targets, 6, ORDERED, true);
            List<PlainTree> trees = PlainTree.trees(draw, 50, random);
            TreeEnsemble ensemble = PlainTree.ensemble(trees, draw, Aggregate.SUM);
            float[] rows = PlainTree.rows(64, 40, random);
            double[] totals = new double[targets];
            for (TreeSums sums : List.of(TreeSums.of(ensemble), TreeSums.branching(ensemble))) {
                long bytes = Allocation.of(() -> {
                    for (int row = 0; row < 64; row++) {
                        sums.sum(rows, row * 40, totals);
                    }
                });
                assertThat(bytes).isLessThan(Allocation.NOTHING);
            }
        }
    }

    @Test
    void refusesWhatIsNoTree() {
        assertThatThrownBy(() -> chain(TreeEnsemble.MAX_DEPTH + 1)).hasMessageContaining("deeper than 256");
        chain(TreeEnsemble.MAX_DEPTH);
        assertRefused("after it", builder -> builder.children(0, 0, 1));
        assertRefused("after it", builder -> builder.children(0, 1, 3));
        assertRefused("two parents", builder -> builder.children(0, 1, 1));
        assertRefused("expected: after it", builder -> {});
        assertThatThrownBy(() -> new TreeEnsemble.Builder(2, 1, 1).split(2, SplitRule.BELOW, 0, false, 1))
                .hasMessageContaining("feature 2 (expected: 0..1)");
        assertThatThrownBy(() -> new TreeEnsemble.Builder(2, 1, 1).split(0, SplitRule.BELOW, Double.NaN, false, 1))
                .hasMessageContaining("threshold NaN");
        assertThatThrownBy(() -> new TreeEnsemble.Builder(2, 1, 1).leaf(-1)).hasMessageContaining("cover -1.0");
    }

    private static void assertRefused(String message, java.util.function.Consumer<TreeEnsemble.Builder> link) {
        TreeEnsemble.Builder builder = new TreeEnsemble.Builder(1, 1, 3);
        builder.tree();
        builder.split(0, SplitRule.BELOW, 0, false, 1);
        builder.leaf(1);
        builder.leaf(1);
        assertThatThrownBy(() -> {
                    link.accept(builder);
                    builder.build(Aggregate.SUM, new double[1]);
                })
                .isInstanceOf(IllegalArgumentException.class)
                .hasMessageContaining(message);
    }

    private static TreeEnsemble chain(int depth) {
        TreeEnsemble.Builder builder = new TreeEnsemble.Builder(1, 1, 2 * depth + 1);
        builder.tree();
        for (int i = 0; i < depth; i++) {
            builder.split(0, SplitRule.BELOW, i, false, 1);
            builder.leaf(1);
        }
        builder.leaf(1);
        for (int i = 0; i < depth; i++) {
            builder.children(2 * i, 2 * i + 1, 2 * i + 2);
        }
        return builder.build(Aggregate.SUM, new double[1]);
    }
}
