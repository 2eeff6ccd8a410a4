package io.foresell.model.scorer;

import java.util.Arrays;

/** Arithmetic of row-major shapes. */
final class Shapes {
    /** Most floats a plan may use for one row, all inner values together: 16 MiB. */
    static final int MAX_SIZE = 1 << 22;

    /** Most dimensions. */
    private static final int MAX_RANK = 16;

    private Shapes() {}

    static int size(int[] shape) {
        if (shape.length > MAX_RANK) {
            throw BadGraph.of("shape of %d dimensions (expected: at most %d)", shape.length, MAX_RANK);
        }
        long size = 1;
        for (int dimension : shape) {
            size *= dimension;
            if (dimension < 0 || size > MAX_SIZE) {
                throw BadGraph.of("shape %s (expected: at most %d values)", Arrays.toString(shape), MAX_SIZE);
            }
        }
        return (int) size;
    }

    static int[] strides(int[] shape) {
        int[] strides = new int[shape.length];
        int stride = 1;
        for (int i = shape.length - 1; i >= 0; i--) {
            strides[i] = stride;
            stride *= shape[i];
        }
        return strides;
    }

    /** Returns a non-negative axis; a negative one counts from the end. */
    static int axis(long axis, int rank) {
        long positive = axis < 0 ? axis + rank : axis;
        if (positive < 0 || positive >= rank) {
            throw BadGraph.of("axis: %d (expected: %d..%d)", axis, -rank, rank - 1);
        }
        return (int) positive;
    }

    /** Returns the common shape of two operands by ONNX's (NumPy's) multidirectional broadcasting. */
    static int[] broadcast(int[] left, int[] right) {
        int[] shape = new int[Math.max(left.length, right.length)];
        for (int i = 1; i <= shape.length; i++) {
            int a = i <= left.length ? left[left.length - i] : 1;
            int b = i <= right.length ? right[right.length - i] : 1;
            if (a != b && a != 1 && b != 1) {
                throw BadGraph.of("shapes %s and %s cannot be combined", Arrays.toString(left), Arrays.toString(right));
            }
            shape[shape.length - i] = a == 1 ? b : a;
        }
        size(shape);
        return shape;
    }

    /** Returns, for each place of the broadcast shape, the place it reads in an operand. */
    static int[] broadcastPlaces(int[] operand, int[] shape) {
        int[] padded = new int[shape.length];
        Arrays.fill(padded, 1);
        System.arraycopy(operand, 0, padded, shape.length - operand.length, operand.length);
        int[] strides = strides(padded);
        for (int i = 0; i < strides.length; i++) {
            strides[i] = padded[i] == 1 ? 0 : strides[i];
        }
        return places(shape, strides, 0);
    }

    /** Returns the place {@code start + sum(index * stride)} for every index of the shape, row-major. */
    static int[] places(int[] shape, int[] strides, int start) {
        int[] places = new int[size(shape)];
        int[] index = new int[shape.length];
        int place = start;
        for (int i = 0; i < places.length; i++) {
            places[i] = place;
            for (int axis = shape.length - 1; axis >= 0; axis--) {
                place += strides[axis];
                if (++index[axis] < shape[axis]) {
                    break;
                }
                place -= strides[axis] * shape[axis];
                index[axis] = 0;
            }
        }
        return places;
    }
}
