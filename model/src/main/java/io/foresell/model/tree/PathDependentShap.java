package io.foresell.model.tree;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Exact Shapley values of a row when an unknown column follows the cover of its branches (Lundberg, Erion and Lee,
 * "Consistent individualized feature attribution for tree ensembles", 2018).
 *
 * <p>For a leaf of value v let o be 1 when the row passes all of a player's splits above the leaf, else 0, and z the
 * product of their cover shares. The player's part of the leaf is {@code v (o - z)} times the integral over t in 0..1 of
 * the product of {@code o t + z (1 - t)} over the other players. That is a polynomial in t, so a Gauss-Legendre rule with
 * half as many points as players is exact, and one walk over a tree carries it for all leaves at once: O(nodes * points)
 * a row, the idea of Yu, Xu, Zhu and Whitesides, "Linear TreeShap", 2022.
 *
 * <p>At a split of cover share s to the yes child let f be the player's factor so far ({@code t + z (1 - t)}, 1 for a new
 * player), p the product over the path and Y and N what the children add up to, each over the products above it. The
 * factors of the two edges add up to f, so with m, the yes edge's factor over f, the products below are {@code p m} and
 * {@code p (1 - m)}, the split adds up to {@code N + m (Y - N)}, and the player gets, beyond its part from the splits
 * above, the integral of {@code z (o - s) p (Y - N) / f^2}. When the row has left the player's splits above, m is s and
 * nothing changes for the player any more.
 */
public final class PathDependentShap implements TreeShap {
    private static final int LANES = 4;

    private final TreeEnsemble trees;
    private final int[] treesOfTarget;
    private final int[] targetStart;
    private final int[] players;

    private final int[] receivers;
    /** Depth of the nearest edge above a split that belongs to the same player; 0 when there is none. */
    private final int[] depthAbove;
    /** Product of the cover shares of the player's edges above a split; 1 when there is none. */
    private final double[] zeroAbove;

    private final GaussLegendre[] ruleOfTree;

    /**
     * Prepares an ensemble.
     *
     * @param trees sums or averages
     * @param players the player that each column belongs to, 0 or more; length width
     */
    public PathDependentShap(TreeEnsemble trees, int[] players) {
        this(trees, players, players);
    }

    /**
     * Prepares an ensemble whose players' parts are added up.
     *
     * @param trees sums or averages
     * @param players the player that each column belongs to, 0 or more; length width
     * @param receivers the place that the part of each column's player is added to; length width
     */
    public PathDependentShap(TreeEnsemble trees, int[] players, int[] receivers) {
        if (!trees.isAdditive() || players.length != trees.width || receivers.length != trees.width) {
            throw new IllegalArgumentException("players: %d, receivers: %d (expected: %d, and sums over trees)"
                    .formatted(players.length, receivers.length, trees.width));
        }
        this.trees = trees;
        this.players = players.clone();
        this.receivers = receivers.clone();
        this.depthAbove = new int[trees.nodeCount()];
        this.zeroAbove = new double[trees.nodeCount()];
        this.ruleOfTree = new GaussLegendre[trees.treeCount()];
        Map<Integer, GaussLegendre> rules = new HashMap<>();
        Preparation preparation = new Preparation();
        for (int tree = 0; tree < ruleOfTree.length; tree++) {
            int playerCount = preparation.below(trees.roots[tree], 0);
            // Half as many points as players, whole walks of four.
            int pointCount = LANES * Math.max(1, (playerCount + 2 * LANES - 1) / (2 * LANES));
            ruleOfTree[tree] = rules.computeIfAbsent(pointCount, GaussLegendre::new);
        }
        this.targetStart = new int[trees.targetCount + 1];
        this.treesOfTarget = treesByTarget(trees, targetStart);
    }

    /** Fills in what is known of the splits before a row comes. */
    private final class Preparation {
        private final int[] playerByDepth = new int[TreeEnsemble.MAX_DEPTH + 1];
        private final double[] zeroByDepth = new double[TreeEnsemble.MAX_DEPTH + 1];

