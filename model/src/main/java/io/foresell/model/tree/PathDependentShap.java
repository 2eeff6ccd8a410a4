package io.foresell.model.tree;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Exact Shapley values of a row when an unknown column follows the cover of its branches (Lundberg, Erion and Lee,
 * "Consistent individualized feature attribution for tree ensembles", 2018). A player is one column, or several that
 * become known together.
 *
 * <p>For a leaf of value v let o be 1 when the row passes all of a player's splits above the leaf, else 0, and z the
 * product of their cover shares. The player's part of the leaf is {@code v (o - z)} times the integral over t in 0..1 of
 * the product of {@code o t + z (1 - t)} over the other players. That is a polynomial, so a Gauss-Legendre rule with half
 * as many points as players is exact. One walk carries the product down at four points of the rule and the sums of the
 * leaves up, and gives each edge its part, so a row costs O(nodes * points): the idea of Yu, Xu, Zhu and Whitesides,
 * "Linear TreeShap", 2022. When a player splits again below, the new factor replaces the old one, and what the edge above
 * claimed of the leaves below is taken back.
 *
 * <p>Immutable, thread-safe, no allocation per row after warm-up.
 */
public final class PathDependentShap {
    private static final int LANES = 4;

    private final TreeEnsemble trees;
    private final int[] treesOfTarget;
    private final int[] targetStart;
    /** Player of the edge above a node. */
    private final int[] player;
    /** Depth of the nearest edge above a node's own that belongs to the same player; 0 when there is none. */
    private final int[] depthAbove;
    /** Product of the cover shares of the player's edges above a node's own; 1 when there is none. */
    private final double[] zeroAbove;

    private final GaussLegendre[] ruleOfTree;

    /**
     * Prepares an ensemble.
     *
     * @param trees sums or averages
     * @param players the player that each column belongs to, 0 or more; length width
     */
    public PathDependentShap(TreeEnsemble trees, int[] players) {
        if (!trees.isAdditive() || players.length != trees.width) {
            throw new IllegalArgumentException(
                    "players: %d (expected: %d, and sums over trees)".formatted(players.length, trees.width));
        }
        this.trees = trees;
        this.player = new int[trees.nodeCount()];
        this.depthAbove = new int[trees.nodeCount()];
        this.zeroAbove = new double[trees.nodeCount()];
        this.ruleOfTree = new GaussLegendre[trees.treeCount()];
        Map<Integer, GaussLegendre> rules = new HashMap<>();
        Preparation preparation = new Preparation(players);
        for (int tree = 0; tree < ruleOfTree.length; tree++) {
            int playerCount = preparation.below(trees.roots[tree], 0);
            // Half as many points as players, whole walks of four.
            int pointCount = LANES * Math.max(1, (playerCount + 2 * LANES - 1) / (2 * LANES));
            ruleOfTree[tree] = rules.computeIfAbsent(pointCount, GaussLegendre::new);
        }
        this.targetStart = new int[trees.targetCount + 1];
        this.treesOfTarget = treesByTarget(trees, targetStart);
    }

    /** Fills in what is known of the edges before a row comes. */
    private final class Preparation {
        private final int[] players;
        private final int[] playerByDepth = new int[TreeEnsemble.MAX_DEPTH + 1];
        private final double[] zeroByDepth = new double[TreeEnsemble.MAX_DEPTH + 1];

        Preparation(int[] players) {
            this.players = players;
        }

        /** Returns the most players on a path through the node, so many of them above it. */
        int below(int node, int playerCount) {
            if (trees.isLeaf(node)) {
                return playerCount;
            }
            int depth = trees.depth[node] + 1;
            int mover = players[trees.feature[node]];
            int above = depth - 1;
            while (above > 0 && playerByDepth[above] != mover) {
                above--;
            }
            int count = above == 0 ? playerCount + 1 : playerCount;
            double zero = above == 0 ? 1 : zeroByDepth[above];
            playerByDepth[depth] = mover;
            int most = 0;
            for (int child : new int[] {trees.yes[node], trees.no[node]}) {
                player[child] = mover;
                depthAbove[child] = above;
                zeroAbove[child] = zero;
                playerByDepth[depth] = mover;
                zeroByDepth[depth] = zero * trees.share[child];
                most = Math.max(most, below(child, count));
            }
            return most;
        }
    }

    /** Returns the trees with a weight for target 0, then those for target 1, ... */
    private static int[] treesByTarget(TreeEnsemble trees, int[] targetStart) {
        List<BitSet> treesOf = new ArrayList<>();
        for (int target = 0; target < trees.targetCount; target++) {
            treesOf.add(new BitSet());
        }
        for (int tree = 0; tree < trees.treeCount(); tree++) {
            int end = trees.weightStart[trees.treeEnd(tree)];
            for (int i = trees.weightStart[trees.roots[tree]]; i < end; i++) {
                treesOf.get(trees.weightTarget[i]).set(tree);
            }
        }
        for (int target = 0; target < trees.targetCount; target++) {
            targetStart[target + 1] = targetStart[target] + treesOf.get(target).cardinality();
        }
        return treesOf.stream().flatMapToInt(BitSet::stream).toArray();
    }

    /** Returns a target's mean over training by cover, to which the values of a row add up to its own. */
    public double mean(int target) {
        double sum = 0;
        double[] reach = trees.reach();
        for (int node = 0; node < reach.length; node++) {
            if (trees.isLeaf(node)) {
                sum += reach[node] * trees.weight(node, target);
            }
        }
        return trees.base[target] + sum * trees.scale();
    }

