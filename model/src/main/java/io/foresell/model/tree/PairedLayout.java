package io.foresell.model.tree;

import org.jspecify.annotations.Nullable;

/**
 * One long a node, the children side by side, no child first: limit above; slot of the key and place of the no child
 * below. A step adds the outcome of the comparison to the place of the no child, so there is no branch to mispredict. A
 * leaf points to itself, compares with the largest key and carries its payload in place of the limit; so every tree of a
 * group takes as many steps as the deepest, and eight of them advance side by side to hide the latency of memory. {@code
 * TreeLayoutBenchmark} compares it with others.
 */
final class PairedLayout implements TreeLayout {
    private static final int LIMIT_SHIFT = 32;

    private final RowKeys rowKeys;
    private final long[] nodes;
    private final int[] roots;
    private final int[] depths;
    private final int placeBits;
    private final int placeMask;

    /** Returns the trees in this layout; null when slots and places do not fit into an int, or a rule is an equality. */
    static @Nullable PairedLayout of(TreeEnsemble trees, RowKeys rowKeys, Payload payload) {
        int placeBits = bits(trees.nodeCount() - 1);
        if (placeBits + bits(rowKeys.lastSlot()) > Integer.SIZE) {
            return null;
        }
        for (byte flags : trees.flags) {
            if ((flags & TreeEnsemble.EQUALITY) != 0) {
                return null;
            }
        }
        return new PairedLayout(trees, rowKeys, payload, placeBits);
    }

    private static int bits(int largest) {
        return Math.max(1, Integer.SIZE - Integer.numberOfLeadingZeros(largest));
    }

    private PairedLayout(TreeEnsemble trees, RowKeys rowKeys, Payload payload, int placeBits) {
        this.rowKeys = rowKeys;
        this.nodes = new long[trees.nodeCount()];
        this.roots = new int[trees.treeCount()];
        this.depths = new int[roots.length];
        this.placeBits = placeBits;
        this.placeMask = (1 << placeBits) - 1;
        Placer placer = new Placer(trees, payload);
        for (int tree = 0; tree < roots.length; tree++) {
            roots[tree] = placer.size++;
            depths[tree] = placer.place(trees.roots[tree], roots[tree]);
        }
        for (int tree = 0; tree + 8 <= roots.length; tree += 8) {
            depths[tree] = deepest(tree, 8);
        }
        int rest = roots.length & ~7;
        if (rest + 4 <= roots.length) {
            depths[rest] = deepest(rest, 4);
        }
    }

    private final class Placer {
        private final TreeEnsemble trees;
        private final Payload payload;
        private int size;

        Placer(TreeEnsemble trees, Payload payload) {
            this.trees = trees;
            this.payload = payload;
        }

        /** Puts a node at a place and what hangs below it behind all others; returns the splits below. */
        int place(int node, int at) {
            if (trees.isLeaf(node)) {
                nodes[at] = word(payload.of(node), rowKeys.lastSlot(), at);
                return 0;
            }
            int pair = size;
            size += 2;
            nodes[at] = word(trees.limit[node], rowKeys.slot(trees.feature[node], trees.isMissingYes(node)), pair);
            int below = place(trees.no[node], pair);
            return 1 + Math.max(below, place(trees.yes[node], pair + 1));
        }

        private long word(int high, int slot, int place) {
            return ((long) high << LIMIT_SHIFT) | ((long) slot << placeBits) | place;
        }
    }

    /** Returns the steps of a row, those that trees wait for the deepest of their group included. */
    static long stepCount(TreeEnsemble trees) {
        long steps = 0;
        for (int tree = 0; tree < trees.treeCount(); tree += 8) {
            int end = Math.min(tree + 8, trees.treeCount());
            int deepest = 0;
            for (int node = trees.roots[tree]; node < trees.treeEnd(end - 1); node++) {
                deepest = Math.max(deepest, trees.depth[node]);
            }
            steps += (long) deepest * (end - tree);
        }
        return steps;
    }

    @Override
    public void descend(float[] columns, int offset, TreeScratch scratch, int[] payloads) {
        int[] keys = scratch.keys(rowKeys.lastSlot() + 1);
        rowKeys.fill(columns, offset, keys);
        int tree = 0;
        for (; tree + 8 <= roots.length; tree += 8) {
            eight(keys, tree, payloads);
        }
        for (; tree + 4 <= roots.length; tree += 4) {
            four(keys, tree, payloads);
        }
        for (; tree < roots.length; tree++) {
            int at = roots[tree];
            for (int steps = depths[tree]; steps > 0; steps--) {
                at = step(nodes, keys, at, placeBits, placeMask);
            }
            payloads[tree] = payload(at);
        }
    }

    /** The sign of a difference of ints, taken in longs, is the outcome of their comparison. */
    private static int step(long[] nodes, int[] keys, int at, int placeBits, int placeMask) {
        long node = nodes[at];
        int low = (int) node;
        long difference = keys[low >>> placeBits] - (node >> LIMIT_SHIFT);
        return (low & placeMask) + (int) (difference >>> (Long.SIZE - 1));
    }

    private int payload(int at) {
        return (int) (nodes[at] >> LIMIT_SHIFT);
    }

    private int deepest(int from, int count) {
        int deepest = 0;
        for (int tree = from; tree < from + count; tree++) {
            deepest = Math.max(deepest, depths[tree]);
        }
        return deepest;
    }

    private void eight(int[] keys, int tree, int[] payloads) {
        long[] words = nodes;
        int bits = placeBits;
        int mask = placeMask;
        int a = roots[tree];
        int b = roots[tree + 1];
        int c = roots[tree + 2];
        int d = roots[tree + 3];
        int e = roots[tree + 4];
        int f = roots[tree + 5];
        int g = roots[tree + 6];
        int h = roots[tree + 7];
        for (int steps = depths[tree]; steps > 0; steps--) {
            a = step(words, keys, a, bits, mask);
            b = step(words, keys, b, bits, mask);
            c = step(words, keys, c, bits, mask);
            d = step(words, keys, d, bits, mask);
            e = step(words, keys, e, bits, mask);
            f = step(words, keys, f, bits, mask);
            g = step(words, keys, g, bits, mask);
            h = step(words, keys, h, bits, mask);
        }
        payloads[tree] = payload(a);
        payloads[tree + 1] = payload(b);
        payloads[tree + 2] = payload(c);
        payloads[tree + 3] = payload(d);
        payloads[tree + 4] = payload(e);
        payloads[tree + 5] = payload(f);
        payloads[tree + 6] = payload(g);
        payloads[tree + 7] = payload(h);
    }

    private void four(int[] keys, int tree, int[] payloads) {
        long[] words = nodes;
        int bits = placeBits;
        int mask = placeMask;
        int a = roots[tree];
        int b = roots[tree + 1];
        int c = roots[tree + 2];
        int d = roots[tree + 3];
        for (int steps = depths[tree]; steps > 0; steps--) {
            a = step(words, keys, a, bits, mask);
            b = step(words, keys, b, bits, mask);
            c = step(words, keys, c, bits, mask);
            d = step(words, keys, d, bits, mask);
        }
        payloads[tree] = payload(a);
        payloads[tree + 1] = payload(b);
        payloads[tree + 2] = payload(c);
        payloads[tree + 3] = payload(d);
    }
}
