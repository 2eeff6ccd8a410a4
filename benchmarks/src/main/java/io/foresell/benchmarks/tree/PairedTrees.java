package io.foresell.benchmarks.tree;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** What production does, but one tree at a time, or with the nodes of a tree level by level, or both. */
final class PairedTrees implements RowSum {
    private final RowOrder order = new RowOrder();
    private final long[] nodes;
    private final int[] roots;
    private final int[] depths;
    private final int placeBits;
    private final int placeMask;
    private final boolean isSideBySide;
    private int size;

    PairedTrees(List<DrawnNode> trees, boolean isLevelByLevel, boolean isSideBySide) {
        int count = trees.stream().mapToInt(DrawnNode::nodeCount).sum();
        this.nodes = new long[count];
        this.placeBits = Integer.SIZE - Integer.numberOfLeadingZeros(count);
        this.placeMask = (1 << placeBits) - 1;
        this.roots = new int[trees.size()];
        this.depths = trees.stream().mapToInt(DrawnNode::depth).toArray();
        this.isSideBySide = isSideBySide;
        for (int tree = 0; tree < roots.length; tree++) {
            roots[tree] = size++;
            place(trees.get(tree), roots[tree], isLevelByLevel);
        }
    }

    private record Open(DrawnNode node, int place) {}

    /** Places pairs of children in the order of a queue, or of a stack. */
    private void place(DrawnNode root, int at, boolean isLevelByLevel) {
        Deque<Open> open = new ArrayDeque<>();
        open.add(new Open(root, at));
        while (!open.isEmpty()) {
            Open next = isLevelByLevel ? open.removeFirst() : open.removeLast();
            DrawnNode node = next.node();
            if (node.isLeaf()) {
                nodes[next.place()] = word(Float.floatToRawIntBits(node.leaf()), RowOrder.lastSlot(), next.place());
                continue;
            }
            nodes[next.place()] = word(RowOrder.key(node.threshold()), RowOrder.slot(node), size);
            open.add(new Open(node.noChild(), size));
            open.add(new Open(node.yesChild(), size + 1));
            size += 2;
        }
    }

    private long word(int high, int slot, int place) {
        return ((long) high << 32) | ((long) slot << placeBits) | place;
    }

    private int step(int[] keys, int at) {
        long node = nodes[at];
        int low = (int) node;
        return (low & placeMask) + (int) ((keys[low >>> placeBits] - (node >> 32)) >>> 63);
    }

    private float leaf(int at) {
        return Float.intBitsToFloat((int) (nodes[at] >> 32));
    }

    @Override
    public double sum(float[] columns, int offset) {
        int[] keys = order.of(columns, offset);
        double sum = 0;
        int tree = 0;
        for (; isSideBySide && tree + 4 <= roots.length; tree += 4) {
            sum += four(keys, tree);
        }
        for (; tree < roots.length; tree++) {
            int at = roots[tree];
            for (int steps = depths[tree]; steps > 0; steps--) {
                at = step(keys, at);
            }
            sum += leaf(at);
        }
        return sum;
    }

    private double four(int[] keys, int tree) {
        int a = roots[tree];
        int b = roots[tree + 1];
        int c = roots[tree + 2];
        int d = roots[tree + 3];
        int deepest = Math.max(Math.max(depths[tree], depths[tree + 1]), Math.max(depths[tree + 2], depths[tree + 3]));
        for (int steps = deepest; steps > 0; steps--) {
            a = step(keys, a);
            b = step(keys, b);
            c = step(keys, c);
            d = step(keys, d);
        }
        return (double) leaf(a) + leaf(b) + leaf(c) + leaf(d);
    }
}
