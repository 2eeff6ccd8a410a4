package io.foresell.model.tree;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.within;

import io.foresell.model.Allocation;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/** Both kinds of Shapley values are what the definition says, over all subsets of players. */
class TreeShapTest {
    private static final List<SplitRule> ALL = List.of(SplitRule.values());

    /** The mean gain of knowing a player over all orders in which players become known; sets are bits. */
    private static double shapley(IntToDoubleFunction valueOfSet, int player, int playerCount) {
        double value = 0;
        for (int set = 0; set < 1 << playerCount; set++) {
            if ((set >> player & 1) == 0) {
                int size = Integer.bitCount(set);
                double weight = factorial(size) * factorial(playerCount - size - 1) / factorial(playerCount);
                value += weight * (valueOfSet.applyAsDouble(set | 1 << player) - valueOfSet.applyAsDouble(set));
            }
        }
        return value;
    }

    private static double factorial(int n) {
        return n < 2 ? 1 : n * factorial(n - 1);
    }

    /** A drawn ensemble with the players its columns belong to. */
    private static final class Drawn {
        final Random random;
        final PlainTree.Draw draw;
        final List<PlainTree> trees;
        final TreeEnsemble ensemble;
        final int[] players;
        final int playerCount;
        final double scale;
        final double[] base;

        Drawn(int seed) {
            random = new Random(seed);
            playerCount = 1 + seed % 6;
            int width = seed % 3 == 0 ? playerCount : playerCount + random.nextInt(5);
            players = new int[width];
            for (int i = 0; i < width; i++) {
                players[i] = i < playerCount ? i : random.nextInt(playerCount);
            }
            draw = new PlainTree.Draw(width, 1 + seed % 3, 1 + seed % 9, ALL, seed % 2 == 0);
            trees = PlainTree.trees(draw, 1 + seed % 4, random);
            boolean isAverage = seed % 7 == 0;
            scale = isAverage ? 1.0 / trees.size() : 1;
            base = random.doubles(draw.targetCount()).toArray();
            ensemble = PlainTree.ensemble(trees, draw, isAverage ? Aggregate.AVERAGE : Aggregate.SUM, base);
        }

        boolean isKnown(int set, int column) {
            return (set >> players[column] & 1) != 0;
        }

        double value(float[] row, int target) {
            return base[target] + scale * PlainTree.sum(trees, row, target);
        }
    }

    @Test
    void pathDependentValuesAreShapleyValues() {
        for (int seed = 0; seed < 150; seed++) {
            Drawn drawn = new Drawn(seed);
            PathDependentShap shap = new PathDependentShap(drawn.ensemble, drawn.players);
            for (int i = 0; i < 3; i++) {
                float[] row = PlainTree.rows(1, drawn.draw.width(), drawn.random);
                for (int target = 0; target < drawn.draw.targetCount(); target++) {
                    double[] terms = new double[drawn.playerCount];
                    shap.add(row, 0, target, -2, terms);
                    int known = target;
                    IntToDoubleFunction valueOfSet = set -> drawn.scale
                            * drawn.trees.stream()
                                    .mapToDouble(tree -> tree.known(row, known, column -> drawn.isKnown(set, column)))
                                    .sum();
                    for (int player = 0; player < terms.length; player++) {
                        assertThat(terms[player])
                                .as("seed %d target %d player %d", seed, target, player)
                                .isCloseTo(-2 * shapley(valueOfSet, player, terms.length), within(1e-10));
                    }
                    assertThat(shap.mean(target) + Arrays.stream(terms).sum() / -2)
                            .isCloseTo(drawn.value(row, target), within(1e-10));
                }
            }
        }
    }

