package io.foresell.training.registry;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * One model at a glance.
 *
 * @param release null when nothing is released
 * @param aliases versions by alias
 */
public record ModelSummary(
        String name,
        ModelVersion latestVersion,
        @Nullable Release release,
        Map<String, Integer> aliases,
        int versionCount) {
    public ModelSummary {
        aliases = Map.copyOf(aliases);
    }
}
