package io.foresell.model;

import java.util.Arrays;
import java.util.Locale;

/** What kind of question a model answers. */
public enum Task {
    /** The probability of the positive class. */
    BINARY,
    /** A probability per class. */
    MULTICLASS,
    /** One number. */
    REGRESSION,
    /** How well a row fits each cluster. */
    CLUSTERS,
    /** A score per item; higher ranks first. */
    RANKING;

    /** Returns the name in manifests and on the wire, e.g. "binary". */
    public String key() {
        return name().toLowerCase(Locale.ROOT);
    }

    /**
     * Returns the task of a key.
     *
     * @throws IllegalArgumentException naming the key and the known ones
     */
    public static Task of(String key) {
        for (Task task : values()) {
            if (task.key().equals(key)) {
                return task;
            }
        }
        throw new IllegalArgumentException("task: %s (expected: one of %s)"
                .formatted(key, Arrays.stream(values()).map(Task::key).toList()));
    }
}
