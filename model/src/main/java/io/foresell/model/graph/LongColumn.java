package io.foresell.model.graph;

import java.util.AbstractList;
import java.util.Arrays;

/** A list of whole numbers that grows without an object for each: trees have millions of nodes. */
final class LongColumn extends AbstractList<Long> {
    private long[] values = new long[64];
    private int size;

    void append(long value) {
        if (size == values.length) {
            values = Arrays.copyOf(values, 2 * size);
        }
        values[size++] = value;
    }

    @Override
    public Long get(int index) {
        return values[index];
    }

    @Override
    public int size() {
        return size;
    }
}
