package io.foresell.feature.asof;

import io.foresell.feature.define.Catalog;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The plans of the definitions used last, each made once: making one costs more than reading an entity. Thread-safe. */
public final class FeaturePlans {
    /** Plans of one state of the definitions; a newer state starts with none. */
    private record OfCatalog(Catalog catalog, Map<String, FeaturePlan> plans) {}

    private volatile @Nullable OfCatalog newest; // null until the first use

    /**
     * Returns the plan of a feature set.
     *
     * @throws io.foresell.kit.ServiceException NOT_FOUND
     */
    @SuppressWarnings(
            "ReferenceEquality") // A catalog never changes; comparing two by value would cost what is to be saved.
    public FeaturePlan of(Catalog catalog, String setName) {
        OfCatalog now = newest;
        if (now == null || now.catalog() != catalog) {
            now = new OfCatalog(catalog, new ConcurrentHashMap<>());
            newest = now;
        }
        return now.plans().computeIfAbsent(setName, name -> FeaturePlan.of(catalog, name));
    }
}
