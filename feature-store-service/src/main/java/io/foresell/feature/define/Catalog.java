package io.foresell.feature.define;

import io.foresell.feature.define.Definition.Space;
import io.foresell.kit.Failure;
import io.foresell.kit.Names;
import io.foresell.kit.ServiceException;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The newest version of every definition at one revision of the store. Immutable. */
public final class Catalog {
    static final Catalog EMPTY = new Catalog(0, List.of());

    private final long revision;
    private final Map<Space, Map<String, StoredDefinition>> spaces = new EnumMap<>(Space.class);

    Catalog(long revision, Collection<StoredDefinition> definitions) {
        this.revision = revision;
        for (Space space : Space.values()) {
            spaces.put(space, new TreeMap<>());
        }
        for (StoredDefinition stored : definitions) {
            space(stored.definition().space()).put(stored.definition().name(), stored);
        }
    }

    long revision() {
        return revision;
    }

    private Map<String, StoredDefinition> space(Space space) {
        Map<String, StoredDefinition> definitions = spaces.get(space);
        if (definitions == null) {
            throw new IllegalStateException("no space " + space);
        }
        return definitions;
    }

    public @Nullable StoredDefinition find(Space space, String name) {
        return space(space).get(name);
    }

    /** Returns all definitions in order of kind and name. */
    public List<StoredDefinition> all() {
        List<StoredDefinition> all = new ArrayList<>();
        spaces.values().forEach(definitions -> all.addAll(definitions.values()));
        all.sort(Comparator.comparingInt(stored -> rank(stored.definition())));
        return all;
    }

    private static int rank(Definition definition) {
        if (definition instanceof EntityDefinition) {
            return 0;
        }
        if (definition instanceof FeatureViewDefinition) {
            return 1;
        }
        return definition instanceof LabelViewDefinition ? 2 : 3;
    }

    /** Returns the names of all views and label views. */
    public Collection<String> viewNames() {
        return space(Space.VIEW).keySet();
    }

    /**
     * Returns the layout of a view's rows.
     *
     * @throws ServiceException NOT_FOUND
     */
    public Layout layout(String view) {
        return require(Space.VIEW, view, RowView.class, "view").layout();
    }

    /**
     * Returns a feature view or label view.
     *
     * @throws ServiceException NOT_FOUND
     */
    public RowView rowView(String name) {
        return (RowView) require(Space.VIEW, name, RowView.class, "view").definition();
    }

    /**
     * Returns a feature view.
     *
     * @throws ServiceException NOT_FOUND
     */
    public FeatureViewDefinition featureView(String name) {
        return (FeatureViewDefinition) require(Space.VIEW, name, FeatureViewDefinition.class, "feature_view")
                .definition();
    }

    /**
     * Returns a label view.
     *
     * @throws ServiceException NOT_FOUND
     */
    public LabelViewDefinition labelView(String name) {
        return (LabelViewDefinition) require(Space.VIEW, name, LabelViewDefinition.class, "label_view")
                .definition();
    }

    /**
     * Returns a feature set.
     *
     * @throws ServiceException NOT_FOUND
     */
    public FeatureSetDefinition featureSet(String name) {
        return (FeatureSetDefinition) storedFeatureSet(name).definition();
    }

    /** Returns the hash of a feature set that {@link #featureSet} returns. */
    public String featureSetHash(String name) {
        return storedFeatureSet(name).hash();
    }

    private StoredDefinition storedFeatureSet(String name) {
        return require(Space.FEATURE_SET, name, FeatureSetDefinition.class, "feature_set");
    }

    private StoredDefinition require(Space space, String name, Class<? extends Definition> kind, String kindName) {
        StoredDefinition stored = find(space, name);
        if (stored == null || !kind.isInstance(stored.definition())) {
            List<String> known = space(space).values().stream()
                    .map(StoredDefinition::definition)
                    .filter(kind::isInstance)
                    .map(Definition::name)
                    .toList();
            throw new ServiceException(
                    Failure.notFound(kindName, name, "a defined name; nearest: " + Names.nearest(name, known)));
        }
        return stored;
    }
}
