package io.foresell.model.graph;

import java.util.ArrayList;
import java.util.List;

/** Checks of fitted parameters: a graph never carries a number that poisons every answer. */
public final class Parameters {
    private Parameters() {}

    /** Refuses what is not finite as a float. */
    public static void requireFinite(String what, double value) {
        if (!Double.isFinite(value) || !Float.isFinite((float) value)) {
            throw new IllegalArgumentException("%s: %s (expected: a finite float)".formatted(what, value));
        }
    }

    static void requireFiniteOrNaN(String what, double value) {
        if (!Double.isNaN(value)) {
            requireFinite(what, value);
        }
    }

    /** Refuses values of which one is not finite. */
    public static void requireFinite(String what, float[] values) {
        for (float value : values) {
            requireFinite(what, value);
        }
    }

    /** Returns the values as floats, each checked to be finite. */
    static float[] floats(String what, double[] values) {
        float[] floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            requireFinite(what, values[i]);
            floats[i] = (float) values[i];
        }
        return floats;
    }

    /** Returns a matrix as floats, row-major, each checked to be finite and each row to have this width. */
    static float[] matrix(String what, double[][] rows, int width) {
        float[] matrix = new float[Math.multiplyExact(rows.length, width)];
        for (int row = 0; row < rows.length; row++) {
            requireLength(what, rows[row].length, width);
            System.arraycopy(floats(what, rows[row]), 0, matrix, row * width, width);
        }
        return matrix;
    }

    static List<Float> list(float[] values) {
        List<Float> list = new ArrayList<>(values.length);
        for (float value : values) {
            list.add(value);
        }
        return list;
    }

    /** Refuses any other length than the expected one. */
    public static void requireLength(String what, int actual, int expected) {
        if (actual != expected) {
            throw new IllegalArgumentException("%s: %d values (expected: %d)".formatted(what, actual, expected));
        }
    }

    static void requireNoSequences(Preprocessing preprocessing) {
        if (preprocessing.channels() > 0) {
            throw new IllegalArgumentException(
                    "sequences: %d (expected: 0 for this family)".formatted(preprocessing.channels()));
        }
    }

    /** A family that cannot read NaN needs a fill for every number. */
    public static void requireFilled(Preprocessing preprocessing) {
        for (ColumnBlock block : preprocessing.blocks()) {
            if (!block.isFilled()) {
                throw new IllegalArgumentException(
                        "fill of one of %s: NaN (expected: a number, this family cannot read missing values)"
                                .formatted(block.names()));
            }
        }
    }
}
