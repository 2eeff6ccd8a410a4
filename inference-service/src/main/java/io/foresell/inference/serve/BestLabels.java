package io.foresell.inference.serve;

/**
 * The best of many labels: a heap of the few best places seen, the worst of them on top. One object serves many rows; not
 * thread-safe.
 */
public final class BestLabels {
    private final int[] places;
    private int count;

    /** Makes room for so many, 1 or more. */
    public BestLabels(int limit) {
        this.places = new int[limit];
    }

    /** Ranks consecutive scores; a score that is no number is worse than all others. */
    public void rank(float[] scores, int from, int width) {
        count = 0;
        for (int place = 0; place < width; place++) {
            if (count < places.length) {
                places[count++] = place;
                rise(scores, from);
            } else if (isBetter(scores, from, place, places[0])) {
                places[0] = place;
                sink(scores, from, count);
            }
        }
        for (int size = count - 1; size > 0; size--) {
            swap(0, size);
            sink(scores, from, size);
        }
    }

    /** Returns how many were found: at most the limit. */
    public int count() {
        return count;
    }

    /** Returns the place of a rank, 0 the best; of equal scores the one that comes first. */
    public int place(int rank) {
        return places[rank];
    }

    private static boolean isBetter(float[] scores, int from, int place, int other) {
        float mine = scores[from + place];
        float theirs = scores[from + other];
        if (mine == theirs || (Float.isNaN(mine) && Float.isNaN(theirs))) {
            return place < other;
        }
        return mine > theirs || Float.isNaN(theirs);
    }

    private void rise(float[] scores, int from) {
        int child = count - 1;
        while (child > 0 && isBetter(scores, from, places[(child - 1) / 2], places[child])) {
            swap(child, (child - 1) / 2);
            child = (child - 1) / 2;
        }
    }

    private void sink(float[] scores, int from, int size) {
        int parent = 0;
        for (int child = 1; child < size; child = 2 * parent + 1) {
            if (child + 1 < size && isBetter(scores, from, places[child], places[child + 1])) {
                child++;
            }
            if (!isBetter(scores, from, places[parent], places[child])) {
                return;
            }
            swap(parent, child);
            parent = child;
        }
    }

    private void swap(int a, int b) {
        int kept = places[a];
        places[a] = places[b];
        places[b] = kept;
    }
}
