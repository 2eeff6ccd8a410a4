package io.foresell.model.tree;

import java.util.Arrays;

/**
 * Exact Shapley values of a row when unknown players take the values of background rows, averaged over these (Lundberg et
 * al., "From local explanations to global understanding with explainable AI for trees", 2020).
 *
 * <p>On the way to a leaf each player's splits agree with the row and with a background row, or with one of them only. A
 * leaf of value v where p players follow the row only and q the background row only gives each of the p {@code v (p - 1)!
 * q! / (p + q)!} and takes {@code v p! (q - 1)! / (p + q)!} from each of the q. 64 background rows walk at once, as the
 * bits of a long, for they part only where their splits decide differently.
 */
public final class InterventionalShap implements TreeShap {
    private static final byte FREE = 0;
    private static final byte OF_ROW = 1;
    private static final byte OF_BACKGROUND = 2;

    private final TreeEnsemble trees;
    private final int[] players;
    private final int playerCount;
    private final int rowCount;
    /** Per block of 64 background rows and per node: the rows that go to the yes child. */
    private final long[][] yesRows;

    private final double[] means;
    /** (p - 1)! q! / (p + q)! at p * (MAX_DEPTH + 2) + q. */
    private final double[] gains;

    /**
     * Prepares an ensemble.
     *
     * @param trees sums or averages
     * @param players the player that each column belongs to, 0 or more; length width
     * @param background columns of background rows, one row after the other, at least one
     */
    public InterventionalShap(TreeEnsemble trees, int[] players, float[] background) {
        if (!trees.isAdditive() || players.length != trees.width) {
            throw new IllegalArgumentException(
                    "players: %d (expected: %d, and sums over trees)".formatted(players.length, trees.width));
        }
        if (background.length == 0 || background.length % trees.width != 0) {
            throw new IllegalArgumentException(
                    "background: %d columns (expected: rows of %d)".formatted(background.length, trees.width));
        }
        this.trees = trees;
        this.players = players.clone();
        this.playerCount = 1 + Arrays.stream(players).max().orElse(0);
        this.rowCount = background.length / trees.width;
        this.yesRows = yesRows(trees, background, rowCount);
        this.means = means(trees, background, rowCount);
        this.gains = gains();
    }

    private static long[][] yesRows(TreeEnsemble trees, float[] background, int rowCount) {
        long[][] blocks = new long[(rowCount + Long.SIZE - 1) / Long.SIZE][trees.nodeCount()];
        for (int row = 0; row < rowCount; row++) {
            long[] block = blocks[row / Long.SIZE];
            for (int node = 0; node < trees.nodeCount(); node++) {
                if (!trees.isLeaf(node) && trees.isYes(node, background, row * trees.width)) {
                    block[node] |= 1L << row;
                }
            }
        }
        return blocks;
    }

    private static double[] means(TreeEnsemble trees, float[] background, int rowCount) {
        double[] means = new double[trees.targetCount];
        double[] totals = new double[trees.targetCount];
        TreeSums sums = TreeSums.of(trees);
        for (int row = 0; row < rowCount; row++) {
            sums.sum(background, row * trees.width, totals);
            for (int target = 0; target < means.length; target++) {
                means[target] += totals[target] / rowCount;
            }
        }
        return means;
    }

    private static double[] gains() {
        int side = TreeEnsemble.MAX_DEPTH + 2;
        double[] gains = new double[side * side];
        for (int p = 1; p < side; p++) {
            gains[p * side] = 1.0 / p;
            for (int q = 1; q < side; q++) {
                gains[p * side + q] = gains[p * side + q - 1] * q / (p + q);
            }
        }
        return gains;
    }

    private double gain(int p, int q) {
        return gains[p * (TreeEnsemble.MAX_DEPTH + 2) + q];
    }

    @Override
    public double mean(int target) {
        return means[target];
    }

    @Override
    public void add(float[] columns, int offset, int target, double slope, double[] perPlayer) {
        Walk walk = TreeScratch.ofThread().backgroundWalk(playerCount);
        walk.target = target;
        walk.slope = slope * trees.scale() / rowCount;
        for (int block = 0; block < yesRows.length; block++) {
            int count = Math.min(Long.SIZE, rowCount - block * Long.SIZE);
            long all = -1L >>> (Long.SIZE - count);
            for (int root : trees.roots) {
                descend(walk, columns, offset, perPlayer, yesRows[block], root, all);
            }
        }
    }

    /** Leaves in the walk what players of the row gain, and players of the background lose, at the leaves below. */
    private void descend(
            Walk walk, float[] columns, int offset, double[] perPlayer, long[] yesOf, int node, long rows) {
        if (trees.isLeaf(node)) {
            double weight = trees.weight(node, walk.target) * Long.bitCount(rows);
            walk.gained = walk.ofRow == 0 ? 0 : weight * gain(walk.ofRow, walk.ofBackground);
            walk.lost = walk.ofBackground == 0 ? 0 : weight * gain(walk.ofBackground, walk.ofRow);
            return;
        }
        int player = players[trees.feature[node]];
        byte owner = walk.owners[player];
        boolean isYes = trees.isYes(node, columns, offset);
        int near = isYes ? trees.yes[node] : trees.no[node];
        int far = isYes ? trees.no[node] : trees.yes[node];
        long nearRows = rows & (isYes ? yesOf[node] : ~yesOf[node]);
        long farRows = rows & ~nearRows;
        double gained = 0;
        double lost = 0;
        if (owner == OF_ROW) {
            nearRows = rows; // The player has the row's values, whatever the background's are.
            farRows = 0;
        }
        if (nearRows != 0) {
            descend(walk, columns, offset, perPlayer, yesOf, near, nearRows);
            gained += walk.gained;
            lost += walk.lost;
        }
        if (farRows != 0 && owner == OF_BACKGROUND) {
            descend(walk, columns, offset, perPlayer, yesOf, far, farRows);
            gained += walk.gained;
            lost += walk.lost;
        } else if (farRows != 0) {
            walk.owners[player] = OF_ROW;
            walk.ofRow++;
            descend(walk, columns, offset, perPlayer, yesOf, near, farRows);
            walk.ofRow--;
            perPlayer[player] += walk.slope * walk.gained;
            gained += walk.gained;
            lost += walk.lost;
            walk.owners[player] = OF_BACKGROUND;
            walk.ofBackground++;
            descend(walk, columns, offset, perPlayer, yesOf, far, farRows);
            walk.ofBackground--;
            perPlayer[player] -= walk.slope * walk.lost;
            gained += walk.gained;
            lost += walk.lost;
            walk.owners[player] = FREE;
        }
        walk.gained = gained;
        walk.lost = lost;
    }

    /** Whose values each player has on the way down, and what comes back up. Owned by a thread. */
    static final class Walk {
        private int target;
        private double slope;
        private byte[] owners = new byte[64];
        private int ofRow;
        private int ofBackground;
        private double gained;
        private double lost;

        /** Makes room; all players are free between rows. */
        Walk ofPlayers(int count) {
            if (owners.length < count) {
                owners = new byte[Math.max(count, 2 * owners.length)];
            }
            return this;
        }
    }
}
