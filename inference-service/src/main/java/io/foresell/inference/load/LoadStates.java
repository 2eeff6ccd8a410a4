package io.foresell.inference.load;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What is being loaded and what failed, by model. Written only by the load lane's thread; read by anyone. */
public final class LoadStates {
    private volatile Map<String, List<VersionStatus>> byModel = Map.of();
    private volatile boolean isStarted;

    /** Returns the versions of a model that are asked for and do not serve. */
    public List<VersionStatus> of(String model) {
        return byModel.getOrDefault(model, List.of());
    }

    /** Returns all versions that are asked for and do not serve. */
    public List<VersionStatus> all() {
        return byModel.values().stream().flatMap(List::stream).toList();
    }

    /** Returns whether the load at start is finished, from disk or from the registry. */
    public boolean isStarted() {
        return isStarted;
    }

    void started() {
        isStarted = true;
    }

    void replace(String model, List<VersionStatus> statuses) {
        Map<String, List<VersionStatus>> next = new TreeMap<>(byModel);
        if (statuses.isEmpty()) {
            next.remove(model);
        } else {
            next.put(model, List.copyOf(statuses));
        }
        byModel = next;
    }
}
