package io.foresell.inference.fetch;

import java.io.IOException;

/** Where packages come from that are not on disk yet. */
public interface PackageSource {
    /**
     * Downloads a package into the store, verified.
     *
     * @throws io.foresell.kit.ServiceException DATA_LOSS when the bytes are not the announced ones, else what the registry
     *     answered
     */
    void fetch(String model, RoutedVersion version, PackageStore store) throws IOException;
}
