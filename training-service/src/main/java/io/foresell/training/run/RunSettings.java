package io.foresell.training.run;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * What a run is given beside its spec.
 *
 * @param threadCount threads that fit, 1 or more
 * @param specText the spec as the package keeps it in {@code source/spec.json}, so that the training can be repeated; empty keeps none
 * @param checkpointFolder where long fits keep how far they are, for a later attempt at the same job; null keeps nothing
 * @param drift fit only when the newest rows drifted that far; null to fit always
 * @param champion what candidates are compared with, too; null for nothing
 */
public record RunSettings(
        int threadCount,
        String specText,
        @Nullable Path checkpointFolder,
        @Nullable DriftLimit drift,
        @Nullable Champion champion) {
    public RunSettings {
        if (threadCount < 1) {
            throw new IllegalArgumentException("thread count: %d (expected: 1 or more)".formatted(threadCount));
        }
    }

    /** Compares with no champion. */
    public RunSettings(int threadCount, String specText, @Nullable Path checkpointFolder, @Nullable DriftLimit drift) {
        this(threadCount, specText, checkpointFolder, drift, null);
    }

    /** Returns settings that say nothing but how many threads. */
    public static RunSettings of(int threadCount) {
        return new RunSettings(threadCount, "", null, null);
    }
}
