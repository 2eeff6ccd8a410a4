package io.foresell.training.registry;

import io.foresell.kit.Settings;
import java.nio.file.Path;

/**
 * The operator's choices for the registry.
 *
 * @param maxPackageBytes the largest package taken
 * @param maxWatchers watchers of releases above which one is refused
 * @param scratchFolder where packages are kept while they are checked
 */
public record RegistryConfig(long maxPackageBytes, int maxWatchers, Path scratchFolder) {
    public static RegistryConfig read(Settings settings, Path scratchFolder) {
        return new RegistryConfig(
                settings.integer(
                        "registry.max-package-bytes", 512 << 20, 1 << 10, Integer.MAX_VALUE, "largest package taken"),
                settings.integer("registry.max-watchers", 200, 1, 10_000, "watchers of releases before refusing"),
                scratchFolder);
    }
}
