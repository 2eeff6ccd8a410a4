package io.foresell.training.registry;

import io.foresell.kit.Settings;
import java.nio.file.Path;
import java.util.Optional;

/**
 * The operator's choices for the registry.
 *
 * @param maxPackageBytes the largest package taken
 * @param maxWatchers watchers of releases above which one is refused
 * @param scratchFolder where packages are kept while they are checked
 * @param signingKey the key pair that signs every package published; empty signs none
 */
public record RegistryConfig(long maxPackageBytes, int maxWatchers, Path scratchFolder, Optional<Path> signingKey) {
    public static RegistryConfig read(Settings settings, Path scratchFolder) {
        return new RegistryConfig(
                settings.integer(
                        "registry.max-package-bytes", 512 << 20, 1 << 10, Integer.MAX_VALUE, "largest package taken"),
                settings.integer("registry.max-watchers", 200, 1, 10_000, "watchers of releases before refusing"),
                scratchFolder,
                Optional.of(settings.text("packages.signing-key", "", "key pair that signs packages; empty signs none"))
                        .filter(file -> !file.isEmpty())
                        .map(Path::of));
    }
}
