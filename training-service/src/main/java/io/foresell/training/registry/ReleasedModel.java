package io.foresell.training.registry;

import java.util.Map;

/**
 * A release with what a server needs to fetch its packages.
 *
 * @param versions the routed versions by their number
 */
public record ReleasedModel(Release release, Map<Integer, ReleasedVersion> versions) {
    /** A routed version and the identity and size of its package. */
    public record ReleasedVersion(int version, String digest, long packageBytes) {}

    public ReleasedModel {
        versions = Map.copyOf(versions);
    }
}
