package io.foresell.model.tree;

import java.util.BitSet;

/**
 * The columns that trees compare, as ordered ints, two each: in the first NaN comes before every number ("missing is
 * below the limit"), in the second after. One more key at the end is the largest, never below a limit.
 */
final class RowKeys {
    private final int[] features;
    private final int[] slotByFeature;

    RowKeys(TreeEnsemble trees) {
        BitSet used = new BitSet(trees.width);
        for (int feature : trees.feature) {
            if (feature >= 0) {
                used.set(feature);
            }
        }
        this.features = used.stream().toArray();
        this.slotByFeature = new int[trees.width];
        for (int i = 0; i < features.length; i++) {
            slotByFeature[features[i]] = 2 * i;
        }
    }

    int usedCount() {
        return features.length;
    }

    int slot(int feature, boolean isMissingYes) {
        return slotByFeature[feature] + (isMissingYes ? 0 : 1);
    }

    /** Returns the slot of the largest key. */
    int lastSlot() {
        return 2 * features.length;
    }

    void fill(float[] columns, int offset, int[] keys) {
        int[] used = features;
        for (int i = 0; i < used.length; i++) {
            int key = FloatOrder.key(columns[offset + used[i]]);
            int missing = FloatOrder.nanMask(key);
            keys[2 * i] = (key & ~missing) | (missing & Integer.MIN_VALUE);
            keys[2 * i + 1] = (key & ~missing) | (missing & Integer.MAX_VALUE);
        }
        keys[2 * used.length] = Integer.MAX_VALUE;
    }
}
