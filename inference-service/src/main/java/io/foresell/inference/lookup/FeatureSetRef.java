package io.foresell.inference.lookup;

/**
 * The feature set a model was trained on.
 *
 * @param hash its hash then; the feature store refuses when the set means something else now
 */
public record FeatureSetRef(String name, String hash) {}
