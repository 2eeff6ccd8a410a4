package io.foresell.inference.route;

import java.util.Collection;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The slots of all models in memory, and the releases that are parked, at one instant, by name. A model has one of both at most. Immutable. */
public final class RouteTable {
    static final RouteTable EMPTY = new RouteTable(new TreeMap<>(), new TreeMap<>());

    private final SortedMap<String, ModelSlot> slots;
    private final SortedMap<String, ParkedRelease> parked;

    private RouteTable(SortedMap<String, ModelSlot> slots, SortedMap<String, ParkedRelease> parked) {
        this.slots = slots;
        this.parked = parked;
    }

    /** Returns the slot of a model, or null when none is published. */
    public @Nullable ModelSlot slot(String model) {
        return slots.get(model);
    }

    /** Returns the slots by model. */
    public Collection<ModelSlot> slots() {
        return slots.values();
    }

    /** Returns the release of a model that has to be loaded first, or null when it is in memory or not known. */
    public @Nullable ParkedRelease parked(String model) {
        return parked.isEmpty() ? null : parked.get(model);
    }

    /** Returns what is parked by model. */
    public Collection<ParkedRelease> parked() {
        return parked.values();
    }

    RouteTable with(ModelSlot slot) {
        SortedMap<String, ModelSlot> more = new TreeMap<>(slots);
        more.put(slot.model(), slot);
        return new RouteTable(more, parkedWithout(slot.model()));
    }

    RouteTable with(ParkedRelease release) {
        SortedMap<String, ParkedRelease> more = new TreeMap<>(parked);
        more.put(release.model(), release);
        return new RouteTable(slotsWithout(release.model()), more);
    }

    RouteTable without(String model) {
        return new RouteTable(slotsWithout(model), parkedWithout(model));
    }

    private SortedMap<String, ModelSlot> slotsWithout(String model) {
        if (!slots.containsKey(model)) {
            return slots;
        }
        SortedMap<String, ModelSlot> fewer = new TreeMap<>(slots);
        fewer.remove(model);
        return fewer;
    }

    private SortedMap<String, ParkedRelease> parkedWithout(String model) {
        if (!parked.containsKey(model)) {
            return parked;
        }
        SortedMap<String, ParkedRelease> fewer = new TreeMap<>(parked);
        fewer.remove(model);
        return fewer;
    }
}