        /** Returns the most players on a path through the node, so many of them above it. */
        int below(int node, int playerCount) {
            if (trees.isLeaf(node)) {
                return playerCount;
            }
            int depth = trees.depth[node];
            int player = players[trees.feature[node]];
            int above = depth;
            while (above > 0 && playerByDepth[above] != player) {
                above--;
            }
            depthAbove[node] = above;
            zeroAbove[node] = above == 0 ? 1 : zeroByDepth[above];
            int most = 0;
            for (int child : new int[] {trees.yes[node], trees.no[node]}) {
                playerByDepth[depth + 1] = player;
                zeroByDepth[depth + 1] = zeroAbove[node] * trees.share[child];
                most = Math.max(most, below(child, above == 0 ? playerCount + 1 : playerCount));
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

    @Override
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

    @Override
    public void add(float[] columns, int offset, int target, double slope, double[] perPlayer) {
        Walk walk = TreeScratch.ofThread().walk();
        walk.target = target;
        walk.slope = slope * trees.scale();
        walk.one[0] = 1;
        for (int i = targetStart[target]; i < targetStart[target + 1]; i++) {
            int tree = treesOfTarget[i];
            if (!trees.isLeaf(trees.roots[tree])) {
                addTree(walk, columns, offset, perPlayer, tree);
            }
        }
    }

    private void addTree(Walk walk, float[] columns, int offset, double[] perPlayer, int tree) {
        double[] points = ruleOfTree[tree].points;
        double[] weights = ruleOfTree[tree].weights;
        for (int i = 0; i < points.length; i += LANES) {
            walk.a = points[i];
            walk.b = points[i + 1];
            walk.c = points[i + 2];
            walk.d = points[i + 3];
            int root = trees.roots[tree];
            descend(walk, columns, offset, perPlayer, root, weights[i], weights[i + 1], weights[i + 2], weights[i + 3]);
        }
    }

    /**
     * Gives the players their parts of the splits from a split on; leaves in the walk what it adds up to.
     *
     * @param pa product over the path, times the weight, at the first of four points, and so on
     */
    private void descend(
            Walk walk,
            float[] columns,
            int offset,
            double[] perPlayer,
            int split,
            double pa,
            double pb,
            double pc,
            double pd) {
        int yes = trees.yes[split];
        double share = trees.share[yes];
        int yesBit = trees.yesBit(split, columns, offset);
        int above = depthAbove[split];
        int oneAbove = walk.one[above];
        double zero = zeroAbove[split];
        double ma = share;
        double mb = share;
        double mc = share;
        double md = share;
        double ga = 1;
        double gb = 1;
        double gc = 1;
        double gd = 1;
        if (oneAbove != 0) {
            if (above > 0) {
                ga = 1 / (zero + (1 - zero) * walk.a);
                gb = 1 / (zero + (1 - zero) * walk.b);
                gc = 1 / (zero + (1 - zero) * walk.c);
                gd = 1 / (zero + (1 - zero) * walk.d);
            }
            double rest = zero * share;
            double slope = yesBit - rest;
            ma = (rest + slope * walk.a) * ga;
            mb = (rest + slope * walk.b) * gb;
            mc = (rest + slope * walk.c) * gc;
            md = (rest + slope * walk.d) * gd;
        }
        int no = trees.no[split];
        double ya;
        double yb;
        double yc;
        double yd;
        if (trees.isLeaf(yes)) {
            ya = trees.weight(yes, walk.target);
            yb = ya;
            yc = ya;
            yd = ya;
        } else {
            walk.one[trees.depth[yes]] = oneAbove & yesBit;
            descend(walk, columns, offset, perPlayer, yes, pa * ma, pb * mb, pc * mc, pd * md);
            ya = walk.sumA;
            yb = walk.sumB;
            yc = walk.sumC;
            yd = walk.sumD;
        }
        if (trees.isLeaf(no)) {
            double weight = trees.weight(no, walk.target);
            walk.sumA = weight;
            walk.sumB = weight;
            walk.sumC = weight;
            walk.sumD = weight;
        } else {
            walk.one[trees.depth[no]] = oneAbove & ~yesBit;
            descend(walk, columns, offset, perPlayer, no, pa - pa * ma, pb - pb * mb, pc - pc * mc, pd - pd * md);
        }
        double da = ya - walk.sumA;
        double db = yb - walk.sumB;
        double dc = yc - walk.sumC;
        double dd = yd - walk.sumD;
        walk.sumA += ma * da;
        walk.sumB += mb * db;
        walk.sumC += mc * dc;
        walk.sumD += md * dd;
        if (oneAbove != 0) {
            double part = pa * da * ga * ga + pb * db * gb * gb + pc * dc * gc * gc + pd * dd * gd * gd;
            perPlayer[receivers[trees.feature[split]]] += walk.slope * zero * (yesBit - share) * part;
        }
    }

    /** What a walk carries at four points of the rule. Owned by a thread. */
    static final class Walk {
        private int target;
        private double slope;
        /** 1 when the row passes all edges of a player down to its edge at a depth, else 0; 1 at depth 0. */
        private final int[] one = new int[TreeEnsemble.MAX_DEPTH + 1];

        /** The points. */
        private double a;

        private double b;
        private double c;
        private double d;
        /** What the leaves below the node that was left last add up to. */
        private double sumA;

        private double sumB;
        private double sumC;
        private double sumD;
    }
}
