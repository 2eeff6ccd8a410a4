package io.foresell.training.run;

import io.foresell.model.Signature;
import io.foresell.model.manifest.Manifest;
import io.foresell.training.evaluate.Metric;
import org.jspecify.annotations.Nullable;

/**
 * The version that candidates would replace, as its package tells.
 *
 * @param version its number in the registry
 * @param signature the features it reads
 * @param spec what it was trained by; null when that cannot be told
 * @param obstacle why there is no spec, as a clause; empty when there is one
 * @param model opens the package to score rows
 * @param metric what is compared; null for what ranks candidates
 */
public record Champion(
        int version,
        Manifest manifest,
        Signature signature,
        @Nullable TrainingSpec spec,
        String obstacle,
        ChampionModel.Source model,
        @Nullable Metric metric) {
    /** Returns model and version, e.g. {@code churn@3}. */
    public String name() {
        return "%s@%d".formatted(manifest.getModel(), version);
    }

    /** Returns the candidate of its spec that it is; empty for a model trained elsewhere. */
    String candidate() {
        return manifest.getProvenance().getParametersOrDefault("candidate", "");
    }
}
