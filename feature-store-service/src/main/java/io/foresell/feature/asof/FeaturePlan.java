package io.foresell.feature.asof;

import io.foresell.feature.define.AggregationDefinition;
import io.foresell.feature.define.Catalog;
import io.foresell.feature.define.FeatureSetDefinition;
import io.foresell.feature.define.FeatureSetDefinition.FeatureRef;
import io.foresell.feature.define.FeatureViewDefinition;
import io.foresell.feature.define.Layout;
import io.foresell.feature.define.TypedText;
import io.foresell.feature.define.UnreadableText;
import io.foresell.feature.define.ValueType;
import io.foresell.feature.define.ViewKind;
import io.foresell.feature.history.EntityHistory;
import io.foresell.feature.history.SlotSelection;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * A feature set made ready to compute: the one implementation of what its features mean, for training and serving.
 * Immutable.
 */
public final class FeaturePlan {
    private final FeatureSetDefinition set;
    private final String hash;
    private final List<ViewPlan> views;
    private final List<Feature> features;

    private FeaturePlan(FeatureSetDefinition set, String hash, List<ViewPlan> views, List<Feature> features) {
        this.set = set;
        this.hash = hash;
        this.views = List.copyOf(views);
        this.features = List.copyOf(features);
    }

    /**
     * Prepares a feature set.
     *
     * @throws io.foresell.kit.ServiceException NOT_FOUND
     */
    public static FeaturePlan of(Catalog catalog, String setName) {
        FeatureSetDefinition set = catalog.featureSet(setName);
        List<String> viewNames = set.viewNames();
        List<Feature> features = new ArrayList<>();
        for (FeatureRef ref : set.features()) {
            int view = viewNames.indexOf(ref.view());
            features.add(feature(catalog.featureView(ref.view()), catalog.layout(ref.view()), view, ref.feature()));
        }
        List<ViewPlan> views = new ArrayList<>();
        for (int i = 0; i < viewNames.size(); i++) {
            views.add(viewPlan(catalog.featureView(viewNames.get(i)), catalog.layout(viewNames.get(i)), i, features));
        }
        return new FeaturePlan(set, catalog.featureSetHash(setName), views, features);
    }

    private static Feature feature(FeatureViewDefinition view, Layout layout, int viewIndex, String name) {
        if (view.kind() == ViewKind.SNAPSHOT) {
            int slot = layout.position(name);
            Layout.Slot place = layout.slots().get(slot);
            return new SnapshotFeature(name, viewIndex, slot, place.type(), Math.max(1, place.width()));
        }
        AggregationDefinition aggregation = view.aggregations().stream()
                .filter(candidate -> candidate.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no feature " + name));
        int slot = aggregation.column().isEmpty() ? -1 : layout.position(aggregation.column());
        List<AggregateFeature.Filter> filters = new ArrayList<>();
        aggregation.filter().forEach((column, text) -> filters.add(filter(layout, column, text)));
        return new AggregateFeature(
                name,
                viewIndex,
                aggregation.function(),
                slot,
                slot >= 0 && layout.slots().get(slot).type().isKeptAsText(),
                aggregation.window().toMillis(),
                aggregation.bucketCount(),
                filters);
    }

    private static AggregateFeature.Filter filter(Layout layout, String column, String text) {
        int slot = layout.position(column);
        ValueType type = layout.slots().get(slot).type();
        try {
            return type.isText()
                    ? new AggregateFeature.Filter(slot, text, Double.NaN)
                    : new AggregateFeature.Filter(slot, null, TypedText.parse(type, text));
        } catch (UnreadableText e) {
            throw new IllegalStateException("checked when it was defined: " + column, e);
        }
    }

    private static ViewPlan viewPlan(FeatureViewDefinition view, Layout layout, int index, List<Feature> features) {
        Set<String> columns = new LinkedHashSet<>();
        long spanMillis = 0;
        for (Feature feature : features) {
            if (feature.view() != index) {
                continue;
            }
            if (feature instanceof SnapshotFeature snapshot) {
                columns.add(layout.slots().get(snapshot.slot()).column());
            } else if (feature instanceof AggregateFeature aggregate) {
                spanMillis = Math.max(spanMillis, aggregate.spanMillis());
                aggregate
                        .filters()
                        .forEach(filter ->
                                columns.add(layout.slots().get(filter.slot()).column()));
                if (aggregate.slot() >= 0) {
                    columns.add(layout.slots().get(aggregate.slot()).column());
                }
            }
        }
        return new ViewPlan(view, SlotSelection.of(layout, columns), spanMillis);
    }

    public FeatureSetDefinition set() {
        return set;
    }

    public String hash() {
        return hash;
    }

    /** Returns the views read, in order of first use. */
    public List<ViewPlan> views() {
        return views;
    }

    /** Returns the features in the set's order. */
    public List<Feature> features() {
        return features;
    }

    /** Returns the number of values of one row. */
    public int rowWidth() {
        return features.stream().mapToInt(Feature::width).sum();
    }

    public FeatureTable table(int rowCount) {
        return new FeatureTable(features, rowCount);
    }

    /** Returns whether any view had a row of the entity that had happened and was known at an instant. */
    public static boolean isKnown(List<EntityHistory> histories, long asOfMillis) {
        return histories.stream().anyMatch(history -> ViewPlan.latestVisible(history, asOfMillis) >= 0);
    }

    /**
     * Fills one row with what was known at an instant.
     *
     * @param histories one for each of {@link #views()}
     */
    public void fill(FeatureTable table, int row, String entityKey, List<EntityHistory> histories, long asOfMillis) {
        int[] latest = new int[views.size()];
        for (int view = 0; view < latest.length; view++) {
            latest[view] = ViewPlan.latestVisible(histories.get(view), asOfMillis);
        }
        table.describe(row, entityKey, asOfMillis, oldestUsed(histories, latest, asOfMillis));
        for (int i = 0; i < features.size(); i++) {
            Feature feature = features.get(i);
            feature.fill(histories.get(feature.view()), latest[feature.view()], asOfMillis, table, i, row);
        }
    }

    private long oldestUsed(List<EntityHistory> histories, int[] latest, long asOfMillis) {
        long oldestSnapshot = Long.MAX_VALUE;
        long newestEvent = Long.MIN_VALUE;
        for (int view = 0; view < latest.length; view++) {
            if (latest[view] < 0) {
                continue;
            }
            long eventMillis = histories.get(view).eventMillis(latest[view]);
            if (views.get(view).isSnapshot()) {
                oldestSnapshot = Math.min(oldestSnapshot, eventMillis);
            } else if (eventMillis > asOfMillis - views.get(view).spanMillis()) {
                newestEvent = Math.max(newestEvent, eventMillis);
            }
        }
        long oldest = newestEvent == Long.MIN_VALUE ? oldestSnapshot : Math.min(oldestSnapshot, newestEvent);
        return oldest == Long.MAX_VALUE ? 0 : oldest;
    }
}
