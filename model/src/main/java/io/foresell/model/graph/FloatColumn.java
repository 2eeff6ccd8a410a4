package io.foresell.model.graph;

import java.util.AbstractList;
import java.util.Arrays;

/** A list of numbers that grows without an object for each: trees have millions of nodes. */
final class FloatColumn extends AbstractList<Float> {
    private float[] values = new float[64];
    private int size;

    void append(float value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, 2 * size);
        }
        values[size++] = value;
    }

    @Override
    public Float get(int index) {
        return values[index];
    }

    @Override
    public int size() {
        return size;
    }
}
