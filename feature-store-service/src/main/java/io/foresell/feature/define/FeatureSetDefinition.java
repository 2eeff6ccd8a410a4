package io.foresell.feature.define;

import java.util.List;

/** The features that one model uses, in its order, across the views of one entity. */
public record FeatureSetDefinition(String name, String entity, List<FeatureRef> features, String description)
        implements Definition {
    /** Points to a column of a snapshot view or an aggregation of an events view. */
    public record FeatureRef(String view, String feature) {}

    public FeatureSetDefinition {
        features = List.copyOf(features);
    }

    /** Returns the views used, in order of first use. */
    public List<String> viewNames() {
        return features.stream().map(FeatureRef::view).distinct().toList();
    }

    @Override
    public Space space() {
        return Space.FEATURE_SET;
    }

    @Override
    public String kindName() {
        return "feature_set";
    }

    @Override
    public FeatureSetDefinition withoutDescriptions() {
        return new FeatureSetDefinition(name, entity, features, "");
    }
}
