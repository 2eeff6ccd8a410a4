package io.foresell.model.scorer;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Finds the position of a text in a list, without boxing. An open-addressing table whose searches are a step or two, in
 * half of the time of a hash map; texts that were chosen to collide go to a map instead, which orders them.
 */
final class TextIndex {
    private static final int MAX_STEPS = 16;

    // Twice to four times the texts, a power of two; null where there is none, or where the map is used.
    private final @Nullable String[] table;
    private final int[] positions;
    private final Map<String, Integer> map;
    private final int size;

    /** Takes the list; of equal texts the first counts. */
    TextIndex(List<String> texts) {
        Map<String, Integer> first = new HashMap<>();
        int capacity = Math.max(2, 2 * Integer.highestOneBit(Math.max(1, texts.size())) * 2);
        @Nullable String[] slots = new @Nullable String[capacity];
        int[] found = new int[capacity];
        boolean isShort = true;
        for (int i = 0; i < texts.size(); i++) {
            String text = texts.get(i);
            if (first.putIfAbsent(text, i) == null && isShort) {
                isShort = put(slots, found, text, i);
            }
        }
        this.size = first.size();
        this.table = isShort ? slots : new @Nullable String[0];
        this.positions = isShort ? found : new int[0];
        this.map = isShort ? Map.of() : first;
    }

    /** Returns whether there was an empty slot within the allowed steps. */
    private static boolean put(@Nullable String[] slots, int[] found, String text, int position) {
        int start = start(text, slots.length);
        for (int step = 0; step < MAX_STEPS; step++) {
            int slot = (start + step) & (slots.length - 1);
            if (slots[slot] == null) {
                slots[slot] = text;
                found[slot] = position;
                return true;
            }
        }
        return false;
    }

    /** Spreads the hash: those of similar texts differ little. */
    private static int start(String text, int capacity) {
        int hash = text.hashCode() * 0x9E3779B9;
        return (hash >>> 16 ^ hash) & (capacity - 1);
    }

    /** Returns the position, or -1. */
    int find(String text) {
        if (table.length == 0) {
            return map.getOrDefault(text, -1);
        }
        int start = start(text, table.length);
        for (int step = 0; step < MAX_STEPS; step++) {
            int slot = (start + step) & (table.length - 1);
            String key = table[slot];
            if (key == null) {
                return -1;
            }
            if (key.equals(text)) {
                return positions[slot];
            }
        }
        return -1;
    }

    /** Returns how many different texts there are. */
    int size() {
        return size;
    }
}
