package io.foresell.model.scorer;

/** Follows the axis that counts the rows of a batch through changes of shape. */
final class BatchAxis {
    /** No axis does: a constant. */
    static final int NONE = 1 << 20;

    /** It is not known which axis does. */
    static final int UNKNOWN = -1;

    private BatchAxis() {}

    /**
     * Returns the axis of the new shape that has as many values before it as the old axis had. Where several axes of
     * length 1 could be meant it is the one that the node wrote as 0 or -1, or the first axis.
     *
     * @param written the shape as the node states it
     */
    static int reshaped(int[] old, int axis, int[] shape, int[] written) {
        if (axis < 0 || axis >= old.length) {
            return axis < 0 ? UNKNOWN : NONE;
        }
        long before = product(old, axis);
        int first = 0;
        while (first < shape.length && product(shape, first) != before) {
            first++;
        }
        int end = first;
        while (end < shape.length && shape[end] == 1) {
            end++;
        }
        if (first == end) {
            // Rows are merged with what stands before or behind them.
            return UNKNOWN;
        }
        if (end - first == 1) {
            return first;
        }
        for (int i = first; i < end; i++) {
            if (written[i] == -1 || (written[i] == 0 && i == axis)) {
                return i;
            }
        }
        return first == 0 && axis == 0 ? 0 : UNKNOWN;
    }

    private static long product(int[] shape, int count) {
        long product = 1;
        for (int i = 0; i < count; i++) {
            product *= shape[i];
        }
        return product;
    }

    /** Returns the axis after broadcasting to more dimensions, which come in front. */
    static int broadcast(int axis, int oldRank, int newRank) {
        return axis < 0 || axis >= oldRank ? axis : axis + newRank - oldRank;
    }

    /** Returns the axis after some axes are gone; refuses to take the batch axis itself away. */
    static int squeezed(GraphNode node, int axis, boolean[] isGone) {
        if (axis < 0 || axis >= isGone.length) {
            return axis < 0 ? UNKNOWN : NONE;
        }
        if (isGone[axis]) {
            throw node.unsupported("takes away axis %d, the batch", axis);
        }
        return axis - count(isGone, axis);
    }

    /** Returns the axis after new axes have come in, given which axes of the result are new. */
    static int unsqueezed(int axis, boolean[] isNew) {
        int old = -1;
        for (int i = 0; i < isNew.length && axis >= 0; i++) {
            old += isNew[i] ? 0 : 1;
            if (!isNew[i] && old == axis) {
                return i;
            }
        }
        return axis < 0 ? UNKNOWN : NONE;
    }

    private static int count(boolean[] flags, int end) {
        int count = 0;
        for (int i = 0; i < end; i++) {
            count += flags[i] ? 1 : 0;
        }
        return count;
    }
}