    @Test
    void interventionalValuesAreShapleyValues() {
        for (int seed = 0; seed < 100; seed++) {
            Drawn drawn = new Drawn(seed);
            int width = drawn.draw.width();
            int rowCount = seed % 20 == 0 ? 130 : 1 + seed % 5;
            float[] background = PlainTree.rows(rowCount, width, drawn.random);
            InterventionalShap shap = new InterventionalShap(drawn.ensemble, drawn.players, background);
            float[] row = PlainTree.rows(1, width, drawn.random);
            for (int target = 0; target < drawn.draw.targetCount(); target++) {
                double[] terms = new double[drawn.playerCount];
                shap.add(row, 0, target, 3, terms);
                int known = target;
                IntToDoubleFunction valueOfSet = set -> {
                    double sum = 0;
                    for (int other = 0; other < rowCount; other++) {
                        float[] mixed = Arrays.copyOfRange(background, other * width, (other + 1) * width);
                        for (int column = 0; column < width; column++) {
                            mixed[column] = drawn.isKnown(set, column) ? row[column] : mixed[column];
                        }
                        sum += drawn.value(mixed, known) / rowCount;
                    }
                    return sum;
                };
                for (int player = 0; player < terms.length; player++) {
                    assertThat(terms[player])
                            .as("seed %d target %d player %d", seed, target, player)
                            .isCloseTo(3 * shapley(valueOfSet, player, terms.length), within(1e-10));
                }
                assertThat(shap.mean(target)).isCloseTo(valueOfSet.applyAsDouble(0), within(1e-10));
                assertThat(shap.mean(target) + Arrays.stream(terms).sum() / 3)
                        .isCloseTo(drawn.value(row, target), within(1e-10));
            }
        }
    }

    @Test
    void addsUpOverDeepTrees() {
        Random random = new Random(9);
        PlainTree.Draw draw = PlainTree.Draw.regression(40, 14);
        List<PlainTree> trees = PlainTree.trees(draw, 5, random);
        TreeEnsemble ensemble = PlainTree.ensemble(trees, draw, Aggregate.SUM);
        int[] players = new int[40];
        Arrays.setAll(players, i -> i);
        PathDependentShap shap = new PathDependentShap(ensemble, players);
        InterventionalShap interventional = new InterventionalShap(ensemble, players, PlainTree.rows(100, 40, random));
        for (int i = 0; i < 50; i++) {
            float[] row = PlainTree.rows(1, 40, random);
            double[] terms = new double[40];
            shap.add(row, 0, 0, 1, terms);
            assertThat(shap.mean(0) + Arrays.stream(terms).sum()).isCloseTo(PlainTree.sum(trees, row, 0), within(1e-9));
            Arrays.fill(terms, 0);
            interventional.add(row, 0, 0, 1, terms);
            assertThat(interventional.mean(0) + Arrays.stream(terms).sum())
                    .isCloseTo(PlainTree.sum(trees, row, 0), within(1e-9));
        }
    }

    @Test
    void allocatesNothingPerRow() {
        Random random = new Random(3);
        PlainTree.Draw draw = PlainTree.Draw.regression(40, 6);
        TreeEnsemble ensemble = PlainTree.ensemble(PlainTree.trees(draw, 20, random), draw, Aggregate.SUM);
        int[] players = new int[40];
        Arrays.setAll(players, i -> i);
        PathDependentShap shap = new PathDependentShap(ensemble, players);
        InterventionalShap interventional = new InterventionalShap(ensemble, players, PlainTree.rows(70, 40, random));
        float[] row = PlainTree.rows(1, 40, random);
        double[] terms = new double[40];
        assertThat(Allocation.of(() -> shap.add(row, 0, 0, 1, terms))).isLessThan(Allocation.NOTHING);
        assertThat(Allocation.of(() -> interventional.add(row, 0, 0, 1, terms))).isLessThan(Allocation.NOTHING);
    }

    @Test
    void integratesPolynomialsExactly() {
        for (int count = 1; count <= 128; count += count < 12 ? 1 : 29) {
            GaussLegendre rule = new GaussLegendre(count);
            for (int degree = 0; degree < 2 * count; degree += 1 + degree / 4) {
                double sum = 0;
                for (int i = 0; i < count; i++) {
                    sum += rule.weights[i] * Math.pow(rule.points[i], degree);
                }
                assertThat(sum).as("%d points, degree %d", count, degree).isCloseTo(1.0 / (degree + 1), within(1e-14));
            }
        }
    }
}