    /**
     * Adds {@code slope} times each player's value.
     *
     * @param columns the row's columns start at {@code offset}
     * @param perPlayer length above the largest player
     */
    public void add(float[] columns, int offset, int target, double slope, double[] perPlayer) {
        Walk walk = TreeScratch.ofThread().walk();
        walk.target = target;
        walk.slope = slope * trees.scale();
        for (int i = targetStart[target]; i < targetStart[target + 1]; i++) {
            int tree = treesOfTarget[i];
            GaussLegendre rule = ruleOfTree[tree];
            for (int point = 0; point < rule.points.length; point += LANES) {
                walk.takePoints(rule, point);
                descend(walk, columns, offset, perPlayer, trees.roots[tree], 1, 1, 1, 1);
            }
        }
    }

    /** Leaves in the walk the sums over the leaves below a node whose path has the products a to d. */
    private void descend(
            Walk walk,
            float[] columns,
            int offset,
            double[] perPlayer,
            int node,
            double a,
            double b,
            double c,
            double d) {
        if (trees.isLeaf(node)) {
            walk.takeLeaf(trees.weight(node, walk.target), a, b, c, d);
            return;
        }
        boolean isYes = trees.isYes(node, columns, offset);
        follow(walk, columns, offset, perPlayer, trees.yes[node], isYes, a, b, c, d);
        double sumA = walk.sumA;
        double sumB = walk.sumB;
        double sumC = walk.sumC;
        double sumD = walk.sumD;
        follow(walk, columns, offset, perPlayer, trees.no[node], !isYes, a, b, c, d);
        walk.sumA += sumA;
        walk.sumB += sumB;
        walk.sumC += sumC;
        walk.sumD += sumD;
    }

    /** Goes along the edge to a child and gives the edge's player its part of the leaves below. */
    private void follow(
            Walk walk,
            float[] columns,
            int offset,
            double[] perPlayer,
            int child,
            boolean isPassed,
            double a,
            double b,
            double c,
            double d) {
        int above = depthAbove[child];
        double share = trees.share[child];
        boolean isOneAbove = above == 0 || walk.isOne[above];
        boolean isOne = isOneAbove && isPassed;
        double zero = zeroAbove[child] * share;
        walk.isOne[trees.depth[child]] = isOne;
        if (!isOne && (share == 0 || zero == 0)) {
            walk.takeLeaf(0, 0, 0, 0, 0); // No row and no coalition ever gets here.
            return;
        }
        if (!isOneAbove) {
            // Both factors are z (1 - t): the edge above already has its part, which stays right.
            descend(walk, columns, offset, perPlayer, child, a * share, b * share, c * share, d * share);
            return;
        }
        // o t + z (1 - t), and the same for the edge above, which is 1 when there is none.
        double one = isOne ? 1 : 0;
        double from = zeroAbove[child];
        double fa = one * walk.ta + zero * (1 - walk.ta);
        double fb = one * walk.tb + zero * (1 - walk.tb);
        double fc = one * walk.tc + zero * (1 - walk.tc);
        double fd = one * walk.td + zero * (1 - walk.td);
        if (above == 0) {
            descend(walk, columns, offset, perPlayer, child, a * fa, b * fb, c * fc, d * fd);
            perPlayer[player[child]] += walk.slope
                    * (one - zero)
                    * (walk.wa * walk.sumA / fa
                            + walk.wb * walk.sumB / fb
                            + walk.wc * walk.sumC / fc
                            + walk.wd * walk.sumD / fd);
            return;
        }
        double ga = walk.ta + from * (1 - walk.ta);
        double gb = walk.tb + from * (1 - walk.tb);
        double gc = walk.tc + from * (1 - walk.tc);
        double gd = walk.td + from * (1 - walk.td);
        descend(walk, columns, offset, perPlayer, child, a * fa / ga, b * fb / gb, c * fc / gc, d * fd / gd);
        perPlayer[player[child]] += walk.slope
                * (walk.wa * walk.sumA * ((one - zero) / fa - (1 - from) / ga)
                        + walk.wb * walk.sumB * ((one - zero) / fb - (1 - from) / gb)
                        + walk.wc * walk.sumC * ((one - zero) / fc - (1 - from) / gc)
                        + walk.wd * walk.sumD * ((one - zero) / fd - (1 - from) / gd));
    }

    /** What a walk carries at four points of the rule, a to d. Owned by a thread. */
    static final class Walk {
        private int target;
        private double slope;
        /** Whether the row passes all edges down to a depth of the player at that depth. */
        private final boolean[] isOne = new boolean[TreeEnsemble.MAX_DEPTH + 1];

        private double ta;
        private double tb;
        private double tc;
        private double td;
        private double wa;
        private double wb;
        private double wc;
        private double wd;
        private double sumA;
        private double sumB;
        private double sumC;
        private double sumD;

        private void takePoints(GaussLegendre rule, int from) {
            ta = rule.points[from];
            tb = rule.points[from + 1];
            tc = rule.points[from + 2];
            td = rule.points[from + 3];
            wa = rule.weights[from];
            wb = rule.weights[from + 1];
            wc = rule.weights[from + 2];
            wd = rule.weights[from + 3];
        }

        private void takeLeaf(double weight, double a, double b, double c, double d) {
            sumA = weight * a;
            sumB = weight * b;
            sumC = weight * c;
            sumD = weight * d;
        }
    }
}
