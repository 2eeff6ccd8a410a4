package io.foresell.model.graph.network;

import io.foresell.model.graph.Parameters;
import java.util.Arrays;

/** Checks and reorders row-major weights. */
final class Weights {
    private Weights() {}

    /** Refuses another number of values than the shape has, and values that are not finite. */
    static void require(String what, float[] values, int... shape) {
        long size = 1;
        for (int dimension : shape) {
            size *= dimension;
            if (dimension < 1 || size > Integer.MAX_VALUE / 8) {
                throw new IllegalArgumentException(
                        "shape of %s: %s (expected: dimensions above 0, fewer than 2^28 values)"
                                .formatted(what, Arrays.toString(shape)));
            }
        }
        Parameters.requireLength(what, values.length, (int) size);
        Parameters.requireFinite(what, values);
    }

    /** Returns [rows, columns] as [columns, rows]. */
    static float[] transposed(float[] matrix, int rows, int columns) {
        float[] transposed = new float[matrix.length];
        for (int row = 0; row < rows; row++) {
            for (int column = 0; column < columns; column++) {
                transposed[column * rows + row] = matrix[row * columns + column];
            }
        }
        return transposed;
    }

    static float[] joined(float[]... parts) {
        int length = 0;
        for (float[] part : parts) {
            length += part.length;
        }
        float[] joined = new float[length];
        int to = 0;
        for (float[] part : parts) {
            System.arraycopy(part, 0, joined, to, part.length);
            to += part.length;
        }
        return joined;
    }
}
