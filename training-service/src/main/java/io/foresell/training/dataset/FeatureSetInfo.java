package io.foresell.training.dataset;

import java.util.Map;

/**
 * Says what a training set was made of.
 *
 * @param entity the entity that the features describe; may be empty
 * @param featureSetHash hash of the definition in force
 * @param descriptions wording by feature name; features without one are absent
 */
public record FeatureSetInfo(
        String featureSet, String featureSetHash, String labelView, String entity, Map<String, String> descriptions) {
    public FeatureSetInfo {
        descriptions = Map.copyOf(descriptions);
    }
}
