package io.foresell.inference.load;

import io.foresell.inference.fetch.Release;
import io.foresell.inference.fetch.RoutedVersion;
import java.util.Set;

/** The reference of {@link ReleaseMachineTest}: what one server ought to do about one model. */
final class ExpectedModel {
    Release heard; // the newest that reached the server
    Release serving; // in the board
    Release onDisk; // served last
    boolean isUnloaded;
    boolean isFailed;

    void hear(Release release, Set<String> disk, boolean isRegistryUp, Set<String> bad) {
        if (release.equals(heard) && isUnloaded) {
            return;
        }
        heard = release;
        apply(disk, isRegistryUp, bad);
    }

    void apply(Set<String> disk, boolean isRegistryUp, Set<String> bad) {
        isUnloaded = false;
        isFailed = true;
        for (RoutedVersion route : heard.routes()) {
            if (!disk.contains(route.digest())) {
                if (!isRegistryUp) {
                    return;
                }
                disk.add(route.digest());
            }
            if (bad.contains(route.digest())) {
                return;
            }
        }
        isFailed = false;
        serving = heard;
        onDisk = heard;
    }

    void unload() {
        serving = null;
        isUnloaded = true;
        isFailed = false;
    }

    void restart(Set<String> disk, Set<String> bad) {
        heard = null;
        serving = null;
        isUnloaded = false;
        isFailed = false;
        if (onDisk != null) {
            hear(onDisk, disk, false, bad);
        }
    }
}
