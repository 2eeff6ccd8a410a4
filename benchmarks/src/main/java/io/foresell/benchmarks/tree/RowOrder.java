package io.foresell.benchmarks.tree;

/** The columns of a row as ints of the same order, two each: NaN first for "missing goes yes", NaN last for "goes no". */
final class RowOrder {
    private static final int LAST = 2 * DrawnNode.WIDTH;

    private final int[] keys = new int[LAST + 1];

    RowOrder() {
        keys[LAST] = Integer.MAX_VALUE;
    }

    static int key(float value) {
        int bits = Float.floatToRawIntBits(value + 0f);
        return bits ^ ((bits >> 31) & Integer.MAX_VALUE);
    }

    static int slot(DrawnNode split) {
        return 2 * split.column() + (split.isMissingYes() ? 0 : 1);
    }

    /** Returns the slot of the largest key, which no limit is above. */
    static int lastSlot() {
        return LAST;
    }

    int[] of(float[] columns, int offset) {
        int[] filled = keys;
        for (int i = 0; i < DrawnNode.WIDTH; i++) {
            float value = columns[offset + i];
            int missing = Float.isNaN(value) ? -1 : 0;
            int key = key(value) & ~missing;
            filled[2 * i] = key | (missing & Integer.MIN_VALUE);
            filled[2 * i + 1] = key | (missing & Integer.MAX_VALUE);
        }
        return filled;
    }
}
