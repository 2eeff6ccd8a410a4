package io.foresell.model.scorer;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/** Finds the position of a number in a list, without boxing. NaN is a number like any other, zero has one sign. */
final class NumberIndex {
    private final float[] sorted;
    private final int[] positions;

    /** Takes the list; of equal numbers the first counts. */
    NumberIndex(float[] numbers) {
        int[] order = IntStream.range(0, numbers.length)
                .boxed()
                .sorted(Comparator.comparing(i -> numbers[i] + 0f)) // Adding turns -0 into 0.
                .mapToInt(Integer::intValue)
                .toArray();
        float[] keys = new float[numbers.length];
        int[] found = new int[numbers.length];
        int size = 0;
        for (int i : order) {
            float key = numbers[i] + 0f;
            if (size == 0 || Float.compare(keys[size - 1], key) != 0) {
                keys[size] = key;
                found[size++] = i;
            }
        }
        this.sorted = Arrays.copyOf(keys, size);
        this.positions = Arrays.copyOf(found, size);
    }

    /** Returns the position, or -1. */
    int find(float number) {
        int at = Arrays.binarySearch(sorted, number + 0f);
        return at < 0 ? -1 : positions[at];
    }

    /** Returns how many different numbers there are. */
    int size() {
        return sorted.length;
    }
}
