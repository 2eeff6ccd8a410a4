package io.foresell.training.run;

import java.util.ArrayList;
import java.util.List;

/** Keeps the few items of highest rank, highest first; of equals the one that came first. One owner, not thread-safe. */
final class Shortlist<T> {
    private final int capacity;
    private final List<Double> ranks = new ArrayList<>();
    private final List<T> items = new ArrayList<>();

    Shortlist(int capacity) {
        this.capacity = capacity;
    }

    /** Returns whether an item of this rank would be kept; never for NaN. */
    boolean wants(double rank) {
        return items.size() < capacity ? !Double.isNaN(rank) : rank > ranks.get(capacity - 1);
    }

    /** Takes an item that {@link #wants} its rank, unless it is there already. */
    void add(double rank, T item) {
        if (!wants(rank) || items.contains(item)) {
            return;
        }
        int place = items.size();
        while (place > 0 && rank > ranks.get(place - 1)) {
            place--;
        }
        ranks.add(place, rank);
        items.add(place, item);
        if (items.size() > capacity) {
            ranks.remove(capacity);
            items.remove(capacity);
        }
    }

    List<Double> ranks() {
        return List.copyOf(ranks);
    }

    List<T> items() {
        return List.copyOf(items);
    }
}
