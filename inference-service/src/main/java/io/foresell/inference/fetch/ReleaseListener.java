package io.foresell.inference.fetch;

import java.util.List;

/** Takes what the registry says. Called by the watcher's thread; must not block for long. */
public interface ReleaseListener {
    /** Takes releases that are new or changed. */
    void changed(List<Release> releases);

    /** Learns that all current releases have been told once. */
    void completed();
}
