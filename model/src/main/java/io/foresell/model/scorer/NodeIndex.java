package io.foresell.model.scorer;

import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * Finds nodes of many trees by tree and id. A search in sorted keys: a hash map of such keys puts all of some hundred trees into as many buckets as
 * one tree has nodes. Not thread-safe.
 */
final class NodeIndex {
    private final long[] keys; // ascending
    private final int[] places; // by key
    private int last; // found

    /** Takes nodes by their trees and ids; at least one. */
    NodeIndex(int[] trees, int[] ids) {
        long[] given = new long[trees.length];
        boolean isAscending = true;
        for (int i = 0; i < trees.length; i++) {
            given[i] = key(trees[i], ids[i]);
            isAscending &= i == 0 || given[i] >= given[i - 1];
        }
        IntStream order = IntStream.range(0, given.length);
        places = (isAscending
                        ? order
                        : order.boxed()
                                .sorted(Comparator.comparingLong(i -> given[i]))
                                .mapToInt(i -> i))
                .toArray();
        keys = Arrays.stream(places).mapToLong(place -> given[place]).toArray();
    }

    private static long key(int tree, int id) {
        return ((long) tree << 32) | (id & 0xffffffffL);
    }

    /** Returns the place of a node that has the tree and id of another one; -1 without such. */
    int givenTwice() {
        for (int i = 1; i < keys.length; i++) {
            if (keys[i] == keys[i - 1]) {
                return places[i];
            }
        }
        return -1;
    }

    /** Returns the place of a node; -1 without such. */
    int find(int tree, int id) {
        long key = key(tree, id);
        long next = last + (key - keys[last]); // where ids of a tree follow one another
        boolean isThere = next >= 0 && next < keys.length && keys[(int) next] == key;
        int at = isThere ? (int) next : Arrays.binarySearch(keys, key);
        if (at < 0) {
            return -1;
        }
        last = at;
        return places[at];
    }
}
