package io.foresell.feature.define;

import io.foresell.feature.define.Definition.Space;
import io.foresell.feature.define.FeatureSetDefinition.FeatureRef;
import io.foresell.kit.Failure;
import io.foresell.kit.Names;
import io.foresell.kit.ServiceException;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Checks a request's definitions against each other and against what is stored, before anything is written. Not
 * thread-safe, for one request.
 */
final class DefinitionCheck {
    private static final int MAX_DEFINITIONS = 200;
    private static final int MAX_FEATURES = 2000;

    private final Catalog before;
    private final Violations violations = new Violations();
    private final Map<Space, Map<String, Definition>> seen = new EnumMap<>(Space.class);

    private DefinitionCheck(Catalog before) {
        this.before = before;
        for (Space space : Space.values()) {
            seen.put(space, new HashMap<>());
        }
    }

    /**
     * Checks everything.
     *
     * @throws ServiceException INVALID_ARGUMENT naming every field at fault; FAILED_PRECONDITION naming every reference to
     *     something that is missing, or a stored feature set that would lose a feature
     */
    static void check(List<Definition> definitions, Catalog before) {
        if (definitions.isEmpty() || definitions.size() > MAX_DEFINITIONS) {
            throw new ServiceException(
                    Failure.invalid("DEFINITION_COUNT", "definitions", definitions.size(), "1.." + MAX_DEFINITIONS));
        }
        DefinitionCheck check = new DefinitionCheck(before);
        for (int i = 0; i < definitions.size(); i++) {
            check.one("definitions[%d].%s".formatted(i, definitions.get(i).kindName()), definitions.get(i));
        }
        check.storedSets();
        check.violations.raise();
    }

    private void one(String path, Definition definition) {
        violations.invalidUnless(Names.isValid(definition.name()), path + ".name", definition.name(), Names.EXPECTED);
        if (definition instanceof RowView view) {
            new ViewCheck(path, violations).check(view);
            checkAgainstStored(path, view);
        } else if (definition instanceof FeatureSetDefinition set) {
            checkSet(path, set);
        }
        boolean isNew = seenIn(definition.space()).put(definition.name(), definition) == null;
        violations.invalidUnless(isNew, path + ".name", definition.name(), "each name once in a request");
    }

    private Map<String, Definition> seenIn(Space space) {
        Map<String, Definition> names = seen.get(space);
        if (names == null) {
            throw new IllegalStateException("no space " + space);
        }
        return names;
    }

    /** A view keeps its entity, its kind and the types of its columns, because rows are stored already. */
    private void checkAgainstStored(String path, RowView view) {
        StoredDefinition stored = before.find(Space.VIEW, view.name());
        if (stored == null) {
            return;
        }
        String advice = "; define another view for another meaning";
        RowView old = (RowView) stored.definition();
        violations.invalidUnless(
                old.kindName().equals(view.kindName()),
                path + ".name",
                view.name(),
                "a name that no " + old.kindName() + " has");
        violations.invalidUnless(
                old.entity().equals(view.entity()),
                path + ".entity",
                view.entity(),
                "'" + old.entity() + "' as stored" + advice);
        if (old instanceof FeatureViewDefinition oldFeatures && view instanceof FeatureViewDefinition newFeatures) {
            violations.invalidUnless(
                    oldFeatures.kind() == newFeatures.kind(),
                    path + ".kind",
                    newFeatures.kind(),
                    oldFeatures.kind() + " as stored" + advice);
        }
        for (ColumnDefinition column : view.columns()) {
            int position = stored.layout().position(column.name());
            if (position < 0) {
                continue;
            }
            Layout.Slot kept = stored.layout().slots().get(position);
            violations.invalidUnless(
                    kept.type() == column.type(),
                    path + ".columns['%s'].type".formatted(column.name()),
                    column.type(),
                    kept.type() + " as stored; use another column name for another type");
            violations.invalidUnless(
                    kept.type() != column.type() || kept.width() == column.width(),
                    path + ".columns['%s'].width".formatted(column.name()),
                    column.width(),
                    kept.width() + " as stored; use another column name for another width");
        }
    }

    private void checkSet(String path, FeatureSetDefinition set) {
        violations.invalidUnless(Names.isValid(set.entity()), path + ".entity", set.entity(), Names.EXPECTED);
        int count = set.features().size();
        violations.invalidUnless(count >= 1 && count <= MAX_FEATURES, path + ".features", count, "1.." + MAX_FEATURES);
        Set<String> names = new HashSet<>();
        for (int i = 0; i < count; i++) {
            FeatureRef ref = set.features().get(i);
            String at = path + ".features[" + i + "]";
            violations.invalidUnless(
                    names.add(ref.feature()), at + ".feature", ref.feature(), "each feature name once in a set");
            checkReference(at, set, ref);
        }
    }

    private void checkReference(String at, FeatureSetDefinition set, FeatureRef ref) {
        FeatureViewDefinition view = featureView(ref.view());
        if (view == null) {
            violations.missing(
                    at + ".view",
                    ref.view(),
                    "a defined feature view; nearest: " + Names.nearest(ref.view(), featureViews()));
            return;
        }
        violations.invalidUnless(
                view.entity().equals(set.entity()),
                at + ".view",
                ref.view(),
                "a view of entity '%s'; it is of '%s'".formatted(set.entity(), view.entity()));
        if (!view.featureNames().contains(ref.feature())) {
            violations.missing(
                    at + ".feature",
                    ref.feature(),
                    "a feature of view '%s'; nearest: %s"
                            .formatted(view.name(), Names.nearest(ref.feature(), view.featureNames())));
        }
    }

    private @Nullable FeatureViewDefinition featureView(String name) {
        Definition named = seenIn(Space.VIEW).get(name);
        if (named == null) {
            StoredDefinition stored = before.find(Space.VIEW, name);
            named = stored == null ? null : stored.definition();
        }
        return named instanceof FeatureViewDefinition view ? view : null;
    }

    private List<String> featureViews() {
        Set<String> names = new TreeSet<>(before.viewNames());
        names.addAll(seenIn(Space.VIEW).keySet());
        return names.stream().filter(name -> featureView(name) != null).toList();
    }

    /** A new version of a view must keep the features that stored sets use, unless the request redefines those sets too. */
    private void storedSets() {
        List<FeatureSetDefinition> kept = new ArrayList<>();
        for (StoredDefinition stored : before.all()) {
            if (stored.definition() instanceof FeatureSetDefinition set
                    && !seenIn(Space.FEATURE_SET).containsKey(set.name())) {
                kept.add(set);
            }
        }
        for (FeatureSetDefinition set : kept) {
            for (FeatureRef ref : set.features()) {
                if (seenIn(Space.VIEW).get(ref.view()) instanceof FeatureViewDefinition view
                        && !view.featureNames().contains(ref.feature())) {
                    violations.missing(
                            "feature_view '%s'".formatted(view.name()),
                            ref.feature(),
                            "kept, because feature set '%s' uses it".formatted(set.name()));
                }
            }
        }
    }
}
