package io.foresell.model.tree;

/**
 * Maps floats to ints of the same order, so that rules become int comparisons: -infinity first, -0 equal to +0, one more
 * is the next float, even after +infinity. NaN has no place in the order and is treated apart.
 */
final class FloatOrder {
    private static final int INFINITY_BITS = 0x7f800000;
    private static final int MAGNITUDE = 0x7fffffff;

    private FloatOrder() {}

    /** Returns the key of a number; IEEE 754 bits order like sign and magnitude. */
    static int key(float value) {
        int bits = Float.floatToRawIntBits(value + 0f); // -0 + 0 is +0
        return bits ^ ((bits >> 31) & MAGNITUDE);
    }

    /** Returns all ones when the key is that of a NaN, else 0, without a branch. */
    static int nanMask(int key) {
        int bits = key ^ ((key >> 31) & MAGNITUDE);
        return (INFINITY_BITS - (bits & MAGNITUDE)) >> 31;
    }

    /** Returns the limit such that a float is below the threshold exactly when its key is below the limit. */
    static int below(double threshold) {
        float rounded = (float) threshold;
        return rounded < threshold ? key(rounded) + 1 : key(rounded);
    }

    /** Returns the limit such that a float is at most the threshold exactly when its key is below the limit. */
    static int atMost(double threshold) {
        float rounded = (float) threshold;
        return rounded > threshold ? key(rounded) : key(rounded) + 1;
    }
}
