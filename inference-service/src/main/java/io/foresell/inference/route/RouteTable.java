package io.foresell.inference.route;

import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The slots of all models at one instant, by name. Immutable. */
public final class RouteTable {
    static final RouteTable EMPTY = new RouteTable(new TreeMap<>());

    private final SortedMap<String, ModelSlot> slots;

    private RouteTable(SortedMap<String, ModelSlot> slots) {
        this.slots = slots;
    }

    /** Returns the slot of a model, or null when none is published. */
    public @Nullable ModelSlot slot(String model) {
        return slots.get(model);
    }

    /** Returns the slots by model. */
    public Collection<ModelSlot> slots() {
        return slots.values();
    }

    RouteTable with(ModelSlot slot) {
        SortedMap<String, ModelSlot> more = new TreeMap<>(slots);
        more.put(slot.model(), slot);
        return new RouteTable(more);
    }

    RouteTable without(String model) {
        SortedMap<String, ModelSlot> fewer = new TreeMap<>(slots);
        fewer.remove(model);
        return new RouteTable(fewer);
    }
}
