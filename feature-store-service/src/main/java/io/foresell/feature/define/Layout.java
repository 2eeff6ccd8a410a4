package io.foresell.feature.define;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Where the values of a view's columns lie in stored rows. Grows only: every column any version ever had keeps its place
 * and type, so rows of old versions stay readable.
 */
public final class Layout {
    public static final Layout EMPTY = new Layout(List.of());

    /**
     * One place for values.
     *
     * @param width how many numbers a NUMBERS column holds; 0 for others
     */
    public record Slot(String column, ValueType type, int width) {}

    private final List<Slot> slots;
    private final Map<String, Integer> positions = new HashMap<>();

    public Layout(List<Slot> slots) {
        this.slots = List.copyOf(slots);
        for (int i = 0; i < slots.size(); i++) {
            positions.put(slots.get(i).column(), i);
        }
    }

    public List<Slot> slots() {
        return slots;
    }

    /** Returns the place of a column, or -1. */
    public int position(String column) {
        return positions.getOrDefault(column, -1);
    }

    /** Returns this layout with places for the columns that have none yet. */
    public Layout with(List<ColumnDefinition> columns) {
        List<Slot> more = new ArrayList<>(slots);
        for (ColumnDefinition column : columns) {
            if (position(column.name()) < 0) {
                more.add(new Slot(column.name(), column.type(), column.width()));
            }
        }
        return new Layout(more);
    }
}
